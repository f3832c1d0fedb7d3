use webhook_runtime::webhook;

#[webhook("order.paid", examples("small" = {id: 7}))]
async fn paid(_payload: String) {}

fn main() {}
