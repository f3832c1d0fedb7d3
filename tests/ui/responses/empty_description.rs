use webhook_runtime::webhook;

#[webhook("order.paid", responses(404 = " "))]
async fn paid(_payload: String) {}

fn main() {}
