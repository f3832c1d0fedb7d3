use webhook_runtime::webhook;

#[derive(serde::Deserialize)]
struct Order;

fn schema_of_order() -> schemars::Schema {
    schemars::Schema::default()
}

#[webhook("order.paid", schema = schema_of_order)]
async fn paid(_order: Order) {}

fn main() {}
