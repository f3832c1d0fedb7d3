use webhook_runtime::webhook;

struct Shop;

#[webhook("order.paid")]
impl Shop {}

fn main() {}
