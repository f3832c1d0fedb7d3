use webhook_runtime::webhook;

#[webhook("order.paid", external_docs = "")]
async fn paid(_payload: String) {}

fn main() {}
