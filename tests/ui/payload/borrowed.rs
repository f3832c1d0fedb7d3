use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order<'a> {
    name: &'a str,
}

#[webhook("order.paid")]
async fn paid(_order: Order<'_>) {}

fn main() {}
