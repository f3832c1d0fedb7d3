use webhook_runtime::webhook;

#[webhook("order.paid", responses())]
async fn paid(_payload: String) {}

fn main() {}
