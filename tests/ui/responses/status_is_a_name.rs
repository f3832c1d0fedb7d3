use webhook_runtime::webhook;

#[webhook("order.paid", responses(NOT_FOUND = "No such order"))]
async fn paid(_payload: String) {}

fn main() {}
