use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra =)]
async fn paid(payload: String) {}

fn main() {}
