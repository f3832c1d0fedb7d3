//! Verified deliveries whose event type or form is not what a sender sends: acknowledged, or refused with a clear 4xx.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use http::{HeaderValue, Request};
use webhook_runtime::{Event, FixedClock, GitHub, RawBody, Slack, Stripe, Webhooks, webhook};

use crate::support::{Answer, NOW, send};

const SECRET: &str = "a-long-random-text";

#[webhook("push", source = "github")]
async fn pushed(event: Event<RawBody>) -> String {
    format!("push of {} bytes", event.body().len())
}

#[webhook("paid", source = "stripe")]
async fn paid(event: Event<serde_json::Value>) -> String {
    format!("paid: {}", event.payload["type"])
}

#[webhook("*", source = "slack")]
async fn anything(fields: BTreeMap<String, serde_json::Value>) -> String {
    format!("{} fields", fields.len())
}

fn router() -> Router {
    let app = Webhooks::empty().register(pushed).register(paid).register(anything);
    let app = app.source("github", GitHub::new(SECRET)).source("stripe", Stripe::new(SECRET));
    app.source("slack", Slack::new(SECRET)).clock(FixedClock::at(NOW)).into_router().unwrap()
}

fn signed(source: &str, body: &str) -> Request<Body> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let signer = match source {
        "github" => GitHub::new(SECRET),
        "stripe" => Stripe::new(SECRET),
        _ => Slack::new(SECRET),
    };
    let mut request = Request::post(format!("/webhooks/{source}")).body(Body::from(body.to_owned())).unwrap();
    *request.headers_mut() = signer.sign("", time, body.as_bytes()).unwrap();
    request
}

async fn answer(request: Request<Body>) -> Answer {
    send(&router(), request).await
}

#[tokio::test]
async fn an_event_header_that_cannot_be_read_selects_nothing() {
    let with = |values: &[&[u8]]| {
        let mut request = signed("github", "{}");
        for value in values {
            request.headers_mut().append("x-github-event", HeaderValue::from_bytes(value).unwrap());
        }
        request
    };
    assert_eq!(answer(with(&[b"push"])).await.shown(), "200 push of 2 bytes");
    let unreadable: [&[&[u8]]; 5] = [&[], &[b"push", b"push"], &[b"push", b"fork"], &[b"\xff\xfe"], &[b""]];
    for values in unreadable {
        assert_eq!(answer(with(values)).await.shown(), "200 ", "{values:?}");
    }
}

#[tokio::test]
async fn an_event_type_is_a_text_and_that_of_the_payload() {
    let check =
        async |body: &str, expected: &str| assert_eq!(answer(signed("stripe", body)).await.shown(), expected, "{body}");
    check(r#"{"id":"1","type":"paid"}"#, "200 paid: \"paid\"").await;
    check(r#"{"id":"2","type":7}"#, "200 ").await;
    check(r#"{"id":"3","type":["paid"]}"#, "200 ").await;
    // Of two types the last counts, for the dispatch and for the handler alike.
    check(r#"{"id":"4","type":"paid","type":"other"}"#, "200 ").await;
    check(r#"{"id":"5","type":"other","type":"paid"}"#, "200 paid: \"paid\"").await;
}

#[tokio::test]
async fn a_form_of_any_size_and_depth_gets_an_answer() {
    let form = |body: &str| {
        let mut request = signed("slack", body);
        request.headers_mut().insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        request
    };
    let many: Vec<String> = (0..100_000).map(|index| format!("f{index}=1")).collect();
    assert_eq!(answer(form(&many.join("&"))).await.shown(), "200 100000 fields");
    let deep = format!("a{}=1", "[b]".repeat(1000));
    let deep_answer = answer(form(&deep)).await;
    assert!(matches!(deep_answer.status.as_u16(), 200 | 400 | 422), "{deep_answer:?}");
    let list: Vec<String> = (0..100_000).map(|_| "a[]=1".to_owned()).collect();
    assert_eq!(answer(form(&list.join("&"))).await.status, 200);
    for broken in ["a[=1", "a]=1", "[=1", "%zz=1", "a=%ff", "&&&=", "a[0][=1"] {
        let status = answer(form(broken)).await.status.as_u16();
        assert!(matches!(status, 200 | 400 | 422), "{broken}: {status}");
    }
}
