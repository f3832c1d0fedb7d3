use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", crate = "hooks")]
async fn paid(_order: Order) {}

fn main() {}
