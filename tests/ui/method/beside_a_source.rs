use webhook_runtime::webhook;

#[webhook("order.paid", source = "shop", method = "PUT")]
async fn paid(payload: String) {}

fn main() {}
