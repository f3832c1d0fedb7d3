use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid<'a>(_order: std::borrow::Cow<'a, str>) {}

fn main() {}
