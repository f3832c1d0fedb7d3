use webhook_runtime::webhook;

#[webhook("order.paid", examples("small" = {"note": None}))]
async fn paid(_payload: String) {}

fn main() {}
