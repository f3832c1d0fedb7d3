use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", state = App)]
async fn paid(State(_mail): State<Mail>, _order: Order) {}

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Mail;

fn main() {}
