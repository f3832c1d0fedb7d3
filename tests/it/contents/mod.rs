//! Bodies that are no plain JSON: XML, forms in parts, and encoded ones. What they can do to a reader has a limit.

use std::sync::{Arc, Mutex};

use axum::Router;
use webhook_runtime::{FixedClock, Source, Webhooks};

use crate::support::NOW;

mod encodings;
mod multipart;
mod xml;

/// What the handlers saw.
type Seen = Arc<Mutex<Vec<String>>>;

/// An app of one handler and one source, and what its handler saw.
fn app(source: impl Into<Source>, register: impl FnOnce(Webhooks) -> Webhooks) -> (Router, Seen) {
    let seen = Seen::default();
    let app = register(Webhooks::empty()).state(Arc::clone(&seen)).source("subject", source);
    (app.clock(FixedClock::at(NOW)).into_router().unwrap(), seen)
}

fn take(seen: &Seen) -> Vec<String> {
    std::mem::take(&mut *seen.lock().unwrap())
}
