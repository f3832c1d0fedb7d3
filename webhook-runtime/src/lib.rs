//! Verified, documented webhook endpoints for axum.

// ---- roof: generated code ----
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
// ---- floor 4 ----
mod registry;
// ---- floor 2 ----
mod handler;
// ---- floor 1 ----
mod format;
// ---- floor 0 ----
mod base;

pub use axum;
pub use base::clock::{Clock, FixedClock, SystemClock};
pub use base::error::rejection::{Cause, Rejection, Violation};
pub use base::error::startup::{Error, Place, Problem};
pub use base::ids::{IdempotencyKey, Identity};
pub use base::limits::Limits;
pub use handler::event::{Event, Hints};
pub use handler::payload::RawBody;
pub use schemars;
pub use webhook_macros::webhook;
