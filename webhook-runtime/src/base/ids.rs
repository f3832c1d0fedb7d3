//! What tells one event from another.

use std::fmt::{self, Write};
use std::sync::Arc;

/// What makes two deliveries the same event: the source that it came from, and its identity there.
///
/// The route is not part of it, since no sender signs the route: a delivery that was captured on its way to one
/// endpoint cannot run at another one of the same source after the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    source: Arc<str>,
    scope: Option<Arc<str>>,
    identity: Identity,
}

impl IdempotencyKey {
    pub(crate) fn new(source: Arc<str>, scope: Option<Arc<str>>, identity: Identity) -> Self {
        Self { source, scope, identity }
    }

    /// Writes it, each part with its length before it, so that two keys never read the same.
    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        let (kind, identity) = match &self.identity {
            Identity::Id(id) => (0, id.as_bytes()),
            Identity::Digest(digest) => (1, digest.as_slice()),
        };
        to.extend_from_slice(&[kind, u8::from(self.scope.is_some())]);
        for part in [self.source.as_bytes(), self.scope().unwrap_or_default().as_bytes(), identity] {
            to.extend_from_slice(&part.len().to_le_bytes());
            to.extend_from_slice(part);
        }
    }

    /// The name of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tenant within the source, where its route has a pattern.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The identity of the event within its source.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// What a source tells its events apart by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Identity {
    /// An id that the sender gave: one that the signature covers, where there is a signature.
    Id(Arc<str>),
    /// The SHA-256 of the signed bytes, where there is no id.
    Digest([u8; 32]),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(id),
            Self::Digest(digest) => f.write_str(&hex(digest)),
        }
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
