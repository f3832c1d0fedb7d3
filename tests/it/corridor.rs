//! One delivery, from its request to its answer: which status each of them gets.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use webhook_runtime::{Event, Limits, RawBody, Webhooks, webhook};

use crate::support::{Answer, NOW, OTHER_SECRET, SECRET, assert_problem, delivery, send, signature, signed, webhooks};

#[derive(Deserialize, Serialize, JsonSchema)]
struct Order {
    id: u64,
    amount: f64,
    note: String,
}

#[derive(Clone, Default)]
struct Runs(Arc<AtomicUsize>);

#[webhook("order.paid")]
async fn paid(State(runs): State<Runs>, order: Order) -> Json<Order> {
    runs.0.fetch_add(1, Ordering::SeqCst);
    Json(order)
}

#[webhook("raw")]
async fn raw(event: Event<RawBody>) -> Bytes {
    event.body().clone()
}

#[webhook("created", status_code = 201)]
async fn created(order: Order) -> Result<Json<u64>, StatusCode> {
    if order.id == 0 { Err(StatusCode::CONFLICT) } else { Ok(Json(order.id)) }
}

#[webhook("panics")]
async fn panics(order: Order) {
    panic!("canary {}", order.note);
}

#[webhook("hangs", timeout = "1ms")]
async fn hangs(_body: RawBody) {
    std::future::pending::<Infallible>().await;
}

#[webhook("facts")]
async fn facts(event: Event<Json2>) -> String {
    let seconds = event.timestamp().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    format!(
        "{} {} {} {seconds} {:?} {} {}",
        event.delivery_id(),
        event.event_type(),
        event.source(),
        event.headers().get("X-Hint"),
        event.body().len(),
        event.payload.note
    )
}

#[derive(Deserialize, JsonSchema)]
struct Json2 {
    note: String,
}

const ORDER: &str = r#"{"id": 7, "amount": 9.5, "note": "x"}"#;

fn app() -> (axum::Router, Runs) {
    let runs = Runs::default();
    let app = webhooks()
        .register(paid)
        .register(raw)
        .register(created)
        .register(panics)
        .register(hangs)
        .register(facts)
        .limits(Limits::default().body(1024))
        .state(runs.clone());
    (app.into_router().unwrap(), runs)
}

/// Sends one delivery to a fresh app.
async fn answer(request: Request<Body>) -> Answer {
    send(&app().0, request).await
}

#[tokio::test]
async fn a_signed_delivery_reaches_its_handler() {
    let (router, runs) = app();
    let answer = send(&router, delivery("/webhooks/order.paid", "msg_1", ORDER)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"id": 7, "amount": 9.5, "note": "x"}));
    assert_eq!(runs.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_copy_gets_the_first_answer_and_runs_nothing() {
    let (router, runs) = app();
    let first = send(&router, delivery("/webhooks/order.paid", "msg_1", ORDER)).await;
    // A retry carries the same id and a fresh timestamp.
    let copy = send(&router, signed(SECRET, NOW + 60, "/webhooks/order.paid", "msg_1", ORDER)).await;
    assert_eq!((first.status, first.body), (copy.status, copy.body.clone()));
    assert_eq!(copy.header("content-type"), Some("application/json"));
    assert_eq!(runs.0.load(Ordering::SeqCst), 1);
    // The route is not signed: a captured delivery runs at no other endpoint either.
    let moved = send(&router, delivery("/webhooks/created", "msg_1", ORDER)).await;
    assert_eq!(moved.body, copy.body);
}

#[tokio::test]
async fn a_failed_delivery_runs_again() {
    let (router, _) = app();
    let refused = send(&router, delivery("/webhooks/created", "msg_1", r#"{"id": 0, "amount": 1, "note": ""}"#)).await;
    assert_eq!(refused.status, 409);
    let retried = send(&router, delivery("/webhooks/created", "msg_1", ORDER)).await;
    assert_eq!((retried.status.as_u16(), retried.text()), (201, "7"));
    for id in ["msg_2", "msg_2"] {
        assert_problem(&send(&router, delivery("/webhooks/panics", id, ORDER)).await, 500);
    }
}

#[tokio::test]
async fn every_failure_of_a_signature_gets_one_answer() {
    let route = "/webhooks/order.paid";
    let with = |name: &'static str, value: &str| {
        let mut request = delivery(route, "msg_1", ORDER);
        request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        request
    };
    let mut refused = vec![
        Request::post(route).body(Body::from(ORDER)).unwrap(),
        signed(OTHER_SECRET, NOW, route, "msg_1", ORDER),
        signed(SECRET, NOW - 301, route, "msg_1", ORDER),
        signed(SECRET, NOW + 301, route, "msg_1", ORDER),
        with("webhook-signature", ""),
        with("webhook-signature", "v1,"),
        with("webhook-signature", "v1,AAAA"),
        with("webhook-signature", &"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= ".repeat(10_000)),
        with("webhook-signature", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        with("webhook-signature", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        with("webhook-signature", "v1,é"),
        with("webhook-id", "msg_2"),
        with("webhook-id", ""),
        with("webhook-id", "msg.1"),
        with("webhook-id", &"m".repeat(1000)),
        with("webhook-timestamp", ""),
        with("webhook-timestamp", "soon"),
        with("webhook-timestamp", "+1614265330"),
        with("webhook-timestamp", "1614265330.0"),
        with("webhook-timestamp", "1614265330000"),
        with("webhook-timestamp", "9223372036854775807"),
        with("webhook-timestamp", "18446744073709551616"),
        with("webhook-timestamp", "-1"),
        with("webhook-timestamp", "1614265331"),
    ];
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut missing = delivery(route, "msg_1", ORDER);
        missing.headers_mut().remove(name);
        refused.push(missing);
        let mut repeated = delivery(route, "msg_1", ORDER);
        let value = repeated.headers()[name].clone();
        repeated.headers_mut().append(name, value);
        refused.push(repeated);
    }
    for at in [0, ORDER.len() / 2, ORDER.len() - 1] {
        let mut tampered = ORDER.as_bytes().to_vec();
        tampered[at] ^= 1;
        let mut request = delivery(route, "msg_1", ORDER);
        *request.body_mut() = Body::from(tampered);
        refused.push(request);
    }
    let (router, runs) = app();
    let first = send(&router, delivery(route, "msg_0", "")).await;
    assert_problem(&first, 400);
    let expected = send(&router, Request::post(route).body(Body::empty()).unwrap()).await;
    assert_problem(&expected, 401);
    for request in refused {
        let shown = format!("{:?}", request.headers());
        assert_eq!(send(&router, request).await, expected, "{shown:.300}");
    }
    assert_eq!(runs.0.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_unsigned_delivery_is_refused_without_reading_its_body() {
    let body = Body::from_stream(futures_never());
    let request = Request::post("/webhooks/order.paid").body(body).unwrap();
    assert_problem(&answer(request).await, 401);
}

/// A body that would wait for ever: reading it would hang the test.
fn futures_never() -> impl tokio_stream::Stream<Item = Result<Bytes, Infallible>> {
    tokio_stream::pending()
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    for path in ["/webhooks/order.refunded", "/webhooks/order.paid/x", "/webhooks/", "/webhooks", "/elsewhere"] {
        assert_problem(&answer(delivery(path, "msg_1", ORDER)).await, 404);
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        let mut request = delivery("/webhooks/order.paid", "msg_1", ORDER);
        *request.method_mut() = method;
        let answer = answer(request).await;
        assert_problem(&answer, 405);
        assert_eq!(answer.header("allow"), Some("POST"));
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_told_so_without_being_quoted() {
    let deep = "[".repeat(1000);
    let cases: [(&[u8], &str); 6] = [
        (br#"{"id": 7, "amount": 9.5"#, "The body is not JSON: it breaks at line 1, column 23."),
        (b"", "The body is not JSON: it breaks at line 1, column 0."),
        (br#"{"id": 7, "amount": NaN, "note": ""}"#, "The body is not JSON: it breaks at line 1, column 21."),
        (b"{\"id\": 7, \"amount\": 1, \"note\": \"\xff\"}", "The body is not JSON: it breaks at line 1, column 33."),
        (b"\xef\xbb\xbf{}", "The body is not JSON: it breaks at line 1, column 1."),
        (deep.as_bytes(), "The body is not JSON: it breaks at line 1, column 1000."),
    ];
    for (body, detail) in cases {
        let answer = answer(delivery("/webhooks/order.paid", "msg_1", body.to_vec())).await;
        assert_problem(&answer, 400);
        assert_eq!(answer.json()["detail"], detail);
    }
}

#[tokio::test]
async fn a_mismatch_names_every_violation_and_no_value() {
    let body = r#"{"id": "canary", "amount": "canary", "note": 7}"#;
    let answer = answer(delivery("/webhooks/order.paid", "msg_1", body)).await;
    assert_problem(&answer, 422);
    assert_eq!(
        answer.json()["errors"],
        json!([
            {"pointer": "/amount", "detail": "expected a number"},
            {"pointer": "/id", "detail": "expected an integer"},
            {"pointer": "/note", "detail": "expected a string"},
        ])
    );
    assert!(!answer.text().contains("canary"));
}

#[tokio::test]
async fn a_missing_field_points_at_itself() {
    let answer = answer(delivery("/webhooks/order.paid", "msg_1", "{}")).await;
    let required = |pointer| json!({"pointer": pointer, "detail": "is required"});
    assert_eq!(answer.json()["errors"], json!([required("/amount"), required("/id"), required("/note")]));
}

#[tokio::test]
async fn only_the_content_type_of_the_source_is_decoded() {
    for (content_type, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/vnd.shop+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=utf-16", 415),
    ] {
        let mut request = delivery("/webhooks/order.paid", "msg_1", ORDER);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        assert_eq!(answer(request).await.status, status, "{content_type}");
    }
    let mut without = delivery("/webhooks/order.paid", "msg_1", ORDER);
    without.headers_mut().remove(CONTENT_TYPE);
    assert_eq!(answer(without).await.status, 200);
}

#[tokio::test]
async fn a_raw_handler_takes_the_bytes_of_any_content_type() {
    let mut request = delivery("/webhooks/raw", "msg_1", &b"\xff\x00 not JSON"[..]);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
    assert_eq!(answer(request).await.body, &b"\xff\x00 not JSON"[..]);
}

#[tokio::test]
async fn an_encoded_body_is_refused() {
    for encoding in ["gzip", "identity, gzip", "br", "GZIP"] {
        let mut request = delivery("/webhooks/order.paid", "msg_1", ORDER);
        request.headers_mut().insert("content-encoding", HeaderValue::from_static(encoding));
        assert_problem(&answer(request).await, 415);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_declared_or_not() {
    let long = vec![b' '; 1025];
    let declared = delivery("/webhooks/raw", "msg_1", long.clone());
    assert_problem(&answer(declared).await, 413);

    let mut chunked = Request::post("/webhooks/raw").body(Body::empty()).unwrap();
    chunked.headers_mut().extend(signature(SECRET, NOW, "msg_1", &long));
    let chunks: Vec<_> = long.chunks(100).map(|it| Ok::<_, Infallible>(Bytes::copy_from_slice(it))).collect();
    *chunked.body_mut() = Body::from_stream(tokio_stream::iter(chunks));
    assert_problem(&answer(chunked).await, 413);

    let mut lying = delivery("/webhooks/raw", "msg_1", ORDER);
    lying.headers_mut().insert("content-length", HeaderValue::from_static("10995116277760"));
    // Of a body that knows its length, that is what counts.
    *lying.body_mut() = Body::from_stream(tokio_stream::iter([Ok::<_, Infallible>(ORDER)]));
    assert_problem(&answer(lying).await, 413);

    let fits = delivery("/webhooks/raw", "msg_1", vec![b' '; 1024]);
    assert_eq!(answer(fits).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_end_is_given_up() {
    let mut request = delivery("/webhooks/raw", "msg_1", ORDER);
    *request.body_mut() = Body::from_stream(futures_never());
    let answer = answer(request).await;
    assert_problem(&answer, 408);
    assert_eq!(answer.header("connection"), Some("close"));
}

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing_and_the_process_lives() {
    let (router, _) = app();
    let answer =
        send(&router, delivery("/webhooks/panics", "msg_1", r#"{"id": 1, "amount": 1, "note": "canary"}"#)).await;
    assert_problem(&answer, 500);
    assert!(!answer.text().contains("canary"));
    assert_eq!(send(&router, delivery("/webhooks/order.paid", "msg_2", ORDER)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_handler_over_its_time_is_ended_and_may_run_again() {
    let (router, _) = app();
    for _ in 0..2 {
        let answer = send(&router, delivery("/webhooks/hangs", "msg_1", "{}")).await;
        assert_problem(&answer, 503);
        assert_eq!(answer.header("retry-after"), Some("30"));
    }
}

#[tokio::test]
async fn an_event_knows_its_delivery() {
    let mut request = delivery("/webhooks/facts", "msg_1", r#"{"note": "x"}"#);
    request.headers_mut().insert("x-hint", HeaderValue::from_static("seen"));
    assert_eq!(answer(request).await.text(), format!("msg_1 facts default {NOW} Some(\"seen\") 13 x"));
}

#[tokio::test]
async fn any_active_secret_verifies_and_a_retired_one_does_not() {
    let router =
        |secrets: &str| Webhooks::empty().register(raw).secret(secrets).clock(webhook_runtime::FixedClock::at(NOW));
    let both = router(&format!("{OTHER_SECRET}\n {SECRET}")).into_router().unwrap();
    for (id, secret) in [("msg_1", SECRET), ("msg_2", OTHER_SECRET)] {
        assert_eq!(send(&both, signed(secret, NOW, "/webhooks/raw", id, "x")).await.status, 200);
    }
    let later = router(OTHER_SECRET).into_router().unwrap();
    assert_eq!(send(&later, delivery("/webhooks/raw", "msg_3", "x")).await.status, 401);
}

#[tokio::test]
async fn a_handler_can_be_called_directly() {
    let runs = Runs::default();
    let Json(order) = paid(State(runs.clone()), Order { id: 1, amount: 2.0, note: String::new() }).await;
    assert_eq!((order.id, runs.0.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(raw(Event::of(RawBody::new("x"))).await, Bytes::new());
}
