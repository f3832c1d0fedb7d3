use webhook_runtime::webhook;

#[derive(serde::Deserialize)]
struct Order;

#[webhook("order.paid")]
async fn paid(_order: Order) {}

fn main() {}
