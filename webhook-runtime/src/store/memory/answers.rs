//! Kept answers. Webhooks are mostly answered alike: an answer that is the one before it shares its memory.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use crate::store::FirstAnswer;

/// An answer that was kept.
pub(super) type Answer = Arc<FirstAnswer>;

/// What keeps them.
#[derive(Debug, Default)]
pub(super) struct Answers {
    latest: Option<Answer>,
    bytes: usize,
}

impl Answers {
    /// Keeps an answer, without its body where the bodies of all have no room left.
    pub(super) fn keep(&mut self, answer: FirstAnswer) -> Answer {
        if let Some(latest) = self.latest.as_ref().filter(|it| ***it == answer) {
            return Arc::clone(latest);
        }
        let has_room = self.bytes + answer.body.len() <= MOST_BYTES;
        // Copies: what was given may be small parts of large buffers, which they would keep alive.
        let kept = Arc::new(FirstAnswer {
            status: answer.status,
            content_type: answer.content_type.and_then(|it| HeaderValue::from_bytes(it.as_bytes()).ok()),
            body: if has_room { Bytes::copy_from_slice(&answer.body) } else { Bytes::new() },
        });
        self.bytes += kept.body.len();
        if let Some(before) = self.latest.replace(Arc::clone(&kept)) {
            self.forget(before);
        }
        kept
    }

    /// Forgets it for one event. Its memory goes with the last that has it.
    pub(super) fn forget(&mut self, answer: Answer) {
        if let Some(last) = Arc::into_inner(answer) {
            self.bytes -= last.body.len();
        }
    }
}

/// What the bodies of kept answers may take together: 64 MiB.
const MOST_BYTES: usize = 64 * 1024 * 1024;
