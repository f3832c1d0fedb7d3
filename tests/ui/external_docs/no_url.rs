use webhook_runtime::webhook;

#[webhook("order.paid", external_docs = "example.com/orders")]
async fn paid(payload: String) {}

fn main() {}
