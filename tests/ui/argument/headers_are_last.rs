use axum::http::HeaderMap;
use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid(_headers: HeaderMap) {}

fn main() {}
