use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

struct Shop;

impl Shop {
    #[webhook("order.paid")]
    async fn paid(_order: Order) -> Result<(), Self> {
        Ok(())
    }
}

fn main() {}
