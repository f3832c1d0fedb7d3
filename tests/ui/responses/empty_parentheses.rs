use webhook_runtime::webhook;

#[webhook("order.paid", responses(409() = "Another"))]
async fn paid(_payload: String) {}

fn main() {}
