use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", timeout = "99999999999999999999h")]
async fn paid(_order: Order) {}

fn main() {}
