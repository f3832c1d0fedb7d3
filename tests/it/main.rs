//! The one integration binary: everything that needs Rust alone.

mod hygiene;
mod record;
mod ui;
