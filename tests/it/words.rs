//! What an attribute and the builder say, in the document that an app serves.

use axum::Json;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use webhook_runtime::{Contact, License, Responses, Webhooks, webhook};

use crate::support::{send, webhooks};

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Plan {
    name: String,
    #[schemars(range(min = 0.0))]
    monthly_fee: f64,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Booked {
    id: u64,
}

#[derive(schemars::JsonSchema)]
#[allow(dead_code, reason = "documented, never made")]
struct Conflict {
    with: u64,
}

#[webhook(
    "words/plan",
    method = "PUT",
    tags = ["plans"],
    responses(404 = "No such plan.", 409(Conflict) = "It is another one."),
    examples("small" = {"name": "S", "monthly_fee": 4.5}, "large" = {"name": "L", "monthly_fee": 90}),
    external_docs = "https://example.com/plans",
    openapi_extra = {"x-team": "billing"}
)]
async fn plan(_plan: Plan) -> Result<Json<Booked>, StatusCode> {
    Ok(Json(Booked { id: 7 }))
}

#[webhook("words/misfits", examples("none" = {}, "negative" = {"name": "S", "monthly_fee": -1}, "text" = "S"))]
async fn misfits(_plan: Plan) {}

fn described() -> Webhooks {
    webhooks()
        .register(plan)
        .title("Plans")
        .version("2.1.0")
        .summary("What happens to plans")
        .description("Everything about **plans**.")
        .terms_of_service("https://example.com/terms")
        .contact(Contact::new("Billing").email("billing@example.com"))
        .license_info(License::new("Own").url("https://example.com/licence"))
        .openapi_tags([("plans", "What is paid for."), ("shop", "Everything.")])
        .openapi_external_docs("https://example.com/docs")
        .servers(["https://example.com"])
        .tags(["shop"])
        .responses(Responses::new().status(403, "The account is closed.").status(404, "Nothing."))
        .deprecated(true)
}

#[tokio::test]
async fn everything_that_is_said_is_served() {
    let app = described().into_router().unwrap();
    let answer = send(&app, Request::get("/openapi.json").body(axum::body::Body::empty()).unwrap()).await;
    let document = answer.json();
    assert_eq!(
        document["info"],
        json!({
            "title": "Plans",
            "version": "2.1.0",
            "summary": "What happens to plans",
            "description": "Everything about **plans**.",
            "termsOfService": "https://example.com/terms",
            "contact": {"name": "Billing", "email": "billing@example.com"},
            "license": {"name": "Own", "url": "https://example.com/licence"},
        })
    );
    assert_eq!(document["externalDocs"]["url"], "https://example.com/docs");
    assert_eq!(document["servers"], json!([{"url": "https://example.com"}]));
    assert_eq!(
        document["tags"],
        json!([{"name": "plans", "description": "What is paid for."}, {"name": "shop", "description": "Everything."}])
    );
    for item in ["/webhooks/words~1plan", "/paths/~1webhooks~1words~1plan"] {
        let put = &document.pointer(item).unwrap()["put"];
        assert_eq!(put["tags"], json!(["shop", "plans"]));
        assert_eq!(put["deprecated"], true);
        assert_eq!(put["x-team"], "billing");
        assert_eq!(put["externalDocs"], json!({"url": "https://example.com/plans"}));
        let said = |status: &str| put["responses"][status]["description"].clone();
        assert_eq!((said("403"), said("404")), (json!("The account is closed."), json!("No such plan.")));
        assert_eq!(
            put["responses"]["409"]["content"]["application/json"]["schema"],
            json!({"$ref": "#/components/schemas/Conflict"})
        );
        let examples = &put["requestBody"]["content"]["application/json"]["examples"];
        assert_eq!(examples["small"], json!({"value": {"name": "S", "monthly_fee": 4.5}}));
        assert_eq!(examples.as_object().map(serde_json::Map::len), Some(2));
    }
}

#[test]
fn an_example_that_is_no_payload_is_a_start_up_error() {
    let report = webhooks().register(misfits).openapi().unwrap_err();
    let said: Vec<String> = report.problems().iter().map(ToString::to_string).collect();
    let check = |said: &str, name: &str, expected: &[&str]| {
        let mut lines = said.lines().map(str::trim);
        assert!(lines.next().unwrap().starts_with(&format!("the example {name:?} of `it::words::misfits`")), "{said}");
        let last = ["Mend the example, or the type of the payload."];
        assert_eq!(lines.collect::<Vec<_>>(), [expected, &last].concat());
    };
    assert_eq!(said.len(), 3);
    check(&said[0], "none", &["/monthly_fee: is required", "/name: is required"]);
    check(&said[1], "negative", &["/monthly_fee: expected at least 0.0"]);
    check(&said[2], "text", &["all of it: expected an object"]);
}

#[test]
fn a_builder_that_is_told_nonsense_says_so() {
    let app = described().terms_of_service("terms").responses(Responses::new().status(404, "Nowhere.").status(700, ""));
    let said = app.openapi().unwrap_err().to_string();
    for part in [
        "3 problems",
        "\"terms\" in `.terms_of_service(…)` is no whole URL",
        "the status 404 in `.responses(…)` was given twice: keep one of the two",
        "the status 700 in `.responses(…)` is no status of HTTP: take a number from 100 to 599",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn nothing_is_added_where_nothing_is_said() {
    let document = serde_json::to_value(webhooks().register(wordless).openapi().unwrap()).unwrap();
    let post = document.pointer("/webhooks/words~1none/post").and_then(Value::as_object).unwrap();
    let keys: Vec<&String> = post.keys().collect();
    assert_eq!(
        keys,
        ["operationId", "parameters", "requestBody", "responses", "security", "summary", "x-webhook-signature"]
    );
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["components", "info", "openapi", "paths", "webhooks"]);
}

#[webhook("words/none")]
async fn wordless(_plan: Plan) {}
