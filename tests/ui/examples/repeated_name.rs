use webhook_runtime::webhook;

#[webhook("order.paid", examples("small" = 7, "small" = 8))]
async fn paid(_payload: String) {}

fn main() {}
