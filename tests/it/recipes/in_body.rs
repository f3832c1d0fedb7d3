//! The sources whose proof stands inside of the body, so that only a part of the body counts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Uri};
use serde_json::json;
use sha2::Sha256;
use webhook_runtime::{Adyen, Mailgun, Salesforce, Source};

use super::{Delivery, NOW, Part};

pub(super) fn deliveries() -> Vec<Delivery> {
    vec![adyen(), mailgun(), salesforce()]
}

fn code(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn delivery(name: &'static str, source: Source, uri: &str, body: String, proof: Vec<Part>) -> Delivery {
    let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    parts.uri = uri.parse::<Uri>().unwrap();
    Delivery::new(name, source, parts, body, proof)
}

/// Mailgun signs a time and a token, and nothing of the event.
fn mailgun() -> Delivery {
    let (time, token) = (NOW.to_string(), "b1d6c3e0f2a947d8");
    let code = hex(&code(b"a key of mailgun", format!("{time}{token}").as_bytes()));
    let body = format!(
        r#"{{"signature":{{"timestamp":"{time}","token":"{token}","signature":"{code}"}},"event-data":{{"event":"opened"}}}}"#
    );
    let proof = [&*time, token, &*code].map(|it| Part::in_body(&body, it)).to_vec();
    delivery("mailgun", Mailgun::new("a key of mailgun"), "/hooks", body, proof)
}

/// Adyen signs eight fields of an item.
fn adyen() -> Delivery {
    let key = b"a key of adyen";
    let fields = ["8515131751004933", "8515131751004932", "TheMerchant", "order:1", "1130", "EUR", "REFUND", "true"];
    let code = STANDARD.encode(code(key, fields.join(":").as_bytes()));
    let [reference, original, account, merchant, value, currency, event, success] = fields;
    // The value is a number, as Adyen writes it.
    let value: u64 = value.parse().unwrap();
    let item = json!({
        "pspReference": reference, "originalReference": original, "merchantAccountCode": account,
        "merchantReference": merchant, "amount": { "value": value, "currency": currency }, "eventCode": event,
        "success": success, "reason": "not signed", "additionalData": { "hmacSignature": code },
    });
    let body = json!({ "live": "false", "notificationItems": [{ "NotificationRequestItem": item }] }).to_string();
    let proof = fields.iter().chain([&&*code]).map(|it| Part::in_body(&body, it)).collect();
    delivery("adyen", Adyen::new(hex(key)), "/hooks", body, proof)
}

/// Nothing of Salesforce is signed: the token and the organization prove what there is to prove.
fn salesforce() -> Delivery {
    let (token, organization) = ("a-long-random-text-of-salesforce", "00D24000000abcdEAA");
    let body = format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>{organization}</OrganizationId></notifications></s:Body></s:Envelope>"#
    );
    let proof = vec![Part::Query(token.to_owned()), Part::in_body(&body, organization)];
    let source = Salesforce::new(organization, token);
    delivery("salesforce", source, &format!("/hooks?token={token}"), body, proof)
}
