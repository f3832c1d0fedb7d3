use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(_shop: Shop, _order: Order) {}

type Shop = State<u64>;

fn main() {}
