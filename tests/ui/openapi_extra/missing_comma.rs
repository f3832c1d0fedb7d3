use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra = {"x-a": 1 "x-b": 2})]
async fn paid(_payload: String) {}

fn main() {}
