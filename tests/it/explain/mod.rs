//! The explaining verifier, on deliveries that were each spoilt in one way: which step refuses them, and which cause is
//! named. Every text is read as the owner of the source reads it; none holds a secret, a signature or a body.

use std::time::{Duration, SystemTime};

use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use expect_test::Expect;
use http::{HeaderMap, HeaderName, Request};
use urls::{URL, by_url};
use webhook_runtime::{Fault, GitHub, Shopify, Source, StandardWebhooks, Step, Stripe};

use crate::support::NOW;

mod bodies;
mod headers;
mod secrets;
mod times;
mod urls;

/// Base64, so that every scheme takes it; the first bytes of its text are the canary.
const SECRET: &str = "whsec_canarycanarycanarycanarycanaryca";
const OTHER: &str = "whsec_sparrowsparrowsparrowsparrowspar";

const BODY: &str = r#"{"id":"evt_1","type":"invoice.paid","amount":1.0,"url":"https://a/b","note":"<café>"}"#;

/// One recorded request and the source that refuses it.
struct Case {
    source: Source,
    others: Vec<Source>,
    parts: Parts,
    body: Bytes,
    now: u64,
}

/// A delivery of this source as it should arrive.
fn delivery(signer: &Source, body: &str) -> Case {
    let (mut parts, ()) = Request::post("/hooks/in").body(()).unwrap().into_parts();
    parts.headers = signer.sign("msg_1", at(NOW), body.as_bytes()).unwrap();
    Case { source: signer.clone(), others: Vec::new(), parts, body: Bytes::copy_from_slice(body.as_bytes()), now: NOW }
}

impl Case {
    fn received_by(self, source: impl Into<Source>) -> Self {
        Self { source: source.into(), ..self }
    }

    fn beside(mut self, name: &str, other: Source) -> Self {
        // Outside of an app a source is called as its provider is.
        assert_eq!(other.name(), name);
        self.others.push(other);
        self
    }

    fn with_body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: Bytes::copy_from_slice(body.as_ref()), ..self }
    }

    fn at(self, now: u64) -> Self {
        Self { now, ..self }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.parts.headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.parts.headers.remove(name).unwrap();
        self
    }

    fn twice(mut self, name: &'static str, value: &str) -> Self {
        self.parts.headers.append(name, value.parse().unwrap());
        self
    }

    fn renamed(mut self, name: &str, other: &'static str) -> Self {
        let value = self.parts.headers.remove(name).unwrap();
        self.parts.headers.insert(other, value);
        self
    }

    fn rewritten(self, name: &str, write: impl FnOnce(&str) -> String) -> Self {
        let value = write(value(&self.parts.headers, name));
        self.header(name, &value)
    }

    fn to(mut self, uri: &str) -> Self {
        self.parts.uri = uri.parse().unwrap();
        self
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers[name].to_str().unwrap()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn standard() -> Source {
    StandardWebhooks::new(SECRET)
}

fn stripe() -> Source {
    Stripe::new(SECRET)
}

fn github() -> Source {
    GitHub::new(SECRET)
}

fn shopify() -> Source {
    Shopify::new(SECRET)
}

/// The explanation names this step, and this fault first; it reads as expected and gives nothing away.
fn check(case: Case, step: Step, fault: Fault, expected: Expect) {
    let Case { source, others, parts, body, now } = &case;
    let others: Vec<&Source> = others.iter().collect();
    let why = source.explain_among(&others, parts, body, at(*now));
    let text = why.to_string();
    expected.assert_eq(&text);
    assert_eq!(why.step(), Some(step), "{text}");
    assert_eq!(why.findings().first().map(webhook_runtime::Finding::fault), Some(fault), "{text}");
    assert!(!why.is_verified() && why.cause().is_some());

    let texts = [text, format!("{why:?}"), format!("{why:#?}"), why.summary()];
    for text in &texts {
        for canary in canaries(&case) {
            assert!(!text.contains(&canary), "{canary} in {text}");
        }
    }
}

/// Secrets and signatures, in every spelling; values of headers and parts of the body.
fn canaries(case: &Case) -> Vec<String> {
    let mut canaries: Vec<String> = ["canary", "CANARY", "sparrow", "evt_1", "café", "msg_1"].map(str::to_owned).into();
    for secret in [SECRET, OTHER] {
        let bare = secret.trim_start_matches("whsec_");
        let key = STANDARD.decode(bare).unwrap();
        canaries.extend([bare.to_owned(), hex(&key), hex(secret.as_bytes()), STANDARD.encode(secret)]);
    }
    let expected = case.source.sign("msg_1", at(NOW), &case.body).unwrap_or_default();
    for value in case.parts.headers.values().chain(expected.values()) {
        let Ok(value) = value.to_str() else { continue };
        let parts = value.split([',', ' ', '=']).filter(|it| it.len() >= 8 && *it != "example");
        for part in parts {
            canaries.push(part.to_owned());
            if part.len() % 2 == 0 && part.bytes().all(|it| it.is_ascii_hexdigit()) {
                canaries.push(STANDARD.encode(bytes_of(part)));
            }
        }
    }
    let hosts = ["shop.example", "other.example", "internal"];
    canaries.sort();
    canaries.dedup();
    canaries.retain(|it| !it.is_empty() && !hosts.iter().any(|host| it.contains(host)));
    canaries
}

#[test]
fn what_verifies_is_not_explained() {
    for source in [standard(), stripe(), github(), shopify(), by_url(URL)] {
        let Case { source, parts, body, .. } = delivery(&source, BODY);
        let why = source.explain(&parts, &body, at(NOW));
        assert!(why.is_verified() && why.findings().is_empty() && why.step().is_none(), "{why}");
        assert_eq!(why.to_string(), format!("source {}: the delivery verifies", source.name()));
    }
}
