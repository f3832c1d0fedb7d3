use webhook_runtime::webhook;

#[webhook("order.paid", external_docs = "example.com/orders")]
async fn paid(_payload: String) {}

fn main() {}
