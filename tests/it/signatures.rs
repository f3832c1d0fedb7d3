//! What each recipe refuses: one bit that differs from what was signed, and what another source signed.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use webhook_runtime::{
    Clerk, Datadog, GitHub, GitLab, HubSpot, Mandrill, Meta, NewRelic, Shopify, Slack, Source, Square,
    StandardWebhooks, Stripe, Svix, Twilio, X, Zapier, Zoom,
};

use crate::support::NOW;

/// One source, with a body as its sender sends them.
struct Case {
    name: &'static str,
    source: Source,
    content_type: &'static str,
    body: &'static str,
    /// Is the body a part of what is signed?
    signs_body: bool,
}

const JSON: &str = r#"{"type":"paid","id":"evt_1","list":[1,2.5,null],"name":"Zoë"}"#;
const URL: &str = "https://hooks.test/webhooks/subject";

fn cases() -> Vec<Case> {
    let signed = |name, source: Source| Case {
        name,
        source: source.url(URL),
        content_type: "application/json",
        body: JSON,
        signs_body: true,
    };
    // Without escapes: a hex digit of one has two cases, and both spell the same field.
    let form = |name, source: Source| Case {
        name,
        source: source.url(URL),
        content_type: "application/x-www-form-urlencoded",
        body: "Body=Hello&From=15550001&Body=again",
        signs_body: true,
    };
    let token = |name, source| Case { name, source, content_type: "application/json", body: JSON, signs_body: false };
    vec![
        signed("clerk", Clerk::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")),
        signed("github", GitHub::new("of github")),
        signed("gitlab, signing token", GitLab::signing_token("whsec_BAECAwQFBgcICQoLDA0ODxAREhMUFRYX")),
        signed("hubspot v1", HubSpot::v1("of hubspot 1")),
        signed("hubspot v2", HubSpot::v2("of hubspot 2")),
        signed("hubspot v3", HubSpot::new("of hubspot 3")),
        form("mandrill", Mandrill::new("of mandrill")),
        signed("meta", Meta::new("of meta")),
        signed("shopify", Shopify::new("of shopify")),
        signed("slack", Slack::new("of slack")),
        signed("square", Square::new("of square")),
        signed("standard webhooks", StandardWebhooks::new("whsec_CAECAwQFBgcICQoLDA0ODxAREhMUFRYX")),
        signed("stripe", Stripe::new("of stripe")),
        signed("svix", Svix::new("whsec_DAECAwQFBgcICQoLDA0ODxAREhMUFRYX")),
        form("twilio, auth token", Twilio::new("of twilio")),
        form("twilio, shared key", Twilio::shared_key("of twilio's shared key")),
        signed("x", X::new("of x")),
        signed("zoom", Zoom::new("of zoom")),
        token("datadog", Datadog::new("of datadog")),
        token("gitlab, secret token", GitLab::new("of gitlab")),
        token("newrelic", NewRelic::new("of newrelic")),
        token("zapier", Zapier::header("X-Zap-Secret", "of zapier")),
    ]
}

impl Case {
    fn signature(&self) -> HeaderMap {
        let signed = self.source.sign("msg_1", now(), self.body.as_bytes());
        signed.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A POST to the configured URL, with these headers.
    fn head(&self, headers: &HeaderMap) -> Parts {
        let (mut parts, ()) =
            Request::post("/webhooks/subject").header("content-type", self.content_type).body(()).unwrap().into_parts();
        parts.headers.extend(headers.clone());
        parts
    }

    fn accepts(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> bool {
        self.source.verify(&self.head(headers), &body.into(), now()).is_ok()
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Each way to flip one bit of these bytes.
fn flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// The name that a shared key has is for its reader alone.
const UNSIGNED: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

#[test]
fn what_a_source_signs_it_accepts() {
    for case in cases() {
        assert!(case.accepts(&case.signature(), case.body), "{}", case.name);
    }
}

#[test]
fn one_bit_of_a_signed_body_is_refused() {
    for case in cases().into_iter().filter(|it| it.signs_body) {
        let headers = case.signature();
        for body in flipped(case.body.as_bytes()) {
            let shown = String::from_utf8_lossy(&body).into_owned();
            assert!(!case.accepts(&headers, body), "{} accepts {shown}", case.name);
        }
    }
}

#[test]
fn one_bit_of_a_signed_header_is_refused() {
    for case in cases() {
        let headers = case.signature();
        for (name, value) in headers.iter().filter(|(name, _)| **name != UNSIGNED) {
            // What is no header never arrives.
            let values = flipped(value.as_bytes()).filter_map(|it| HeaderValue::from_bytes(&it).ok());
            for value in values {
                let mut headers = headers.clone();
                headers.insert(name, value.clone());
                assert!(!case.accepts(&headers, case.body), "{} accepts {name}: {value:?}", case.name);
            }
        }
    }
}

#[test]
fn a_signed_header_that_is_missing_or_repeated_is_refused() {
    for case in cases() {
        let headers = case.signature();
        for (name, value) in &headers {
            let mut without = headers.clone();
            without.remove(name);
            assert!(!case.accepts(&without, case.body), "{} accepts no {name}", case.name);
            let mut twice = headers.clone();
            twice.append(name, value.clone());
            assert!(!case.accepts(&twice, case.body), "{} accepts {name} twice", case.name);
        }
    }
}

#[test]
fn another_source_refuses_what_a_source_signs() {
    let cases = cases();
    for signer in &cases {
        for other in cases.iter().filter(|it| it.name != signer.name) {
            let accepted = other.accepts(&signer.signature(), signer.body);
            assert!(!accepted, "{} accepts what {} signed", other.name, signer.name);
        }
    }
}

#[test]
fn a_signed_url_is_the_configured_one() {
    for (name, source) in [
        ("hubspot v2", HubSpot::v2("of hubspot 2")),
        ("hubspot v3", HubSpot::new("of hubspot 3")),
        ("square", Square::new("of square")),
    ] {
        let case =
            Case { name, source: source.url(URL), content_type: "application/json", body: JSON, signs_body: true };
        let headers = case.signature();
        let moved = Case { source: case.source.clone().url("https://hooks.test/webhooks/other"), ..case };
        assert!(!moved.accepts(&headers, JSON), "{name}");
    }
}
