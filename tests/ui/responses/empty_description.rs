use webhook_runtime::webhook;

#[webhook("order.paid", responses(404 = " "))]
async fn paid(payload: String) {}

fn main() {}
