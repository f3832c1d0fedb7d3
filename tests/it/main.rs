//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod asymmetric;
mod batches;
mod boundaries;
mod by_hand;
mod canary;
mod contents;
mod corridor;
mod default_graph;
mod embedding;
mod event_types;
mod explain;
mod fetched;
mod hostile_events;
mod hygiene;
mod once;
mod page;
mod providers;
mod recipes;
mod record;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
