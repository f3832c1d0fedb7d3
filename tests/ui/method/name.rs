use webhook_runtime::webhook;

#[webhook("order.paid", method = PUT)]
async fn paid(payload: String) {}

fn main() {}
