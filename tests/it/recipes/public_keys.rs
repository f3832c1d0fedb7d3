//! The sources that public keys prove, with deliveries that are signed here by the private halves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Request, Uri};
use p256::pkcs8::{DecodePrivateKey, EncodePublicKey};
use rsa::pkcs1v15;
use rsa::signature::{SignatureEncoding, Signer};
use webhook_runtime::{AdobeCommerce, Discord, MessageSignatures, SendGrid, Source};

use super::{Delivery, NOW, Part, now};

pub(crate) const BODY: &str = r#"{"id":"1","type":2}"#;

pub(super) fn deliveries() -> Vec<Delivery> {
    vec![
        discord(),
        discord_events(),
        sendgrid(),
        inbound_parse(),
        adobe_commerce(),
        message_by_hmac("rfc9421-hmac", &["@method", "@target-uri", "content-digest"]),
        message_by_hmac("rfc9421-hmac-parts", &["content-digest", "@authority", "@path"]),
        message_by_ed25519(),
        message_by_ecdsa(),
        message_by_rsa(),
        message_by_rsa_pss(),
    ]
}

fn delivery(name: &'static str, source: Source, headers: &[(&'static str, String)]) -> Delivery {
    let mut request = Request::post("/hook?a=b").body(()).unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let required: Vec<HeaderName> = request.headers().keys().cloned().collect();
    let mut proof = vec![Part::whole_body(BODY)];
    proof.extend(required.iter().cloned().map(Part::Header));
    Delivery::new(name, source, request.into_parts().0, BODY, proof).requiring(required)
}

pub(crate) fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn ecdsa() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(crate) fn rsa() -> rsa::PrivateKey {
    rsa::PrivateKey::from_pkcs8_pem(include_str!("../../keys/rsa.pem")).unwrap()
}

/// The base64 of a key's DER.
pub(crate) fn public(key: &impl EncodePublicKey) -> String {
    STANDARD.encode(key.to_public_key_der().unwrap().as_bytes())
}

pub(crate) fn pem(base64: &str) -> String {
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

pub(crate) fn discord() -> Delivery {
    let key = ed25519();
    delivery("discord", Discord::new(hex(key.verifying_key().as_bytes())), &by_discord(&key))
}

/// The other endpoint of an app, here with another key.
fn discord_events() -> Delivery {
    let key = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    delivery("discord-events", Discord::events(hex(key.verifying_key().as_bytes())), &by_discord(&key))
}

fn by_discord(key: &ed25519_dalek::SigningKey) -> [(&'static str, String); 2] {
    let signature = key.sign(format!("{NOW}{BODY}").as_bytes());
    [("x-signature-ed25519", hex(&signature.to_bytes())), ("x-signature-timestamp", NOW.to_string())]
}

pub(crate) fn sendgrid() -> Delivery {
    let key = ecdsa();
    delivery("sendgrid", SendGrid::new(public(key.verifying_key())), &by_sendgrid(&key)).trying_one_in(3)
}

/// The mails that arrive, here with another key.
fn inbound_parse() -> Delivery {
    let key = p256::ecdsa::SigningKey::from_slice(&[8; 32]).unwrap();
    let source = SendGrid::inbound_parse(public(key.verifying_key()));
    delivery("sendgrid-inbound-parse", source, &by_sendgrid(&key)).trying_one_in(7)
}

fn by_sendgrid(key: &p256::ecdsa::SigningKey) -> [(&'static str, String); 2] {
    let signature: p256::ecdsa::Signature = key.sign(format!("{NOW}{BODY}").as_bytes());
    [
        ("x-twilio-email-event-webhook-signature", STANDARD.encode(signature.to_der().as_bytes())),
        ("x-twilio-email-event-webhook-timestamp", NOW.to_string()),
    ]
}

pub(crate) fn adobe_commerce() -> Delivery {
    let signature = pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(rsa()).sign(STANDARD.encode(BODY).as_bytes());
    let source = AdobeCommerce::new(pem(&public(&rsa().to_public_key())));
    let headers = [("x-adobe-commerce-webhook-signature", STANDARD.encode(signature.to_bytes()))];
    delivery("adobe-commerce", source, &headers).trying_one_in(7)
}

/// A message signature with every default, by whatever signs its base.
fn message(
    name: &'static str,
    source: MessageSignatures,
    algorithm: &str,
    sign: impl Fn(&[u8]) -> Vec<u8>,
) -> Delivery {
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
    let headers = [
        ("signature-input", format!("sig1={input}")),
        ("signature", format!("sig1=:{signature}:")),
        ("content-digest", digest),
    ];
    delivery(name, Source::from(source).url("https://shop.test/hook"), &headers)
}

/// Here the parser of message signatures sees every bit.
fn message_by_hmac(name: &'static str, components: &[&'static str]) -> Delivery {
    let source = MessageSignatures::hmac_sha256("sig1", STANDARD.encode(name.repeat(4)));
    let source = Source::from(source.required_components(components.iter().copied())).url("https://shop.test/hook");
    let headers = source.sign("1", now(), BODY.as_bytes()).unwrap();
    let header = |name: &'static str| (name, headers[name].to_str().unwrap().to_owned());
    let mut delivery = delivery(name, source, &["signature-input", "signature", "content-digest"].map(header));
    // What signs knows of no query.
    delivery.parts.uri = Uri::from_static("/hook");
    delivery
}

pub(crate) fn message_by_ed25519() -> Delivery {
    // The head of every Ed25519 key (RFC 8410), and the key.
    let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    der.extend(ed25519().verifying_key().as_bytes());
    let source = MessageSignatures::ed25519("sig1", pem(&STANDARD.encode(der)));
    message("rfc9421-ed25519", source, "ed25519", |base| ed25519().sign(base).to_bytes().to_vec()).trying_one_in(7)
}

fn message_by_ecdsa() -> Delivery {
    let source = MessageSignatures::ecdsa_p256_sha256("sig1", pem(&public(ecdsa().verifying_key())));
    let sign = |base: &[u8]| {
        let signature: p256::ecdsa::Signature = ecdsa().sign(base);
        signature.to_bytes().to_vec()
    };
    message("rfc9421-ecdsa", source, "ecdsa-p256-sha256", sign).trying_one_in(7)
}

fn message_by_rsa() -> Delivery {
    let source = MessageSignatures::rsa_v1_5_sha256("sig1", public(&rsa().to_public_key()));
    let sign = |base: &[u8]| pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(rsa()).sign(base).to_vec();
    message("rfc9421-rsa", source, "rsa-v1_5-sha256", sign).trying_one_in(7)
}

/// Signatures of OpenSSL over the base of the message, with salts of 64 and of 32 bytes. (The salt is random, so that no
/// test makes the same one.)
const PSS: &str = "aCGUz/UxGqc9M7hFDHU1iIcqhkxRS57Mfy4U0t6V2YX1Xp8vr6kFXIWxB+TYO6fuNeGGsMkuALXjdnO/n2vlOaOczhHD+Xbv30qv\
     VR2ODVZ7wJBuXiZXZ32TTa1PU7GdA5wyxPn1Jvsh8IsjVDmvKxm+OJwhj5pHwfwj+fDEeLGJB6Q9OzobQoiOdhEJHm0bHI/ieObt\
     1B/sXT39Yk37ClgVm16PiFEcWKoj7sxgtp5LMMTt3feDqla27KAkXIClyeWL8taIxch2bJacy5P0TWmDzpe478wFk8SxRopeZBf1\
     hBB2p7FA9Cm9YzXQGRCxfqdm5YrYvu2dfreARsAoWg==";
pub(crate) const PSS_WITH_A_SHORT_SALT: &str = "GHI5PQuOdt5Vz1UQoz3ZyFCls4T+FT+PLE4arT0HWxOBiBisK/3qkjrt5OF4JzUo8azyauauuGb2cma+ZmXOyredoqVJWKcBn6q9\
     8Q7DUwYPnVJXOoguqA3LHF52Y49qbdMw3Ace6a89OtxgNyID9rLfE9UAOabKE6E/3kYcaiIJGdIClX3QWIwJZ6zA4FIMJgdexl6Q\
     o4Em6qHuAoyet9UVqp+t6etSTuBrSU+EgV9sZz4ptncMtmSsPpl0A76WS47dKy+85rxGHK2O8+WFxb2pITMncmvLn3LiHgoUPyta\
     j45+KoIDWH18BKkG1TaGckoz/CLfvdVpV98mYQMhtw==";

pub(crate) fn message_by_rsa_pss() -> Delivery {
    let source = MessageSignatures::rsa_pss_sha512("sig1", public(&rsa().to_public_key()));
    message("rfc9421-rsa-pss", source, "rsa-pss-sha512", |_| STANDARD.decode(PSS).unwrap()).trying_one_in(7)
}
