//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod batches;
mod by_hand;
mod canary;
mod corridor;
mod embedding;
mod event_types;
mod explain;
mod hygiene;
mod once;
mod providers;
mod recipes;
mod record;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
