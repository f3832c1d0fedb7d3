//! The one integration binary: everything that needs Rust alone.

mod ui;
