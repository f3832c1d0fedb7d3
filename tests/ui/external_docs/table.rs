use webhook_runtime::webhook;

#[webhook("order.paid", external_docs(url = "https://example.com"))]
async fn paid(_payload: String) {}

fn main() {}
