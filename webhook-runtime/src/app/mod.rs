//! The app: a builder that gathers what is to be received, and the two ways to serve it.

pub(crate) mod builder;
pub(crate) mod built;
pub(crate) mod front;
pub(crate) mod mount;
pub(crate) mod serve;
pub(crate) mod shutdown;
