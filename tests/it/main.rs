//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod canary;
mod corridor;
mod embedding;
mod explain;
mod once;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
