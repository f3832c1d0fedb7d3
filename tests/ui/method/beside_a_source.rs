use webhook_runtime::webhook;

#[webhook("order.paid", source = "shop", method = "PUT")]
async fn paid(_payload: String) {}

fn main() {}
