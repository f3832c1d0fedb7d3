//! Two webhooks of a service with subscriptions: `cargo run`, then paste one of the commands that it prints.

use axum::{Json, Router, routing::get};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use webhook_runtime::{Webhooks, webhook};

mod try_it;

#[derive(Deserialize, JsonSchema)]
struct Subscription {
    username: String,
    monthly_fee: f64,
    start_date: DateTime<Utc>,
}

#[derive(Deserialize, JsonSchema)]
struct LoginSuccess {
    user_id: i64,
    username: String,
    login_timestamp: DateTime<Utc>,
}

#[derive(Serialize, JsonSchema)]
struct Ack {
    message: String,
}

/// A new user subscribed.
#[webhook("new-subscription")]
async fn new_subscription(body: Subscription) -> Json<Ack> {
    let Subscription { username, monthly_fee, start_date } = body;
    println!("{username} subscribed for {monthly_fee} a month");
    Json(Ack { message: format!("{username} is subscribed from {}", start_date.date_naive()) })
}

/// A user logged in.
#[webhook("login-success")]
async fn login_success(body: LoginSuccess) -> Json<Ack> {
    let LoginSuccess { user_id, username, login_timestamp } = body;
    println!("{username} logged in");
    Json(Ack { message: format!("{username} (user {user_id}) logged in at {login_timestamp}") })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    try_it::log_to_stderr();

    let secret = try_it::secret()?;
    let app = Webhooks::new().secret(&secret).merge(Router::new().route("/healthz", get(async || "ok"))).build()?;

    let address = std::env::var("WEBHOOK_ADDR").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    try_it::print_commands(listener.local_addr()?, &secret)?;
    Ok(app.serve(listener).await?)
}
