use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", state = "AppState")]
async fn paid(_order: Order) {}

fn main() {}
