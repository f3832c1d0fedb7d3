//! Constraints that a developer wrote for a payload: they hold for every format, before the handler runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use http::Request;
use http::header::CONTENT_TYPE;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use rsa::signature::Signer;
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::{FixedClock, HmacSource, HubSpot, Salesforce, SendGrid, webhook};

use crate::observed;
use crate::support::{Answer, NOW, assert_problem, delivery, send, webhooks};

/// How often a handler ran.
#[derive(Clone, Default)]
struct Ran(Arc<AtomicU32>);

impl Ran {
    fn again(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> u32 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

#[derive(Deserialize, JsonSchema)]
struct Order {
    #[schemars(range(min = 0.0))]
    amount: f64,
    #[serde(default)]
    #[schemars(length(max = 2))]
    lines: Vec<String>,
}

#[webhook("limited")]
#[webhook("limited", source = "forms")]
#[webhook("limited", source = "hubspot")]
async fn limited(State(ran): State<Ran>, body: Order) -> String {
    ran.again();
    format!("{} {}", body.amount, body.lines.len())
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    #[schemars(range(max = 5))]
    amount: f64,
    #[schemars(length(max = 1))]
    line: Vec<String>,
}

#[webhook("04k1", source = "salesforce")]
async fn message(State(ran): State<Ran>, body: Notification) {
    assert!(body.amount <= 5.0 && body.line.len() == 1);
    ran.again();
}

#[derive(Deserialize, JsonSchema)]
struct Mail {
    #[schemars(range(max = 3))]
    attachments: u32,
}

#[webhook("*", source = "mail")]
async fn mail(State(ran): State<Ran>, body: Mail) {
    assert!(body.attachments <= 3);
    ran.again();
}

fn sendgrid_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn app() -> (Router, Ran) {
    let ran = Ran::default();
    let der = sendgrid_key().verifying_key().to_public_key_der().unwrap();
    let app = webhooks()
        .register(limited)
        .register(message)
        .register(mail)
        .state(ran.clone())
        .source("forms", HmacSource::new("x-signature", SIGNING).event_type_header("x-event"))
        .source("hubspot", HubSpot::v1(SIGNING))
        .source("salesforce", Salesforce::new("00D24000000abcd", "k7Qd0v"))
        .source("mail", SendGrid::inbound_parse(STANDARD.encode(der.as_bytes())))
        .public_url("https://hooks.test");
    (app.clock(FixedClock::at(NOW)).into_router().unwrap(), ran)
}

const SIGNING: &str = "a long random key";

/// The violations of a 422, or its status and text.
fn shown(answer: &Answer) -> String {
    if answer.status != 422 {
        return answer.shown();
    }
    assert_problem(answer, 422);
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let errors =
        errors.iter().map(|it| format!("{} {}", it["pointer"].as_str().unwrap(), it["detail"].as_str().unwrap()));
    errors.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn json_that_breaks_a_constraint_is_refused_before_its_handler() {
    let (router, ran) = app();
    for (id, body, expected, runs) in [
        ("msg_1", r#"{"amount": 1}"#, "200 1 0", 1),
        ("msg_2", r#"{"amount": -1}"#, "/amount expected at least 0.0", 0),
        (
            "msg_3",
            r#"{"amount": -1, "lines": ["a", "b", "c"]}"#,
            "/amount expected at least 0.0; /lines expected at most 2 items",
            0,
        ),
        // What serde refuses is told with it.
        (
            "msg_4",
            r#"{"amount": "canary", "lines": ["a", "b", "c"]}"#,
            "/amount expected a number; /lines expected at most 2 items",
            0,
        ),
        (
            "msg_5",
            r#"{"amount": -1, "lines": ["a", 2]}"#,
            "/amount expected at least 0.0; /lines/1 expected a string",
            0,
        ),
        // A refused delivery gave its claim back.
        ("msg_2", r#"{"amount": 2}"#, "200 2 0", 1),
    ] {
        let answer = send(&router, delivery("/webhooks/limited", id, body)).await;
        assert_eq!((shown(&answer).as_str(), ran.take()), (expected, runs), "{body}");
    }
}

async fn signed_by(source: webhook_runtime::Source, request: http::request::Builder, body: &str) -> Request<Body> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let signature = source.sign("", time, body.as_bytes()).unwrap();
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    request.headers_mut().extend(signature);
    request
}

#[tokio::test]
async fn forms_keep_to_constraints_by_what_their_texts_say() {
    let (router, ran) = app();
    for (body, expected, runs) in [
        ("amount=1.5&lines=a&lines=b", "200 1.5 2", 1),
        ("amount=-1.5", "/amount expected at least 0.0", 0),
        ("amount=1&lines=a&lines=b&lines=c", "/lines expected at most 2 items", 0),
        ("amount=1&lines[]=a&lines[]=b&lines[]=c", "/lines expected at most 2 items", 0),
    ] {
        let request = Request::post("/webhooks/forms")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-event", "limited");
        let source = HmacSource::new("x-signature", SIGNING).into();
        let answer = send(&router, signed_by(source, request, body).await).await;
        assert_eq!((shown(&answer).as_str(), ran.take()), (expected, runs), "{body}");
    }
}

#[tokio::test]
async fn an_event_of_a_batch_is_checked_by_itself() {
    let (router, ran) = app();
    let body = r#"[{"subscriptionType":"limited","eventId":1,"amount":1},{"subscriptionType":"limited","eventId":2,"amount":-1}]"#;
    let request = Request::post("/webhooks/hubspot").header(CONTENT_TYPE, "application/json");
    let answer = send(&router, signed_by(HubSpot::v1(SIGNING), request, body).await).await;
    assert_eq!((shown(&answer).as_str(), ran.take()), ("/amount expected at least 0.0", 1));
}

#[tokio::test]
async fn xml_keeps_to_constraints_by_what_its_texts_say() {
    let (router, ran) = app();
    for (notification, expected, runs) in [
        ("<Amount>5</Amount><Line>a</Line>", "200", 1),
        ("<Amount>5.5</Amount><Line>a</Line>", "/Amount expected at most 5", 0),
        ("<Amount>1</Amount><Line>a</Line><Line>b</Line>", "/Line expected at most 1 items", 0),
    ] {
        let body = format!(
            r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D24000000abcdEAA</OrganizationId><ActionId>04k1</ActionId><Notification>{notification}</Notification></notifications></s:Body></s:Envelope>"#
        );
        let request = Request::post("/webhooks/salesforce?token=k7Qd0v").header(CONTENT_TYPE, "text/xml");
        let answer = send(&router, request.body(Body::from(body)).unwrap()).await;
        let shown = shown(&answer);
        assert_eq!((shown.split(" <").next().unwrap(), ran.take()), (expected, runs), "{notification}");
    }
}

#[tokio::test]
async fn a_form_in_parts_keeps_to_constraints_by_what_its_texts_say() {
    let (router, ran) = app();
    for (attachments, expected, runs) in [("3", "200 ", 1), ("4", "/attachments expected at most 3", 0)] {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"attachments\"\r\n\r\n{attachments}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--b--\r\n"
        );
        let signature: Signature = sendgrid_key().sign(&[NOW.to_string().as_bytes(), body.as_bytes()].concat());
        let request = Request::post("/webhooks/mail")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header("x-twilio-email-event-webhook-signature", STANDARD.encode(signature.to_der().as_bytes()))
            .header("x-twilio-email-event-webhook-timestamp", NOW);
        let answer = send(&router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!((shown(&answer).as_str(), ran.take()), (expected, runs), "{attachments}");
    }
}

#[derive(Deserialize, JsonSchema)]
struct Broken {
    #[schemars(pattern("("))]
    name: String,
}

#[webhook("broken")]
async fn broken(body: Broken) -> String {
    body.name
}

#[test]
fn a_pattern_that_is_none_keeps_the_app_from_starting() {
    let report = format!("{:?}", webhooks().register(broken).build().err().unwrap());
    let place = report.find("constraints.rs:").unwrap() + "constraints.rs:".len();
    let line = report[place..].find(')').unwrap();
    expect![[r#"
        `it::constraints::broken` (tests/it/constraints.rs:_) takes a payload with a constraint that cannot be checked, at /name: "(" is not a "regex"
           Mend the pattern or the value in its `#[schemars(…)]`: what the document says must hold."#]].assert_eq(&format!("{}_{}", &report[..place], &report[place + line..]));
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Doubtful {
    One {
        #[schemars(range(max = 9))]
        x: f64,
    },
    Other {
        y: f64,
    },
}

#[webhook("doubtful")]
async fn doubtful(body: Doubtful) -> String {
    match body {
        Doubtful::One { x } => x.to_string(),
        Doubtful::Other { y } => y.to_string(),
    }
}

#[tokio::test]
async fn constraints_that_may_go_unchecked_are_a_warning_at_the_start() {
    observed::keep();
    let router = webhooks().register(doubtful).into_router().unwrap();
    let log = observed::log();
    assert!(
        log.contains("WARN webhook: the payload of `it::constraints::doubtful` (tests/it/constraints.rs:"),
        "{log}"
    );
    assert!(log.contains("which of several forms a body has: payload. Give the enum a tag"), "{log}");
    // The other form could be meant, by an alias of its field.
    let answer = send(&router, delivery("/webhooks/doubtful", "msg_1", r#"{"x": 10}"#)).await;
    assert_eq!(answer.shown(), "200 10");
}
