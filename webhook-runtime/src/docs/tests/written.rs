//! What developers write for the readers of the document: of one endpoint, of all of them, of the app.

use axum::Json;
use http::StatusCode;
use serde_json::{Value, json};

use crate::base::error::startup::Problem;
use crate::docs::about::{About, Contact, Defaults, ExternalDocs, Info, License, Responses};
use crate::docs::tests::{
    Ack, Conflict, LoginSuccess, Subscription, at, endpoint, of, openapi, try_openapi, valid, value,
};
use crate::handler::endpoint::Endpoint;
use crate::handler::responses::Documented;
use crate::handler::written::{WrittenResponse, body, written};

/// The document of one event `a` with what the app says of all, which is valid.
fn document<R: Documented>(write: impl FnOnce(&mut Endpoint), defaults: Defaults) -> Value {
    let mut endpoint = endpoint::<Subscription, R>("a");
    write(&mut endpoint);
    let document = try_openapi([endpoint], &About { defaults, ..About::default() }).unwrap();
    valid::check(&document);
    value(&document)
}

/// What an endpoint that returns `R` says of a status, with these responses written and those of the app.
fn status<R: Documented>(responses: &'static [WrittenResponse], of_all: Responses, status: u16) -> Value {
    let defaults = Defaults { responses: of_all, ..Defaults::default() };
    let document = document::<R>(|it| it.documentation.responses = responses, defaults);
    let of = |section: &str| at(&document, &format!("/{section}/post/responses/{status}")).clone();
    assert_eq!(of("webhooks/a"), of("paths/~1webhooks~1a"));
    of("webhooks/a")
}

const NOTHING_SUCH: &[WrittenResponse] = &[written(404, "No such plan.", None)];
const DONE: &[WrittenResponse] = &[written(200, "It is noted.", None)];
const DONE_OTHERWISE: &[WrittenResponse] = &[written(200, "It is noted.", Some(body::<Conflict>))];
const CONFLICT: &[WrittenResponse] = &[written(409, "Another plan.", Some(body::<Conflict>))];
const CLOSED: &[WrittenResponse] = &[written(422, "The account is closed.", Some(body::<Conflict>))];
const BUSY: &[WrittenResponse] = &[written(503, "Try again.", None)];

#[test]
fn a_response_that_was_written_is_listed() {
    let none = Responses::new;
    assert_eq!(status::<()>(NOTHING_SUCH, none(), 404), json!({"description": "No such plan."}));
    let schema = json!({"$ref": "#/components/schemas/Conflict"});
    assert_eq!(
        status::<Result<Json<Ack>, StatusCode>>(CONFLICT, none(), 409),
        json!({"description": "Another plan.", "content": {"application/json": {"schema": schema}}})
    );
}

#[test]
fn what_was_written_wins_over_the_return_type() {
    let of = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let check = |written, name: &str| {
        let found = status::<Json<Ack>>(written, Responses::new(), 200);
        assert_eq!(found, json!({"description": "It is noted.", "content": of(name)}));
    };
    check(DONE, "Ack");
    check(DONE_OTHERWISE, "Conflict");
}

#[test]
fn a_status_of_refusals_and_of_the_handler_means_both() {
    let found = status::<()>(CLOSED, Responses::new(), 422);
    assert_eq!(
        found["description"],
        "The account is closed.\n\nThe body is JSON, and not the payload. Every place that is wrong is listed."
    );
    let types: Vec<&String> = found["content"].as_object().unwrap().keys().collect();
    assert_eq!(types, ["application/json", "application/problem+json"]);

    let found = status::<()>(BUSY, Responses::new(), 503);
    assert_eq!(found["headers"]["Retry-After"]["required"], false);
}

#[test]
fn responses_of_all_endpoints_give_way_to_their_own() {
    let of_all = || Responses::new().status(404, "Nothing.").json::<Conflict>(409, "It was done before.");
    assert_eq!(status::<()>(NOTHING_SUCH, of_all(), 404)["description"], "No such plan.");
    let found = status::<()>(NOTHING_SUCH, of_all(), 409);
    assert_eq!(found["description"], "It was done before.");
    assert!(found["content"]["application/json"]["schema"].is_object());
}

#[test]
fn responses_of_several_handlers_are_gathered_by_status() {
    let mut paid = of("shop", endpoint::<Subscription, Json<Ack>>("order.paid"));
    paid.documentation.responses = CONFLICT;
    let mut sent = of("shop", endpoint::<Subscription, Json<Ack>>("order.sent"));
    sent.documentation.responses = const { &[written(409, "It was sent.", Some(body::<Ack>))] };
    let document = openapi([paid, sent]);
    valid::check(&document);
    let found = at(&value(&document), "/paths/~1webhooks~1shop/post/responses/409").clone();
    assert_eq!(found["description"], "Another plan.\n\nIt was sent.");
    let schemas = ["Conflict", "Ack"].map(|it| json!({"$ref": format!("#/components/schemas/{it}")}));
    assert_eq!(found["content"]["application/json"]["schema"]["anyOf"], json!(schemas));
}

#[test]
fn responses_that_cannot_be_documented_are_problems() {
    let responses = Responses::new().status(99, "").status(600, "").status(404, "").json::<Ack>(404, "");
    let responses = responses.json::<Ack>(204, "").json::<Ack>(101, "").status(304, "");
    let about = About { defaults: Defaults { responses, ..Defaults::default() }, ..About::default() };
    let found = about.problems().into_iter().map(|it| match it {
        Problem::Response { status, problem } => (status, problem.split(':').next().unwrap().to_owned()),
        other => panic!("{other}"),
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            (99, "is no status of HTTP"),
            (600, "is no status of HTTP"),
            (404, "was given twice"),
            (204, "has no body"),
            (101, "has no body")
        ]
        .map(|(status, problem)| (status, problem.to_owned()))
    );
}

#[test]
fn tags_of_all_endpoints_come_before_their_own() {
    let tags = |own, all: &[&str]| {
        let defaults = Defaults { tags: all.iter().map(|it| (*it).to_owned()).collect(), ..Defaults::default() };
        let document = document::<()>(|it| it.documentation.tags = own, defaults);
        let names = at(&document, "/tags").as_array().unwrap().iter().map(|it| it["name"].clone());
        (at(&document, "/webhooks/a/post/tags").clone(), Value::from_iter(names))
    };
    assert_eq!(tags(&["users"], &["shop"]), (json!(["shop", "users"]), json!(["shop", "users"])));
    assert_eq!(tags(&["users", "shop"], &["shop"]), (json!(["shop", "users"]), json!(["shop", "users"])));
    assert_eq!(tags(&[], &["z", "a"]), (json!(["z", "a"]), json!(["a", "z"])));
}

#[test]
fn an_endpoint_may_stay_among_others_that_go() {
    let check = |own, of_all, expected: &Value| {
        let defaults = Defaults { deprecated: of_all, ..Defaults::default() };
        let document = document::<()>(|it| it.documentation.deprecated = own, defaults);
        assert_eq!(&document["webhooks"]["a"]["post"]["deprecated"], expected, "{own:?} {of_all}");
    };
    check(None, true, &json!(true));
    check(Some(false), true, &Value::Null);
    check(Some(true), false, &json!(true));
    check(None, false, &Value::Null);
}

#[test]
fn tags_that_are_described_come_first_in_their_order() {
    let mut endpoint = endpoint::<(), ()>("a");
    endpoint.documentation.tags = &["b", "users", "a"];
    let tags = [("users", "Of **users**."), ("orders", "Of orders.")];
    let tags = tags.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    let document = try_openapi([endpoint], &About { tags, ..About::default() }).unwrap();
    valid::check(&document);
    assert_eq!(
        value(&document)["tags"],
        json!([
            {"name": "users", "description": "Of **users**."},
            {"name": "orders", "description": "Of orders."},
            {"name": "a"},
            {"name": "b"},
        ])
    );
}

#[test]
fn the_app_tells_what_it_is() {
    let info = Info {
        title: "Shop".to_owned(),
        version: "2.1.0".to_owned(),
        summary: Some("Orders".to_owned()),
        description: Some("What happens to **orders**.".to_owned()),
        terms_of_service: Some("https://example.com/terms".to_owned()),
        contact: Some(Contact::new("Billing").url("https://example.com").email("billing@example.com")),
        license: Some(License::spdx("Apache-2.0")),
    };
    let external_docs = Some(ExternalDocs { url: "https://example.com/docs".to_owned() });
    let about = About { info, external_docs, ..About::default() };
    assert_eq!(about.problems(), []);
    let document = try_openapi([endpoint::<(), ()>("a")], &about).unwrap();
    valid::check(&document);
    let document = value(&document);
    assert_eq!(
        document["info"],
        json!({
            "title": "Shop",
            "version": "2.1.0",
            "summary": "Orders",
            "description": "What happens to **orders**.",
            "termsOfService": "https://example.com/terms",
            "contact": {"name": "Billing", "url": "https://example.com", "email": "billing@example.com"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        })
    );
    assert_eq!(document["externalDocs"], json!({"url": "https://example.com/docs"}));
}

#[test]
fn a_link_that_is_none_is_a_problem() {
    let info = Info {
        terms_of_service: Some("example.com".to_owned()),
        contact: Some(Contact::new("A").url("https://")),
        license: Some(License::spdx("MIT").url("/license")),
        ..Info::default()
    };
    let about = About { info, external_docs: Some(ExternalDocs { url: "https://a b".to_owned() }), ..About::default() };
    let methods = about.problems().into_iter().map(|it| match it {
        Problem::MalformedLink { method, .. } => method,
        other => panic!("{other}"),
    });
    assert_eq!(methods.collect::<Vec<_>>(), ["terms_of_service", "contact", "license_info", "openapi_external_docs"]);
}

#[test]
fn what_is_added_to_an_operation_is_merged_into_it_and_wins() {
    let write = |it: &mut Endpoint| {
        it.documentation.tags = &["users"];
        it.documentation.external_docs = Some("https://example.com/a");
        it.documentation.openapi_extra = Some(
            r#"{"x-team":"billing","tags":["more"],"externalDocs":{"description":"More."},"summary":"Another","responses":{"200":{"x-cost":2}}}"#,
        );
    };
    let document = document::<Json<Ack>>(write, Defaults::default());
    for pointer in ["/webhooks/a/post", "/paths/~1webhooks~1a/post"] {
        let post = at(&document, pointer);
        assert_eq!(post["x-team"], "billing");
        assert_eq!(post["summary"], "Another");
        assert_eq!(post["tags"], json!(["users", "more"]));
        assert_eq!(post["externalDocs"], json!({"url": "https://example.com/a", "description": "More."}));
        assert_eq!(post["responses"]["200"]["x-cost"], 2);
        assert!(post["responses"]["200"]["content"]["application/json"]["schema"].is_object());
    }
    let ids = ["/webhooks/a", "/paths/~1webhooks~1a"].map(|it| at(&document, it)["post"]["operationId"].clone());
    assert_eq!(ids, ["a", "receive_a"]);
}

#[test]
fn examples_stand_with_the_payload() {
    let examples: &[(&str, &str)] = &[("ada", r#"{"b":1,"a":2}"#), ("<b>\"", "null")];
    let of = |document: &Value, place: &str| {
        let content = at(document, &format!("{place}/post/requestBody/content")).clone();
        let media_types = content.as_object().unwrap().values().map(|it| it["examples"].clone()).collect::<Vec<_>>();
        assert!(media_types.iter().all(|it| *it == media_types[0]));
        media_types[0].clone()
    };
    let mut any = endpoint::<Value, ()>("a");
    any.documentation.examples = examples;
    let document = openapi([any]);
    valid::check(&document);
    let document = value(&document);
    let expected = json!({"ada": {"value": {"a": 2, "b": 1}}, "<b>\"": {"value": null}});
    assert_eq!(of(&document, "/webhooks/a"), expected);
    assert_eq!(of(&document, "/paths/~1webhooks~1a"), expected);

    let mut raw = endpoint::<Value, ()>("raw");
    raw.payload = |_| None;
    raw.documentation.examples = &[("line", "\"a,b\"")];
    assert_eq!(of(&value(&openapi([raw])), "/webhooks/raw"), json!({"line": {"value": "a,b"}}));

    let [mut paid, mut sent] = ["order.paid", "order.sent"].map(|it| of_shop(endpoint::<Value, ()>(it)));
    paid.documentation.examples = &[("ada", "1")];
    sent.documentation.examples = &[("ada", "2")];
    let document = openapi([paid, sent]);
    valid::check(&document);
    assert_eq!(
        of(&value(&document), "/paths/~1webhooks~1shop"),
        json!({"order.paid: ada": {"value": 1}, "order.sent: ada": {"value": 2}})
    );
}

fn of_shop(endpoint: Endpoint) -> Endpoint {
    of("shop", endpoint)
}

#[test]
fn each_method_of_an_event_is_an_operation() {
    let by = |method| {
        let mut endpoint = endpoint::<LoginSuccess, ()>("order");
        endpoint.method = method;
        endpoint
    };
    let document = openapi([by("PUT"), by("POST"), by("DELETE")]);
    valid::check(&document);
    let document = value(&document);
    for (item, prefix) in [("/webhooks/order", ""), ("/paths/~1webhooks~1order", "receive_")] {
        let item = at(&document, item).as_object().unwrap();
        let ids = item.iter().map(|(method, it)| (method.as_str(), it["operationId"].as_str().unwrap().to_owned()));
        assert_eq!(
            ids.collect::<Vec<_>>(),
            [
                ("delete", format!("{prefix}order_delete")),
                ("post", format!("{prefix}order")),
                ("put", format!("{prefix}order_put"))
            ]
        );
    }
}
