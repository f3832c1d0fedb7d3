use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook(summary = "An order was paid")]
async fn paid(_order: Order) {}

fn main() {}
