//! Keys that are fetched: what is never connected to, what certificates and tokens prove, and what is asked besides.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Request;
use p256::ecdsa::signature::Signer;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webhook_runtime::{
    AdobeIo, Cause, Fetch, FetchError, FixedClock, GooglePubSub, JwtSource, PayPal, PinnedUrl, Plaid, Post, RawBody,
    Rejection, Sns, Source, VerifyLayer, Webhooks, webhook,
};

use crate::support::{assert_problem, send};

const NOW: u64 = 1_800_000_000;
/// The same in RFC 3339.
const TIME: &str = "2027-01-15T08:00:00Z";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:orders";
const KID: &str = "7d680d8c70d44e947133cbd499ebc1a61c3d5abc";

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../keys/", $name))
    };
}

/// Answers each URL alike, and notes what it was asked for.
#[derive(Clone)]
struct Noted {
    answers: Arc<Vec<Result<String, FetchError>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Noted {
    fn answering(answers: impl IntoIterator<Item = String>) -> Self {
        Self { answers: Arc::new(answers.into_iter().map(Ok).collect()), asked: Arc::default() }
    }

    fn failing() -> Self {
        Self { answers: Arc::new(vec![Err(FetchError::new("canary"))]), asked: Arc::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The last answer is given again and again.
    fn answer(&self, asked: String) -> Result<Bytes, FetchError> {
        let mut all = self.asked.lock().unwrap();
        let answer = self.answers.get(all.len()).or(self.answers.last()).unwrap();
        all.push(asked);
        answer.clone().map(Bytes::from)
    }
}

impl Fetch for Noted {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        self.answer(url.as_str().to_owned())
    }

    async fn post(&self, url: &PinnedUrl, post: &Post) -> Result<Bytes, FetchError> {
        let body = String::from_utf8(post.body().to_vec()).unwrap();
        self.answer(format!("{url} {:?} {body}", post.authorization().unwrap_or_default(), url = url.as_str()))
    }
}

/// How often the handler ran.
type Runs = Arc<AtomicUsize>;

#[webhook("*", source = "sender")]
async fn anything(State(runs): State<Runs>, _body: RawBody) {
    runs.fetch_add(1, Ordering::SeqCst);
}

fn app(source: impl Into<Source>, fetch: &Noted, now: u64, runs: &Runs) -> Router {
    Webhooks::empty()
        .register(anything)
        .state(Arc::clone(runs))
        .source("sender", source)
        .fetcher(fetch.clone())
        .clock(FixedClock::at(now))
        .into_router()
        .unwrap()
}

/// The answer must have this status, and the handler run for a 200 alone.
async fn check(source: impl Into<Source>, fetch: &Noted, now: u64, request: Request<Body>, status: u16) {
    let runs = Runs::default();
    let answer = send(&app(source, fetch, now, &runs), request).await;
    assert_eq!(runs.load(Ordering::SeqCst), usize::from(status == 200), "{answer:?}");
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    if status >= 400 {
        assert_problem(&answer, status);
        assert!(!answer.text().contains("canary"));
    }
}

fn rsa_signed<D: Digest + rsa::pkcs8::AssociatedOid>(text: &[u8]) -> Vec<u8> {
    rsa::PrivateKey::from_pkcs8_pem(key!("leaf.key")).unwrap().pkcs1v15_sign::<D>(text).unwrap()
}

fn paypal(certificate_url: &str, body: &str) -> Request<Body> {
    let text = format!("id-1|{TIME}|WH-1|{}", crc32(body.as_bytes()));
    Request::post("/webhooks/sender")
        .header("content-type", "application/json")
        .header("paypal-auth-algo", "SHA256withRSA")
        .header("paypal-cert-url", certificate_url)
        .header("paypal-transmission-id", "id-1")
        .header("paypal-transmission-time", TIME)
        .header("paypal-transmission-sig", STANDARD.encode(rsa_signed::<Sha256>(text.as_bytes())))
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// The sum of PNG and zip, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

fn sns(certificate_url: &str, change: impl FnOnce(&mut Value)) -> Request<Body> {
    let mut message = json!({
        "Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Message": "é\n", "Timestamp": TIME,
        "SignatureVersion": "2", "SigningCertURL": certificate_url,
    });
    change(&mut message);
    let fields = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"];
    let text: String = fields.iter().map(|it| format!("{it}\n{}\n", message[it].as_str().unwrap())).collect();
    let signature = match message["SignatureVersion"].as_str() {
        Some("1") => rsa_signed::<sha1::Sha1>(text.as_bytes()),
        _ => rsa_signed::<Sha256>(text.as_bytes()),
    };
    message["Signature"] = STANDARD.encode(signature).into();
    Request::post("/webhooks/sender")
        .header("content-type", "text/plain; charset=UTF-8")
        .header("x-amz-sns-message-type", "Notification")
        .body(Body::from(message.to_string()))
        .unwrap()
}

fn adobe(path: &str) -> Request<Body> {
    let body = json!({"event_id": "1", "event": {}, "recipient_client_id": "me"}).to_string();
    Request::post("/webhooks/sender")
        .header("x-adobe-digital-signature-1", STANDARD.encode(rsa_signed::<Sha256>(body.as_bytes())))
        .header("x-adobe-public-key1-path", path)
        .body(Body::from(body))
        .unwrap()
}

const GOOD_PAYPAL: &str = "https://api.paypal.com/v1/notifications/certs/CERT-1";
const GOOD_SNS: &str = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";

#[tokio::test]
async fn hostile_urls_of_keys_are_refused_without_a_connection() {
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    let of_paypal = [
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "HTTPS://api.paypal.com/v1/notifications/certs/CERT-1",
        "//api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@evil.test/v1/notifications/certs/CERT-1",
        "https://user:word@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://evil.test\\@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.test/v1/notifications/certs/CERT-1",
        "https://evil-api.paypal.com.test/v1/notifications/certs/CERT-1",
        "https://evilapi.paypal.com/v1/notifications/certs/CERT-1",
        "https://www.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com./v1/notifications/certs/CERT-1",
        "https://xn--pypal-4ve.com/v1/notifications/certs/CERT-1",
        "https://127.0.0.1/v1/notifications/certs/CERT-1",
        "https://[::ffff:169.254.169.254]/v1/notifications/certs/CERT-1",
        "https://169.254.169.254/latest/meta-data/",
        "https://api.paypal.com/v1/notifications/certs/../../oauth2/token",
        "https://api.paypal.com/v1/notifications/certs/%2e%2e/x",
        "https://api.paypal.com/redirect?to=https://evil.test",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?x=https://evil.test",
        "https://api.paypal.com/v1/notifications/certs/CERT-1#evil",
        "https://api.paypal.com",
        "file:///etc/passwd",
        "",
    ];
    for url in of_paypal {
        let source = PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem"));
        check(source, &fetch, NOW, paypal(url, "{}"), 401).await;
    }
    let of_sns = [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com@evil.test/SimpleNotificationService.pem",
        "https://evil.test\\.sns.us-east-1.amazonaws.com/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com.evil.test/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com.evil.cn/SimpleNotificationService.pem",
        "https://sns.s3-us-west-2.x.amazonaws.com/SimpleNotificationService.pem",
        "https://sns.amazonaws.com/SimpleNotificationService.pem",
        "https://s3.amazonaws.com/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com/evil/SimpleNotificationService.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem?x",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-../x.pem",
        "https://sns.us-east-1.amazonaws.com/evil.pem",
        "https://sns.ü.amazonaws.com/SimpleNotificationService.pem",
        "https://2130706433/SimpleNotificationService.pem",
    ];
    for url in of_sns {
        check(Sns::new(TOPIC), &fetch, NOW, sns(url, |_| {}), 401).await;
    }
    let of_adobe =
        ["@evil.test/k.pem", ".evil.test/k.pem", ":8443/k.pem", "//evil.test/k", "/a/../k", "/k?x", "/%2e", "/"];
    for path in of_adobe {
        check(AdobeIo::new("me"), &fetch, NOW, adobe(path), 401).await;
    }
    assert_eq!(of_paypal.len() + of_sns.len() + of_adobe.len(), 48);
    assert_eq!(fetch.asked(), Vec::<String>::new());
    // The same requests with the right URL connect: it was the URL that was refused.
    let paypal_source = PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem"));
    check(paypal_source, &fetch, NOW, paypal(GOOD_PAYPAL, "{}"), 200).await;
    check(Sns::new(TOPIC), &fetch, NOW, sns(GOOD_SNS, |_| {}), 200).await;
    assert_eq!(fetch.asked(), [GOOD_PAYPAL, GOOD_SNS]);
}

#[tokio::test]
async fn a_certificate_must_be_in_its_time_of_its_subject_and_of_a_trusted_issuer() {
    for (certificate, now, status) in [
        (key!("valid.pem"), NOW, 200),
        (key!("foreign.pem"), NOW, 401),
        (key!("subject.pem"), NOW, 401),
        (key!("issuer.pem"), NOW, 401),
        ("no certificate", NOW, 401),
        ("", NOW, 401),
    ] {
        let source = PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem"));
        let fetch = Noted::answering([certificate.to_owned()]);
        check(source, &fetch, now, paypal(GOOD_PAYPAL, "{}"), status).await;
    }
    // At a time when the certificate does not count, whatever the signature says of its own time.
    let late = Duration::from_secs(4_000_000_000);
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    let source: Source = PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem")).into();
    let source = source.tolerance(late).fetcher(fetch);
    let (parts, _) = paypal(GOOD_PAYPAL, "{}").into_parts();
    let body = Bytes::from_static(b"{}");
    let late = SystemTime::UNIX_EPOCH + late;
    let source = source.resolve_with_body(&parts, &body, late).await.unwrap();
    assert!(matches!(source.verify(&parts, &body, late), Err(Rejection::Unverified(Cause::Key(_)))));
}

#[tokio::test]
async fn what_the_head_or_the_body_alone_refuses_fetches_nothing() {
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    let source = || PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem"));
    check(source(), &fetch, NOW + 73 * 3600 + 1, paypal(GOOD_PAYPAL, "{}"), 401).await;
    let mut unsigned = paypal(GOOD_PAYPAL, "{}");
    unsigned.headers_mut().remove("paypal-transmission-sig");
    check(source(), &fetch, NOW, unsigned, 401).await;
    check(Sns::new(TOPIC), &fetch, NOW, sns(GOOD_SNS, |it| it["TopicArn"] = "arn:aws:sns:x:1:other".into()), 401).await;
    check(
        Sns::new(TOPIC).require_version_2(),
        &fetch,
        NOW,
        sns(GOOD_SNS, |it| it["SignatureVersion"] = "1".into()),
        401,
    )
    .await;
    check(AdobeIo::new("other"), &fetch, NOW, adobe("/prod/keys/k.pem"), 401).await;
    check(google(), &fetch, NOW, bearer(&token(json!({"aud": "other"}), json!({}))), 401).await;
    assert_eq!(fetch.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_message_of_sns_is_taken_by_both_versions_and_once_a_key() {
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    check(Sns::new(TOPIC), &fetch, NOW, sns(GOOD_SNS, |it| it["SignatureVersion"] = "1".into()), 200).await;
    check(Sns::new(TOPIC), &fetch, NOW + 7201, sns(GOOD_SNS, |_| {}), 401).await;
    let (parts, body) = sns(GOOD_SNS, |_| {}).into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let twice = String::from_utf8(body.to_vec()).unwrap().replacen('{', r#"{"Message":"another","#, 1);
    check(Sns::new(TOPIC), &fetch, NOW, Request::from_parts(parts, Body::from(twice)), 401).await;
}

/// An unsigned request to Adobe's source: its answer, and what was fetched after it.
async fn adobe_asks(request: Request<Body>) -> (u16, Vec<String>) {
    let (fetch, runs) = (Noted::answering([String::new()]), Runs::default());
    let answer = send(&app(AdobeIo::new("me"), &fetch, NOW, &runs), request).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    (answer.status.as_u16(), fetch.asked())
}

#[tokio::test]
async fn adobe_is_visited_where_it_asks_and_nobody_else_is() {
    let asking = |body: String| adobe_asks(Request::post("/webhooks/sender").body(Body::from(body)).unwrap());
    for url in [
        "https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2",
        "https://csm-va6.adobe.io/csm/events/x?id=1",
    ] {
        let asked = asking(json!({ "validationUrl": url }).to_string()).await;
        assert_eq!(asked, (200, vec![url.to_owned()]));
    }
    for url in [
        "http://csm.adobe.io/csm/x",
        "https://csm.adobe.io.evil.test/csm/x",
        "https://csm.evil.adobe.io/csm/x",
        "https://evil.test/csm.adobe.io/csm/x",
        "https://csm.adobe.io@evil.test/csm/x",
        "https://csm.adobe.io:8443/csm/x",
        "https://csm.adobe.io/csm/../x",
        "https://csm.adobe.io/other",
        "https://169.254.169.254/csm/x",
        "",
    ] {
        let asked = asking(json!({ "validationUrl": url }).to_string()).await;
        assert_eq!(asked, (400, Vec::new()), "{url}");
    }
    assert_eq!(asking(json!({ "validationUrl": 1 }).to_string()).await, (400, Vec::new()));
    // What does not ask is a delivery without its signature.
    assert_eq!(asking("{}".to_owned()).await, (401, Vec::new()));
    assert_eq!(asking(String::new()).await, (401, Vec::new()));
    assert_eq!(asking(" ".repeat(4097)).await, (413, Vec::new()));
    // A delivery whose signature is wrong asks for nothing by such a field.
    let body = json!({"validationUrl": "https://csm.adobe.io/csm/x", "recipient_client_id": "me"}).to_string();
    let (mut parts, _) = adobe("/prod/keys/k.pem").into_parts();
    parts.headers.remove("x-adobe-public-key1-path");
    assert_eq!(adobe_asks(Request::from_parts(parts, Body::from(body))).await, (401, Vec::new()));
}

#[tokio::test]
async fn adobe_reads_its_challenge_again_and_nothing_else_is_reflected() {
    let asking = |query: &str| {
        let request = Request::get(format!("/webhooks/sender?{query}")).body(Body::empty()).unwrap();
        async { send(&app(AdobeIo::new("me"), &Noted::failing(), NOW, &Runs::default()), request).await }
    };
    let answer = asking("challenge=8ec8d794-e0ab-42df-9017-e3dada8e84f7").await;
    assert_eq!(answer.shown(), "200 8ec8d794-e0ab-42df-9017-e3dada8e84f7");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_problem(&asking("challenge=%3Cscript%3E").await, 400);
}

#[tokio::test]
async fn a_key_that_cannot_be_fetched_is_503_and_asked_for_once() {
    let fetch = Noted::failing();
    let router = app(Sns::new(TOPIC), &fetch, NOW, &Runs::default());
    for _ in 0..3 {
        let answer = send(&router, sns(GOOD_SNS, |_| {})).await;
        assert_problem(&answer, 503);
        assert_eq!(answer.header("retry-after"), Some("30"));
        assert!(!answer.text().contains("canary"));
    }
    assert_eq!(fetch.asked(), [GOOD_SNS]);
}

#[tokio::test]
async fn a_layer_of_a_hand_written_route_fetches_too() {
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    let source: Source = Sns::new(TOPIC).into();
    let layer = VerifyLayer::new(source.fetcher(fetch.clone())).clock(FixedClock::at(NOW));
    let router = Router::new().route("/webhooks/sender", post(async || "verified")).layer(layer);
    assert_eq!(send(&router, sns(GOOD_SNS, |_| {})).await.shown(), "200 verified");
    assert_problem(&send(&router, sns("https://evil.test/a.pem", |_| {})).await, 401);
    assert_eq!(fetch.asked(), [GOOD_SNS]);
}

#[tokio::test]
async fn verifying_without_the_fetched_key_says_what_to_call() {
    let (parts, _) = paypal(GOOD_PAYPAL, "{}").into_parts();
    let source: Source = PayPal::new("WH-1").into();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let rejection = source.verify(&parts, &Bytes::from_static(b"{}"), now).unwrap_err();
    assert_eq!(rejection, Rejection::Unverified(Cause::KeyNotFetched));
    assert!(rejection.to_string().contains("resolve_with_body"));
}

#[tokio::test]
async fn the_postback_asks_paypal_for_its_verdict_once_the_certificate_proves_the_sum() {
    let source =
        || PayPal::new("WH-1").trust_anchor_pem(key!("issuer.pem")).postback("client", "a secret of the dashboard");
    let answers = |verdict: &str| [key!("valid.pem"), r#"{"access_token":"A21"}"#, verdict].map(str::to_owned);
    let body = r#"{"b":1.0, "a":"é"}"#;
    let fetch = Noted::answering(answers(r#"{"verification_status":"SUCCESS"}"#));
    check(source(), &fetch, NOW, paypal(GOOD_PAYPAL, body), 200).await;
    let [_, token, verdict] = &fetch.asked()[..] else { panic!("{:?}", fetch.asked()) };
    let credentials = STANDARD.encode("client:a secret of the dashboard");
    assert_eq!(
        *token,
        format!("https://api-m.paypal.com/v1/oauth2/token \"Basic {credentials}\" grant_type=client_credentials")
    );
    assert!(
        verdict.starts_with("https://api-m.paypal.com/v1/notifications/verify-webhook-signature \"Bearer A21\" {"),
        "{verdict}"
    );
    // The body goes back byte for byte: PayPal sums it up as it stands.
    assert!(verdict.ends_with(&format!(",\"webhook_event\":{body}}}")), "{verdict}");
    for verdict in [r#"{"verification_status":"FAILURE"}"#, "{}", "x"] {
        check(source(), &Noted::answering(answers(verdict)), NOW, paypal(GOOD_PAYPAL, body), 401).await;
    }
    // What the certificate does not prove is not asked about.
    let fetch = Noted::answering([key!("foreign.pem").to_owned()]);
    check(source(), &fetch, NOW, paypal(GOOD_PAYPAL, body), 401).await;
    assert_eq!(fetch.asked().len(), 1);
}

/// The public half of the RSA key, and that of the other one.
fn key_set() -> String {
    let key = rsa::PrivateKey::from_pkcs8_pem(key!("leaf.key")).unwrap();
    let number = |it: &[u8]| URL_SAFE_NO_PAD.encode(it);
    let (n, e) = (key.n().to_be_bytes_trimmed_vartime(), key.e().to_be_bytes_trimmed_vartime());
    let rsa = json!({"kid": KID, "kty": "RSA", "alg": "RS256", "use": "sig", "n": number(&n), "e": number(&e)});
    json!({"keys": [rsa, ec_key()]}).to_string()
}

fn ec_key() -> Value {
    let point = ec().verifying_key().to_sec1_point(false);
    let (x, y) = (URL_SAFE_NO_PAD.encode(point.x().unwrap()), URL_SAFE_NO_PAD.encode(point.y().unwrap()));
    json!({"kid": "ec", "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": x, "y": y, "expired_at": null})
}

fn ec() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_pkcs8_pem(key!("ec.key")).unwrap()
}

fn google() -> JwtSource {
    GooglePubSub::new("https://hooks.example.com", "push@project.iam.gserviceaccount.com")
}

/// A token of Google, with some claims and some of its head changed; `null` takes one away.
fn token(claims: Value, head: Value) -> String {
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

fn unsigned(head: &Value, claims: &Value) -> String {
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

fn bearer(token: &str) -> Request<Body> {
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

fn plaid(iat: u64, body: &str, kid: &str) -> Request<Body> {
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

#[test]
fn a_source_that_lacks_a_setting_does_not_start() {
    for (source, said) in [
        (Source::from(Sns::new("")), "the topic of the source `aws-sns` is missing or no ARN"),
        (PayPal::new("").into(), "the id of the webhook of the source `paypal` is missing"),
        (PayPal::new("W").trust_anchor_pem("x").into(), "the trust anchor of the source `paypal` is no certificate"),
        (PayPal::new("W").postback("", "x").into(), "the postback of the source `paypal` has no client id"),
        (AdobeIo::new("").into(), "the client id of the source `adobe-io-events` is missing"),
        (GooglePubSub::new("", "x").into(), "the audience of the source `google-pubsub` is missing"),
        (GooglePubSub::new("x", "").into(), "the account of the source `google-pubsub` is empty"),
        (Plaid::new("x", " ").into(), "the client of the source `plaid` has no id or no secret"),
        (
            JwtSource::rs256("http://id.example.com/keys").audience("x").into(),
            "the URL of the keys of the source `jwt`",
        ),
        (JwtSource::rs256("https://10.0.0.1/keys").audience("x").into(), "the URL of the keys of the source `jwt`"),
        (JwtSource::rs256("https://id.example.com/keys").into(), "the audience of the source `jwt` is missing"),
        (JwtSource::rs256("https://id.example.com/k").header("a b").into(), "the header of the token of the source"),
    ] {
        let report = source.ready().unwrap_err().to_string();
        assert!(report.starts_with(said) && report.contains("\n   "), "{report}");
    }
}

#[tokio::test]
async fn a_subscription_is_confirmed_at_a_url_of_our_own() {
    let records: Value = serde_json::from_str(include_str!("../vectors/aws-sns.json")).unwrap();
    let record = records.as_array().unwrap().iter().find(|it| it["case"] == "subscription-confirmation").unwrap();
    let fetch = Noted::answering([record["certificate_pem"].as_str().unwrap().to_owned()]);
    let source: Source = Sns::new(record["topic_arn"].as_str().unwrap()).into();
    let mut request = Request::post("/").body(()).unwrap();
    request.headers_mut().insert("x-amz-sns-message-type", "SubscriptionConfirmation".parse().unwrap());
    let (parts, ()) = request.into_parts();
    let body = Bytes::from(record["body"].as_str().unwrap().to_owned());
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(record["now"].as_u64().unwrap());
    let source = source.fetcher(fetch.clone()).resolve_with_body(&parts, &body, now).await.unwrap();
    let verified = source.verify(&parts, &body, now).unwrap();
    let expected = &record["expect_response"]["then_get"];
    assert_eq!(verified.confirmation().unwrap().as_str(), expected);
    source.confirm(&verified).await.unwrap();
    assert_eq!(fetch.asked()[1], *expected);
}
