//! What is posted to a pinned URL. It holds credentials, and shows none.

use std::fmt;

use bytes::Bytes;

/// A body that is posted, with its content type.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Post {
    content_type: &'static str,
    authorization: Option<Box<str>>,
    body: Bytes,
}

impl Post {
    #[cfg(any(feature = "jwt", feature = "x509"))]
    pub(crate) fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { content_type, authorization: None, body: body.into() }
    }

    #[cfg(feature = "x509")]
    pub(crate) fn authorized(self, authorization: impl Into<Box<str>>) -> Self {
        Self { authorization: Some(authorization.into()), ..self }
    }

    /// The value of `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The value of `Authorization`, if there is to be one.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}
