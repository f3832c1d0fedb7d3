use webhook_runtime::webhook;

struct Order;

#[webhook("order.paid", schema = any)]
async fn paid(_order: Order) {}

fn main() {}
