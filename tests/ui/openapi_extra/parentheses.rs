use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra("x-team" = "billing"))]
async fn paid(_payload: String) {}

fn main() {}
