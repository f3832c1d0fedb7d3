//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod asymmetric;
mod by_hand;
mod canary;
mod contents;
mod corridor;
mod embedding;
mod features;
mod hygiene;
mod once;
mod record;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
