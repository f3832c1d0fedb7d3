use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order paid")]
async fn paid(_order: Order) {}

#[webhook("order.refunded", tag = ["orders"])]
async fn refunded(_order: Order) {}

fn main() {
    // Both functions are still there: nothing else breaks.
    let _ = (paid, refunded);
}
