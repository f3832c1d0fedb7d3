//! XML, of outbound messages of Salesforce.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::{Event, RawBody, Salesforce, webhook};

use super::{Seen, app, take};
use crate::support::send;

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
