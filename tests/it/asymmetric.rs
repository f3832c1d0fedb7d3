//! Deliveries that public keys prove, signed here with the private halves: what is changed is refused.

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
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use p256::pkcs8::{DecodePrivateKey, EncodePublicKey};
use rsa::pkcs1v15;
use rsa::signature::{SignatureEncoding, Signer};
use webhook_runtime::{
    AdobeCommerce, CannotSign, Cause, Discord, FixedClock, MessageSignatures, RawBody, Rejection, SendGrid, Source,
    Webhooks, webhook,
};

use crate::support::{NOW, send};

const BODY: &str = r#"{"id":"1","type":2}"#;

/// A delivery that its source accepts, with the headers of its proof.
struct Delivery {
    source: Source,
    parts: Parts,
    proof: Vec<HeaderName>,
}

impl Delivery {
    fn new(source: Source, headers: &[(&'static str, String)]) -> Self {
        let mut request = Request::post("/hook?a=b").body(()).unwrap();
        let mut proof = Vec::new();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
            proof.push(HeaderName::from_static(name));
        }
        let delivery = Self { source, parts: request.into_parts().0, proof };
        assert_eq!(delivery.verify(&delivery.parts, BODY.as_bytes()), Ok(()));
        delivery
    }

    fn verify(&self, parts: &Parts, body: &[u8]) -> Result<(), Rejection> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        self.source.verify(parts, &Bytes::copy_from_slice(body), now).map(|_| ())
    }

    fn assert_refused(&self, parts: &Parts, body: &[u8], what: &str) {
        let refused = self.verify(parts, body);
        assert!(matches!(refused, Err(Rejection::Unverified(_))), "{what}: {refused:?}");
    }
}

/// Every bit of the body and of each header of the proof; of those, one in so many.
fn check(delivery: &Delivery, one_in: usize) {
    let mut body = BODY.as_bytes().to_vec();
    for bit in (0..body.len() * 8).step_by(one_in) {
        body[bit / 8] ^= 1 << (bit % 8);
        delivery.assert_refused(&delivery.parts, &body, &format!("bit {bit} of the body"));
        body[bit / 8] ^= 1 << (bit % 8);
    }
    for name in &delivery.proof {
        let value = delivery.parts.headers[name].as_bytes();
        for bit in (0..value.len() * 8).step_by(one_in) {
            let mut changed = value.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            // What no header can hold never arrives.
            let Ok(changed) = HeaderValue::from_bytes(&changed) else { continue };
            let mut parts = delivery.parts.clone();
            parts.headers.insert(name, changed);
            delivery.assert_refused(&parts, BODY.as_bytes(), &format!("bit {bit} of {name}"));
        }
        let mut parts = delivery.parts.clone();
        parts.headers.append(name, delivery.parts.headers[name].clone());
        delivery.assert_refused(&parts, BODY.as_bytes(), &format!("{name} twice"));
        parts.headers.remove(name);
        delivery.assert_refused(&parts, BODY.as_bytes(), &format!("no {name}"));
    }
}

fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn ecdsa() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

fn rsa() -> rsa::PrivateKey {
    rsa::PrivateKey::from_pkcs8_pem(include_str!("../keys/rsa.pem")).unwrap()
}

/// The base64 of a key's DER.
fn public(key: &impl EncodePublicKey) -> String {
    STANDARD.encode(key.to_public_key_der().unwrap().as_bytes())
}

fn pem(base64: &str) -> String {
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn discord() -> Delivery {
    let key = ed25519();
    let signature = key.sign(format!("{NOW}{BODY}").as_bytes());
    Delivery::new(
        Discord::new(hex(key.verifying_key().as_bytes())),
        &[("x-signature-ed25519", hex(&signature.to_bytes())), ("x-signature-timestamp", NOW.to_string())],
    )
}

fn sendgrid() -> Delivery {
    let signature: p256::ecdsa::Signature = ecdsa().sign(format!("{NOW}{BODY}").as_bytes());
    Delivery::new(
        SendGrid::new(public(ecdsa().verifying_key())),
        &[
            ("x-twilio-email-event-webhook-signature", STANDARD.encode(signature.to_der().as_bytes())),
            ("x-twilio-email-event-webhook-timestamp", NOW.to_string()),
        ],
    )
}

fn adobe_commerce() -> Delivery {
    let signature = pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(rsa()).sign(STANDARD.encode(BODY).as_bytes());
    Delivery::new(
        AdobeCommerce::new(pem(&public(&rsa().to_public_key()))),
        &[("x-adobe-commerce-webhook-signature", STANDARD.encode(signature.to_bytes()))],
    )
}

/// A message signature with every default, by whatever signs its base.
fn message(source: MessageSignatures, algorithm: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> Delivery {
    let digest = <rsa::sha2::Sha256 as rsa::sha2::Digest>::digest(BODY);
    let digest = format!("sha-256=:{}:", STANDARD.encode(digest));
    let input = format!(
        r#"("@method" "@target-uri" "content-digest");created={NOW};expires={NOW};nonce="n1";alg="{algorithm}""#
    );
    let base = format!(
        "\"@method\": POST\n\"@target-uri\": https://shop.test/hook?a=b\n\"content-digest\": {digest}\n\
         \"@signature-params\": {input}"
    );
    let signature = STANDARD.encode(sign(base.as_bytes()));
    Delivery::new(
        Source::from(source).url("https://shop.test/hook"),
        &[
            ("signature-input", format!("sig1={input}")),
            ("signature", format!("sig1=:{signature}:")),
            ("content-digest", digest),
        ],
    )
}

fn message_by_ed25519() -> Delivery {
    // The head of every Ed25519 key (RFC 8410), and the key.
    let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    der.extend(ed25519().verifying_key().as_bytes());
    let source = MessageSignatures::ed25519("sig1", pem(&STANDARD.encode(der)));
    message(source, "ed25519", |base| ed25519().sign(base).to_bytes().to_vec())
}

fn message_by_ecdsa() -> Delivery {
    let source = MessageSignatures::ecdsa_p256_sha256("sig1", pem(&public(ecdsa().verifying_key())));
    message(source, "ecdsa-p256-sha256", |base| {
        let signature: p256::ecdsa::Signature = ecdsa().sign(base);
        signature.to_bytes().to_vec()
    })
}

fn message_by_rsa() -> Delivery {
    let source = MessageSignatures::rsa_v1_5_sha256("sig1", public(&rsa().to_public_key()));
    message(source, "rsa-v1_5-sha256", |base| pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(rsa()).sign(base).to_vec())
}

/// Signatures of OpenSSL over the base of the message, with salts of 64 and of 32 bytes. (The salt is random, so that no
/// test makes the same one.)
const PSS: &str = "a2qKM2MPNcs6e/4hHyDYCwtcOsthNJj2MBK3szvdDcRrrElkxdf3EsroaFWCmgTi0Ca2y17FaY9oSeP7GTYEYXFNM5x9DvkS1+3s\
     m89i0J6dY8G0eRZ8WDStEvxGyexLF6EtXblkosV7h3/maHsMtjjCUKzqgdMejCL0UKxW3u0jfv4lkWWgv6WCWCVtZwXuaU4cdtb5\
     1W7iX2C38uib3xHkjXMSVwbT7wIt6CM52pAxul+txcmzM8ocGApWQUmBYjUvvAP8IF8BzsbAXbsZsWQFFAMmVajPZzcN0sftgBd/\
     W5Tj32cCL9Rb5Spc/qVrO22JGWribWpXySkvWR6Zng==";
const PSS_WITH_A_SHORT_SALT: &str = "GbSqIV0TMx3Ubio/MY1VRXqLAPua27GCaDOTV2Jq95PbSkJ3VoROMAZXa4vZz8bW/TtwJFYGlA6yYo6DamIRrvy2VvEG+4a2rqsN\
     9qvs8Yv/PzDW/XUGaiqgYsfgGGT8Y3FJXDuwBE+n1cj5OWlU5gx5ZC4XUPbReyGRXEMlCFznkUpqvLMC5ORBTW/ra1baIit/SaUL\
     L4WYZt3wVodA/W9qq9Bo31bcvJBvaZE50bgORhaXiNw2RzN8+UdL4Ei2S66jB58LPk2lKf4PG7LW3FWrEMJTfUQgrxL6tz8U3/Y/\
     ehNGqMbkR70+USNvidmRC0HlDfH6eXecB/XgfZIE7w==";

fn message_by_rsa_pss() -> Delivery {
    let source = MessageSignatures::rsa_pss_sha512("sig1", public(&rsa().to_public_key()));
    message(source, "rsa-pss-sha512", |_| STANDARD.decode(PSS).unwrap())
}

// The parser of message signatures sees every bit in the test with HMAC. Where a verification takes long without
// optimisation, one bit in three or seven has to do: each place of a byte is among them.
#[test]
fn no_changed_bit_passes_for_ed25519() {
    check(&discord(), 1);
    check(&message_by_ed25519(), 7);
}

#[test]
fn no_changed_bit_passes_for_ecdsa() {
    check(&sendgrid(), 3);
    check(&message_by_ecdsa(), 7);
}

#[test]
fn no_changed_bit_passes_for_rsa() {
    check(&adobe_commerce(), 7);
    check(&message_by_rsa(), 7);
    check(&message_by_rsa_pss(), 7);
}

#[test]
fn a_salt_of_another_length_is_refused() {
    let delivery = message_by_rsa_pss();
    let mut parts = delivery.parts.clone();
    parts.headers.insert("signature", HeaderValue::from_str(&format!("sig1=:{PSS_WITH_A_SHORT_SALT}:")).unwrap());
    delivery.assert_refused(&parts, BODY.as_bytes(), "a short salt");
}

#[test]
fn a_delivery_of_one_source_is_refused_by_every_other() {
    let deliveries = [
        discord(),
        sendgrid(),
        adobe_commerce(),
        message_by_ed25519(),
        message_by_ecdsa(),
        message_by_rsa(),
        message_by_rsa_pss(),
    ];
    for (at, delivery) in deliveries.iter().enumerate() {
        for (_, other) in deliveries.iter().enumerate().filter(|(it, _)| *it != at) {
            other.assert_refused(&delivery.parts, BODY.as_bytes(), "another source");
        }
    }
}

#[test]
fn what_a_message_signature_covers_of_the_request_is_the_configured_url_and_the_method() {
    let delivery = message_by_ed25519();
    let changed = |change: fn(&mut Parts)| {
        let mut parts = delivery.parts.clone();
        change(&mut parts);
        delivery.verify(&parts, BODY.as_bytes())
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
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    for delivery in [discord(), sendgrid(), adobe_commerce(), message_by_ed25519()] {
        assert_eq!(delivery.source.sign("1", now, b"").unwrap_err(), CannotSign::PublicKeyOnly);
    }
}

#[test]
fn a_message_signature_by_hmac_signs_what_it_verifies() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let sign = |source: MessageSignatures| {
        let source = Source::from(source).url("https://shop.test/hook");
        let mut parts = Request::post("/hook").body(()).unwrap().into_parts().0;
        parts.headers = source.sign("1", now, BODY.as_bytes())?;
        assert!(source.verify(&parts, &Bytes::from(BODY), now).is_ok());
        check(&Delivery { source, proof: parts.headers.keys().cloned().collect(), parts }, 1);
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
    let source = MessageSignatures::ed25519("sig1", key).required_components(["@authority"]);
    let other = Delivery { source: source.into(), parts: delivery.parts.clone(), proof: Vec::new() };
    let refused = other.verify(&delivery.parts, BODY.as_bytes());
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
