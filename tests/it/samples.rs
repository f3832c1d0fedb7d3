//! The samples of a sender in the document: shown where a handler takes the event and reads such a payload.

use serde_json::{Value, json};
use webhook_runtime::{CloudEvents, GitHub, RawBody, Twilio, Webhooks, webhook};

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Push {
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Alien {
    planet: String,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
#[serde(rename_all = "PascalCase")]
struct Sms {
    body: String,
    num_media: u8,
}

#[webhook("push", source = "git")]
async fn push(_push: Push) {}

#[webhook("push", source = "git", examples("mine" = {"ref": "main"}))]
async fn push_with_an_example(_push: Push) {}

#[webhook("issues", source = "git")]
async fn issues_of_another_type(_issue: Alien) {}

#[webhook("*", source = "git")]
async fn everything(_event: Value) {}

#[webhook("*", source = "git")]
async fn bytes(_body: RawBody) {}

#[webhook("*", source = "sms")]
async fn sms(_sms: Sms) {}

#[webhook("com.example.*", source = "cloud")]
async fn cloud(_order: Value) {}

#[webhook("samples/own")]
async fn own(_anything: Value) {}

fn document(app: Webhooks) -> Value {
    serde_json::to_value(app.openapi().unwrap()).unwrap()
}

/// The names of the examples at a place of the document, in each content type.
fn names(document: &Value, item: &str) -> Vec<(String, Vec<String>)> {
    let content = document.pointer(&format!("{item}/post/requestBody/content")).unwrap().as_object().unwrap();
    let names =
        |media: &Value| media["examples"].as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default();
    content.iter().map(|(content_type, media)| (content_type.clone(), names(media))).collect()
}

fn check(found: &[(String, Vec<String>)], expected: &[(&str, &[&str])]) {
    let found = found.iter().map(|(of, names)| (of.as_str(), names.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(found.collect::<Vec<_>>(), expected.iter().map(|(of, it)| (*of, it.to_vec())).collect::<Vec<_>>());
}

fn git() -> Webhooks {
    Webhooks::empty().source("git", GitHub::new("a long random secret"))
}

#[test]
fn a_sample_is_shown_at_the_handler_that_takes_its_event() {
    let document = document(git().register(push).register(issues_of_another_type).register(everything));
    let form = "application/x-www-form-urlencoded";
    check(&names(&document, "/webhooks/git~1push"), &[("application/json", &["push"]), (form, &[])]);
    check(&names(&document, "/webhooks/git~1issues"), &[("application/json", &[]), (form, &[])]);
    let of_others: &[&str] = &["ping", "pull_request.opened"];
    check(&names(&document, "/webhooks/git~1*"), &[("application/json", of_others), (form, &[])]);
    let all: &[&str] = &["ping", "pull_request.opened", "push"];
    check(&names(&document, "/paths/~1webhooks~1git"), &[("application/json", all), (form, &[])]);
    let value = document.pointer("/webhooks/git~1push/post/requestBody/content/application~1json/examples/push/value");
    assert_eq!(value.unwrap()["ref"], "refs/heads/main");
}

#[test]
fn an_example_of_the_developer_stands_in_place_of_samples() {
    let document = document(git().register(push_with_an_example));
    let form = "application/x-www-form-urlencoded";
    check(&names(&document, "/webhooks/git~1push"), &[("application/json", &["mine"]), (form, &["mine"])]);
}

#[test]
fn bytes_are_shown_as_they_are_sent() {
    let document = document(git().register(bytes));
    check(&names(&document, "/webhooks/git~1*"), &[("*/*", &["issues.opened", "ping", "pull_request.opened", "push"])]);
}

#[test]
fn a_form_is_shown_by_its_fields() {
    let document =
        document(Webhooks::empty().public_url("https://a.example").source("sms", Twilio::new("a token")).register(sms));
    let media = &document["webhooks"]["sms/*"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"];
    assert_eq!(media["examples"]["sample"]["value"]["NumMedia"], "0");
}

#[test]
fn any_json_is_shown_as_json() {
    let document = document(Webhooks::empty().source("cloud", CloudEvents::new("a token")).register(cloud));
    let content = &document["webhooks"]["cloud/com.example.*"]["post"]["requestBody"]["content"];
    assert!(content["application/json"]["examples"]["com.example.order.paid"].is_object(), "{content}");
}

#[test]
fn of_its_own_events_an_app_alone_says_what_is_sent() {
    let document = document(Webhooks::empty().register(own));
    let content = &document["webhooks"]["samples/own"]["post"]["requestBody"]["content"];
    assert_eq!(content["application/json"], json!({"schema": true}));
}
