use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra = {"operationId": "paid"})]
async fn paid(_payload: String) {}

fn main() {}
