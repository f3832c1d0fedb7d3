//! One source in an app whose handler takes every event and keeps what it saw.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use webhook_runtime::cli::sources::Configuration;
use webhook_runtime::{Event, FixedClock, RawBody, Source, Webhooks, webhook};

use crate::support::NOW;

/// What the handler saw: event type, id and body.
pub type Seen = Arc<Mutex<Vec<(String, String, String)>>>;

#[webhook("*", source = "subject")]
async fn any(State(seen): State<Seen>, event: Event<RawBody>) {
    let body = String::from_utf8_lossy(event.body()).into_owned();
    seen.lock().unwrap().push((event.event_type().to_owned(), event.delivery_id().to_owned(), body));
}

/// The source, its app, and what was seen of its events.
pub struct Subject {
    pub source: Source,
    pub router: Router,
    pub seen: Seen,
}

impl Subject {
    pub fn of(source: impl Into<Source>) -> Self {
        let (source, seen) = (source.into().url("https://hooks.test/webhooks/subject"), Seen::default());
        let router = Webhooks::empty()
            .register(any)
            .state(Arc::clone(&seen))
            .source("subject", source.clone())
            .clock(FixedClock::at(NOW))
            .into_router()
            .unwrap();
        Self { source, router, seen }
    }
}

/// A configuration of any provider: its secret, what several of them want beside it, and what only some do.
pub fn configuration(provider: &str, secret: &str, more: &[(&str, &str)]) -> Configuration {
    let common = [
        ("token_header", "X-Gitlab-Token"),
        ("token_param", "key"),
        ("organization_id", "00D24000000wxyzEAA"),
        ("label", "sig1"),
        ("algorithm", "hmac-sha256"),
    ];
    let fields = common.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Configuration::new(provider, [secret.to_owned()], fields)
}
