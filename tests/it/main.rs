//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod canary;
mod corridor;
mod embedding;
mod event_types;
mod once;
mod serve;
mod signatures;
mod startup;
mod support;
mod ui;
mod vectors;
