use std::cell::RefCell;

use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(State(_count): State<RefCell<u64>>, _order: Order) {}

fn main() {}
