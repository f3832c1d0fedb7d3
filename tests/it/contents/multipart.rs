//! Forms in parts, of mails that arrive at SendGrid.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use p256::pkcs8::EncodePublicKey;
use rsa::signature::Signer;
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::{FilePart, FixedClock, Limits, RawBody, SendGrid, Webhooks, webhook};

use super::{Seen, app, take};
use crate::support::{NOW, send};

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
pub(crate) async fn raw(State(seen): State<Seen>, body: RawBody) {
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
