//! Bodies that are no plain JSON: XML, forms in parts, and encoded ones. What they can do to a reader has a limit.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use p256::pkcs8::EncodePublicKey;
use rsa::signature::Signer;
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::{
    Event, FilePart, FixedClock, HmacSource, Limits, RawBody, Salesforce, SendGrid, SignedBytes, Source, VerifyLayer,
    Webhooks, webhook,
};

use crate::support::{NOW, send};

/// What the handlers saw.
type Seen = Arc<Mutex<Vec<String>>>;

/// An app of one handler and one source, and what its handler saw.
fn app(source: impl Into<Source>, register: impl FnOnce(Webhooks) -> Webhooks) -> (Router, Seen) {
    let seen = Seen::default();
    let app = register(Webhooks::empty()).state(Arc::clone(&seen)).source("subject", source);
    (app.clock(FixedClock::at(NOW)).into_router().unwrap(), seen)
}

fn take(seen: &Seen) -> Vec<String> {
    std::mem::take(&mut *seen.lock().unwrap())
}

// ---- XML ----

const ACK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>"#;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    id: String,
    #[serde(rename = "sObject")]
    object: Object,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Object {
    #[serde(rename = "@type")]
    kind: String,
    amount: f64,
}

#[webhook("04k1", source = "subject")]
async fn opportunity(State(seen): State<Seen>, event: Event<Notification>) {
    let Notification { id, object } = &event.payload;
    let line = format!("{} {} {} {}", event.delivery_id(), id, object.kind, object.amount);
    seen.lock().unwrap().push(line);
}

#[webhook("04k2", source = "subject", status_code = 202)]
async fn accepted(_message: RawBody) {}

#[webhook("04k3", source = "subject")]
async fn no_content(_message: RawBody) -> StatusCode {
    StatusCode::NO_CONTENT
}

#[webhook("04k4", source = "subject")]
async fn own_words(_message: RawBody) -> &'static str {
    "own words"
}

#[webhook("04k5", source = "subject")]
async fn failed(_message: RawBody) -> StatusCode {
    StatusCode::BAD_GATEWAY
}

fn salesforce() -> (Router, Seen) {
    app(Salesforce::new("00D24000000abcd", "k7Qd0v"), |it| {
        it.register(opportunity).register(accepted).register(no_content).register(own_words).register(failed)
    })
}

fn message(action: &str, notifications: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><OrganizationId>00D24000000abcdEAA</OrganizationId><ActionId>{action}</ActionId><SessionId xsi:nil="true"/>{notifications}</notifications></s:Body></s:Envelope>"#
    )
}

fn notification(id: &str, amount: &str) -> String {
    format!(
        r#"<Notification><Id>{id}</Id><sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject"><sf:Amount>{amount}</sf:Amount></sObject></Notification>"#
    )
}

async fn post_xml(router: &Router, content_type: &str, body: String) -> String {
    let request = Request::post("/webhooks/subject?token=k7Qd0v").header(CONTENT_TYPE, content_type);
    let answer = send(router, request.body(Body::from(body)).unwrap()).await;
    let content_type = answer.header("content-type").unwrap_or("-");
    format!("{} {content_type} {}", answer.status.as_u16(), answer.text().replace(ACK, "ACK"))
}

#[tokio::test]
async fn xml_is_decoded_by_the_type_of_its_handler() {
    let (router, seen) = salesforce();
    let answer = post_xml(&router, "text/xml; charset=utf-8", message("04k1", &notification("n1", "12.5"))).await;
    assert_eq!(answer, "200 text/xml; charset=utf-8 ACK");
    assert_eq!(take(&seen), ["n1 n1 sf:Opportunity 12.5"]);
}

#[tokio::test]
async fn xml_that_is_not_the_payload_is_told_by_place_and_not_quoted() {
    let (router, seen) = salesforce();
    for (content_type, list, expected) in [
        ("text/xml", notification("n1", "canary"), "/sObject/Amount"),
        ("text/xml", "<Notification><Id>n2</Id></Notification>".to_owned(), "/sObject"),
        ("application/json", notification("n1", "1"), "415"),
        ("text/xml; charset=latin1", notification("n1", "1"), "415"),
    ] {
        let answer = post_xml(&router, content_type, message("04k1", &list)).await;
        match expected {
            "415" => assert!(answer.starts_with("415 "), "{content_type}: {answer}"),
            pointer => {
                assert!(answer.starts_with("422 ") && answer.contains(&format!("\"{pointer}\"")), "{answer}");
                assert!(!answer.contains("canary"), "{answer}");
            }
        }
    }
    assert!(take(&seen).is_empty());
}

#[tokio::test]
async fn a_success_without_a_body_is_acknowledged_in_the_words_of_its_sender() {
    let (router, _) = salesforce();
    for (action, expected) in [
        ("04k2", "200 text/xml; charset=utf-8 ACK"),
        ("04k3", "200 text/xml; charset=utf-8 ACK"),
        ("04k4", "200 text/plain; charset=utf-8 own words"),
        ("04k5", "502 - "),
        ("another", "200 text/xml; charset=utf-8 ACK"),
    ] {
        // The second one is a copy, and gets the first answer.
        for _ in 0..2 {
            let message = message(action, &notification(action, "1"));
            assert_eq!(post_xml(&router, "text/xml", message).await, expected, "{action}");
        }
    }
}

#[tokio::test]
async fn xml_that_costs_its_reader_is_refused() {
    let (router, seen) = salesforce();
    let laughs: String =
        (1..10).map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10))).collect();
    let doctype = format!("<!DOCTYPE l [<!ENTITY l0 \"ha\">{laughs}]>");
    let nested = format!("{}{}", "<a>".repeat(1000), "</a>".repeat(1000));
    let attributes: String = (0..50_000).map(|it| format!(" a{it}=''")).collect();
    for body in [
        doctype + &message("04k1", "&l9;"),
        message("04k1", "&l9;"),
        message("04k1", &nested),
        message("04k1", &"<a>".repeat(300_000)),
        message("04k1", &"<a/>".repeat(200_000)),
        message("04k1", &format!("<a{attributes}/>")),
    ] {
        let answer = post_xml(&router, "text/xml", body).await;
        assert!(answer.starts_with("401 "), "{answer}");
    }
    assert!(take(&seen).is_empty());
}

// ---- forms in parts ----

#[derive(Deserialize, JsonSchema)]
struct Mail {
    from: String,
    attachments: u8,
    attachment1: Option<FilePart>,
}

#[webhook("*", source = "subject")]
async fn mail(State(seen): State<Seen>, mail: Mail) {
    let file = mail.attachment1.map(|it| (it.file_name, it.content_type, it.bytes.len()));
    seen.lock().unwrap().push(format!("{} {} {file:?}", mail.from, mail.attachments));
}

#[webhook("*", source = "subject")]
async fn raw(State(seen): State<Seen>, body: RawBody) {
    seen.lock().unwrap().push(format!("{} bytes", body.len()));
}

fn sendgrid_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

fn inbound_parse(register: impl FnOnce(Webhooks) -> Webhooks) -> (Router, Seen) {
    let der = sendgrid_key().verifying_key().to_public_key_der().unwrap();
    app(SendGrid::inbound_parse(STANDARD.encode(der.as_bytes())), register)
}

/// A signed form whose boundary is `b`.
async fn post_form(router: &Router, body: Vec<u8>) -> String {
    let signature: p256::ecdsa::Signature = sendgrid_key().sign(&[NOW.to_string().as_bytes(), &body].concat());
    let request = Request::post("/webhooks/subject")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header("x-twilio-email-event-webhook-signature", STANDARD.encode(signature.to_der().as_bytes()))
        .header("x-twilio-email-event-webhook-timestamp", NOW);
    let answer = send(router, request.body(Body::from(body)).unwrap()).await;
    match answer.status {
        StatusCode::OK => "200".into(),
        status => format!("{} {}", status.as_u16(), answer.json()["detail"].as_str().unwrap()),
    }
}

fn part(head: &str, content: &[u8]) -> Vec<u8> {
    [format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(), content, b"\r\n"].concat()
}

#[tokio::test]
async fn a_form_in_parts_is_fields_and_files() {
    let (router, seen) = inbound_parse(|it| it.register(mail));
    let body = [
        part("name=\"charsets\"", br#"{"from":"iso-8859-1"}"#),
        part("name=\"from\"", b"Zo\xeb <zoe@example.test>"),
        part("name=\"attachments\"", b"1"),
        part(
            "name=\"attachment1\"; filename=\"../a.bin\"\r\nContent-Type: application/octet-stream",
            &[0, 0xff, 13, 10],
        ),
        b"--b--\r\n".to_vec(),
    ];
    assert_eq!(post_form(&router, body.concat()).await, "200");
    let file = r#"Some((Some("../a.bin"), Some("application/octet-stream"), 4))"#;
    assert_eq!(take(&seen), [format!("Zoë <zoe@example.test> 1 {file}")]);
}

#[tokio::test]
async fn a_form_with_too_many_parts_or_no_end_is_refused_and_still_taken_as_bytes() {
    let (typed, seen) = inbound_parse(|it| it.register(mail));
    let (untyped, bytes) = inbound_parse(|it| it.register(raw));
    // 100,000 parts as short as a mebibyte holds them, a thousand and one of a real form, and a form without its end.
    let shortest = b"--b\r\n\r\n\r\n".repeat(100_000);
    let named = part("name=\"a\"", b"").repeat(1001);
    for (body, expected) in [
        (shortest, "400 The body has a part without a name."),
        ([named, b"--b--\r\n".to_vec()].concat(), "400 The body has more parts than are taken."),
        (part("name=\"from\"", b"x"), "400 The body is no multipart form with an end."),
        (part("name=\"from\"", &vec![b'-'; 900_000]), "400 The body is no multipart form with an end."),
        (Vec::new(), "400 The body is no multipart form with an end."),
    ] {
        let length = body.len();
        assert_eq!(post_form(&typed, body.clone()).await, expected);
        assert_eq!(post_form(&untyped, body).await, "200");
        assert_eq!(take(&bytes), [format!("{length} bytes")]);
    }
    assert!(take(&seen).is_empty());
}

#[tokio::test]
async fn a_hundred_thousand_parts_are_refused_when_the_thousandth_is_passed() {
    let seen = Seen::default();
    let der = sendgrid_key().verifying_key().to_public_key_der().unwrap();
    let app = Webhooks::empty().register(mail).state(Arc::clone(&seen)).limits(Limits::default().body(16 << 20));
    let app = app.source("subject", SendGrid::inbound_parse(STANDARD.encode(der.as_bytes())));
    let router = app.clock(FixedClock::at(NOW)).into_router().unwrap();
    let body = [part("name=\"a\"", b"").repeat(100_000), b"--b--\r\n".to_vec()].concat();
    assert_eq!(post_form(&router, body).await, "400 The body has more parts than are taken.");
    assert!(take(&seen).is_empty());
}

// ---- encoded bodies ----

#[webhook("*", source = "subject")]
async fn json(State(seen): State<Seen>, event: Event<serde_json::Value>) {
    let encoding = event.headers().get("content-encoding").map(str::to_owned);
    seen.lock().unwrap().push(format!("{} {} {encoding:?}", event.payload, event.body().len()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn hmac() -> Source {
    HmacSource::new("x-signature", "a long random key").into()
}

/// A delivery in these encodings, signed over these bytes.
fn encoded(encodings: &[&str], body: &[u8], signed: &[u8]) -> Request<Body> {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let mut request = Request::post("/webhooks/subject").header(CONTENT_TYPE, "application/json");
    for encoding in encodings {
        request = request.header("content-encoding", *encoding);
    }
    let mut request = request.header("content-length", body.len()).body(Body::from(body.to_vec())).unwrap();
    request.headers_mut().extend(hmac().sign("", at, signed).unwrap());
    request
}

const TEXT: &[u8] = br#"{"a":1}"#;

#[tokio::test]
async fn an_encoded_body_is_taken_where_its_source_says_which_bytes_are_signed() {
    for (signed, coding, body) in [
        (SignedBytes::Encoded, "gzip", gzip(TEXT)),
        (SignedBytes::Encoded, "deflate", deflate(TEXT)),
        (SignedBytes::Decoded, "GZIP", gzip(TEXT)),
        (SignedBytes::Decoded, "deflate", deflate(TEXT)),
        (SignedBytes::Encoded, "identity", TEXT.to_vec()),
    ] {
        let (right, wrong) = match signed {
            SignedBytes::Encoded => (body.as_slice(), TEXT),
            SignedBytes::Decoded => (TEXT, body.as_slice()),
        };
        let (router, seen) = app(hmac().accept_encoding(signed), |it| it.register(json));
        let encoding = if coding == "identity" { "Some(\"identity\")" } else { "None" };
        assert_eq!(send(&router, encoded(&[coding], &body, right)).await.status, 200, "{signed:?} {coding}");
        assert_eq!(take(&seen), [format!("{{\"a\":1}} 7 {encoding}")], "{signed:?} {coding}");
        if coding != "identity" {
            assert_eq!(send(&router, encoded(&[coding], &body, wrong)).await.status, 401, "{signed:?} {coding}");
            assert!(take(&seen).is_empty());
        }
    }
}

/// A header is not signed: who takes it off a captured delivery has the same bytes proven again.
#[tokio::test]
async fn a_copy_without_its_encoding_is_still_a_copy() {
    let own = HmacSource::new("x-signature", "a long random key").event_type_header("x-event").bodies_never_repeat();
    let (router, seen) = app(Source::from(own).accept_encoding(SignedBytes::Encoded), |it| it.register(raw));
    let body = gzip(TEXT);
    for encodings in [&["gzip"][..], &[], &["identity"]] {
        let mut request = encoded(encodings, &body, &body);
        request.headers_mut().insert("x-event", "any".parse().unwrap());
        assert_eq!(send(&router, request).await.status, 200, "{encodings:?}");
    }
    assert_eq!(take(&seen), ["7 bytes"]);
}

#[tokio::test]
async fn other_encodings_than_one_known_one_are_refused() {
    let (closed, _) = app(hmac(), |it| it.register(json));
    let (open, _) = app(hmac().accept_encoding(SignedBytes::Encoded), |it| it.register(json));
    let twice = gzip(&gzip(TEXT));
    for (router, encodings, body, status) in [
        (&closed, &["gzip"][..], gzip(TEXT), 415),
        (&closed, &["br"], TEXT.to_vec(), 415),
        (&open, &["br"], TEXT.to_vec(), 415),
        (&open, &["gzip, gzip"], twice.clone(), 415),
        (&open, &["gzip", "gzip"], twice.clone(), 415),
        (&open, &["gzip, identity"], gzip(TEXT), 415),
        (&open, &["identity", "gzip"], gzip(TEXT), 415),
        (&open, &[""], TEXT.to_vec(), 415),
        // The header alone says what a body is: nothing looks at its first bytes.
        (&open, &[], gzip(TEXT), 400),
        (&open, &["gzip"], TEXT.to_vec(), 400),
        (&open, &["gzip"], twice, 400),
        (&open, &["deflate"], gzip(TEXT), 400),
    ] {
        assert_eq!(send(router, encoded(encodings, &body, &body)).await.status, status, "{encodings:?}");
    }
}

#[tokio::test]
async fn a_bomb_stops_at_the_limit_of_a_body() {
    let bomb = gzip(&vec![b'0'; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    for (signed_bytes, signed, status) in [
        (SignedBytes::Encoded, &bomb[..], 413),
        // Nobody signed it: it is not inflated at all.
        (SignedBytes::Encoded, b"other", 401),
        (SignedBytes::Decoded, b"other", 413),
    ] {
        let (router, seen) = app(hmac().accept_encoding(signed_bytes), |it| it.register(json));
        let answer = send(&router, encoded(&["gzip"], &bomb, signed)).await;
        assert_eq!(answer.status, status, "{signed_bytes:?}");
        assert_eq!(status == 413, answer.text().contains("longer than 1048576 bytes"), "{}", answer.text());
        assert!(take(&seen).is_empty());
    }
}

#[tokio::test]
async fn a_layer_passes_a_decoded_body_on_without_the_headers_of_the_encoded_one() {
    async fn echo(request: axum::extract::Request) -> String {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1000).await.unwrap();
        let has = |name| parts.headers.contains_key(name);
        format!("{} {} {}", String::from_utf8_lossy(&body), has("content-encoding"), has("content-length"))
    }
    let layer = VerifyLayer::new(hmac().accept_encoding(SignedBytes::Encoded)).clock(FixedClock::at(NOW));
    let router = Router::new().route("/webhooks/subject", axum::routing::post(echo)).layer(layer);
    let body = gzip(TEXT);
    assert_eq!(send(&router, encoded(&["gzip"], &body, &body)).await.shown(), "200 {\"a\":1} false false");
    assert_eq!(send(&router, encoded(&["br"], &body, &body)).await.status, 415);
}
