use webhook_runtime::webhook;

#[webhook("order.paid")]
struct Paid;

fn main() {}
