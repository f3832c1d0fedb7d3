//! All that the code of `#[webhook]` may touch: the record of one handler, and how a delivery becomes its arguments.
//!
//! Knows nothing of signatures, routes or stores. Everything here is reached by generated code through
//! `__private`, and by the rooms above.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod endpoint;
pub(crate) mod event;
pub(crate) mod extract;
#[cfg(feature = "multipart")]
pub(crate) mod file;
pub(crate) mod formats;
pub(crate) mod payload;
pub(crate) mod responses;
#[cfg(feature = "validation")]
pub(crate) mod schema;
pub(crate) mod state;
pub(crate) mod written;
