use axum::http::StatusCode;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", status_code = 202)]
async fn paid(_order: Order) -> StatusCode {
    StatusCode::OK
}

fn main() {}
