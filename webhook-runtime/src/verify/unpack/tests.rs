//! How a body is read, and by what an event is known that has no id.

use bytes::Bytes;
use http::Request;
use http::request::Parts;
use serde_json::json;

use super::{Unpacked, VerifiedEvent, content, delivery_id, text, unpack};
use crate::base::error::rejection::Rejection;
use crate::base::ids::Identity;
use crate::format::Content;
use crate::signature::Signed;
use crate::signature::digest::sha256;
use crate::verify::Verified;
use crate::{CloudEvents, MailchimpMarketing, Mandrill, Source, Stripe, TokenSource};

fn delivery(source: impl Into<Source>, body: &'static str) -> Verified {
    let bytes = Bytes::from_static(body.as_bytes());
    Verified { source: source.into(), signed: Signed::default(), body: bytes.clone(), bytes }
}

fn head(content_type: &str) -> Parts {
    let (parts, ()) = Request::post("/").header("content-type", content_type).body(()).unwrap().into_parts();
    parts
}

fn event(delivery: &Verified, content: Content) -> VerifiedEvent<'_> {
    VerifiedEvent { delivery, event_type: "".into(), identity: None, content, delivery_id: "".into() }
}

const LIST: &str = "mandrill_events=%5B%5D";

fn check(source: impl Into<Source>, content_type: &str, body: &'static str, expected: &str) {
    let read = content(&delivery(source, body), &head(content_type));
    assert_eq!(format!("{read:?}"), expected, "{content_type}: {body}");
}

#[test]
fn a_body_is_read_by_its_content_type_where_its_source_sends_it() {
    let token = || TokenSource::header("x-token", "s3cret");
    check(Stripe::new("s3cret"), "application/json", "{}", "Json");
    check(Stripe::new("s3cret"), "application/vnd.stripe+json; charset=utf-8", "{}", "Json");
    check(Stripe::new("s3cret"), "text/plain", "{}", "Other");
    check(Stripe::new("s3cret"), "application/x-www-form-urlencoded", "a=b", "Other");
    check(MailchimpMarketing::new("s3cret"), "application/x-www-form-urlencoded", "a=b", "Form");
    check(MailchimpMarketing::new("s3cret"), "application/json", "a=b", "Other");
    check(token(), "image/png", "", "Other");
    check(Mandrill::new("s3cret"), "application/x-www-form-urlencoded", LIST, "Part(Array [])");
    check(Mandrill::new("s3cret"), "text/plain", LIST, "Other");
    let broken = |why: &str| format!("Broken({why:?})");
    let form = "application/x-www-form-urlencoded";
    check(Mandrill::new("s3cret"), form, "mandrill_events=%5B", &broken("holds no JSON in its field"));
    check(Mandrill::new("s3cret"), form, "other=%5B%5D", &broken("lacks the field that holds its JSON"));
}

#[cfg(feature = "x509")]
#[test]
fn a_sender_may_call_its_json_a_text() {
    let sns = || crate::Sns::new("arn:aws:sns:us-east-1:123456789012:orders");
    check(sns(), "text/plain; charset=UTF-8", "{}", "Json");
    check(sns(), "text/plain; charset=latin1", "{}", "Other");
    check(sns(), "text/html", "{}", "Other");
}

#[cfg(all(feature = "ecdsa", feature = "multipart"))]
#[test]
fn a_form_in_parts_says_so() {
    let parts = r#"Multipart { content_type: "multipart/form-data", charsets: Some("charsets") }"#;
    check(crate::SendGrid::inbound_parse(""), "multipart/form-data", "", parts);
    check(crate::SendGrid::inbound_parse(""), "multipart/mixed", "", "Other");
}

#[test]
fn a_body_that_its_source_does_not_send_is_refused_where_its_type_was_to_be_read() {
    let unread = |source: Source, content| event(&delivery(source, ""), content).unread();
    let expected = Rejection::ContentType { expected: "application/json" };
    assert_eq!(unread(Stripe::new("s3cret"), Content::Other), Some(expected));
    assert_eq!(unread(TokenSource::header("x-token", "s3cret").into(), Content::Other), None);
    assert_eq!(unread(Mandrill::new("s3cret"), Content::Broken("why")), Some(Rejection::Malformed("why")));
    assert_eq!(unread(Stripe::new("s3cret"), Content::Json), None);
}

#[test]
fn an_event_without_an_id_is_shown_by_the_digest_of_its_own_bytes() {
    let digest = |bytes: &str| Identity::Digest(sha256(bytes.as_bytes())).to_string();
    let shown = |content_type, body| match unpack(&delivery(CloudEvents::new("s3cret"), body), &head(content_type)) {
        Unpacked::One(event) => event.delivery_id().to_string(),
        Unpacked::Several(events) => events.iter().map(|it| &**it.delivery_id()).collect::<Vec<_>>().join(" "),
    };
    let (one, other) = (r#"{"a":1}"#, r#"{"a":2}"#);
    assert_eq!(shown("application/json", one), digest(one));
    let both = r#"[{"a":1},{"a":2}]"#;
    assert_eq!(shown("application/cloudevents-batch+json", both), format!("{} {}", digest(one), digest(other)));

    // Nor is there anything to tell its copies by.
    let of_bytes = || Bytes::from_static(b"own");
    let shown = delivery_id(&delivery(CloudEvents::new("s3cret"), "whole"), None, &head("text/plain"), of_bytes);
    assert_eq!(*shown, digest("own"));
}

#[test]
fn an_id_is_a_text_or_a_number() {
    let check = |value, expected: Option<&str>| assert_eq!(text(&value).as_deref(), expected);
    check(json!("evt_1"), Some("evt_1"));
    check(json!(7), Some("7"));
    for none in [json!(""), json!(null), json!(true), json!([1]), json!({})] {
        check(none, None);
    }
}
