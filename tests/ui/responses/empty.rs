use webhook_runtime::webhook;

#[webhook("order.paid", responses())]
async fn paid(payload: String) {}

fn main() {}
