//! Certificates that are fetched: PayPal's and those of AWS SNS.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sha2::Sha256;
use webhook_runtime::{Cause, PayPal, Rejection, Sns, Source};

use super::{Noted, check, rsa_signed};
use crate::recipes::NOW;

/// The same in RFC 3339.
const TIME: &str = "2027-01-15T08:00:00Z";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:orders";

pub(crate) fn paypal(certificate_url: &str, body: &str) -> Request<Body> {
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

pub(crate) fn sns(certificate_url: &str, change: impl FnOnce(&mut Value)) -> Request<Body> {
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

pub(crate) const GOOD_PAYPAL: &str = "https://api.paypal.com/v1/notifications/certs/CERT-1";
pub(crate) const GOOD_SNS: &str = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";

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
async fn a_message_of_sns_is_taken_by_both_versions_and_once_a_key() {
    let fetch = Noted::answering([key!("valid.pem").to_owned()]);
    check(Sns::new(TOPIC), &fetch, NOW, sns(GOOD_SNS, |it| it["SignatureVersion"] = "1".into()), 200).await;
    check(Sns::new(TOPIC), &fetch, NOW + 7201, sns(GOOD_SNS, |_| {}), 401).await;
    let (parts, body) = sns(GOOD_SNS, |_| {}).into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let twice = String::from_utf8(body.to_vec()).unwrap().replacen('{', r#"{"Message":"another","#, 1);
    check(Sns::new(TOPIC), &fetch, NOW, Request::from_parts(parts, Body::from(twice)), 401).await;
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

#[tokio::test]
async fn a_subscription_is_confirmed_at_a_url_of_our_own() {
    let records: Value = serde_json::from_str(include_str!("../../vectors/aws-sns.json")).unwrap();
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
