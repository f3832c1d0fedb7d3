use webhook_runtime::webhook;

#[webhook("order.paid", method = "put")]
async fn paid(_payload: String) {}

fn main() {}
