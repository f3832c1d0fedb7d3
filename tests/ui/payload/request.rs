use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid(_request: axum::extract::Request) {}

fn main() {}
