use axum::http::HeaderMap;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(#[cfg(unix)] _headers: HeaderMap, _order: Order) {}

fn main() {}
