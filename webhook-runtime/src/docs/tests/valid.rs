//! What the document must be for the tools that read it: valid, unique ids, references that lead somewhere.

use std::collections::BTreeSet;
use std::fs;

use axum::Json;
use expect_test::expect_file;
use http::StatusCode;
use serde_json::Value;

use crate::docs::openapi::OpenApi;
use crate::docs::tests::{Ack, Conflict, LoginSuccess, Subscription, endpoint, of, openapi, value};
use crate::handler::endpoint::Endpoint;
use crate::handler::written::{body, written};

/// An endpoint of each kind.
pub(super) fn sample() -> Vec<Endpoint> {
    let mut subscription = endpoint::<Subscription, Json<Ack>>("new-subscription");
    subscription.status_code = Some(202);
    subscription.documentation.description = Some("Sent once for each **new** subscription.");
    subscription.documentation.response_description = Some("It is noted.");
    subscription.documentation.tags = &["users", "billing"];
    subscription.documentation.operation_id = Some("subscribe");
    subscription.documentation.external_docs = Some("https://example.com/subscriptions");
    subscription.documentation.responses = const {
        &[
            written(404, "No such plan.", None),
            written(409, "Another plan.", Some(body::<Conflict>)),
            written(422, "The account is closed.", Some(body::<Conflict>)),
        ]
    };
    subscription.documentation.examples =
        &[("ada", r#"{"username":"ada","monthly_fee":9.5,"start_date":"2026-01-01T00:00:00Z"}"#)];
    let mut replaced = endpoint::<Subscription, ()>("new-subscription");
    replaced.method = "PUT";
    replaced.documentation.openapi_extra = Some(r#"{"x-team":"billing"}"#);
    let mut login = endpoint::<LoginSuccess, Result<Json<Ack>, StatusCode>>("users/login");
    login.documentation.deprecated = Some(true);
    login.documentation.tags = &["users"];
    let mut raw = endpoint::<(), StatusCode>("raw~report");
    raw.payload = |_| None;
    let mut hidden = endpoint::<i8, ()>("hidden");
    hidden.documentation.include_in_schema = false;
    let mut bytes = of("shop", endpoint::<(), String>("*"));
    bytes.payload = |_| None;
    vec![
        subscription,
        replaced,
        login,
        raw,
        hidden,
        bytes,
        of("shop", endpoint::<Subscription, Json<Ack>>("order.paid")),
        of("shop", endpoint::<LoginSuccess, ()>("order.*")),
    ]
}

#[test]
fn the_sample_is_written_as_it_was() {
    expect_file!["../../../../tests/snapshots/openapi/sample.json"].assert_eq(&openapi(sample()).to_json());
}

#[test]
fn the_document_is_openapi_3_1() {
    check(&openapi(sample()));
    check(&openapi([]));
}

#[test]
fn the_order_of_handlers_changes_nothing() {
    let mut turned = sample();
    turned.reverse();
    assert_eq!(openapi(sample()).to_json(), openapi(turned).to_json());
}

#[test]
fn nothing_of_the_program_is_in_the_document() {
    let text = openapi(sample()).to_json();
    for canary in ["canary", "4242", "Y2FuYXJ5", "webhook_runtime", ".rs", "::", "hidden"] {
        assert!(!text.contains(canary), "{canary}");
    }
}

/// Holds a document against everything that tools expect of it.
pub(super) fn check(document: &OpenApi) {
    let document = value(document);
    let path = format!("{}/../tests/snapshots/oas/schema-3.1.json", env!("CARGO_MANIFEST_DIR"));
    let official: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let official = jsonschema::validator_for(&official).unwrap();
    let errors: Vec<String> =
        official.iter_errors(&document).map(|it| format!("{} {it}", it.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());

    let mut ids = BTreeSet::new();
    walk(&document, &mut |key, value| match (key, value) {
        ("$ref", Value::String(reference)) => {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
        }
        ("operationId", Value::String(id)) => assert!(ids.insert(id.clone()), "two operations are {id}"),
        ("schema", schema) => assert!(jsonschema::meta::validate(schema).is_ok(), "{schema}"),
        _ => {}
    });
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        assert!(!name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it)), "{name}");
        assert!(jsonschema::meta::validate(schema).is_ok(), "{schema}");
    }
}

fn walk(value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => members.iter().filter(|(key, _)| *key != "default").for_each(|(key, value)| {
            visit(key, value);
            walk(value, visit);
        }),
        Value::Array(items) => items.iter().for_each(|it| walk(it, visit)),
        _ => {}
    }
}
