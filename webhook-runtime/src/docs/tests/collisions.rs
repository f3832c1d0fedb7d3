//! Types that share a name: nothing is overwritten, and every reference leads to the right one.

use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::docs::about::Defaults;
use crate::docs::described;
use crate::docs::tests::{at, endpoint, openapi, registry, valid, value};
use crate::handler::endpoint::Endpoint;

mod billing {
    use super::*;

    #[derive(Deserialize, Serialize, JsonSchema)]
    pub(super) struct Item {
        pub(super) price: f64,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    pub(super) struct Invoice {
        pub(super) items: Vec<Item>,
    }
}

mod mail {
    use super::*;

    #[derive(Deserialize, Serialize, JsonSchema)]
    pub(super) struct Item {
        pub(super) subject: String,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    pub(super) struct Letter {
        pub(super) items: Vec<Item>,
        /// Of the other module: two types of one name in one payload.
        pub(super) billed: Option<super::billing::Item>,
    }
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Order {
    #[serde(default)]
    note: String,
    #[serde(skip_serializing)]
    #[allow(dead_code, reason = "documented, never read")]
    token: String,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Envelope {
    order: Order,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Item2 {
    own: bool,
}

/// The names of the components, of which those of refusals are left out, and the document.
fn check(endpoints: impl IntoIterator<Item = Endpoint>, expected: &[&str]) -> Value {
    let document = openapi(endpoints);
    valid::check(&document);
    let document = value(&document);
    let names = document["components"]["schemas"].as_object().unwrap().keys();
    let own = ["Problem", "ValidationProblem", "Violation"];
    assert_eq!(names.filter(|it| !own.contains(&it.as_str())).collect::<Vec<_>>(), expected);
    document
}

/// The schema that the payload of an event refers to.
fn payload<'a>(document: &'a Value, event_type: &str) -> &'a Value {
    let body = format!("/webhooks/{event_type}/post/requestBody/content/application~1json/schema/$ref");
    follow(document, at(document, &body))
}

fn follow<'a>(document: &'a Value, reference: &Value) -> &'a Value {
    at(document, reference.as_str().unwrap().strip_prefix('#').unwrap())
}

#[test]
fn types_of_two_modules_stay_apart() {
    let endpoints = || [endpoint::<mail::Item, ()>("mail"), endpoint::<billing::Item, ()>("billing")];
    let document = check(endpoints(), &["Item", "Item2"]);
    assert!(payload(&document, "billing")["properties"]["price"].is_object());
    assert!(payload(&document, "mail")["properties"]["subject"].is_object());

    let registry = registry(endpoints());
    assert_eq!(
        described::contents(&registry, &Defaults::default()).remarks,
        ["different types are called `Item`, and the document tells them apart: \
             `Item` of `canary_module::handler` (/canary/file.rs:4242); \
             `Item2` of `canary_module::handler` (/canary/file.rs:4242). \
             Write `#[schemars(rename = \"…\")]` on one of them to choose its name; a generic type takes \"Item_of_{T}\""]
    );
}

#[test]
fn types_of_two_modules_stay_apart_deep_inside() {
    let document = check(
        [endpoint::<billing::Invoice, ()>("a"), endpoint::<mail::Letter, ()>("b"), endpoint::<Item2, ()>("c")],
        &["Invoice", "Item", "Item2", "Item22", "Item3", "Letter"],
    );
    let item = |pointer: &str, event_type: &str| follow(&document, at(payload(&document, event_type), pointer)).clone();
    assert!(item("/properties/items/items/$ref", "a")["properties"]["price"].is_object());
    assert!(item("/properties/items/items/$ref", "b")["properties"]["subject"].is_object());
    assert!(item("/properties/billed/anyOf/0/$ref", "b")["properties"]["price"].is_object());
    assert!(payload(&document, "c")["properties"]["own"].is_object());
}

#[test]
fn one_form_is_one_component() {
    check(
        [endpoint::<billing::Item, Json<billing::Item>>("a"), endpoint::<billing::Invoice, ()>("b")],
        &["Invoice", "Item"],
    );
}

#[test]
fn a_type_of_two_forms_is_input_and_output() {
    let document = check(
        [endpoint::<Envelope, Json<Envelope>>("a")],
        &["EnvelopeInput", "EnvelopeOutput", "OrderInput", "OrderOutput"],
    );
    let order = follow(&document, &payload(&document, "a")["properties"]["order"]["$ref"]);
    assert_eq!(order["required"], json!(["token"]));
    let answer = at(&document, "/webhooks/a/post/responses/200/content/application~1json/schema/$ref");
    let order = follow(&document, &follow(&document, answer)["properties"]["order"]["$ref"]);
    assert_eq!(order["required"], json!(["note"]));
}

#[test]
fn a_generic_type_is_a_component_a_type() {
    let document = check(
        [endpoint::<Page<billing::Item>, ()>("a"), endpoint::<Page<Order>, ()>("b")],
        &["Item", "Order", "Page", "Page2"],
    );
    let page = payload(&document, "b");
    assert_eq!(page["properties"]["items"]["items"]["$ref"], "#/components/schemas/Order");
    assert_eq!(page["properties"]["next"]["anyOf"][0]["$ref"], "#/components/schemas/Page2");

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[schemars(rename = "List_of_{T}")]
    struct List<T> {
        items: Vec<T>,
    }
    check(
        [endpoint::<List<billing::Item>, ()>("a"), endpoint::<List<String>, ()>("b")],
        &["Item", "List_of_Item", "List_of_string"],
    );
}

#[test]
fn names_of_refusals_give_way_to_the_apps() {
    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Problem {
        mine: bool,
    }
    let document = check([endpoint::<Problem, Json<Problem>>("a")], &["Problem2"]);
    assert!(payload(&document, "a")["properties"]["mine"].is_object());
    let refusal = at(&document, "/components/responses/WebhookUnverified/content/application~1problem+json/schema");
    assert_eq!(refusal["$ref"], "#/components/schemas/Problem2");
}

#[test]
fn what_a_schema_function_defines_overwrites_nothing() {
    let [mut first, mut second] = ["a", "b"].map(endpoint::<(), ()>);
    first.payload = |generator| Some(define(generator, "first"));
    second.payload = |generator| Some(define(generator, "second"));
    let document = check([first, second], &["Custom", "Custom2"]);
    assert_eq!(payload(&document, "a")["title"], "first");
    assert_eq!(payload(&document, "b")["title"], "second");
}

fn define(generator: &mut schemars::SchemaGenerator, title: &str) -> schemars::Schema {
    generator.definitions_mut().insert("Custom".to_owned(), json!({"title": title}));
    schemars::Schema::new_ref("#/components/schemas/Custom".to_owned())
}
