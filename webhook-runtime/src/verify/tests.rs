//! The window of the timestamp, at its edges.

use std::time::{Duration, SystemTime};

use http::Request;

use crate::base::error::rejection::{Cause, Rejection};
use crate::providers::StandardWebhooks;

const SIGNED: u64 = 1_614_265_330;

fn check(seconds_later: i64, expected: &str) {
    let signed = SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED);
    let source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    parts.headers = source.sign("msg_1", signed, b"{}").unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED.saturating_add_signed(seconds_later));
    let shown = match source.verify(&parts, &"{}".into(), now) {
        Ok(verified) => format!("ok {}", verified.id().unwrap()),
        Err(rejection) => rejection.to_string(),
    };
    assert_eq!(shown, expected, "{seconds_later} s later");
}

#[test]
fn exactly_the_tolerance_is_inside_and_one_second_more_is_not() {
    check(-301, "the timestamp lies 301 s in the future, over the tolerance of 300 s");
    check(-300, "ok msg_1");
    check(0, "ok msg_1");
    check(300, "ok msg_1");
    check(301, "the timestamp is 301 s old, over the tolerance of 300 s");
    check(i64::MIN, "the timestamp lies 1614265330 s in the future, over the tolerance of 300 s");
}

#[test]
fn the_largest_timestamp_is_refused_without_overflow() {
    let source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    parts.headers = source.sign("msg_1", SystemTime::UNIX_EPOCH, b"{}").unwrap();
    parts.headers.insert("webhook-timestamp", i64::MAX.into());
    let refused = source.verify(&parts, &"{}".into(), SystemTime::UNIX_EPOCH).unwrap_err();
    assert!(matches!(refused, Rejection::Unverified(Cause::TimestampOutsideTolerance { .. })));
}

#[test]
fn a_source_without_a_secret_verifies_nothing() {
    let signer = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    parts.headers = signer.sign("msg_1", SystemTime::now(), b"{}").unwrap();
    let refused = StandardWebhooks::new("").verify(&parts, &"{}".into(), SystemTime::now()).unwrap_err();
    assert_eq!(refused, Rejection::Unverified(Cause::NoSecret));
}

#[test]
fn of_a_delivery_no_body_is_shown() {
    let source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    let signed = SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED);
    parts.headers = source.sign("msg_1", signed, b"c4n4ry").unwrap();
    let shown = format!("{:?}", source.verify(&parts, &"c4n4ry".into(), signed).unwrap());
    let source = "standard-webhooks";
    let expected =
        format!(r#"Verified {{ source: {source:?}, id: Some("msg_1"), timestamp: Some({SIGNED}), body_bytes: 6 }}"#);
    assert_eq!(shown, expected);
}
