//! Recipes that sign and verify: pure functions of keys, head and body. No clock, no network, no store.
//!
//! 1. **Accepted** is a request whose signature was made with one of the configured keys, over exactly these bytes.
//! 2. **Refused** is everything else: a header that is missing, repeated or not what the scheme says; a signature
//!    of a scheme that has no key; more than the sixteen computations that a request may cost.
//! 3. **Trap**: the scheme comes from configuration. Nothing in a request chooses an algorithm, and no recipe falls
//!    back to another one because a header is missing.
//!
//! Whether a timestamp is close enough to now is not decided here: a recipe reads it, [`verify`](crate::verify)
//! compares it.

use std::fmt;
use std::time::SystemTime;

use http::HeaderMap;
use http::request::Parts;

use crate::base::error::rejection::Cause;

pub(crate) mod digest;
pub(crate) mod ed25519;
pub(crate) mod header;
pub(crate) mod hmac;
pub(crate) mod standard;

/// How deliveries of one source are signed, with its keys inside.
pub(crate) trait Signature: Send + Sync + 'static {
    /// Reads what the head claims, before a byte of the body is read.
    fn head(&self, parts: &Parts) -> Result<Claimed, Cause>;

    /// Proves the claim of the head over the body.
    fn prove(&self, parts: &Parts, body: &[u8]) -> Result<Signed, Cause>;

    /// The headers of a delivery with this id, time and body.
    fn sign(&self, id: &str, time: SystemTime, body: &[u8]) -> Result<HeaderMap, CannotSign>;
}

/// What a head claims, not proven yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    /// When the delivery was signed, in seconds since the Unix epoch.
    pub(crate) timestamp: Option<i64>,
}

/// What a signature proved besides the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The id that the signature covers.
    pub(crate) id: Option<Box<str>>,
    /// When the delivery was signed, in seconds since the Unix epoch.
    pub(crate) timestamp: Option<i64>,
}

/// Why a source cannot sign a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotSign {
    /// The source has no usable secret.
    NoSecret,
    /// The source has public keys alone, which verify and do not sign.
    PublicKeyOnly,
    /// The id holds characters that its scheme refuses.
    Id,
    /// The time lies before 1970.
    Time,
}

impl fmt::Display for CannotSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSecret => "the source has no usable secret",
            Self::PublicKeyOnly => "the source has public keys alone, which verify and do not sign",
            Self::Id => "the id is empty, too long, or holds a dot, white space or other than visible ASCII",
            Self::Time => "the time lies before 1970",
        })
    }
}

impl std::error::Error for CannotSign {}

/// The most keys that are tried against one signature, and the most signatures of one header against one key:
/// a request costs no more than this many computations.
pub(crate) const MOST_COMPUTATIONS: usize = 16;
