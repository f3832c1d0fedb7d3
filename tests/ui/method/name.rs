use webhook_runtime::webhook;

#[webhook("order.paid", method = PUT)]
async fn paid(_payload: String) {}

fn main() {}
