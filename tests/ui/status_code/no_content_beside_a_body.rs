use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", status_code = 204)]
async fn paid(_order: Order) -> String {
    String::new()
}

fn main() {}
