//! Keys that are fetched: what is never connected to, what fetches nothing, and what happens where a key cannot be had.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use adobe::adobe;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use bytes::Bytes;
use certificates::{GOOD_PAYPAL, GOOD_SNS, TOPIC, paypal, sns};
use http::Request;
use rsa::pkcs8::DecodePrivateKey;
use serde_json::json;
use sha2::Digest;
use tokens::{bearer, google, token};
use webhook_runtime::{
    AdobeIo, Cause, Fetch, FetchError, FixedClock, GooglePubSub, JwtSource, PayPal, PinnedUrl, Plaid, Post, RawBody,
    Rejection, Sns, Source, VerifyLayer, Webhooks, webhook,
};

use crate::recipes::NOW;
use crate::support::{assert_problem, send};

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../../keys/", $name))
    };
}

pub(crate) mod adobe;
pub(crate) mod certificates;
pub(crate) mod tokens;

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
    leaf().pkcs1v15_sign::<D>(text).unwrap()
}

/// The key of every certificate.
pub(crate) fn leaf() -> rsa::PrivateKey {
    rsa::PrivateKey::from_pkcs8_pem(key!("leaf.key")).unwrap()
}

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
