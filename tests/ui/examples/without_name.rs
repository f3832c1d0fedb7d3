use webhook_runtime::webhook;

#[webhook("order.paid", examples({"id": 7}))]
async fn paid(payload: String) {}

fn main() {}
