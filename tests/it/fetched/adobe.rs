//! Adobe I/O, which has its keys at a path of a header, and asks for a visit.

use std::sync::atomic::Ordering;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use serde_json::json;
use sha2::Sha256;
use webhook_runtime::AdobeIo;

use super::{Noted, Runs, app, rsa_signed};
use crate::recipes::NOW;
use crate::support::{assert_problem, send};

pub(crate) fn adobe(path: &str) -> Request<Body> {
    let body = json!({"event_id": "1", "event": {}, "recipient_client_id": "me"}).to_string();
    Request::post("/webhooks/sender")
        .header("x-adobe-digital-signature-1", STANDARD.encode(rsa_signed::<Sha256>(body.as_bytes())))
        .header("x-adobe-public-key1-path", path)
        .body(Body::from(body))
        .unwrap()
}

/// An unsigned request to Adobe's source: its answer, and what was fetched after it.
async fn adobe_asks(request: Request<Body>) -> (u16, Vec<String>) {
    let (fetch, runs) = (Noted::answering([String::new()]), Runs::default());
    let answer = send(&app(AdobeIo::new("me"), &fetch, NOW, &runs), request).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    (answer.status.as_u16(), fetch.asked())
}

#[tokio::test]
async fn adobe_is_visited_where_it_asks_and_nobody_else_is() {
    let asking = |body: String| adobe_asks(Request::post("/webhooks/sender").body(Body::from(body)).unwrap());
    for url in [
        "https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2",
        "https://csm-va6.adobe.io/csm/events/x?id=1",
    ] {
        let asked = asking(json!({ "validationUrl": url }).to_string()).await;
        assert_eq!(asked, (200, vec![url.to_owned()]));
    }
    for url in [
        "http://csm.adobe.io/csm/x",
        "https://csm.adobe.io.evil.test/csm/x",
        "https://csm.evil.adobe.io/csm/x",
        "https://evil.test/csm.adobe.io/csm/x",
        "https://csm.adobe.io@evil.test/csm/x",
        "https://csm.adobe.io:8443/csm/x",
        "https://csm.adobe.io/csm/../x",
        "https://csm.adobe.io/other",
        "https://169.254.169.254/csm/x",
        "",
    ] {
        let asked = asking(json!({ "validationUrl": url }).to_string()).await;
        assert_eq!(asked, (400, Vec::new()), "{url}");
    }
    assert_eq!(asking(json!({ "validationUrl": 1 }).to_string()).await, (400, Vec::new()));
    // What does not ask is a delivery without its signature.
    assert_eq!(asking("{}".to_owned()).await, (401, Vec::new()));
    assert_eq!(asking(String::new()).await, (401, Vec::new()));
    assert_eq!(asking(" ".repeat(4097)).await, (413, Vec::new()));
    // A delivery whose signature is wrong asks for nothing by such a field.
    let body = json!({"validationUrl": "https://csm.adobe.io/csm/x", "recipient_client_id": "me"}).to_string();
    let (mut parts, _) = adobe("/prod/keys/k.pem").into_parts();
    parts.headers.remove("x-adobe-public-key1-path");
    assert_eq!(adobe_asks(Request::from_parts(parts, Body::from(body))).await, (401, Vec::new()));
}

#[tokio::test]
async fn adobe_reads_its_challenge_again_and_nothing_else_is_reflected() {
    let asking = |query: &str| {
        let request = Request::get(format!("/webhooks/sender?{query}")).body(Body::empty()).unwrap();
        async { send(&app(AdobeIo::new("me"), &Noted::failing(), NOW, &Runs::default()), request).await }
    };
    let answer = asking("challenge=8ec8d794-e0ab-42df-9017-e3dada8e84f7").await;
    assert_eq!(answer.shown(), "200 8ec8d794-e0ab-42df-9017-e3dada8e84f7");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_problem(&asking("challenge=%3Cscript%3E").await, 400);
}
