use webhook_runtime::webhook;

#[derive(schemars::JsonSchema)]
struct Order;

#[webhook("order.paid")]
async fn paid(_order: Order) {}

fn main() {}
