use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(State(_shop): State<Shop>, State(_count): State<u64>, _order: Order) {}

struct Shop;

fn main() {}
