use axum::body::Bytes;
use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid(_body: Bytes) {}

fn main() {}
