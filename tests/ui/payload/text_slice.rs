use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid(_order: &str) {}

fn main() {}
