//! One app with a source for every provider, each at `/webhooks/<name>`, configured by the environment.
//!
//! `STRIPE_WEBHOOK_SECRET` makes the source `stripe`, and so on: the name in upper case, with `_` for `-`. Several
//! secrets stand on a line each. Further configuration is `NAME_FIELD`: `NAME_SCHEME` where a provider has several
//! schemes, `NAME_TOKEN_HEADER`, `NAME_TOKEN_PARAM`, `NAME_URL`, `NAME_TOLERANCE`, `META_VERIFY_TOKEN` … A source without
//! its secret is left out. `WEBHOOK_PUBLIC_URL` is what stands before the route in the URL that senders call.

use std::io::IsTerminal;

use axum::{Router, routing::get};
use tracing_subscriber::EnvFilter;
use webhook_runtime::Webhooks;
use webhook_runtime::cli::sources::{Configuration, PROVIDERS, source};

mod handlers;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();

    let mut app = Webhooks::empty().merge(Router::new().route("/healthz", get(async || "ok")));
    if let Ok(url) = std::env::var("WEBHOOK_PUBLIC_URL") {
        app = app.public_url(&url);
    }
    for provider in PROVIDERS {
        app = add(app, provider.name)?;
    }
    let address = std::env::var("WEBHOOK_ADDR").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    Ok(app.serve(address).await?)
}

/// Adds the source of a provider and its handler, where the environment configures it.
fn add(app: Webhooks, provider: &str) -> Result<Webhooks, String> {
    let configuration = Configuration::of_variables(provider, std::env::vars());
    if configuration.is_empty() {
        tracing::info!(provider, "left out: it has no secret");
        return Ok(app);
    }
    let scheme = configuration.field("scheme").map(str::to_owned);
    let source = source(provider, scheme.as_deref(), &configuration).map_err(|it| format!("{provider}: {it}"))?;
    if let [unknown, ..] = configuration.unknown().as_slice() {
        return Err(format!("{provider}: the scheme has no {unknown}"));
    }
    Ok(handlers::register(app.source(provider, source), provider))
}
