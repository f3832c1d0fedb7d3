//! Our document beside FastAPI's, for the same two events: each difference is a decision that users can read.

use std::collections::BTreeSet;
use std::fs;

use axum::Json;
use serde_json::Value;

use crate::docs::about::{About, Contact, Defaults, ExternalDocs, Info, License, Responses};
use crate::docs::tests::{Ack, Conflict, LoginSuccess, Subscription, endpoint, openapi, try_openapi, value};
use crate::format::json::push;
use crate::handler::endpoint::{Documentation, Endpoint};
use crate::handler::written::{body, written};

/// Where the documents may differ (`*` is any one token), and the title under which the page tells why.
const DECISIONS: [(&str, &[&str]); 14] = [
    ("Version", &["/openapi"]),
    ("Title", &["/info/title", "/info/version"]),
    ("Routes", &["/paths/*"]),
    ("Operation ids", &["/paths/*/*/operationId", "/webhooks/*/*/operationId"]),
    ("Summary", &["/webhooks/*/*/summary", "/webhooks/*/*/description"]),
    ("Signature headers", &["/paths/*/*/parameters", "/webhooks/*/*/parameters"]),
    (
        "Security",
        &[
            "/webhooks/*/*/security",
            "/components/securitySchemes",
            "/components/securitySchemes/StandardWebhooks/description",
        ],
    ),
    (
        "How to sign",
        &["/paths/*/*/x-webhook-signature", "/paths/*/*/x-webhook-source", "/webhooks/*/*/x-webhook-signature"],
    ),
    (
        "Refusals",
        &[
            "/components/responses",
            "/paths/*/*/responses/400",
            "/paths/*/*/responses/401",
            "/paths/*/*/responses/408",
            "/paths/*/*/responses/413",
            "/paths/*/*/responses/415",
            "/paths/*/*/responses/500",
            "/paths/*/*/responses/503",
            "/webhooks/*/*/responses/400",
            "/webhooks/*/*/responses/401",
            "/webhooks/*/*/responses/408",
            "/webhooks/*/*/responses/413",
            "/webhooks/*/*/responses/415",
            "/webhooks/*/*/responses/500",
            "/webhooks/*/*/responses/503",
        ],
    ),
    (
        "Problem documents",
        &[
            "/paths/*/*/responses/422/$ref",
            "/webhooks/*/*/responses/422/$ref",
            "/paths/*/*/responses/422/content",
            "/webhooks/*/*/responses/422/content",
            "/paths/*/*/responses/422/description",
            "/webhooks/*/*/responses/422/description",
            "/components/schemas/HTTPValidationError",
            "/components/schemas/ValidationError",
            "/components/schemas/Problem",
            "/components/schemas/ValidationProblem",
            "/components/schemas/Violation",
        ],
    ),
    ("Tags", &["/tags"]),
    ("Titles of schemas", &["/components/schemas/*/title", "/components/schemas/*/properties/*/title"]),
    (
        "Formats of numbers",
        &[
            "/components/schemas/LoginSuccess/properties/user_id/format",
            "/components/schemas/Subscription/properties/monthly_fee/format",
        ],
    ),
    (
        "Types of answers",
        &["/webhooks/*/*/responses/200/content/application~1json/schema/$ref", "/components/schemas/Ack"],
    ),
];

#[test]
fn each_difference_from_fastapi_is_a_decision() {
    let [mut subscription, mut login] = events();
    subscription.documentation.summary = "New Subscription";
    subscription.documentation.description = Some("A new user subscribed.");
    login.documentation.summary = "Login Success";
    login.documentation.description = Some("A user logged in.");
    let mut used = check("mounted", [subscription, login]);

    let [mut subscription, mut login] = events();
    subscription.documentation.summary = "When a new user subscribes to your service we'll send you a POST request with this\ndata to the URL that you register for the event `new-subscription` in the dashboard.";
    login.documentation.summary = "When a user logs in, we POST to the URL registered for `login-success`.";
    used.extend(check("documented", [subscription, login]));
    used.extend(keys());

    let stale: Vec<_> = DECISIONS.iter().flat_map(|(_, places)| *places).filter(|it| !used.contains(*it)).collect();
    assert_eq!(stale, Vec::<&&str>::new(), "no document differs there");
}

#[test]
fn each_decision_is_on_the_page() {
    let page = include_str!("../fastapi.md");
    let missing: Vec<_> = DECISIONS.iter().filter(|(title, _)| !page.contains(&format!("**{title}**"))).collect();
    assert_eq!(missing, Vec::<&(&str, &[&str])>::new());
    assert_eq!(page.matches("\n- **").count(), DECISIONS.len(), "the page lists what is no difference");
}

#[test]
fn each_parameter_of_fastapi_is_on_the_page() {
    // Of FastAPI 0.165: `APIRouter.post`, then what `FastAPI` has besides.
    let parameters = "path response_model status_code tags dependencies summary description response_description \
        responses deprecated operation_id response_model_include response_model_exclude response_model_by_alias \
        response_model_exclude_unset response_model_exclude_defaults response_model_exclude_none include_in_schema \
        response_class name callbacks openapi_extra generate_unique_id_function max_body_size form_limits \
        telemetry debug routes title version openapi_url openapi_tags servers default_response_class \
        redirect_slashes docs_url redoc_url swagger_ui_oauth2_redirect_url swagger_ui_init_oauth middleware \
        exception_handlers on_startup on_shutdown lifespan terms_of_service contact license_info root_path webhooks \
        root_path_in_servers swagger_ui_parameters separate_input_output_schemas openapi_external_docs strict_content_type";
    let page = include_str!("../fastapi.md");
    // The first column, where a parameter stands between backticks, alone or with a value.
    let column: String = page.lines().filter_map(|it| it.strip_prefix("| ")?.split(" | ").next()).collect();
    let missing = parameters
        .split_whitespace()
        .filter(|it| !["`", "="].iter().any(|end| column.contains(&format!("`{it}{end}"))));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
}

fn events() -> [Endpoint; 2] {
    [endpoint::<Subscription, Json<Ack>>("new-subscription"), endpoint::<LoginSuccess, Json<Ack>>("login-success")]
}

/// Everything that both can say of an event and of an app.
fn keys() -> BTreeSet<&'static str> {
    let mut event = endpoint::<Subscription, Json<Ack>>("new-subscription");
    event.method = "PUT";
    event.status_code = Some(202);
    event.documentation = Documentation {
        summary: "New Subscription",
        description: Some("A new user subscribed."),
        response_description: Some("It is noted."),
        tags: &["users"],
        operation_id: Some("subscribe"),
        deprecated: None,
        include_in_schema: true,
        external_docs: Some("https://example.com/plans"),
        responses: const {
            &[
                written(404, "No such plan.", None),
                written(409, "It is another one.", Some(body::<Conflict>)),
                written(202, "It is written down.", None),
            ]
        },
        examples: &[("small", r#"{"username":"ada","monthly_fee":4.5,"start_date":"2024-01-01T00:00:00Z"}"#)],
        openapi_extra: Some(r#"{"x-team":"billing","tags":["more"]}"#),
    };
    let about = About {
        info: Info {
            title: "Plans".to_owned(),
            version: "2.1.0".to_owned(),
            summary: Some("What happens to plans".to_owned()),
            description: Some("Everything about **plans**.".to_owned()),
            terms_of_service: Some("https://example.com/terms".to_owned()),
            contact: Some(Contact::new("Billing").url("https://example.com/help").email("billing@example.com")),
            license: Some(License::spdx("Apache-2.0")),
        },
        servers: vec!["https://example.com".to_owned()],
        tags: vec![("users".to_owned(), "What happens to users.".to_owned())],
        external_docs: Some(ExternalDocs { url: "https://example.com/docs".to_owned() }),
        defaults: Defaults {
            tags: vec!["shop".to_owned()],
            responses: Responses::new().status(403, "The account is closed.").status(404, "Nothing."),
            deprecated: true,
        },
    };
    compare_with("keys", &value(&try_openapi([event], &about).unwrap()))
}

fn check(name: &str, events: [Endpoint; 2]) -> BTreeSet<&'static str> {
    compare_with(name, &value(&openapi(events)))
}

/// Compares with one of FastAPI's documents; gives the places of decisions that were needed.
fn compare_with(name: &str, ours: &Value) -> BTreeSet<&'static str> {
    let path = format!("{}/../tests/snapshots/fastapi/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let theirs: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut differences = Vec::new();
    compare(&theirs, ours, String::new(), &mut differences);

    let places = DECISIONS.iter().flat_map(|(_, places)| *places);
    let undecided: Vec<_> = differences.iter().filter(|it| !places.clone().any(|place| fits(place, it))).collect();
    assert_eq!(undecided, Vec::<&String>::new(), "undecided differences from {name}.json");
    places.filter(|place| differences.iter().any(|it| fits(place, it))).copied().collect()
}

fn fits(place: &str, pointer: &str) -> bool {
    let (place, pointer) = (place.split('/'), pointer.split('/'));
    place.clone().count() == pointer.clone().count() && place.zip(pointer).all(|(a, b)| a == "*" || a == b)
}

/// The places where two values differ, the outermost where one of them has nothing.
fn compare(theirs: &Value, ours: &Value, pointer: String, differences: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            let keys: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
            for key in keys {
                let mut pointer = pointer.clone();
                push(&mut pointer, key);
                match (theirs.get(key), ours.get(key)) {
                    (Some(theirs), Some(ours)) => compare(theirs, ours, pointer, differences),
                    _ => differences.push(pointer),
                }
            }
        }
        _ if theirs == ours => {}
        _ => differences.push(pointer),
    }
}
