//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod by_hand;
mod canary;
mod corridor;
mod default_graph;
mod embedding;
mod fetched;
mod hygiene;
mod once;
mod record;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
