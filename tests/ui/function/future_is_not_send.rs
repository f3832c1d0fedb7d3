use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(order: Order) {
    let count = std::rc::Rc::new(order.id);
    std::future::ready(()).await;
    drop(count);
}

fn main() {}
