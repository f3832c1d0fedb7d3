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

#[cfg(test)]
mod tests {
    use super::{Answer, Answers, MOST_BYTES};
    use crate::store::FirstAnswer;

    /// Keeps an answer of so many bytes, unlike any other by its status.
    fn keep(answers: &mut Answers, status: u16, bytes: usize) -> Answer {
        answers.keep(FirstAnswer { status, content_type: None, body: vec![0; bytes].into() })
    }

    #[test]
    fn bodies_are_kept_while_they_have_room_together() {
        let mut answers = Answers::default();
        let quarter = MOST_BYTES / 4;
        let mut kept: Vec<Answer> = (0..4).map(|status| keep(&mut answers, status, quarter)).collect();
        assert!(kept.iter().all(|it| it.body.len() == quarter));
        assert_eq!(MOST_BYTES, 64 << 20);

        let without_room = keep(&mut answers, 4, 1);
        assert_eq!((without_room.status, without_room.body.len()), (4, 0));

        answers.forget(kept.remove(0));
        assert_eq!(keep(&mut answers, 5, quarter).body.len(), quarter);
    }

    #[test]
    fn an_answer_that_is_the_one_before_it_shares_its_memory() {
        let mut answers = Answers::default();
        let (first, second) = (keep(&mut answers, 200, MOST_BYTES), keep(&mut answers, 200, MOST_BYTES));
        assert!(std::sync::Arc::ptr_eq(&first, &second) && first.body.len() == MOST_BYTES);
        answers.forget(first);
        assert_eq!(keep(&mut answers, 201, 1).body.len(), 0);
        answers.forget(second);
        assert_eq!(keep(&mut answers, 202, 1).body.len(), 1);
    }
}
