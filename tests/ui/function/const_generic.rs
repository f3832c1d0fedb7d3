use webhook_runtime::webhook;

#[webhook("order.paid")]
async fn paid<const N: usize>(_order: [u8; N]) {}

fn main() {}
