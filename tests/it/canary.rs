//! A secret and a body that must never be seen: they pass every route and every failure, and appear in no log line,
//! no answer of ours, no document and no start-up error.

use axum::Json;
use axum::body::Body;
use http::Request;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhook_runtime::{FixedClock, StandardWebhooks, Webhooks, webhook};

use crate::observed;
use crate::support::{NOW, send, signed};

/// Base64 of 24 bytes, so that it works as a secret.
const SECRET: &str = "whsec_canarysecretcanarysecretcana";
const BODY: &str = r#"{"canary": "canarybody"}"#;

#[derive(Deserialize, Serialize, JsonSchema)]
struct Payload {
    canary: String,
}

#[webhook("canary")]
async fn canary(body: Payload) -> Json<usize> {
    Json(body.canary.len())
}

#[webhook("canary-panics")]
async fn canary_panics(body: Payload) -> Json<usize> {
    std::panic::resume_unwind(Box::new(body.canary));
}

#[webhook("canary-mismatch")]
async fn canary_mismatch(body: std::collections::BTreeMap<String, u64>) -> Json<usize> {
    Json(body.len())
}

#[tokio::test]
async fn a_secret_and_a_body_appear_in_no_output() {
    observed::keep();
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);

    let app = || Webhooks::empty().register(canary).register(canary_panics).register(canary_mismatch);
    let mut shown = Vec::new();
    shown.push(app().secret(SECRET).openapi().unwrap().to_json());
    shown.push(format!("{:?}", app().secret(format!("{SECRET}! whpk_canarysecret whsk_canarysecret")).build().err()));
    shown.push(format!("{:?}", StandardWebhooks::new(SECRET)));

    let router = app().secret(SECRET).clock(FixedClock::at(NOW)).into_router().unwrap();
    let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let requests = [
        signed(SECRET, NOW, "/webhooks/canary", "msg_1", BODY),
        signed(SECRET, NOW, "/webhooks/canary", "msg_1", BODY),
        signed(SECRET, NOW, "/webhooks/canary-panics", "msg_2", BODY),
        signed(SECRET, NOW, "/webhooks/canary-mismatch", "msg_3", BODY),
        signed(SECRET, NOW, "/webhooks/canary", "msg_4", &BODY[..20]),
        signed(SECRET, NOW - 999, "/webhooks/canary", "msg_5", BODY),
        signed(other, NOW, "/webhooks/canary", "msg_6", BODY),
        signed(SECRET, NOW, "/webhooks/nowhere", "msg_7", BODY),
        Request::post("/webhooks/canary").header("x-secret", SECRET).body(Body::from(BODY)).unwrap(),
        Request::post("/webhooks/canary").header("svix-id", SECRET).body(Body::from(BODY)).unwrap(),
    ];
    for request in requests {
        let answer = send(&router, request).await;
        shown.push(format!("{answer:?} {}", answer.text()));
    }

    let log = observed::log();
    assert!(log.contains("refused: no configured secret made this signature"), "{log}");
    assert!(log.contains("msg_5") && log.contains("999 s old"), "the log names the delivery and the reason: {log}");
    assert!(log.contains("the header webhook-id is missing; svix-id is there in the place of webhook-id"), "{log}");
    shown.push(log);
    let spans = observed::spans();
    assert!(spans.len() >= 9, "{spans:?}");
    shown.extend(spans);
    shown.push(recorder.handle().render());
    for text in shown {
        for canary in ["canarysecret", "canarybody"] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}
