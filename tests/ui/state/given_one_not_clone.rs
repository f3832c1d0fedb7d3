use axum::extract::{FromRef, State};
use webhook_runtime::webhook;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("order.paid", state = App)]
async fn paid(State(_mail): State<u64>, _order: Order) {}

struct App;

impl FromRef<App> for u64 {
    fn from_ref(_: &App) -> u64 {
        7
    }
}

fn main() {}
