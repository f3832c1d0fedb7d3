//! What keeps an app from starting, as its developer or operator reads it.

use axum::extract::State;
use expect_test::{Expect, expect};
use webhook_runtime::{Error, Limits, RawBody, StandardWebhooks, Twilio, Webhooks, webhook};

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
    check(
        webhooks(),
        &expect![[r#"
        no handler was found
           Write `#[webhook("event-type")]` on an async fn. If the handlers stand in a library crate that this
           program never names, the linker drops them: write `use that_crate as _;` here, or `.register(handler)`."#]],
    );
}

#[test]
fn a_function_without_the_attribute_is_named() {
    check(
        webhooks().register(plain).register(first),
        &expect![[r#"
        `it::startup::plain` was registered and is no webhook
           Write `#[webhook("event-type")]` above it."#]],
    );
}

#[test]
fn two_handlers_for_one_event_are_both_named() {
    check(
        webhooks().register(first).register(second),
        &expect![[r#"
        two handlers for `twice` of source `default`: `it::startup::first` (tests/it/startup.rs:_) and `it::startup::second` (tests/it/startup.rs:_)
           Keep one, or give one of them another event type."#]],
    );
}

#[test]
fn every_missing_state_is_named() {
    check(
        webhooks().register(stateful),
        &expect![[r#"

        2 problems keep the webhooks from starting:

        1. `it::startup::stateful` (tests/it/startup.rs:_) takes the state `it::startup::Database`, which was not given
           Write `.state(value)` with a value of this type.
        2. `it::startup::stateful` (tests/it/startup.rs:_) takes the state `it::startup::Mailer`, which was not given
           Write `.state(value)` with a value of this type."#]],
    );
    check(
        webhooks().register(stateful).state(Database),
        &expect![[r#"
        `it::startup::stateful` (tests/it/startup.rs:_) takes the state `it::startup::Mailer`, which was not given
           Write `.state(value)` with a value of this type."#]],
    );
}

#[test]
fn an_unknown_source_is_named_with_the_known_ones() {
    check(
        webhooks().register(billed),
        &expect![[r#"
        `it::startup::billed` (tests/it/startup.rs:_) takes events of source `billing`, which is not configured
           Write `.source("billing", …)` with its provider."#]],
    );
    check(
        webhooks().register(billed).source("bills", StandardWebhooks::new(SECRET)),
        &expect![[r#"
        `it::startup::billed` (tests/it/startup.rs:_) takes events of source `billing`, which is not configured
           Write `.source("billing", …)` with its provider, or take one of: `bills`."#]],
    );
}

#[test]
fn a_missing_secret_says_how_to_set_it() {
    check(
        Webhooks::empty().register(first),
        &expect![[r#"
        the source `default` has no secret
           Write `.secret(…)` with the sender's signing secret, or begin with `Webhooks::from_env()` and set WEBHOOK_SECRET."#]],
    );
    check(
        Webhooks::empty().register(billed).source("billing", StandardWebhooks::new("")),
        &expect![[r#"
            the source `billing` has no secret
               Give its constructor the secret from the sender's settings."#]],
    );
}

#[test]
fn a_source_that_signs_its_url_needs_one() {
    check(
        Webhooks::empty().register(billed).source("billing", Twilio::new("a-long-random-text")),
        &expect![[r#"
        the sender of the source `billing` signs the public URL, and none is configured
           Write `.public_url("https://…")` for the app, or `.url("https://…")` on this source."#]],
    );
    let source = || Twilio::new("a-long-random-text");
    let with_url = source().url("https://hooks.test/webhooks/billing");
    assert!(Webhooks::empty().register(billed).source("billing", with_url).build().is_ok());
    let of_app = Webhooks::empty().register(billed).source("billing", source()).public_url("https://hooks.test");
    assert!(of_app.build().is_ok());
}

#[test]
fn a_malformed_secret_is_told_by_its_position_and_never_shown() {
    let secrets = format!("{SECRET} whsec_canary! whsec_ changeme whpk_AAAA");
    check(
        Webhooks::empty().register(first).secret(secrets),
        &expect![[r#"

        4 problems keep the webhooks from starting:

        1. secret 2 of the source `default` is not base64, with or without `whsec_`
           Copy it again from the sender's settings.
        2. secret 3 of the source `default` is empty
           Copy it again from the sender's settings.
        3. secret 4 of the source `default` is a placeholder from an example
           Copy it again from the sender's settings.
        4. secret 5 of the source `default` is no Ed25519 public key (32 bytes) after `whpk_`
           Copy it again from the sender's settings."#]],
    );
}

#[test]
fn a_missing_expected_event_is_named() {
    check(
        webhooks().register(first).expect_events(["twice", "order.paid"]),
        &expect![[r#"
        the event `order.paid` is expected and has no handler; found: `twice`
           Write `#[webhook("order.paid")]` on one. If it stands in a library crate that this program never
           names, write `use that_crate as _;`."#]],
    );
}

#[test]
fn paths_that_meet_are_named() {
    check(
        webhooks().register(beside_the_document).prefix("/"),
        &expect![[r#"
            `it::startup::beside_the_document` (tests/it/startup.rs:_) and the OpenAPI document have the same path `/openapi.json`
               Rename one of them, move the document with `.openapi_url(…)`, or its page with `.docs_url(…)`."#]],
    );
}

#[test]
fn paths_and_limits_that_are_none_are_named() {
    check(
        webhooks().register(first).prefix("hooks/{x}").openapi_url("document").limits(Limits::default().body(0)),
        &expect![[r#"

            3 problems keep the webhooks from starting:

            1. "hooks/{x}" in `.prefix(…)` is no path
               Write a slash, then segments of letters, digits, `.`, `_`, `~` and `-` joined by slashes: `/hooks`.
            2. "document" in `.openapi_url(…)` is no path
               Write a slash, then segments of letters, digits, `.`, `_`, `~` and `-` joined by slashes: `/hooks`.
            3. the limit `body` is zero, which would refuse everything
               Write the largest value that is to pass."#]],
    );
    check(
        webhooks()
            .register(billed)
            .source("billing", StandardWebhooks::new(SECRET).tolerance(std::time::Duration::ZERO))
            .source("billing", StandardWebhooks::new(SECRET))
            .source("a/b", StandardWebhooks::new(SECRET)),
        &expect![[r#"

            3 problems keep the webhooks from starting:

            1. "a/b" is no name for a source
               It becomes a part of the URL: take letters, digits, `.`, `_`, `~` and `-`; `default` is taken.
            2. the source `billing` was given twice
               Two accounts of one provider are two sources: give one another name.
            3. the limit `tolerance` is zero, which would refuse everything
               Write the largest value that is to pass."#]],
    );
}

#[test]
fn every_problem_is_reported_at_once() {
    let app = Webhooks::empty().register(first).register(second).register(stateful).register(billed).register(plain);
    check(
        app.expect_events(["order.paid"]),
        &expect![[r#"

        7 problems keep the webhooks from starting:

        1. `it::startup::plain` was registered and is no webhook
           Write `#[webhook("event-type")]` above it.
        2. `it::startup::billed` (tests/it/startup.rs:_) takes events of source `billing`, which is not configured
           Write `.source("billing", …)` with its provider.
        3. two handlers for `twice` of source `default`: `it::startup::first` (tests/it/startup.rs:_) and `it::startup::second` (tests/it/startup.rs:_)
           Keep one, or give one of them another event type.
        4. the event `order.paid` is expected and has no handler; found: `billing/invoice.paid`, `stateful`, `twice`, `twice`
           Write `#[webhook("order.paid")]` on one. If it stands in a library crate that this program never
           names, write `use that_crate as _;`.
        5. the source `default` has no secret
           Write `.secret(…)` with the sender's signing secret, or begin with `Webhooks::from_env()` and set WEBHOOK_SECRET.
        6. `it::startup::stateful` (tests/it/startup.rs:_) takes the state `it::startup::Database`, which was not given
           Write `.state(value)` with a value of this type.
        7. `it::startup::stateful` (tests/it/startup.rs:_) takes the state `it::startup::Mailer`, which was not given
           Write `.state(value)` with a value of this type."#]],
    );
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
    assert!(refused.to_string().starts_with(&format!("could not listen on {address}: Address already in use")));
}
