//! The nouns that every room uses: what was received, what is answered, what went wrong.
//!
//! Nothing here decides anything. The rooms above import these types; this room imports none of theirs.

pub(crate) mod answer;
pub(crate) mod clock;
pub(crate) mod env;
pub(crate) mod error;
pub(crate) mod ids;
pub(crate) mod limits;
pub mod observe;
pub(crate) mod raw;
pub(crate) mod secret;
