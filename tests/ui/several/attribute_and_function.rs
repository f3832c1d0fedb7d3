use webhook_runtime::webhook;

#[webhook("order paid", sumary = "One", timeout = "30")]
fn paid(_order: &str) {}

fn main() {}
