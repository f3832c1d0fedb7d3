//! A small shop that is paid through Stripe.
//!
//! `STRIPE_WEBHOOK_SECRET` holds the signing secret of the endpoint; with the Stripe CLI it is what
//! `stripe listen --forward-to localhost:8000/webhooks/stripe` prints.

use std::io::IsTerminal;

use axum::{Router, routing::get};
use tracing_subscriber::EnvFilter;
use webhook_runtime::{Source, Stripe, Webhooks};

mod events;
mod orders;
#[cfg(test)]
mod tests;

use orders::Orders;

#[tokio::main]
async fn main() -> Result<(), webhook_runtime::Error> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();

    let address = std::env::var("WEBHOOK_ADDR").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    shop(Stripe::from_env(), Orders::with_open(["1001", "1002"])).serve(address).await
}

/// The shop, paid through this source, around these orders.
fn shop(stripe: Source, orders: Orders) -> Webhooks {
    Webhooks::new()
        .source("stripe", stripe)
        .state(orders)
        .expect_events(["stripe/checkout.session.completed", "stripe/charge.refunded"])
        .merge(Router::new().route("/healthz", get(async || "ok")))
}
