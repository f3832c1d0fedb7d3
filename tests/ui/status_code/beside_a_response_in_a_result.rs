use axum::response::Response;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", status_code = 202)]
async fn paid(_order: Order) -> Result<Response, String> {
    Err(String::new())
}

fn main() {}
