use axum::body::Bytes;
use webhook_runtime::{Event, webhook};

#[webhook("order.paid")]
async fn paid(_event: Event<Bytes>) {}

fn main() {}
