//! Our document beside FastAPI's, for the same two events: each difference is a decision that users can read.

use std::collections::BTreeSet;
use std::fs;

use axum::Json;
use serde_json::Value;

use crate::docs::tests::{Ack, LoginSuccess, Subscription, endpoint, openapi, value};
use crate::handler::endpoint::Endpoint;

/// Where the documents may differ (`*` is any one token), and the title under which the page tells why.
const DECISIONS: [(&str, &[&str]); 13] = [
    ("Version", &["/openapi"]),
    ("Title", &["/info/title", "/info/version"]),
    ("Routes", &["/paths/*"]),
    ("Operation ids", &["/paths/*/post/operationId", "/webhooks/*/post/operationId"]),
    ("Summary", &["/webhooks/*/post/summary", "/webhooks/*/post/description"]),
    ("Signature headers", &["/paths/*/post/parameters", "/webhooks/*/post/parameters"]),
    (
        "Security",
        &[
            "/webhooks/*/post/security",
            "/components/securitySchemes",
            "/components/securitySchemes/StandardWebhooks/description",
        ],
    ),
    (
        "How to sign",
        &[
            "/paths/*/post/x-webhook-signature",
            "/paths/*/post/x-webhook-source",
            "/webhooks/*/post/x-webhook-signature",
        ],
    ),
    (
        "Refusals",
        &[
            "/components/responses",
            "/paths/*/post/responses/400",
            "/paths/*/post/responses/401",
            "/paths/*/post/responses/408",
            "/paths/*/post/responses/413",
            "/paths/*/post/responses/415",
            "/paths/*/post/responses/500",
            "/paths/*/post/responses/503",
            "/webhooks/*/post/responses/400",
            "/webhooks/*/post/responses/401",
            "/webhooks/*/post/responses/408",
            "/webhooks/*/post/responses/413",
            "/webhooks/*/post/responses/415",
            "/webhooks/*/post/responses/500",
            "/webhooks/*/post/responses/503",
        ],
    ),
    (
        "Problem documents",
        &[
            "/paths/*/post/responses/422/$ref",
            "/webhooks/*/post/responses/422/$ref",
            "/paths/*/post/responses/422/content",
            "/webhooks/*/post/responses/422/content",
            "/paths/*/post/responses/422/description",
            "/webhooks/*/post/responses/422/description",
            "/components/schemas/HTTPValidationError",
            "/components/schemas/ValidationError",
            "/components/schemas/Problem",
            "/components/schemas/ValidationProblem",
            "/components/schemas/Violation",
        ],
    ),
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
        &["/webhooks/*/post/responses/200/content/application~1json/schema/$ref", "/components/schemas/Ack"],
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

fn events() -> [Endpoint; 2] {
    [endpoint::<Subscription, Json<Ack>>("new-subscription"), endpoint::<LoginSuccess, Json<Ack>>("login-success")]
}

/// Compares with one of FastAPI's documents; gives the places of decisions that were needed.
fn check(name: &str, events: [Endpoint; 2]) -> BTreeSet<&'static str> {
    let path = format!("{}/../tests/snapshots/fastapi/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let theirs: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let ours = value(&openapi(events));
    let mut differences = Vec::new();
    compare(&theirs, &ours, String::new(), &mut differences);

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
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
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
