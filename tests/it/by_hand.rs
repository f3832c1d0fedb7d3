//! Verification on routes that are written by hand.

use axum::body::Body;
use axum::routing::post;
use axum::{Extension, Router};
use http::Request;
use webhook_runtime::{FixedClock, GitHub, Limits, StandardWebhooks, Verified, VerifiedDelivery, VerifyLayer};

use crate::support::{Answer, NOW, SECRET, assert_problem, delivery, send};

const GITHUB_SECRET: &str = "It's a Secret to Everybody";

async fn extracted(delivery: VerifiedDelivery) -> String {
    format!("{} {:?}", delivery.source(), delivery.body())
}

async fn layered(Extension(verified): Extension<Verified>, body: String) -> String {
    format!("{:?} {body}", verified.id())
}

fn app() -> Router {
    let layer =
        VerifyLayer::new(StandardWebhooks::new(SECRET)).clock(FixedClock::at(NOW)).limits(Limits::default().body(16));
    Router::new()
        .route("/extracted", post(extracted).layer(Extension(GitHub::new(GITHUB_SECRET))))
        .route("/no-source", post(extracted))
        .route("/layered", post(layered).layer(layer))
}

async fn check(request: Request<Body>, expected: &str) -> Answer {
    let answer = send(&app(), request).await;
    assert_eq!(answer.shown(), expected);
    answer
}

fn signed_by_github(body: &'static str, signature: &str) -> Request<Body> {
    Request::post("/extracted").header("x-hub-signature-256", signature).body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn the_extractor_gives_what_was_verified_and_refuses_the_rest() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    check(signed_by_github("Hello, World!", signature), "200 github b\"Hello, World!\"").await;
    assert_problem(&send(&app(), signed_by_github("Hello, World?", signature)).await, 401);
    assert_problem(&send(&app(), Request::post("/extracted").body(Body::from("x")).unwrap()).await, 401);
    let forgotten = send(&app(), Request::post("/no-source").body(Body::empty()).unwrap()).await;
    assert_eq!(forgotten.status, 500);
}

#[tokio::test]
async fn the_layer_hands_the_body_on_with_its_proof() {
    check(delivery("/layered", "msg_1", "x=1"), "200 Some(\"msg_1\") x=1").await;
    let mut tampered = delivery("/layered", "msg_1", "x=1");
    *tampered.body_mut() = Body::from("x=2");
    assert_problem(&send(&app(), tampered).await, 401);
    assert_problem(&send(&app(), delivery("/layered", "msg_1", vec![b' '; 17])).await, 413);
}
