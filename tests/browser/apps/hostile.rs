//! An app whose every text is hostile to a page, with sources of several kinds, nested below a prefix that its document
//! does not know.

use axum::Router;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::net::TcpListener;
use webhook_runtime::{GitHub, RawBody, TokenSource, Webhooks, webhook};

#[derive(Deserialize, JsonSchema)]
#[schemars(title = "<img src=x onerror=\"alert('title')\">")]
struct Push {
    /// A description with <script>alert('field')</script> inside.
    #[serde(rename = "<b onmouseover=alert('name')>ref</b>")]
    #[schemars(default)]
    reference: Option<String>,
}

/// Summary </script><img src=x onerror=alert('summary')>
///
/// Description </script><img src=x onerror=alert('description')> with **bold** text, and
/// [a link](javascript:alert('link')).
#[webhook("push", source = "github", tags = ["<svg onload=alert('tag')>"])]
async fn push(body: Push) -> String {
    format!("pushed to {}", body.reference.unwrap_or_default())
}

/// An event type that would leave an attribute.
#[webhook("\"><img src=x onerror=alert('type')>'", source = "github")]
async fn quoted(_body: RawBody) {}

/// Whatever a system without signatures sends.
#[webhook("order.paid", source = "shop")]
async fn paid(body: serde_json::Value) -> String {
    format!("paid: {}", body["type"])
}

/// A plain one of the default source.
#[webhook("plain")]
async fn plain(_body: RawBody) -> &'static str {
    "plain"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let hooks = Webhooks::new()
        .secret(secret("WEBHOOK_SECRET")?)
        .source("github", GitHub::new(secret("GITHUB_WEBHOOK_SECRET")?))
        .source("shop", TokenSource::header("X-Shop-Token", secret("SHOP_WEBHOOK_SECRET")?))
        .into_router()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(webhook_runtime::serve(listener, Router::new().nest("/api", hooks)).await?)
}
