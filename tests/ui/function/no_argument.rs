use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid() {}

fn main() {}
