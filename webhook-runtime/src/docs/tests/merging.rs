//! The document as a part of one that the app has.

use axum::Json;
use serde_json::{Value, json};

use crate::docs::openapi::OpenApi;
use crate::docs::tests::{Ack, Subscription, at, at_servers, endpoint, openapi, try_openapi, value};

fn ours() -> OpenApi {
    let mut endpoint = endpoint::<Subscription, Json<Ack>>("paid");
    endpoint.documentation.tags = &["billing"];
    openapi([endpoint])
}

fn theirs() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "My app", "version": "2.0.0"},
        "servers": [{"url": "/v1"}],
        "paths": {
            "/healthz": {"get": {"operationId": "health", "responses": {"200": {"description": "It is well."}}}},
            "/webhooks/paid": {"summary": "Also readable", "get": {"operationId": "read", "responses": {}}},
        },
        "components": {"schemas": {"Mine": {"type": "object"}}, "parameters": {}},
        "tags": [{"name": "billing", "description": "Money."}],
        "x-mine": true,
    })
}

/// What stands in the way, and that nothing was changed then.
fn check(theirs: &Value, expected: &[&str]) {
    let mut document = theirs.clone();
    let problems = ours().merge_into(&mut document).unwrap_err();
    let first_lines = problems.problems().iter().map(|it| it.to_string().lines().next().unwrap().to_owned());
    assert_eq!(first_lines.collect::<Vec<_>>(), expected);
    assert_eq!(&document, theirs);
}

#[test]
fn the_webhooks_are_added_and_the_rest_stays() {
    let mut document = theirs();
    ours().merge_into(&mut document).unwrap();
    let own = value(&ours());
    for place in ["/webhooks/paid/post", "/paths/~1webhooks~1paid/post", "/components/schemas/Subscription"] {
        assert_eq!(at(&document, place), at(&own, place));
    }
    for place in
        ["/openapi", "/info", "/servers", "/paths/~1healthz", "/paths/~1webhooks~1paid/get", "/tags", "/x-mine"]
    {
        assert_eq!(at(&document, place), at(&theirs(), place));
    }
    assert_eq!(at(&document, "/components/schemas/Mine"), &json!({"type": "object"}));
}

#[test]
fn merging_twice_is_merging_once() {
    let mut once = theirs();
    ours().merge_into(&mut once).unwrap();
    let mut twice = once.clone();
    ours().merge_into(&mut twice).unwrap();
    assert_eq!(once, twice);
}

#[test]
fn an_empty_object_becomes_the_document() {
    let mut document = json!({});
    ours().merge_into(&mut document).unwrap();
    assert_eq!(document, value(&ours()));
}

#[test]
fn servers_go_along_with_each_operation() {
    let mut document = theirs();
    try_openapi([endpoint::<(), ()>("paid")], &at_servers(&["/api"])).unwrap().merge_into(&mut document).unwrap();
    assert_eq!(at(&document, "/servers"), &json!([{"url": "/v1"}]));
    assert_eq!(at(&document, "/paths/~1webhooks~1paid/post/servers"), &json!([{"url": "/api"}]));
    assert_eq!(document.pointer("/paths/~1healthz/get/servers"), None);
}

#[test]
fn every_conflict_is_told_at_its_place_and_changes_nothing() {
    let mut document = theirs();
    document["paths"]["/webhooks/paid"]["post"] = json!({"operationId": "mine"});
    document["paths"]["/healthz"]["get"]["operationId"] = json!("receive_paid");
    document["components"]["schemas"]["Problem"] = json!({"type": "string"});
    document["components"]["responses"] = json!([]);
    document["tags"] = json!({});
    check(
        &document,
        &[
            "the document cannot be merged at \"/components/responses\": is no object",
            "the document cannot be merged at \"/components/schemas/Problem\": has another content in the two documents",
            "the document cannot be merged at \"/paths/~1healthz/get/operationId\": is the id of a webhook's operation too",
            "the document cannot be merged at \"/paths/~1webhooks~1paid/post\": has another content in the two documents",
            "the document cannot be merged at \"/tags\": is no list",
        ],
    );
}

#[test]
fn a_document_that_cannot_have_webhooks_is_refused() {
    let old = "the document cannot be merged at \"/openapi\": is not 3.1, and older documents have no `webhooks`";
    check(&json!({"openapi": "3.0.4", "info": {}}), &[old]);
    check(&json!({"swagger": "2.0"}), &[old]);
    check(&json!({"openapi": 3.1}), &[old]);
    let none = "the document cannot be merged at \"\": is no object, so it is no OpenAPI document";
    check(&json!(["openapi"]), &[none]);
    check(&json!(null), &[none]);
}
