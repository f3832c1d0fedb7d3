//! Public keys: what their signatures cover, what counts as a copy, what an endpoint of such a sender answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request};
use rsa::signature::Signer;
use webhook_runtime::{
    AdobeCommerce, CannotSign, Cause, Discord, FixedClock, MessageSignatures, RawBody, Rejection, SendGrid, Source,
    Webhooks, webhook,
};

use crate::recipes::public_keys::{
    BODY, PSS_WITH_A_SHORT_SALT, adobe_commerce, discord, ecdsa, ed25519, hex, message_by_ed25519, message_by_rsa_pss,
    pem, public, rsa, sendgrid,
};
use crate::recipes::{Delivery, NOW, now};
use crate::support::send;

#[tokio::test]
async fn a_salt_of_another_length_is_refused() {
    let delivery = message_by_rsa_pss();
    let mut parts = delivery.parts.clone();
    parts.headers.insert("signature", HeaderValue::from_str(&format!("sig1=:{PSS_WITH_A_SHORT_SALT}:")).unwrap());
    delivery.assert_refused(&parts, &delivery.body, "a short salt").await;
}

#[test]
fn what_a_message_signature_covers_of_the_request_is_the_configured_url_and_the_method() {
    let delivery = message_by_ed25519();
    let changed = |change: fn(&mut Parts)| {
        let mut parts = delivery.parts.clone();
        change(&mut parts);
        delivery.source.verify(&parts, &delivery.body, now()).map(drop)
    };
    let mismatch = Err(Rejection::Unverified(Cause::SignatureMismatch));
    assert_eq!(changed(|it| it.method = Method::PUT), mismatch);
    assert_eq!(changed(|it| it.uri = "/hook?a=c".parse().unwrap()), mismatch);
    // What a proxy or a forger says of the host counts for nothing, and so does the path behind the configured one.
    let forged = changed(|it| {
        it.headers.insert("host", HeaderValue::from_static("evil.test"));
        it.uri = "/elsewhere?a=b".parse().unwrap();
    });
    assert_eq!(forged, Ok(()));
}

#[test]
fn a_signature_that_is_too_old_or_over_is_refused() {
    let at = |delivery: &Delivery, seconds: i64| {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.checked_add_signed(seconds).unwrap());
        let verified = delivery.source.verify(&delivery.parts, &Bytes::from(BODY), now);
        verified.map_or_else(|rejection| rejection.to_string(), |it| format!("{:?}", it.id()))
    };
    // It says itself that it expires at once.
    assert_eq!(at(&message_by_ed25519(), 0), r#"Some("n1")"#);
    assert_eq!(at(&message_by_ed25519(), 1), "the signature expired 1 s ago");
    assert_eq!(at(&message_by_ed25519(), -300), r#"Some("n1")"#);
    assert_eq!(at(&message_by_ed25519(), -301), "the timestamp lies 301 s in the future, over the tolerance of 300 s");
    for delivery in [discord(), sendgrid()] {
        assert_eq!(at(&delivery, 300), "None");
        assert_eq!(at(&delivery, -300), "None");
        assert_eq!(at(&delivery, 301), "the timestamp is 301 s old, over the tolerance of 300 s");
        assert_eq!(at(&delivery, -301), "the timestamp lies 301 s in the future, over the tolerance of 300 s");
    }
}

/// How often the handlers ran.
type Runs = Arc<AtomicUsize>;

#[webhook("*", source = "subject")]
async fn any(State(runs): State<Runs>, _body: RawBody) {
    runs.fetch_add(1, Ordering::SeqCst);
}

/// An app of one source, whose every event is counted.
fn app(source: Source) -> (Router, Runs) {
    let runs = Runs::default();
    let app = Webhooks::empty().register(any).state(Arc::clone(&runs)).source("subject", source);
    (app.clock(FixedClock::at(NOW)).into_router().unwrap(), runs)
}

fn post(headers: &HeaderMap, body: impl Into<Bytes>) -> Request<Body> {
    let mut request = Request::post("/webhooks/subject").body(Body::from(body.into())).unwrap();
    request.headers_mut().extend(headers.clone());
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request
}

#[tokio::test]
async fn a_signature_with_the_other_half_of_s_is_a_copy_and_no_other_delivery() {
    let delivery = sendgrid();
    let low: p256::ecdsa::Signature = ecdsa().sign(format!("{NOW}{BODY}").as_bytes());
    let high = p256::ecdsa::Signature::from_scalars(low.r(), -low.s()).unwrap();
    let (router, runs) = app(delivery.source);
    let mut headers = delivery.parts.headers;
    for signature in [low, high] {
        let value = STANDARD.encode(signature.to_der().as_bytes());
        headers.insert("x-twilio-email-event-webhook-signature", HeaderValue::from_str(&value).unwrap());
        assert_eq!(send(&router, post(&headers, BODY)).await.status, 200);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_discord_asks_with_is_answered_as_each_endpoint_has_to() {
    let key = hex(ed25519().verifying_key().as_bytes());
    type Constructor = fn(String) -> Source;
    let (interactions, events): (Constructor, Constructor) = (Discord::new, Discord::events);
    for (source, body, expected, runs) in [
        (interactions, r#"{"type":1}"#, r#"200 {"type":1}"#, 0),
        (interactions, r#"{"type":2,"id":"1"}"#, "200 ", 1),
        (events, r#"{"type":0}"#, "204 ", 0),
        (events, r#"{"type":1,"event":{"type":"APPLICATION_AUTHORIZED"}}"#, "200 ", 1),
    ] {
        let (router, ran) = app(source(key.clone()));
        let signed = |text: &str| {
            let signature = hex(&ed25519().sign(format!("{NOW}{text}").as_bytes()).to_bytes());
            let values = [("x-signature-ed25519", signature), ("x-signature-timestamp", NOW.to_string())];
            values.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        assert_eq!(send(&router, post(&signed("other"), body)).await.status, 401, "{body}");
        assert_eq!(send(&router, post(&signed(body), body)).await.shown(), expected, "{body}");
        assert_eq!(ran.load(Ordering::SeqCst), runs, "{body}");
    }
}

#[test]
fn a_source_of_public_keys_does_not_sign() {
    for delivery in [discord(), sendgrid(), adobe_commerce(), message_by_ed25519()] {
        assert_eq!(delivery.source.sign("1", now(), b"").unwrap_err(), CannotSign::PublicKeyOnly);
    }
}

#[test]
fn a_message_signature_by_hmac_signs_what_it_verifies() {
    let sign = |source: MessageSignatures| {
        let source = Source::from(source).url("https://shop.test/hook");
        let mut parts = Request::post("/hook").body(()).unwrap().into_parts().0;
        parts.headers = source.sign("1", now(), BODY.as_bytes())?;
        assert!(source.verify(&parts, &Bytes::from(BODY), now()).is_ok());
        Ok(())
    };
    let hmac = || MessageSignatures::hmac_sha256("sig1", STANDARD.encode([7; 64]));
    assert_eq!(sign(hmac()), Ok(()));
    assert_eq!(sign(hmac().required_components(["content-digest", "@authority", "@path", "@query"])), Ok(()));
    assert_eq!(sign(hmac().required_components(["content-digest", "date"])), Err(CannotSign::NoHeader));
}

#[test]
fn what_has_to_be_covered_is_configuration() {
    let delivery = message_by_ed25519();
    let key = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
    let source = Source::from(MessageSignatures::ed25519("sig1", key).required_components(["@authority"]));
    let refused = source.verify(&delivery.parts, &delivery.body, now()).map(drop);
    assert_eq!(refused, Err(Rejection::Unverified(Cause::NotCovered("@authority".into()))));
}

#[test]
fn a_key_that_is_none_is_a_start_up_error() {
    let check = |source: Source, problem: &str| {
        let report =
            format!("{:?}", Webhooks::empty().source("s", source.url("https://a.test")).into_router().unwrap_err());
        assert!(report.contains(problem), "{report}");
    };
    let rsa = public(&rsa().to_public_key());
    let ecdsa = public(ecdsa().verifying_key());
    check(SendGrid::new(""), "secret");
    check(SendGrid::new(rsa.as_str()), "is no public key of the curve P-256");
    check(SendGrid::new([ecdsa.as_str(), "canary"]), "is neither PEM nor base64 of a public key");
    check(AdobeCommerce::new(pem(&ecdsa)), "is no public RSA key of up to 8,192 bits");
    check(AdobeCommerce::new(include_str!("../keys/rsa-1024-public.pem")), "is an RSA key of fewer than 2,048 bits");
    check(AdobeCommerce::new(include_str!("../keys/rsa.pem")), "is PEM of something else than a `PUBLIC KEY`");
    check(Discord::new("00".repeat(32)), "is no Ed25519 public key in hex (64 digits)");
    check(Discord::new("zz"), "is no Ed25519 public key in hex (64 digits)");
    check(MessageSignatures::ed25519("sig1", ecdsa.as_str()).into(), "is no Ed25519 public key");
    check(MessageSignatures::hmac_sha256("sig1", "canary!").into(), "is not base64");
    check(MessageSignatures::hmac_sha256("Sig 1", "AAAA").into(), "belongs to a label that no request can have");
}
