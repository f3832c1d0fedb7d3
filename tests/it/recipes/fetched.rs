//! The sources whose keys are fetched.

use http::HeaderName;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use webhook_runtime::{AdobeIo, PayPal, Plaid, Sns, Source};

use super::public_keys::public;
use super::{Delivery, NOW, Part, whole};
use crate::fetched::adobe::adobe;
use crate::fetched::certificates::{GOOD_PAYPAL, GOOD_SNS, TOPIC, paypal, sns};
use crate::fetched::leaf;
use crate::fetched::tokens::{bearer, ec_key, google, key_set, plaid, token};

pub(super) async fn deliveries() -> Vec<Delivery> {
    vec![
        adobe_io().await,
        aws_sns("aws-sns", TOPIC, "2").await,
        aws_sns("aws-sns-sha1", "arn:aws:sns:us-east-1:123456789012:others", "1").await,
        pay_pal().await,
        pub_sub().await,
        of_plaid().await,
    ]
}

async fn adobe_io() -> Delivery {
    let (parts, body) = whole(adobe("/prod/keys/k.pem")).await;
    let names = ["x-adobe-digital-signature-1", "x-adobe-public-key1-path"].map(HeaderName::from_static);
    let mut proof = names.clone().map(Part::Header).to_vec();
    proof.push(Part::Body(0..body.len()));
    let delivery = Delivery::new("adobe-io-events", AdobeIo::new("me").into(), parts, body, proof);
    let key = public(&leaf().to_public_key());
    delivery
        .requiring(names.to_vec())
        .published([("https://static.adobeioevents.com/prod/keys/k.pem", key)])
        .trying_one_in(7)
}

/// The fields that are signed, and those that say how.
async fn aws_sns(name: &'static str, topic: &'static str, version: &str) -> Delivery {
    let request = sns(GOOD_SNS, |it| {
        it["TopicArn"] = topic.into();
        it["SignatureVersion"] = version.into();
    });
    let (parts, body) = whole(request).await;
    let text = std::str::from_utf8(&body).unwrap().to_owned();
    let message: Value = serde_json::from_str(&text).unwrap();
    let fields = message.as_object().unwrap().iter().map(|(key, value)| format!("\"{key}\":{value}"));
    let mut proof: Vec<Part> = fields.map(|it| Part::in_body(&text, &it)).collect();
    let kind = HeaderName::from_static("x-amz-sns-message-type");
    proof.push(Part::Header(kind.clone()));
    let delivery = Delivery::new(name, Sns::new(topic).into(), parts, body, proof);
    delivery.requiring(vec![kind]).published([(GOOD_SNS, VALID.to_owned())]).trying_one_in(7)
}

/// PayPal signs no more of the body than a CRC-32: that tells every single bit, but not a forger who changes several.
async fn pay_pal() -> Delivery {
    let (parts, body) = whole(paypal(GOOD_PAYPAL, r#"{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"}"#)).await;
    let names: Vec<HeaderName> = parts.headers.keys().filter(|it| **it != CONTENT_TYPE).cloned().collect();
    let mut proof: Vec<Part> = names.iter().cloned().map(Part::Header).collect();
    proof.push(Part::Body(0..body.len()));
    let source = PayPal::new("WH-1").trust_anchor_pem(ISSUER);
    let delivery = Delivery::new("paypal", source.into(), parts, body, proof);
    delivery.requiring(names).published([(GOOD_PAYPAL, VALID.to_owned())]).trying_one_in(7)
}

/// Nothing of the message is signed.
async fn pub_sub() -> Delivery {
    let (parts, body) = whole(bearer(&token(json!({}), json!({})))).await;
    let delivery = Delivery::new("google-pubsub", google().into(), parts, body, vec![Part::Header(AUTHORIZATION)]);
    delivery
        .requiring(vec![AUTHORIZATION])
        .published([("https://www.googleapis.com/oauth2/v3/certs", key_set())])
        .trying_one_in(7)
}

async fn of_plaid() -> Delivery {
    let (parts, body) = whole(plaid(NOW, r#"{"webhook_type":"X"}"#, "ec")).await;
    let name = HeaderName::from_static("plaid-verification");
    let proof = vec![Part::Header(name.clone()), Part::Body(0..body.len())];
    let source: Source = Plaid::new("client", "a secret of the dashboard").into();
    let key = json!({ "key": ec_key() }).to_string();
    let delivery = Delivery::new("plaid", source, parts, body, proof);
    delivery
        .requiring(vec![name])
        .published([("https://production.plaid.com/webhook_verification_key/get", key)])
        .trying_one_in(7)
}

const ISSUER: &str = include_str!("../../keys/issuer.pem");
const VALID: &str = include_str!("../../keys/valid.pem");
