//! What makes the quickstart fun to try: a secret for this run, and signed commands to paste.

use std::error::Error;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Local};
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use webhook_runtime::{StandardWebhooks, random_secret};

/// The secrets of `WEBHOOK_SECRET`, or a random one that is printed and gone with the run.
pub fn secret() -> Result<String, Box<dyn Error>> {
    if let Ok(secret) = std::env::var("WEBHOOK_SECRET") {
        return Ok(secret);
    }
    let secret = random_secret()?;
    println!("WEBHOOK_SECRET is not set; this run has a secret of its own: {secret}\n");
    Ok(secret)
}

/// Logs what was found, what is refused and why; more where `RUST_LOG` says so.
pub fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
}

/// One signed delivery for each endpoint, as a command to paste into another terminal.
pub fn print_commands(address: SocketAddr, secrets: &str) -> Result<(), Box<dyn Error>> {
    let source = StandardWebhooks::new(secrets);
    let now = SystemTime::now();
    let until: DateTime<Local> = (now + TOLERANCE).into();
    for (event_type, body) in samples() {
        let body = body.to_string();
        let url = format!("http://{address}/webhooks/{event_type}");
        let id = format!("msg_{event_type}");
        println!("POST {url}");
        match source.sign(&id, now, body.as_bytes()) {
            Ok(headers) => {
                let headers: Vec<String> = headers
                    .iter()
                    .map(|(name, value)| Ok(format!("-H '{name}: {}'", value.to_str()?)))
                    .collect::<Result<_, Box<dyn Error>>>()?;
                println!(
                    "curl -sS -X POST {url} -H 'content-type: application/json' {} -d '{body}'; echo\n",
                    headers.join(" ")
                );
            }
            Err(reason) => println!("no command for it: {reason}\n"),
        }
    }
    println!(
        "The commands are valid until {}. The page that signs too: http://{address}/docs",
        until.format("%H:%M:%S")
    );
    Ok(())
}

/// A payload for each event.
fn samples() -> [(&'static str, Value); 2] {
    let at = "2026-01-15T09:30:00Z";
    [
        ("new-subscription", json!({ "username": "ada", "monthly_fee": 9.5, "start_date": at })),
        ("login-success", json!({ "user_id": 1, "username": "ada", "login_timestamp": at })),
    ]
}

/// How long a signature is good for.
const TOLERANCE: Duration = Duration::from_secs(300);
