use webhook_runtime::webhook;

#[derive(schemars::JsonSchema)]
struct Conflict;

#[webhook("order.paid", responses(204(Conflict) = "Nothing"))]
async fn paid(_payload: String) {}

fn main() {}
