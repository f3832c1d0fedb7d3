//! What the owner is told of deliveries that were spoilt: each cause alone, and none that is not there. The integration
//! tests read the texts in full, with what to do.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use http::request::Parts;

use crate::{HmacSource, Source};

mod bodies;
mod heads;
mod reports;
mod secrets;
mod tokens;
mod whole;

const NOW: u64 = 1_614_265_330;
const SECRET: &str = "a-l0ng-5ecr3t";
const OTHER: &str = "an-0ther-5ecr3t";
const BODY: &str = r#"{"id":"evt_1","amount":1.0}"#;
const UNKNOWN: &str =
    "likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed";

/// A delivery, and the source that gets it.
struct Case {
    source: Source,
    parts: Parts,
    body: Bytes,
}

/// A delivery of this source as it should arrive.
fn delivery(signer: impl Into<Source>, body: &str) -> Case {
    let source = signer.into();
    let (mut parts, ()) = Request::post("/in").body(()).unwrap().into_parts();
    parts.headers = source.sign("msg_1", now(), body.as_bytes()).unwrap();
    Case { source, parts, body: Bytes::copy_from_slice(body.as_bytes()) }
}

impl Case {
    fn received_by(self, source: impl Into<Source>) -> Self {
        Self { source: source.into(), ..self }
    }

    fn with_body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.parts.headers.insert(name, value.parse().unwrap());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.parts.headers.remove(name).unwrap();
        self
    }

    fn to(mut self, uri: &str) -> Self {
        self.parts.uri = uri.parse().unwrap();
        self
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Signs the body.
fn shop(secret: &str) -> HmacSource {
    HmacSource::new("x-shop-signature", [secret])
}

/// Signs a time of its own header and the body.
fn by_time(secret: &str) -> HmacSource {
    shop(secret).timestamp_header("x-shop-timestamp").signed("{timestamp}.{body}")
}

/// Exactly this is told, in this order.
fn check(case: &Case, expected: &[&str]) {
    let why = case.source.explain(&case.parts, &case.body, now());
    let told = why.findings().iter().map(|it| {
        let how = if it.is_proven() { "proven" } else { "likely" };
        format!("{how}: {}", it.what())
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
