//! Bodies with a `Content-Encoding`: refused, unless their source says that it takes them and which bytes are signed.
//!
//! Bytes are verified before they are inflated where the encoded ones are signed. Where the decoded ones are, inflating
//! comes first, up to the limit of a body; a stranger can make this server do so much work, and no more.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
#[cfg(feature = "compression")]
use http::header::CONTENT_LENGTH;

use crate::base::error::rejection::Rejection;
use crate::source::Source;

#[cfg(feature = "compression")]
use crate::format::inflate::{Coding, NotInflated};
#[cfg(feature = "compression")]
use crate::source::encoding::SignedBytes;

/// What was proven, over which bytes, and the body that is read.
pub(super) struct Proven<T> {
    pub(super) claim: T,
    /// The bytes that the signature covers.
    pub(super) bytes: Bytes,
    /// The same, inflated where they are encoded.
    pub(super) body: Bytes,
}

/// A body before anything of it is verified.
pub(super) enum Body {
    /// As it is. What is signed is what is read.
    Plain(Bytes),
    /// In an encoding that its source takes.
    #[cfg(feature = "compression")]
    Encoded(Bytes, Coding, SignedBytes),
}

/// Refuses, by the head, an encoding that the source does not take.
pub(crate) fn refuse_others(source: &Source, headers: &HeaderMap) -> Result<(), Rejection> {
    of(source, headers, Bytes::new()).map(|_| ())
}

/// How a body of this head is encoded.
pub(super) fn of(source: &Source, headers: &HeaderMap, body: Bytes) -> Result<Body, Rejection> {
    if is_plain(headers) {
        return Ok(Body::Plain(body));
    }
    encoded(source, headers, body)
}

fn is_plain(headers: &HeaderMap) -> bool {
    !headers.contains_key(CONTENT_ENCODING)
        || headers.get_all(CONTENT_ENCODING).iter().all(|it| it.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(feature = "compression")]
fn encoded(source: &Source, headers: &HeaderMap, body: Bytes) -> Result<Body, Rejection> {
    let signed = source.signed_bytes().ok_or(Rejection::EncodedBody)?;
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    match (codings.next().and_then(|it| Coding::named(it.to_str().ok()?)), codings.next()) {
        (Some(coding), None) => Ok(Body::Encoded(body, coding, signed)),
        // Of two encodings each could hide a bomb, and no sender has them.
        _ => Err(Rejection::EncodedBody),
    }
}

#[cfg(not(feature = "compression"))]
fn encoded(_: &Source, _: &HeaderMap, _: Bytes) -> Result<Body, Rejection> {
    Err(Rejection::EncodedBody)
}

impl Body {
    /// Has the signed bytes proven.
    pub(super) fn prove<T>(
        self,
        limit: usize,
        prove: impl FnOnce(&[u8]) -> Result<T, Rejection>,
    ) -> Result<Proven<T>, Rejection> {
        #[cfg(not(feature = "compression"))]
        let _ = limit;
        match self {
            Self::Plain(body) => Ok(Proven { claim: prove(&body)?, bytes: body.clone(), body }),
            #[cfg(feature = "compression")]
            Self::Encoded(body, coding, SignedBytes::Encoded) => {
                let claim = prove(&body)?;
                Ok(Proven { claim, body: inflate(coding, &body, limit)?, bytes: body })
            }
            #[cfg(feature = "compression")]
            Self::Encoded(body, coding, SignedBytes::Decoded) => {
                let body = inflate(coding, &body, limit)?;
                Ok(Proven { claim: prove(&body)?, bytes: body.clone(), body })
            }
        }
    }
}

#[cfg(feature = "compression")]
fn inflate(coding: Coding, body: &[u8], limit: usize) -> Result<Bytes, Rejection> {
    coding.inflate(body, limit).map_err(|why| match why {
        NotInflated::TooLarge => Rejection::BodyTooLarge { limit },
        NotInflated::Broken => Rejection::Malformed("is not of its Content-Encoding"),
    })
}

/// Takes away what is true of the encoded body alone: from here on the head is that of the bytes as they are read.
#[cfg(feature = "compression")]
pub(crate) fn forget(source: &Source, headers: &mut HeaderMap) {
    if source.signed_bytes().is_some() && !is_plain(headers) {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
}

/// Nothing is encoded.
#[cfg(not(feature = "compression"))]
pub(crate) fn forget(_: &Source, _: &mut HeaderMap) {}
