//! What a source says of itself, and what keeps it from starting.

use crate::Source;

mod facts;
#[cfg(all(feature = "rsa", not(feature = "fetch")))]
mod without_client;

/// What the start says of a source.
fn problem(source: impl Into<Source>) -> String {
    source.into().ready().map_or_else(|error| error.to_string(), |_| "none".to_owned())
}
