//! The names under which the runtime is seen from outside: one target for all its log lines.

/// The `tracing` target of every event of this crate.
pub(crate) const TARGET: &str = "webhook";
