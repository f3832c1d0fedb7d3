use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(_order: Order, State(_count): State<u64>) {}

fn main() {}
