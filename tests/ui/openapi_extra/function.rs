use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra = extra)]
async fn paid(_payload: String) {}

fn main() {}
