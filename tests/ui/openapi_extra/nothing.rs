use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra =)]
async fn paid(_payload: String) {}

fn main() {}
