use webhook_runtime::webhook;

struct Conflict;

#[webhook("order.paid", responses(409(Conflict) = "Another"))]
async fn paid(_payload: String) {}

fn main() {}
