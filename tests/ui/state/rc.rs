use std::rc::Rc;

use axum::extract::State;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(State(_shop): State<Rc<Shop>>, _order: Order) {}

struct Shop;

fn main() {}
