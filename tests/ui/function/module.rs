use webhook_runtime::webhook;

#[webhook("order.paid")]
pub mod orders {}

fn main() {}
