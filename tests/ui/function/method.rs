use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

struct Shop;

impl Shop {
    #[webhook("order.paid")]
    async fn paid(&self, _order: Order) {}
}

fn main() {}
