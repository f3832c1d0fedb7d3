//! Tokens and the sets of keys that prove them: Google's, Plaid's, and those of any other issuer.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use p256::ecdsa::signature::Signer;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webhook_runtime::{GooglePubSub, JwtSource, Plaid};

use super::{Noted, check, leaf, rsa_signed};
use crate::recipes::NOW;

const KID: &str = "7d680d8c70d44e947133cbd499ebc1a61c3d5abc";

/// The public half of the RSA key, and that of the other one.
pub(crate) fn key_set() -> String {
    let key = leaf();
    let number = |it: &[u8]| URL_SAFE_NO_PAD.encode(it);
    let (n, e) = (key.n().to_be_bytes_trimmed_vartime(), key.e().to_be_bytes_trimmed_vartime());
    let rsa = json!({"kid": KID, "kty": "RSA", "alg": "RS256", "use": "sig", "n": number(&n), "e": number(&e)});
    json!({"keys": [rsa, ec_key()]}).to_string()
}

pub(crate) fn ec_key() -> Value {
    let point = ec().verifying_key().to_sec1_point(false);
    let (x, y) = (URL_SAFE_NO_PAD.encode(point.x().unwrap()), URL_SAFE_NO_PAD.encode(point.y().unwrap()));
    json!({"kid": "ec", "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": x, "y": y, "expired_at": null})
}

fn ec() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_pkcs8_pem(key!("ec.key")).unwrap()
}

pub(crate) fn google() -> JwtSource {
    GooglePubSub::new("https://hooks.example.com", "push@project.iam.gserviceaccount.com")
}

/// A token of Google, with some claims and some of its head changed; `null` takes one away.
pub(crate) fn token(claims: Value, head: Value) -> String {
    let claims = changed(
        json!({
            "aud": "https://hooks.example.com", "iss": "https://accounts.google.com", "email_verified": true,
            "email": "push@project.iam.gserviceaccount.com", "iat": NOW - 10, "exp": NOW + 3590, "sub": "1",
        }),
        claims,
    );
    let text = unsigned(&changed(json!({"alg": "RS256", "kid": KID, "typ": "JWT"}), head), &claims);
    let signature = rsa_signed::<Sha256>(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub(crate) fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    format!("{}.{}", part(head), part(claims))
}

fn changed(mut object: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(object.as_object_mut().unwrap().remove(key)),
            value => object[key] = value.clone(),
        }
    }
    object
}

pub(crate) fn bearer(token: &str) -> Request<Body> {
    Request::post("/webhooks/sender")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(r#"{"message":{"messageId":"1"}}"#))
        .unwrap()
}

#[tokio::test]
async fn a_token_is_taken_as_it_is_configured_and_in_no_other_way() {
    let fetch = Noted::answering([key_set()]);
    let none = json!({});
    for (claims, head, status) in [
        (none.clone(), none.clone(), 200),
        (json!({"iss": "accounts.google.com"}), none.clone(), 200),
        (json!({"exp": NOW - 60}), none.clone(), 200),
        (json!({"exp": NOW - 61}), none.clone(), 401),
        (json!({"exp": null}), none.clone(), 401),
        (json!({"exp": "never"}), none.clone(), 401),
        (json!({"nbf": NOW + 61}), none.clone(), 401),
        (json!({"aud": "https://other.example.com"}), none.clone(), 401),
        (json!({"aud": ["https://hooks.example.com"]}), none.clone(), 401),
        (json!({"aud": null}), none.clone(), 401),
        (json!({"iss": "https://accounts.google.com.evil.test"}), none.clone(), 401),
        (json!({"email": "evil@project.iam.gserviceaccount.com"}), none.clone(), 401),
        (json!({"email_verified": false}), none.clone(), 401),
        (none.clone(), json!({"alg": "none"}), 401),
        (none.clone(), json!({"alg": "None"}), 401),
        (none.clone(), json!({"alg": "HS256"}), 401),
        (none.clone(), json!({"alg": "ES256"}), 401),
        (none.clone(), json!({"alg": "RS512"}), 401),
        (none.clone(), json!({"alg": null}), 401),
        (none.clone(), json!({"kid": null}), 401),
        (none.clone(), json!({"kid": "../../etc/passwd"}), 401),
        (none.clone(), json!({"kid": "https://evil.test/keys"}), 401),
        (none.clone(), json!({"kid": "unknown"}), 401),
        (none.clone(), json!({"kid": "ec"}), 401),
        (none.clone(), json!({"crit": ["b64"], "b64": false}), 401),
        // Keys and addresses of keys in the token itself are passed over.
        (none.clone(), json!({"jku": "https://evil.test/keys", "x5u": "https://evil.test/x"}), 200),
    ] {
        let shown = format!("{claims} {head}");
        println!("{shown}");
        check(google(), &fetch, NOW, bearer(&token(claims, head)), status).await;
    }
    assert!(fetch.asked().iter().all(|it| it == "https://www.googleapis.com/oauth2/v3/certs"), "{:?}", fetch.asked());
}

#[tokio::test]
async fn a_token_without_its_signature_or_with_another_one_is_refused() {
    let fetch = Noted::answering([key_set()]);
    let right = token(json!({}), json!({}));
    let (signed, signature) = right.rsplit_once('.').unwrap();
    let hmac = URL_SAFE_NO_PAD.encode([1; 32]);
    let none = unsigned(&json!({"alg": "none"}), &json!({"aud": "https://hooks.example.com"}));
    let other = token(json!({"sub": "2"}), json!({}));
    let swapped = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    for text in [
        format!("{signed}."),
        signed.to_owned(),
        format!("{signed}.{hmac}"),
        format!("{signed}.{signature}="),
        format!("{signed}.{signature}.x"),
        format!("{none}."),
        swapped,
        String::new(),
        "..".to_owned(),
    ] {
        check(google(), &fetch, NOW, bearer(&text), 401).await;
    }
    let mut twice = bearer(&right);
    twice.headers_mut().append("authorization", format!("Bearer {right}").parse().unwrap());
    check(google(), &fetch, NOW, twice, 401).await;
}

#[tokio::test]
async fn a_token_of_another_algorithm_than_its_source_is_refused() {
    let fetch = Noted::answering([key_set()]);
    let claims = json!({"aud": "us", "exp": NOW + 60});
    let text = unsigned(&json!({"alg": "ES256", "kid": "ec"}), &claims);
    let signature: p256::ecdsa::Signature = ec().sign(text.as_bytes());
    let es256 = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    let keys = "https://id.example.com/keys";
    check(JwtSource::es256(keys).audience("us"), &fetch, NOW, bearer(&es256), 200).await;
    check(JwtSource::rs256(keys).audience("us"), &fetch, NOW, bearer(&es256), 401).await;
    check(JwtSource::es256(keys).audience("us").issuer("them"), &fetch, NOW, bearer(&es256), 401).await;
    let mut renamed = Request::post("/webhooks/sender").body(Body::from("{}")).unwrap();
    renamed.headers_mut().insert("x-token", es256.parse().unwrap());
    check(JwtSource::es256(keys).audience("us").header("X-Token"), &fetch, NOW, renamed, 200).await;
}

pub(crate) fn plaid(iat: u64, body: &str, kid: &str) -> Request<Body> {
    let hash: String = Sha256::digest(r#"{"webhook_type":"X"}"#).iter().map(|it| format!("{it:02x}")).collect();
    let text = unsigned(&json!({"alg": "ES256", "kid": kid}), &json!({"iat": iat, "request_body_sha256": hash}));
    let signature: p256::ecdsa::Signature = ec().sign(text.as_bytes());
    Request::post("/webhooks/sender")
        .header("content-type", "application/json")
        .header("plaid-verification", format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_delivery_of_plaid_is_proven_with_its_body_and_its_time() {
    let body = r#"{"webhook_type":"X"}"#;
    let source = || Plaid::new("client", "a secret of the dashboard");
    let fetch = Noted::answering([json!({"key": ec_key(), "request_id": "1"}).to_string()]);
    check(source(), &fetch, NOW, plaid(NOW - 300, body, "ec"), 200).await;
    assert_eq!(
        fetch.asked(),
        [
            r#"https://production.plaid.com/webhook_verification_key/get "" {"client_id":"client","key_id":"ec","secret":"a secret of the dashboard"}"#
        ]
    );
    check(source(), &fetch, NOW, plaid(NOW - 301, body, "ec"), 401).await;
    check(source(), &fetch, NOW, plaid(NOW, r#"{"webhook_type": "X"}"#, "ec"), 401).await;
    assert_eq!(fetch.asked().len(), 1);
    let expired = json!({"key": changed(ec_key(), json!({"expired_at": NOW}))}).to_string();
    check(source(), &Noted::answering([expired]), NOW, plaid(NOW, body, "ec"), 401).await;
}
