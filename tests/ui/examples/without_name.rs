use webhook_runtime::webhook;

#[webhook("order.paid", examples({"id": 7}))]
async fn paid(_payload: String) {}

fn main() {}
