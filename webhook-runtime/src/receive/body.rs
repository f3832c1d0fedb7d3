//! The body, whole and as it was sent: within its limit, within its time, and not inflated yet.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http_body::Body;
use http_body_util::BodyExt;

use crate::base::error::rejection::Rejection;
use crate::base::limits::Limits;
use crate::run::within;
use crate::source::Source;
use crate::verify;

/// Reads a body. What its head says too much of is refused before the first byte.
pub(super) async fn read(
    source: &Source,
    parts: &Parts,
    body: impl Body<Data = Bytes>,
    limits: &Limits,
) -> Result<Bytes, Rejection> {
    verify::refuse_other_encodings(source, &parts.headers)?;
    let declared = body.size_hint().exact().or_else(|| declared(&parts.headers));
    if declared.is_some_and(|length| length > limits.body as u64) {
        return Err(Rejection::BodyTooLarge { limit: limits.body });
    }
    within(limits.body_time, collect(body, declared, limits.body))
        .await
        .unwrap_or(Err(Rejection::BodyTooSlow { limit: limits.body_time }))
}

/// What the head says of a body that does not know its own length.
fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body of one frame, as most are, is passed on without a copy.
async fn collect(body: impl Body<Data = Bytes>, declared: Option<u64>, limit: usize) -> Result<Bytes, Rejection> {
    let mut body = pin!(body);
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Rejection::BodyBroken)?;
        // Trailers are no part of a body.
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + joined.len() + data.len() > limit {
            return Err(Rejection::BodyTooLarge { limit });
        }
        if first.is_empty() && joined.is_empty() {
            first = data;
            continue;
        }
        if joined.is_empty() {
            // What is declared may never come, so no more than a usual body is reserved for it.
            joined.reserve(declared.and_then(|it| usize::try_from(it).ok()).unwrap_or(0).min(RESERVED));
        }
        joined.extend_from_slice(&std::mem::take(&mut first));
        joined.extend_from_slice(&data);
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

/// The most that is reserved for a body before it has come.
const RESERVED: usize = 64 * 1024;
