//! What a source of one's own says of itself until the app says more.

use std::borrow::Cow;

use http::HeaderMap;

use crate::base::error::rejection::Cause;
use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};
use crate::source::facts::{EventTypeAt, text};
use crate::{HmacSource, Source, TokenSource};

use super::problem;

/// A recipe that proves nothing.
struct Never;

impl Signature for Never {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Err(Cause::NoSecret)
    }

    fn prove(&self, _: &Head<'_>, _: &[u8]) -> Result<Signed, Cause> {
        Err(Cause::NoSecret)
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NoSecret)
    }
}

/// What is documented of a source, and how its deliveries are read and told apart.
fn check(source: impl Into<Source>, expected: &[&str]) {
    let source = source.into();
    let facts = source.facts();
    let shown = [
        format!("{}: {}: {}", facts.name, facts.title, facts.scheme),
        format!("{:?} in {:?}", facts.headers.iter().map(|it| &*it.name).collect::<Vec<_>>(), facts.signature_header),
        format!("{:?}", facts.content_types),
        format!("{:?}", facts.event_type),
        format!("{:?} {:?}", facts.delivery_id, facts.identity),
        format!("{} {}", facts.signs_url, facts.retry_horizon.as_secs()),
    ];
    assert_eq!(shown.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

const TYPE: &str = r#"Body(["/type"])"#;
const ALL: &str = "[Json, Form, Any]";

#[test]
fn hmac() {
    check(
        HmacSource::new("x-signature", "s3cret"),
        &[
            "hmac: HMAC: An HMAC over the delivery.",
            r#"["x-signature"] in "x-signature""#,
            ALL,
            TYPE,
            "None Nothing",
            "false 259200",
        ],
    );
    check(
        HmacSource::new("x-signature", "s3cret")
            .signed("{id}.{timestamp}.{url}.{body}")
            .timestamp_header("x-time")
            .id_header("x-id")
            .event_type_header("x-event"),
        &[
            "hmac: HMAC: An HMAC over the delivery.",
            r#"["x-signature", "x-time", "x-id"] in "x-signature""#,
            ALL,
            r#"Header("x-event", None)"#,
            r#"Some("x-id") Signed"#,
            "true 259200",
        ],
    );
}

#[test]
fn token() {
    let token = |at: &str, headers: &str, told_by: &str| {
        let headers = format!("[{headers}] in {at:?}");
        check(
            if at == "key" { TokenSource::query("key", "s3cret") } else { TokenSource::header(at, "s3cret") },
            &["token: Shared token: A shared token; nothing is signed.", &headers, ALL, TYPE, told_by, "false 259200"],
        );
    };
    token("x-token", r#""x-token""#, "None Nothing");
    token("key", "", "None Nothing");
    check(
        TokenSource::basic_auth("user:s3cret").id_header("x-id").event_type_at("/event"),
        &[
            "token: Shared token: A shared token; nothing is signed.",
            r#"["authorization"] in "authorization""#,
            ALL,
            r#"Body(["/event"])"#,
            r#"Some("x-id") Hint("x-id")"#,
            "false 259200",
        ],
    );
}

#[cfg(feature = "jwt")]
#[test]
fn json_web_token() {
    check(
        crate::JwtSource::rs256("https://id.example.com/keys").audience("us"),
        &[
            "jwt: JSON Web Token: A signed token in its compact form.",
            r#"["authorization"] in "authorization""#,
            ALL,
            TYPE,
            "None Nothing",
            "false 259200",
        ],
    );
}

#[test]
fn recipe_of_ones_own() {
    check(
        Source::custom(Never),
        &[
            "custom: Custom signature: A signature of the app's own.",
            r#"[] in """#,
            ALL,
            TYPE,
            "None Signed",
            "false 259200",
        ],
    );
}

#[test]
fn actions_are_those_of_several_places_in_the_body_or_of_one_beside_a_header() {
    let in_body = EventTypeAt::Body(Cow::Owned(vec![text("/type"), text("/action")]));
    let either = EventTypeAt::FirstOf(const { &[EventTypeAt::TYPE, EventTypeAt::header_with("x-event", "/action")] });
    for place in [in_body, either, EventTypeAt::header_with("x-event", "/action")] {
        assert!(place.has_actions(), "{place:?}");
    }
    for place in [EventTypeAt::TYPE, EventTypeAt::header("x-event"), EventTypeAt::Nowhere, EventTypeAt::TopLevelKey] {
        assert!(!place.has_actions(), "{place:?}");
    }
}

#[test]
fn what_is_signed_has_its_header_and_the_other_way_round() {
    let signs = || HmacSource::new("x-signature", "s3cret");
    let refused = "signs `{timestamp}` or `{id}` without its header, or has the header and does not sign it";
    for source in [
        signs().timestamp_header("x-time"),
        signs().id_header("x-id"),
        signs().signed("{id}.{body}"),
        signs().signed("{timestamp}.{body}"),
        signs().signed("{timestamp}.{body}").id_header("x-id").timestamp_header("x-time"),
    ] {
        assert!(problem(source.clone()).contains(refused), "{source:?}");
    }
    assert_eq!(problem(signs().signed("{id}.{body}").id_header("x-id")), "none");
}

#[test]
fn a_header_has_a_name_that_headers_can_have() {
    for source in [TokenSource::header("x token", "s3cret").into(), Source::from(HmacSource::new("", "s3cret"))] {
        assert!(problem(source).contains("belongs to a header whose name is none"));
    }
}

#[test]
fn of_a_source_no_secret_is_shown() {
    let shown = format!("{:?}", crate::GitHub::new("c4n4ry"));
    assert!(shown.contains("github") && shown.contains("[REDACTED]") && !shown.contains("c4n4ry"), "{shown}");
}
