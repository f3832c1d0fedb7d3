//! The webhooks inside an axum app of one's own: nested, with layers, states, and a handler of a library crate.

use axum::extract::{FromRef, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use webhook_runtime::{Event, RawBody, StandardWebhooks, Webhooks, webhook};
use webhook_tests::library;

use crate::support::{SECRET, assert_problem, delivery, send, webhooks};

#[derive(Clone)]
struct Database(&'static str);

#[derive(Clone)]
struct Mailer(&'static str);

#[derive(Clone)]
struct App {
    database: Database,
}

impl FromRef<App> for Database {
    fn from_ref(app: &App) -> Self {
        app.database.clone()
    }
}

#[webhook("two-states")]
async fn two_states(State(database): State<Database>, State(mailer): State<Mailer>, _body: RawBody) -> String {
    format!("{} {}", database.0, mailer.0)
}

#[webhook("substate", state = App)]
async fn substate(State(database): State<Database>, State(_app): State<App>, _body: RawBody) -> &'static str {
    database.0
}

#[webhook("extension")]
async fn extension(Extension(seen): Extension<&'static str>, _body: RawBody) -> &'static str {
    seen
}

#[webhook("invoice.paid", source = "billing")]
async fn paid(event: Event<RawBody>) -> String {
    format!("{} {}", event.source(), event.event_type())
}

#[webhook("invoice.*", source = "billing")]
async fn any_invoice(event: Event<serde_json::Value>) -> String {
    format!("invoice.*: {} {}", event.event_type(), event.payload["amount"])
}

async fn mark(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert("seen by the layer");
    next.run(request).await
}

#[tokio::test]
async fn the_router_nests_beside_routes_states_and_layers_of_the_app() {
    let hooks = webhooks()
        .register(two_states)
        .register(substate)
        .register(extension)
        .register(library::from_a_library)
        .state(Database("database"))
        .state(Mailer("mailer"))
        .state(App { database: Database("of the app") })
        .layer(middleware::from_fn(mark))
        .into_router()
        .unwrap();
    let app = Router::new()
        .route("/", get(async || "home"))
        .route("/api/own", post(async |State(()): State<()>| "own"))
        .nest("/api", hooks)
        .fallback(async || "the app's own fallback");

    let check = async |path: &str, expected: &str| {
        let answer = send(&app, delivery(path, &format!("msg_{}", path.len()), "{}")).await;
        assert_eq!(answer.shown(), expected, "{path}");
    };
    check("/api/webhooks/two-states", "200 database mailer").await;
    check("/api/webhooks/substate", "200 of the app").await;
    check("/api/webhooks/extension", "200 seen by the layer").await;
    check("/api/webhooks/from-a-library", "200 from a library").await;
    check("/api/own", "200 own").await;
    check("/elsewhere", "200 the app's own fallback").await;
    assert_problem(&send(&app, delivery("/api/webhooks/unknown", "msg_1", "{}")).await, 404);
}

#[tokio::test]
async fn routes_of_the_app_are_merged_and_not_verified() {
    let own = Router::new().route("/healthz", get(async || "ok")).fallback(async || "own fallback");
    let router = webhooks().register(extension).merge(own).into_router().unwrap();
    let get = |path: &str| http::Request::get(path.to_owned()).body(axum::body::Body::empty()).unwrap();
    assert_eq!(send(&router, get("/healthz")).await.shown(), "200 ok");
    assert_eq!(send(&router, get("/elsewhere")).await.shown(), "200 own fallback");
    assert_problem(&send(&router, get("/webhooks/unknown")).await, 404);
}

#[tokio::test]
async fn a_route_of_a_source_dispatches_by_the_signed_event_type() {
    let router = Webhooks::empty()
        .register(paid)
        .register(any_invoice)
        .source("billing", StandardWebhooks::new(SECRET))
        .clock(webhook_runtime::FixedClock::at(crate::support::NOW))
        .into_router()
        .unwrap();
    let check = async |id: &str, body: &'static str, expected: &str| {
        assert_eq!(send(&router, delivery("/webhooks/billing", id, body)).await.shown(), expected, "{body}");
    };
    check("msg_1", r#"{"type": "invoice.paid"}"#, "200 billing invoice.paid").await;
    check("msg_2", r#"{"type": "invoice.void", "amount": 3}"#, "200 invoice.*: invoice.void 3").await;
    check("msg_3", r#"{"type": "customer.created"}"#, "200 ").await;
    check("msg_4", r#"{"type": 7}"#, "200 ").await;
    check("msg_5", "not JSON", "200 ").await;
}

#[tokio::test]
async fn another_prefix_moves_every_route() {
    let router = webhooks().register(extension).prefix("/hooks/v1/").into_router().unwrap();
    let answer = send(&router.layer(Extension("x")), delivery("/hooks/v1/extension", "msg_1", "{}")).await;
    assert_eq!(answer.shown(), "200 x");
}
