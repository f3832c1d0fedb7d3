//! The endpoints and sources of one app, checked once and looked up by path.

pub(crate) mod collect;
