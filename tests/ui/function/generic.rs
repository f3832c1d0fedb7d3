use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid<T: serde::de::DeserializeOwned>(_order: T) {}

fn main() {}
