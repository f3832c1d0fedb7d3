use webhook_runtime::webhook;

struct Order;

#[webhook("order.paid")]
async fn paid(_order: Order) {}

fn main() {}
