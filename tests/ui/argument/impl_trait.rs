use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid(_order: impl serde::de::DeserializeOwned) {}

fn main() {}
