use webhook_runtime::webhook;

#[webhook("order.paid", responses(404 = "No such order" 409 = "Another"))]
async fn paid(_payload: String) {}

fn main() {}
