//! `doctor` and `openapi`.

use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};
use webhook_runtime::cli::ExitCode;
use webhook_runtime::{Event, RawBody, Webhooks, webhook};

use crate::command::{Folder, Served, webhook};
use crate::support::{OTHER_SECRET, webhooks};

/// An order was paid.
#[webhook("doctor-paid")]
async fn paid(_: Event<RawBody>) -> Json<Value> {
    Json(json!({ "thanks": true }))
}

fn app() -> Webhooks {
    webhooks().register(paid)
}

/// What `doctor` finds of a router at this path.
fn examine(router: Router, path: &str) -> (ExitCode, Vec<String>) {
    let served = Served::start(router);
    let ended = webhook(&["doctor", &served.at(path), "--json", "--body", &body()]);
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let shown = checks.iter().map(|it| format!("{} {}", text(it, "check"), text(it, "found")));
    // The clock of the tests stands still in another year than the server's.
    (ended.exit, shown.filter(|it| !it.starts_with("clock")).collect())
}

fn body() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").to_owned()
}

fn check(router: Router, path: &str, expected: &[&str]) {
    assert_eq!(examine(router, path).1, expected);
}

#[test]
fn doctor_tells_what_is_wrong_with_a_route() {
    let right = app().into_router().unwrap();
    check(right.clone(), "/webhooks/doctor-paid", &["reachable ok", "route ok", "unsigned ok", "signed ok"]);
    check(right, "/webhooks/doctor-piad", &["reachable ok", "route fail"]);
    let other = Webhooks::empty().register(paid).secret(OTHER_SECRET).into_router().unwrap();
    check(other, "/webhooks/doctor-paid", &["reachable ok", "route ok", "unsigned ok", "signed fail"]);
    let open = Router::new().route("/hook", post(async || "taken"));
    check(open, "/hook", &["reachable ok", "route ok", "unsigned fail", "signed ok"]);
    let page = Router::new().route("/hook", axum::routing::get(async || "a page"));
    check(page, "/hook", &["reachable ok", "route fail"]);
    let put = Router::new().route("/hook", axum::routing::put(async || "taken"));
    check(put, "/hook", &["reachable ok", "route fail"]);
    let moved = Router::new().route("/hook", post(async || (StatusCode::FOUND, [("location", "/elsewhere")])));
    check(moved, "/hook", &["reachable ok", "route fail"]);
    let parses_first = Router::new().route("/hook", post(async || StatusCode::UNPROCESSABLE_ENTITY));
    check(parses_first, "/hook", &["reachable ok", "route ok", "unsigned fail", "signed fail"]);
}

#[test]
fn doctor_says_what_to_do_and_ends_so() {
    let served = Served::start(app().into_router().unwrap());
    let wrong = webhook(&["doctor", &served.at("/nowhere"), "--body", &body()]);
    assert_eq!(wrong.exit, ExitCode::Failed);
    assert!(wrong.stdout.contains("fail route     nothing is mounted at this path: 404 Not Found"), "{}", wrong.stdout);
    assert!(wrong.stdout.contains("has a route for each event type"), "{}", wrong.stdout);
    assert!(
        wrong.stdout.contains("fail clock") && wrong.stdout.contains("s ahead of this machine"),
        "{}",
        wrong.stdout
    );
    let nobody = webhook(&["doctor", "http://127.0.0.1:9/x", "--body", &body()]);
    assert_eq!(nobody.exit, ExitCode::Unreachable);
    assert!(nobody.stdout.starts_with("fail reachable"), "{}", nobody.stdout);
}

#[test]
fn openapi_summarises_the_document_of_an_app() {
    let served = Served::start(app().into_router().unwrap());
    let summary = webhook(&["openapi", &served.at("/openapi.json")]).fine();
    expect_test::expect![[r#"
        Webhooks, OpenAPI 3.1.1: 1 event
          POST doctor-paid  An order was paid.
    "#]]
    .assert_eq(&summary);
    let programs = webhook(&["openapi", &served.at("/openapi.json"), "--json"]).json();
    assert_eq!(programs["events"][0]["event"], "doctor-paid");
}

/// A document of these webhooks, with one schema beside them.
fn document(webhooks: &Value, amount: &Value) -> String {
    json!({
        "openapi": "3.1.1",
        "info": { "title": "Shop", "version": "1" },
        "webhooks": webhooks,
        "components": { "schemas": { "Order": { "properties": {
            "amount": amount, "parent": { "$ref": "#/components/schemas/Order" },
        } } } },
    })
    .to_string()
}

#[test]
fn two_documents_differ_by_events_and_by_what_they_refer_to() {
    let of = |summary: &str| {
        let schema = json!({ "$ref": "#/components/schemas/Order" });
        json!({ "post": { "summary": summary, "requestBody": { "content": { "application/json": { "schema": schema } } } } })
    };
    let folder = Folder::new();
    let older =
        document(&json!({ "paid": of("Paid"), "sent": of("Sent"), "same": of("Same") }), &json!({ "type": "number" }));
    let newer =
        document(&json!({ "paid": of("Paid!"), "back": of("Back") }), &json!({ "type": "integer", "minimum": 0 }));
    let (older, newer) = (folder.file("older", older), folder.file("newer", newer));
    let differ = webhook(&["openapi", &older, "--diff", &newer]);
    assert_eq!(differ.exit, ExitCode::Failed);
    let amount = "/requestBody/content/application~1json/schema/properties/amount";
    let expected = [
        "+ POST back".to_owned(),
        "~ POST paid".to_owned(),
        format!("    {amount}/minimum: added 0"),
        format!("    {amount}/type: \"number\" → \"integer\""),
        "    /summary: \"Paid\" → \"Paid!\"".to_owned(),
        "- POST same".to_owned(),
        "- POST sent".to_owned(),
    ];
    assert_eq!(differ.stdout.lines().collect::<Vec<_>>(), expected);
    let same = webhook(&["openapi", &older, "--diff", &older]).fine();
    assert_eq!(same, "the events of the two documents are the same\n");
    assert_eq!(webhook(&["openapi", &older, "--diff", &older, "--json"]).json(), json!({ "changes": [] }));
}
