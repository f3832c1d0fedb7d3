use webhook_runtime::webhook;

#[webhook("order.paid", method = "GET")]
async fn paid(_payload: String) {}

fn main() {}
