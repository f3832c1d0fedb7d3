use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid")]
async fn paid(_caller: Caller, _order: Order) {}

struct Caller(std::rc::Rc<str>);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Err(())
    }
}

fn main() {}
