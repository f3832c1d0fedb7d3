#[webhook("order paid", sumary = "An order was paid")]
fn paid(order: &str) {}
