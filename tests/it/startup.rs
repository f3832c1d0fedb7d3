//! What keeps an app from starting, as its developer or operator reads it.

use axum::extract::State;
use expect_test::{Expect, expect};
use webhook_runtime::{Error, Limits, RawBody, StandardWebhooks, Webhooks, webhook};

use crate::support::{SECRET, webhooks};

#[webhook("twice")]
async fn first(_body: RawBody) {}

#[webhook("twice")]
async fn second(_body: RawBody) {}

#[derive(Clone)]
struct Database;

#[derive(Clone)]
struct Mailer;

#[webhook("stateful")]
async fn stateful(State(_database): State<Database>, State(_mailer): State<Mailer>, _body: RawBody) {}

#[webhook("invoice.paid", source = "billing")]
async fn billed(_body: RawBody) {}

#[webhook("openapi.json")]
async fn beside_the_document(_body: RawBody) {}

async fn plain(_body: RawBody) {}

/// The report that `main` would print, with the line numbers of this file left out.
fn check(app: Webhooks, expected: &Expect) {
    let report = format!("{:?}", app.build().err().expect("the app must not start"));
    let mut shown = String::new();
    let mut rest = report.as_str();
    while let Some((before, after)) = rest.split_once("startup.rs:") {
        shown.push_str(before);
        shown.push_str("startup.rs:_");
        rest = after.trim_start_matches(|it: char| it.is_ascii_digit());
    }
    shown.push_str(rest);
    expected.assert_eq(&shown);
}

#[test]
fn nothing_registered_names_the_linker_trap() {
    check(webhooks(), &expect![[""]]);
}

#[test]
fn a_function_without_the_attribute_is_named() {
    check(webhooks().register(plain).register(first), &expect![[""]]);
}

#[test]
fn two_handlers_for_one_event_are_both_named() {
    check(webhooks().register(first).register(second), &expect![[""]]);
}

#[test]
fn every_missing_state_is_named() {
    check(webhooks().register(stateful), &expect![[""]]);
    check(webhooks().register(stateful).state(Database), &expect![[""]]);
}

#[test]
fn an_unknown_source_is_named_with_the_known_ones() {
    check(webhooks().register(billed), &expect![[""]]);
    check(webhooks().register(billed).source("bills", StandardWebhooks::new(SECRET)), &expect![[""]]);
}

#[test]
fn a_missing_secret_says_how_to_set_it() {
    check(Webhooks::empty().register(first), &expect![[""]]);
    check(Webhooks::empty().register(billed).source("billing", StandardWebhooks::new("")), &expect![[""]]);
}

#[test]
fn a_malformed_secret_is_told_by_its_position_and_never_shown() {
    let secrets = format!("{SECRET} whsec_canary! whsec_ changeme whpk_AAAA");
    check(Webhooks::empty().register(first).secret(secrets), &expect![[""]]);
}

#[test]
fn a_missing_expected_event_is_named() {
    check(webhooks().register(first).expect_events(["twice", "order.paid"]), &expect![[""]]);
}

#[test]
fn paths_that_meet_are_named() {
    check(webhooks().register(beside_the_document).prefix("/"), &expect![[""]]);
}

#[test]
fn paths_and_limits_that_are_none_are_named() {
    check(
        webhooks().register(first).prefix("hooks/{x}").openapi_url("document").limits(Limits::default().body(0)),
        &expect![[""]],
    );
    check(
        webhooks()
            .register(billed)
            .source("billing", StandardWebhooks::new(SECRET).tolerance(std::time::Duration::ZERO))
            .source("billing", StandardWebhooks::new(SECRET))
            .source("a/b", StandardWebhooks::new(SECRET)),
        &expect![[""]],
    );
}

#[test]
fn every_problem_is_reported_at_once() {
    let app = Webhooks::empty().register(first).register(second).register(stateful).register(billed).register(plain);
    check(app.expect_events(["order.paid"]), &expect![[""]]);
}

#[test]
fn the_default_source_needs_a_secret_only_where_it_has_an_endpoint() {
    let app = Webhooks::empty().register(billed).source("billing", StandardWebhooks::new(SECRET));
    assert!(app.into_router().is_ok());
}

#[test]
fn a_document_needs_neither_secret_nor_state() {
    assert!(Webhooks::empty().register(stateful).openapi().is_ok());
    let refused: Result<_, Error> = Webhooks::empty().register(first).register(second).openapi();
    assert_eq!(refused.unwrap_err().problems().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = webhooks().register(first).serve(address.clone()).await.unwrap_err();
    assert!(refused.to_string().starts_with(&format!("could not listen on \"{address}\": Address already in use")));
}
