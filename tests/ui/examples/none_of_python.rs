use webhook_runtime::webhook;

#[webhook("order.paid", examples("small" = {"note": None}))]
async fn paid(payload: String) {}

fn main() {}
