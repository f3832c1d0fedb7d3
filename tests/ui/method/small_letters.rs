use webhook_runtime::webhook;

#[webhook("order.paid", method = "put")]
async fn paid(payload: String) {}

fn main() {}
