//! What an app consists of, as its developer sees it: a table in code and in the log of the start, and on no route.

use axum::body::Body;
use expect_test::expect;
use http::Request;
use webhook_runtime::{GitHub, RawBody, Webhooks, webhook};

use crate::observed;
use crate::support::{SECRET, send, webhooks};

#[webhook("order.paid")]
async fn paid(_body: RawBody) {}

#[webhook("issues", source = "forge")]
#[webhook("*", source = "forge")]
async fn told(_body: RawBody) {}

fn app() -> Webhooks {
    webhooks().register(paid).register(told).source("forge", GitHub::new(SECRET)).prefix("/hooks")
}

#[test]
fn each_endpoint_is_a_row_of_aligned_columns() {
    let listing = app().describe().unwrap();
    let table = listing.to_string();
    let lines: Vec<_> = table.lines().map(|it| it.split("describe.rs:").next().unwrap()).collect();
    expect![[r#"
        source   event type  route                   handler             place
        forge    *           POST /hooks/forge       it::describe::told  tests/it/
        forge    issues      POST /hooks/forge       it::describe::told  tests/it/
        default  order.paid  POST /hooks/order.paid  it::describe::paid  tests/it/"#]]
    .assert_eq(&lines.join("\n"));

    let endpoint = &listing.endpoints()[2];
    assert_eq!((endpoint.source.as_str(), endpoint.event_type), ("default", "order.paid"));
    assert_eq!((endpoint.route.as_str(), endpoint.methods.as_slice()), ("/hooks/order.paid", ["POST"].as_slice()));
    assert_eq!((endpoint.handler, endpoint.file), ("it::describe::paid", "tests/it/describe.rs"));
    assert!(endpoint.line > 0);
}

#[test]
fn a_list_needs_no_secret_and_every_problem_is_told() {
    assert!(Webhooks::empty().register(paid).describe().is_ok());
    let refused = Webhooks::empty().register(told).prefix("x").describe().unwrap_err();
    assert!(refused.problems().len() >= 2, "{refused}");
}

#[tokio::test]
async fn the_log_of_the_start_shows_the_table_by_lines() {
    observed::keep();
    let table = app().describe().unwrap().to_string();
    let router = app().into_router().unwrap();
    let log = observed::log();
    assert_eq!(table.lines().count(), 4);
    assert!(table.lines().all(|line| log.contains(&format!(" INFO webhook: {line}\n"))), "{log}");
    for path in ["/", "/hooks", "/hooks/", "/openapi.json"] {
        let answer = send(&router, Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(!answer.text().contains("it::describe::paid") && !answer.text().contains("describe.rs"), "{path}");
    }
}
