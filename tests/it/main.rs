//! The one integration binary: everything that needs Rust alone.

mod architecture;
mod canary;
mod corridor;
mod embedding;
mod once;
mod providers;
mod recipes;
mod serve;
mod startup;
mod support;
mod ui;
mod vectors;
