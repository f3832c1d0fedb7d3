//! Answers that no handler gave just now.

use bytes::Bytes;
use http::{HeaderMap, header};

use crate::base::answer::{Answer, succeeded};
use crate::base::observe::delivery::shown;
use crate::source::Source;
use crate::store::FirstAnswer;

/// The first answer, for a copy of its delivery.
pub(super) fn again(first: FirstAnswer) -> Answer {
    Answer::kept(first.status, first.content_type.map(|it| (header::CONTENT_TYPE, it)), first.body)
}

/// What the sender takes for a success: for events that no handler wants, which is none of the sender's mistakes, and
/// for several that succeeded.
pub(super) fn acknowledged(source: &Source) -> Answer {
    Answer::kept(source.facts().success, None, Bytes::new())
}

/// A success in the words of its sender, where a status says too little to it and the handler said nothing.
pub(super) fn in_its_words(source: &Source, answer: Answer) -> Answer {
    match source.facts().acknowledgement {
        Some(it) if succeeded(answer.status) && answer.body.is_empty() => answer.filled(it.content_type, it.body),
        _ => answer,
    }
}

/// The delivery id that a request claims, for the log alone: nothing is proven yet.
pub(super) fn claimed_id<'a>(source: &Source, headers: &'a HeaderMap) -> Option<&'a str> {
    let id = headers.get(source.facts().delivery_id.as_deref()?)?.to_str().ok()?;
    Some(shown(id))
}
