use webhook_runtime::webhook;

#[webhook("order.paid", method = "GET")]
async fn paid(payload: String) {}

fn main() {}
