//! Routes of other methods than POST: an event may have a handler for each.

use axum::Router;
use http::{Method, StatusCode};
use webhook_runtime::{RawBody, webhook};

use crate::support::{Answer, delivery, send, webhooks};

#[webhook("methods/stock", method = "PUT")]
async fn replaced(_stock: u64) -> &'static str {
    "replaced"
}

#[webhook("methods/stock", method = "DELETE")]
async fn deleted(_body: RawBody) -> &'static str {
    "deleted"
}

#[webhook("methods/stock", method = "DELETE")]
async fn deleted_too(_body: RawBody) {}

#[webhook("methods/price", method = "PATCH")]
async fn changed(_price: u64) -> &'static str {
    "changed"
}

fn app() -> Router {
    webhooks().register(replaced).register(deleted).register(changed).into_router().unwrap()
}

async fn answer(method: Method, route: &str, id: &str) -> Answer {
    let mut request = delivery(route, id, "7");
    *request.method_mut() = method;
    send(&app(), request).await
}

#[tokio::test]
async fn a_delivery_reaches_the_handler_of_its_method() {
    for (method, route, expected) in [
        (Method::PUT, "/webhooks/methods/stock", "replaced"),
        (Method::DELETE, "/webhooks/methods/stock", "deleted"),
        (Method::PATCH, "/webhooks/methods/price", "changed"),
    ] {
        let answer = answer(method, route, "id").await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, expected));
    }
}

#[tokio::test]
async fn any_other_method_is_refused_with_those_that_are_taken() {
    for (method, route, expected) in [
        (Method::POST, "/webhooks/methods/stock", "DELETE, PUT"),
        (Method::PATCH, "/webhooks/methods/stock", "DELETE, PUT"),
        (Method::GET, "/webhooks/methods/price", "PATCH"),
        (Method::POST, "/webhooks/methods/price", "PATCH"),
    ] {
        let answer = answer(method, route, "id").await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some(expected)));
    }
}

/// No signature covers the method, so a captured delivery must not run by another one.
#[tokio::test]
async fn a_delivery_runs_once_whatever_its_method() {
    let app = app();
    let by = |method| {
        let mut request = delivery("/webhooks/methods/stock", "one", "7");
        *request.method_mut() = method;
        request
    };
    assert_eq!(send(&app, by(Method::PUT)).await.text(), "replaced");
    assert_eq!(send(&app, by(Method::DELETE)).await.text(), "replaced");
}

#[test]
fn two_handlers_of_one_event_and_one_method_are_refused() {
    let refused = webhooks().register(replaced).register(deleted).register(deleted_too).into_router().unwrap_err();
    let said = refused.to_string();
    assert!(said.starts_with("two handlers for `methods/stock` of source `default`"), "{said}");
    assert_eq!(refused.problems().len(), 1, "{said}");
}
