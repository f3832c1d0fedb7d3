//! What the tests of the corridor share: one secret, one time, and deliveries to a router.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use webhook_runtime::{FixedClock, StandardWebhooks, Webhooks};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const OTHER_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
pub const NOW: u64 = 1_614_265_330;

/// A builder of no handler, with the secret and the time of the tests.
pub fn webhooks() -> Webhooks {
    Webhooks::empty().secret(SECRET).clock(FixedClock::at(NOW))
}

/// A signed JSON delivery of this id to this route.
pub fn delivery(route: &str, id: &str, body: impl Into<Bytes>) -> Request<Body> {
    signed(SECRET, NOW, route, id, body)
}

/// The same with the secret and the time of the signature.
pub fn signed(secret: &str, at: u64, route: &str, id: &str, body: impl Into<Bytes>) -> Request<Body> {
    let body = body.into();
    let mut request = Request::post(route).header(CONTENT_TYPE, "application/json").body(Body::empty()).unwrap();
    request.headers_mut().extend(signature(secret, at, id, &body));
    *request.body_mut() = Body::from(body);
    request
}

pub fn signature(secret: &str, at: u64, id: &str, body: &[u8]) -> HeaderMap {
    StandardWebhooks::new(secret).sign(id, SystemTime::UNIX_EPOCH + Duration::from_secs(at), body).unwrap()
}

/// A whole response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().unwrap())
    }

    /// Status and text, for a table.
    pub fn shown(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.text())
    }
}

/// Sends one request, and reads the answer to its end.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// The answer must be a problem document of this status.
pub fn assert_problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], "about:blank");
    assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
}
