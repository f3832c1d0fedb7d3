use webhook_runtime::webhook;

#[webhook("order.paid", method = ["PUT", "POST"])]
async fn paid(_payload: String) {}

fn main() {}
