use webhook_runtime::webhook;

#[webhook("order.paid", examples("small" = small()))]
async fn paid(_payload: String) {}

fn main() {}
