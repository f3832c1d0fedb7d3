use webhook_runtime::webhook;

#[webhook("order.paid", responses(999 = "No such order"))]
async fn paid(_payload: String) {}

fn main() {}
