use webhook_runtime::webhook;

#[webhook("order.paid", openapi_extra = {"operationId": "paid"})]
async fn paid(payload: String) {}

fn main() {}
