//! A request as it was received: its head and its bytes, neither interpreted.

use bytes::Bytes;
use http::request::Parts;

/// One delivery before anything is known of it.
pub(crate) struct Raw<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: Bytes,
}
