//! Verification without the macro: for routes that are written by hand, as an extractor and as a layer.
//!
//! `GITHUB_WEBHOOK_SECRET` and `STRIPE_WEBHOOK_SECRET` hold the signing secrets.

use axum::routing::{get, post};
use axum::{Extension, Router};
use tokio::net::TcpListener;
use webhook_runtime::{GitHub, Stripe, Verified, VerifiedDelivery, VerifyLayer};

/// The extractor reads and verifies the body; what is not verified never gets here.
async fn github(delivery: VerifiedDelivery) -> String {
    let event = delivery.parts().headers.get("x-github-event").and_then(|it| it.to_str().ok()).unwrap_or("an event");
    format!("{event} of {} verified bytes", delivery.body().len())
}

/// Below the layer a handler is what it always was; the proof is there as an extension.
async fn stripe(Extension(verified): Extension<Verified>, body: String) -> String {
    let event: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    format!("{} signed at {:?}", event["type"], verified.timestamp())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new()
        .route("/github", post(github).layer(Extension(GitHub::from_env().ready()?)))
        .route("/stripe", post(stripe).layer(VerifyLayer::new(Stripe::from_env().ready()?)))
        .route("/healthz", get(async || "ok"));

    let address = std::env::var("WEBHOOK_ADDR").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    println!("listening on http://{}", listener.local_addr()?);
    // The hardened counterpart of `axum::serve`.
    Ok(webhook_runtime::serve(listener, app).await?)
}
