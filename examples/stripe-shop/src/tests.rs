//! The shop, tested in process by the testing kit, and a handler called as the function that it is.

use axum::extract::State;
use serde_json::{Value, json};
use webhook_runtime::testing::TestApp;
use webhook_runtime::{Event, Stripe};

use crate::events::{CheckoutSession, Data, Frame, paid};
use crate::orders::{OrderError, Orders};
use crate::shop;

const PAID: &str = "checkout.session.completed";
const REFUNDED: &str = "charge.refunded";

fn app(orders: &Orders) -> TestApp {
    TestApp::new(shop(Stripe::from_env(), orders.clone()))
}

fn checkout(order: &str, amount: u64) -> Value {
    json!({"data": {"object": {"client_reference_id": order, "amount_total": amount}}})
}

fn refund(order: &str, amount: u64) -> Value {
    json!({"data": {"object": {"amount_refunded": amount, "metadata": {"order": order}}}})
}

#[tokio::test]
async fn a_payment_is_booked_once_however_often_it_is_told() {
    let orders = Orders::with_open(["1001"]);
    let answer = app(&orders).deliver(PAID, &checkout("1001", 500)).duplicate().await;
    assert_eq!(answer.assert_status(200).text(), r#"{"order":"1001","paid":500}"#);
    assert_eq!(orders.pay("1001", 0), Ok(500));
}

#[tokio::test]
async fn nobody_but_stripe_books_a_payment() {
    let orders = Orders::with_open(["1001"]);
    let app = app(&orders);
    app.deliver(PAID, &checkout("1001", 500)).tampered().await.assert_status(401);
    app.deliver(PAID, &checkout("1001", 500)).stale().await.assert_status(401);
    app.deliver(PAID, &checkout("1001", 500)).unsigned().await.assert_status(401);
    assert_eq!(orders.pay("1001", 0), Ok(0));
}

#[tokio::test]
async fn a_session_as_stripe_documents_it_is_understood() {
    let answer = app(&Orders::with_open(["order-1042"])).sample(PAID).await;
    assert_eq!(answer.assert_status(200).json::<Value>(), json!({"order": "order-1042", "paid": 5990}));
}

#[tokio::test]
async fn a_session_without_an_amount_is_refused() {
    let session = json!({"data": {"object": {"client_reference_id": "1001"}}});
    let answer = app(&Orders::with_open(["1001"])).deliver(PAID, &session).await;
    answer.assert_status(422).assert_pointers(&["/data/object/amount_total"]);
}

#[tokio::test]
async fn an_unknown_order_is_refused_and_may_arrive_later() {
    let answer = app(&Orders::with_open(["1001"])).deliver(PAID, &checkout("7", 500)).await;
    assert_eq!(answer.assert_status(404).text(), "there is no order 7");
}

#[tokio::test]
async fn a_refund_is_taken_off_and_never_below_zero() {
    let app = app(&Orders::with_open(["1001"]));
    app.deliver(PAID, &checkout("1001", 500)).await.assert_status(200);
    app.deliver(REFUNDED, &refund("1001", 200)).await.assert_status(204);
    let answer = app.deliver(REFUNDED, &refund("1001", 400)).await;
    assert_eq!(answer.assert_status(409).text(), "only 300 was paid for order 1001");
}

#[tokio::test]
async fn events_that_the_shop_does_not_want_are_acknowledged() {
    app(&Orders::default()).deliver_to("stripe", "customer.created", &json!({})).await.assert_status(200);
}

#[tokio::test]
async fn a_handler_is_a_function() {
    let session = CheckoutSession { client_reference_id: "7".to_owned(), amount_total: 1 };
    let event = Event::of(Frame { data: Data { object: session } });
    let refused = paid(State(Orders::default()), event).await.err();
    assert_eq!(refused, Some(OrderError::Unknown("7".to_owned())));
}
