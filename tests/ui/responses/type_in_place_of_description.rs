use webhook_runtime::webhook;

#[derive(schemars::JsonSchema)]
struct Conflict;

#[webhook("order.paid", responses(409 = Conflict))]
async fn paid(_payload: String) {}

fn main() {}
