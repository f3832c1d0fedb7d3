use webhook_runtime::webhook;

#[webhook("order.paid", examples("small"))]
async fn paid(payload: String) {}

fn main() {}
