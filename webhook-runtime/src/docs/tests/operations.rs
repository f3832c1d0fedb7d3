//! What single endpoints and routes say of themselves.

use axum::Json;
use http::StatusCode;
use serde_json::{Value, json};

use crate::base::answer::Answer;
use crate::base::error::rejection::{Cause, Rejection};
use crate::base::error::startup::Problem;
use crate::docs::about::{About, Defaults};
use crate::docs::described;
use crate::docs::tests::{
    Ack, LoginSuccess, Subscription, at, at_servers, endpoint, of, openapi, registry, try_openapi, value,
};
use crate::handler::endpoint::Endpoint;
use crate::handler::responses::{Documented, probe};

/// The statuses of an event with this return type, its own answers before `400` and behind `503`.
fn statuses<R: Documented>() -> Vec<String> {
    let document = value(&openapi([endpoint::<Subscription, R>("a")]));
    let of = |pointer: &str| at(&document, pointer).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let statuses = of("/webhooks/a/post/responses");
    assert_eq!(statuses, of("/paths/~1webhooks~1a/post/responses"));
    statuses
}

#[test]
fn every_status_that_an_operation_answers_is_listed() {
    let refusals = ["400", "401", "408", "413", "415", "422", "500", "503"];
    let check =
        |found: Vec<String>, first: &[&str], last: &[&str]| assert_eq!(found, [first, &refusals, last].concat());
    check(statuses::<()>(), &["200"], &[]);
    check(statuses::<Json<Ack>>(), &["200"], &[]);
    check(statuses::<Result<String, StatusCode>>(), &["200"], &["default"]);
    check(statuses::<(StatusCode, Json<Ack>)>(), &["2XX"], &["default"]);
    check(statuses::<StatusCode>(), &["2XX"], &["default"]);
}

#[test]
fn every_rejection_is_documented_or_belongs_to_another_path_or_method() {
    let document = value(&openapi([endpoint::<Subscription, ()>("a")]));
    let check = |rejection: Rejection| {
        let status = Answer::from(&rejection).status;
        let documented = document.pointer(&format!("/webhooks/a/post/responses/{}", status.as_u16())).is_some();
        // A variant that is not listed here does not compile: say where it is documented, and add it below.
        let elsewhere = match rejection {
            Rejection::NotFound | Rejection::MethodNotAllowed { .. } | Rejection::Unwelcome(_) => true,
            Rejection::Unverified(_)
            | Rejection::EncodedBody
            | Rejection::BodyTooLarge { .. }
            | Rejection::BodyTooSlow { .. }
            | Rejection::BodyBroken
            | Rejection::ContentType { .. }
            | Rejection::NotJson { .. }
            | Rejection::Malformed(_)
            | Rejection::SecretsUnavailable(_)
            | Rejection::KeyUnavailable(_)
            | Rejection::Mismatch(_)
            | Rejection::StillRunning
            | Rejection::StoreFull
            | Rejection::StoreUnavailable => false,
        };
        assert_eq!(documented, !elsewhere, "{status}");
    };
    check(Rejection::NotFound);
    check(Rejection::MethodNotAllowed { allow: vec!["POST"] });
    check(Rejection::Unverified(Cause::NoSecret));
    check(Rejection::EncodedBody);
    check(Rejection::BodyTooLarge { limit: 1 });
    check(Rejection::BodyTooSlow { limit: std::time::Duration::ZERO });
    check(Rejection::BodyBroken);
    check(Rejection::ContentType { expected: "application/json" });
    check(Rejection::NotJson { line: 1, column: 1 });
    check(Rejection::Malformed("is no form"));
    check(Rejection::Mismatch(Vec::new()));
    check(Rejection::SecretsUnavailable("said".into()));
    check(Rejection::KeyUnavailable("said".into()));
    check(Rejection::StillRunning);
    check(Rejection::StoreFull);
    check(Rejection::StoreUnavailable);
}

#[test]
fn each_example_of_a_refusal_fits_its_schema_and_its_status() {
    let document = value(&openapi([endpoint::<Subscription, ()>("a")]));
    let refusals = at(&document, "/webhooks/a/post/responses").as_object().unwrap();
    let refusals = refusals.iter().filter_map(|(status, it)| Some((status, it.get("$ref")?.as_str()?)));
    let mut examples = 0;
    for (status, reference) in refusals {
        let media = at(&document, &format!("{}/content/application~1problem+json", &reference[1..]));
        let schema = json!({"$ref": media["schema"]["$ref"], "components": document["components"]});
        let schema = jsonschema::validator_for(&schema).unwrap();
        for example in media["examples"].as_object().unwrap().values() {
            assert!(schema.is_valid(&example["value"]), "{example}");
            assert_eq!(example["value"]["status"].to_string(), *status);
            examples += 1;
        }
    }
    assert_eq!(examples, 12);
}

#[test]
fn a_delivery_that_may_be_sent_again_later_says_when() {
    let document = value(&openapi([endpoint::<Subscription, ()>("a")]));
    let header = at(&document, "/components/responses/WebhookUnavailable/headers/Retry-After");
    assert_eq!(header["required"], true);
}

#[test]
fn bytes_are_of_any_type_and_never_a_mismatch() {
    let mut raw = endpoint::<(), ()>("raw");
    raw.payload = |_| None;
    let document = value(&openapi([raw]));
    assert_eq!(*at(&document, "/webhooks/raw/post/requestBody"), json!({"content": {"*/*": {}}, "required": true}));
    assert_eq!(document.pointer("/webhooks/raw/post/responses/422"), None);
    assert_eq!(document.pointer("/components/responses/WebhookMismatch"), None);
}

#[test]
fn a_route_for_several_event_types_is_one_operation() {
    let document = value(&openapi([
        of("shop", endpoint::<Subscription, Json<Ack>>("order.paid")),
        of("shop", endpoint::<Subscription, Json<String>>("order.sent")),
        of("shop", endpoint::<LoginSuccess, ()>("login/*")),
    ]));
    let keys: Vec<&String> = at(&document, "/webhooks").as_object().unwrap().keys().collect();
    assert_eq!(keys, ["shop/login/*", "shop/order.paid", "shop/order.sent"]);
    let post = at(&document, "/paths/~1webhooks~1shop/post");
    assert_eq!(
        post["description"],
        "The event type stands in the body at `/type`. Any other than these is acknowledged.\n\n\
         - `login/*`: A summary\n- `order.paid`: A summary\n- `order.sent`: A summary\n\nIt sends a failed delivery again, for 76 hours at the most."
    );
    let any_of = |value: &Value| value["content"]["application/json"]["schema"]["anyOf"].clone();
    assert_eq!(
        any_of(&post["requestBody"]),
        json!([{"$ref": "#/components/schemas/LoginSuccess"}, {"$ref": "#/components/schemas/Subscription"}])
    );
    assert_eq!(any_of(&post["responses"]["200"]), json!([{"$ref": "#/components/schemas/Ack"}, {"type": "string"}]));
}

#[test]
fn a_route_that_takes_every_event_acknowledges_no_other() {
    let document = value(&openapi([of("shop", endpoint::<(), StatusCode>("*"))]));
    let post = at(&document, "/paths/~1webhooks~1shop/post");
    assert_eq!(
        post["description"],
        "The event type stands in the body at `/type`.\n\n- `*`: A summary\n\nIt sends a failed delivery again, for 76 hours at the most."
    );
    assert_eq!(post["responses"].get("200"), None);
}

#[test]
fn operation_ids_are_made_of_event_types_unless_given() {
    let named = |event_type, id| {
        let mut endpoint = endpoint::<(), ()>(event_type);
        endpoint.documentation.operation_id = id;
        endpoint
    };
    let document = value(&openapi([
        named("a-b", None),
        named("a.b", None),
        named("a/b", Some("receive_a_b")),
        of("git-hub", named("issues.*", None)),
    ]));
    let id = |pointer: &str| at(&document, pointer)["post"]["operationId"].as_str().unwrap().to_owned();
    assert_eq!(id("/webhooks/a-b"), "a_b");
    assert_eq!(id("/webhooks/a.b"), "a_b2");
    assert_eq!(id("/webhooks/a~1b"), "receive_a_b");
    assert_eq!(id("/webhooks/git-hub~1issues.*"), "git_hub_issues_any");
    assert_eq!(id("/paths/~1webhooks~1a-b"), "receive_a_b2");
    assert_eq!(id("/paths/~1webhooks~1a~1b"), "receive_receive_a_b");
    assert_eq!(id("/paths/~1webhooks~1git-hub"), "receive_git_hub");
}

#[test]
fn an_operation_id_that_was_given_twice_is_a_problem() {
    let given = |event_type, line| {
        let mut endpoint = endpoint::<(), ()>(event_type);
        endpoint.documentation.operation_id = Some("same");
        endpoint.line = line;
        endpoint
    };
    let endpoints = [given("a", 1), given("b", 2), given("c", 3)];
    let problems = try_openapi(endpoints, &About::default()).unwrap_err();
    let lines = problems.iter().map(|it| match it {
        Problem::DuplicateOperationId { id: "same", first, second } => (first.line, second.line),
        other => panic!("{other}"),
    });
    assert_eq!(lines.collect::<Vec<_>>(), [(1, 2), (1, 3)]);
}

#[test]
fn an_event_of_a_source_and_one_of_the_default_source_stay_apart() {
    let document = value(&openapi([endpoint::<(), ()>("shop/paid"), of("shop", endpoint::<(), ()>("paid"))]));
    let keys: Vec<&String> = at(&document, "/webhooks").as_object().unwrap().keys().collect();
    assert_eq!(keys, ["shop/paid", "shop:paid"]);

    let document = value(&openapi([of("default", endpoint::<(), ()>("paid"))]));
    assert!(at(&document, "/webhooks").get("paid").is_some());
}

#[test]
fn a_route_of_which_nothing_is_shown_is_left_out() {
    let hide = |mut endpoint: Endpoint| {
        endpoint.documentation.include_in_schema = false;
        endpoint
    };
    let document = value(&openapi([hide(endpoint::<(), ()>("a")), hide(of("shop", endpoint::<(), ()>("b")))]));
    assert_eq!((&document["paths"], &document["webhooks"]), (&json!({}), &json!({})));
    assert_eq!(document["components"], json!({}));
}

#[test]
fn servers_are_listed_as_they_were_given() {
    let document = try_openapi([endpoint::<(), ()>("a")], &at_servers(&["/api", "https://example.com"])).unwrap();
    assert_eq!(value(&document)["servers"], json!([{"url": "/api"}, {"url": "https://example.com"}]));
}

#[test]
fn an_answer_that_nothing_is_known_of_is_remarked() {
    use crate::handler::responses::Describe as _;
    let mut unknown = endpoint::<(), ()>("a");
    unknown.responses = |generator| probe(|| async { axum::response::Html("") }).describe(generator);
    let known = endpoint::<(), Result<(), StatusCode>>("b");
    assert_eq!(
        described::contents(&registry([unknown, known]), &Defaults::default()).remarks,
        ["the document does not know what `canary_module::handler` (/canary/file.rs:4242) answers: \
          return `Json<T>`, a `Result` of it, or a text"]
    );
}
