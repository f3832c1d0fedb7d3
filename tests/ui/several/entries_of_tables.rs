use webhook_runtime::webhook;

#[webhook("order.paid", responses(99 = "Low", 404, 409 = "Another"), examples("a" = None, "b" = {c: 1}))]
async fn paid(_payload: String) {}

fn main() {}
