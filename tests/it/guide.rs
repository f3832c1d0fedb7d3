//! What the guide shows as printed is what is printed.
//!
//! A block of the guide below `<!-- printed: name -->` is compared with the thing of that name: a start-up report, an
//! answer, a log line, or a recorded error of the compiler.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::testing::TestApp;
use webhook_runtime::{Clock, RawBody, Square, Webhooks, webhook};

use crate::observed;
use crate::support::{NOW, OTHER_SECRET, SECRET, delivery, send, signed, webhooks};

#[derive(Clone)]
struct Db;

#[webhook("order.paid")]
async fn paid(State(_db): State<Db>, _body: RawBody) {}

#[webhook("order.paid")]
async fn paid_too(_body: RawBody) {}

#[webhook("*", source = "square")]
async fn square(_body: RawBody) {}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "decoded, never read")]
struct Subscription {
    username: String,
    monthly_fee: f64,
}

#[webhook("new-subscription")]
async fn new_subscription(_body: Subscription) {}

#[tokio::test]
async fn everything_printed_is_shown_as_it_is_printed() {
    let printed = printed().await;
    let mut shown = Vec::new();
    let mut different = String::new();
    for (page, name, block) in blocks() {
        let actual = match name.strip_prefix("ui/") {
            Some(case) => fs::read_to_string(tests().join(format!("ui/{case}.stderr"))).unwrap(),
            None => printed.get(&*name).unwrap_or_else(|| panic!("{page}: nothing is called {name:?}")).clone(),
        };
        if block.trim() != actual.trim() && in_one_line(&block) != actual {
            different.push_str(&format!("{page} shows of {name}:\n{block}\nand printed is:\n{actual}\n\n"));
        }
        shown.push(name);
    }
    assert!(different.is_empty(), "{different}");
    for name in printed.keys() {
        assert!(shown.iter().any(|it| it == name), "{name:?} is on no page");
    }
}

/// Blank lines do not count, and neither does `main`, which Python needs not.
#[test]
fn the_app_of_fastapi_has_no_more_lines_here() {
    let page = fs::read_to_string(tests().join("../webhook-runtime/src/guide/from_fastapi.md")).unwrap();
    let block = |name: &str| {
        let rest = page.split_once(&format!("<!-- seed: {name} -->")).unwrap().1;
        rest.trim_start().split_once('\n').unwrap().1.split_once("\n```").unwrap().0
    };
    let lines = |code: &str| code.lines().filter(|it| !it.trim().is_empty()).count();
    let (rust, main) = block("rust").split_once("#[tokio::main]").unwrap();
    assert!(main.contains("serve("));
    assert!(lines(rust) <= lines(block("python")), "{} lines, and {} in Python", lines(rust), lines(block("python")));
    assert!(lines(rust) > 20);
}

/// Everything that the guide shows of the runtime, by name.
async fn printed() -> BTreeMap<&'static str, String> {
    let app = webhooks().register(new_subscription).into_router().unwrap();
    let body = r#"{"username": 7}"#;
    let mismatch = send(&app, delivery("/webhooks/new-subscription", "1", body)).await;
    let unverified = send(&app, signed(OTHER_SECRET, NOW, "/webhooks/new-subscription", "2", body)).await;
    let kit = TestApp::new(Webhooks::empty().register(new_subscription));
    let at = kit.clock().now() - Duration::from_secs(301);
    let at = at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let late = kit.deliver_raw("new-subscription", body).at(at).await;
    let failed = catch_unwind(AssertUnwindSafe(|| late.assert_status(200).status()));
    observed::keep();
    send(&app, signed(SECRET, NOW - 3600, "/webhooks/new-subscription", "msg_3", body)).await;
    let log = observed::log();
    let line = log.lines().find(|it| it.contains("3600 s")).unwrap();
    BTreeMap::from([
        ("log line", line.get(line.find("WARN").unwrap()..).unwrap().to_owned()),
        ("failed assertion", *failed.unwrap_err().downcast::<String>().unwrap()),
        ("missing state", report(webhooks().register(paid))),
        (
            "no public URL",
            report(Webhooks::empty().register(square).source("square", Square::new("a long random key"))),
        ),
        ("nothing registered", report(webhooks())),
        ("missing event", report(webhooks().register(paid).state(Db).expect_events(["order.paid", "order.sent"]))),
        ("several problems", report(Webhooks::empty().register(paid).register(paid_too))),
        ("malformed secret", report(webhooks().secret("changeme").register(paid_too))),
        ("unverified", unverified.text().to_owned()),
        ("mismatch", mismatch.text().to_owned()),
    ])
}

/// What `main` would print, with the lines of this file left out.
fn report(app: Webhooks) -> String {
    let report = format!("{:?}", app.build().err().expect("the app must not start"));
    let mut pieces = report.split("guide.rs:");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |shown, piece| {
        format!("{shown}guide.rs:_{}", piece.trim_start_matches(|it: char| it.is_ascii_digit()))
    })
}

/// JSON as it is sent, of JSON as it is read.
fn in_one_line(block: &str) -> String {
    block.lines().map(str::trim).collect::<String>().replace("\": ", "\":")
}

/// The blocks that are marked as printed: page, name and text.
fn blocks() -> Vec<(String, String, String)> {
    let folder = tests().join("../webhook-runtime/src/guide");
    let pages = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut found = Vec::new();
    for page in pages.filter(|it| it.extension().is_some_and(|it| it == "md")) {
        let text = fs::read_to_string(&page).unwrap();
        for piece in text.split("<!-- printed: ").skip(1) {
            let (name, rest) = piece.split_once(" -->").unwrap();
            let block = rest.trim_start().strip_prefix("```").unwrap().split_once('\n').unwrap().1;
            let block = block.split_once("\n```").unwrap().0;
            found.push((page.display().to_string(), name.to_owned(), block.to_owned()));
        }
    }
    assert!(found.len() > 10, "the pages were not found");
    found
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
