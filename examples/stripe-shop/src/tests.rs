//! The shop, tested in process: signed deliveries to its router, and a handler called as the function that it is.

use std::time::SystemTime;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use webhook_runtime::{Event, Stripe};

use crate::events::{CheckoutSession, Data, Frame, paid};
use crate::orders::{OrderError, Orders};
use crate::shop;

const SECRET: &str = "whsec_of_the_tests";

fn router(orders: &Orders) -> Router {
    shop(Stripe::new(SECRET), orders.clone()).into_router().expect("the shop starts")
}

/// Sends a signed event, and gives status and body of the answer.
async fn deliver(router: &Router, event: Value) -> (u16, String) {
    let body = event.to_string();
    let mut request = Request::post("/webhooks/stripe").header("content-type", "application/json");
    let signature = Stripe::new(SECRET).sign("", SystemTime::now(), body.as_bytes()).expect("the secret signs");
    request.headers_mut().expect("a valid request").extend(signature);
    let request = request.body(Body::from(body)).expect("a valid request");
    let answer = router.clone().oneshot(request).await.expect("routers answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("the answer ends").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn checkout(id: &str, order: &str, amount: u64) -> Value {
    let session = json!({"client_reference_id": order, "amount_total": amount});
    json!({"id": id, "type": "checkout.session.completed", "data": {"object": session}})
}

fn refund(id: &str, order: &str, amount: u64) -> Value {
    let charge = json!({"amount_refunded": amount, "metadata": {"order": order}});
    json!({"id": id, "type": "charge.refunded", "data": {"object": charge}})
}

#[tokio::test]
async fn a_payment_is_booked_once_however_often_it_is_told() {
    let orders = Orders::with_open(["1001"]);
    let router = router(&orders);
    for _ in 0..3 {
        let answer = deliver(&router, checkout("evt_1", "1001", 500)).await;
        assert_eq!(answer, (200, r#"{"order":"1001","paid":500}"#.to_owned()));
    }
    assert_eq!(orders.pay("1001", 0), Ok(500));
}

#[tokio::test]
async fn an_unknown_order_is_refused_and_may_arrive_later() {
    let orders = Orders::with_open(["1001"]);
    let router = router(&orders);
    assert_eq!(deliver(&router, checkout("evt_1", "7", 500)).await, (404, "there is no order 7".to_owned()));
}

#[tokio::test]
async fn a_refund_is_taken_off_and_never_below_zero() {
    let orders = Orders::with_open(["1001"]);
    let router = router(&orders);
    deliver(&router, checkout("evt_1", "1001", 500)).await;
    assert_eq!(deliver(&router, refund("evt_2", "1001", 200)).await.0, 204);
    assert_eq!(
        deliver(&router, refund("evt_3", "1001", 400)).await,
        (409, "only 300 was paid for order 1001".to_owned())
    );
}

#[tokio::test]
async fn events_that_the_shop_does_not_want_are_acknowledged() {
    let router = router(&Orders::default());
    assert_eq!(deliver(&router, json!({"id": "evt_1", "type": "customer.created"})).await.0, 200);
}

#[tokio::test]
async fn a_handler_is_a_function() {
    let session = CheckoutSession { client_reference_id: "7".to_owned(), amount_total: 1 };
    let event = Event::of(Frame { data: Data { object: session } });
    let refused = paid(State(Orders::default()), event).await.err();
    assert_eq!(refused, Some(OrderError::Unknown("7".to_owned())));
}
