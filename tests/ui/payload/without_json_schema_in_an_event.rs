use webhook_runtime::{Event, webhook};

#[derive(serde::Deserialize)]
struct Order;

#[webhook("order.paid")]
async fn paid(_order: Event<Order>) {}

fn main() {}
