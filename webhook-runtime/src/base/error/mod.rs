//! Everything that can go wrong, grouped by whose fault it is. Uses nothing else of this crate.
//!
//! - [`rejection`]: the sender's fault; the delivery never reached a handler
//! - [`failure`]: the handler's fault, at run time
//! - [`startup`]: the developer's or the operator's fault, found before the first delivery

pub(crate) mod failure;
pub(crate) mod rejection;
pub(crate) mod startup;
