//! Tables over tokens: the name of their key, their times, and the keys of their issuer.

use std::time::{Duration, SystemTime};

use http::Request;
use http::request::Parts;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use super::{
    Bytes, Cause, Claimed, Engine, Fetched, Head, JwtAlgorithm, JwtAt, JwtKeys, JwtSignature, KEY_SETS, LEEWAY, Signed,
    URL_SAFE_NO_PAD,
};

const NOW: i64 = 1_800_000_000;

fn recipe() -> JwtSignature {
    JwtSignature {
        at: JwtAt::Bearer,
        algorithm: JwtAlgorithm::Es256,
        keys: JwtKeys::Set(KEY_SETS.pin("https://issuer.test/keys").unwrap()),
        issuers: Vec::new(),
        audience: None,
        email: None,
        body_hash: None,
        expires: true,
    }
}

/// A request with a token of this header and these claims.
fn with_token(header: &Value, claims: &Value) -> Parts {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature: Signature = private().sign(signed.as_bytes());
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    Request::post("/").header("authorization", format!("Bearer {token}")).body(()).unwrap().into_parts().0
}

fn private() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn at_now(parts: &Parts) -> Head<'_> {
    let now = Duration::from_secs(NOW.try_into().unwrap());
    Head::new(parts, None, SystemTime::UNIX_EPOCH + now)
}

#[test]
fn a_key_is_named_by_a_plain_word() {
    let check = |kid: Value, expected: bool| {
        let parts = with_token(&json!({ "alg": "ES256", "kid": kid }), &json!({ "exp": NOW }));
        let problem = Cause::Token("names its key by something that is no plain word");
        let expected = if expected { Ok(Claimed::default()) } else { Err(problem) };
        assert_eq!(recipe().head(&at_now(&parts)), expected, "{kid}");
    };
    for kid in ["a", "aZ09-_=", &"a".repeat(127), &"a".repeat(128)] {
        check(kid.into(), true);
    }
    for kid in ["", "a b", "../a", "a\"", "é", &"a".repeat(129), &"a".repeat(130)] {
        check(kid.into(), false);
    }
    check(json!(1), false);
    check(json!(null), false);
}

#[test]
fn a_token_counts_in_its_time_and_a_minute_around_it() {
    let check = |claims: Value, expected: Result<(), &'static str>| {
        let parts = with_token(&json!({ "alg": "ES256", "kid": "a" }), &claims);
        let expected = expected.map(|()| Claimed::default()).map_err(Cause::Token);
        assert_eq!(recipe().head(&at_now(&parts)), expected, "{claims}");
    };
    for (not_before, expires) in [(NOW, NOW), (NOW + LEEWAY, NOW + 1), (NOW - 1, NOW - LEEWAY)] {
        check(json!({ "nbf": not_before, "exp": expires }), Ok(()));
    }
    check(json!({ "nbf": NOW + LEEWAY + 1, "exp": NOW + 3600 }), Err("is not valid yet"));
    for claims in [json!({}), json!({ "exp": NOW - LEEWAY - 1 }), json!({ "exp": i64::MIN }), json!({ "iat": NOW })] {
        check(claims, Err("has expired, or never does"));
    }
    for claims in [json!({ "exp": "1900000000" }), json!({ "exp": 1.5 }), json!({ "exp": NOW, "nbf": null })] {
        check(claims, Err("has a time that is no whole number"));
    }
}

/// The key of the token, as its issuer shows it.
fn key() -> Value {
    let point = private().verifying_key().to_sec1_point(false);
    let [x, y] = [point.x().unwrap(), point.y().unwrap()].map(|it| URL_SAFE_NO_PAD.encode(it));
    json!({ "kid": "a", "kty": "EC", "crv": "P-256", "x": x, "y": y })
}

fn with(name: &str, value: Value) -> Value {
    let mut key = key();
    key[name] = value;
    key
}

#[test]
fn a_key_verifies_by_its_own_algorithm_and_for_its_own_use() {
    let check = |key: Value, expected: Result<(), Cause>| {
        let parts = with_token(&json!({ "alg": "ES256", "kid": "a" }), &json!({ "exp": NOW }));
        let document = Bytes::from(json!({ "keys": [key] }).to_string());
        let proven = recipe().prove(&at_now(&parts), b"", &[document]);
        assert_eq!(proven, expected.map(|()| Signed::default()), "{key}");
    };
    check(key(), Ok(()));
    check(with("alg", json!("ES256")), Ok(()));
    check(with("use", json!("sig")), Ok(()));
    for (name, value) in [("alg", "RS256"), ("use", "enc"), ("kty", "RSA"), ("crv", "P-384")] {
        check(with(name, json!(value)), Err(Cause::Key("is of another algorithm, or of another use")));
    }
    check(with("x", json!("AAAA")), Err(Cause::Key("is no point of P-256")));
    let other = SigningKey::from_slice(&[8; 32]).unwrap().verifying_key().to_sec1_point(false);
    let mut foreign = with("x", json!(URL_SAFE_NO_PAD.encode(other.x().unwrap())));
    foreign["y"] = json!(URL_SAFE_NO_PAD.encode(other.y().unwrap()));
    check(foreign, Err(Cause::SignatureMismatch));
}

#[test]
fn a_set_without_the_key_of_the_token_is_known_for_that() {
    let check = |document: Value, expected: bool| {
        let parts = with_token(&json!({ "alg": "ES256", "kid": "a" }), &json!({ "exp": NOW }));
        assert_eq!(recipe().is_in(&at_now(&parts), document.to_string().as_bytes()), expected, "{document}");
        let unread = with_token(&json!({ "alg": "none", "kid": "a" }), &json!({ "exp": NOW }));
        assert!(!recipe().is_in(&at_now(&unread), document.to_string().as_bytes()), "{document}");
    };
    let other = with("kid", json!("b"));
    check(json!({ "keys": [other, key()] }), true);
    check(json!({ "key": key() }), true);
    check(json!({ "keys": [other] }), false);
    check(json!({ "keys": [] }), false);
    check(json!({ "keys": [key(), key()] }), false);
    check(json!({ "keys": [with("expired_at", json!(1))] }), false);
    check(json!({ "keys": [key()], "key": key() }), false);
}

#[test]
fn a_set_of_keys_has_a_path() {
    for (url, expected) in [
        ("https://issuer.test/k", true),
        ("https://issuer.test/.well-known/jwks.json", true),
        ("https://issuer.test/", false),
        ("https://issuer.test", false),
    ] {
        assert_eq!(KEY_SETS.pin(url).is_some(), expected, "{url}");
    }
}
