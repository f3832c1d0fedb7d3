//! Follows message after message: head, body, next head.

use super::Refusal;
use super::chunks::Chunks;
use super::head::{Body, Head, Progress};

/// The messages of one connection, as far as they arrived.
#[derive(Debug, Default)]
pub(super) struct Messages {
    at: At,
    heads: u64,
}

#[derive(Debug)]
enum At {
    Head(Head),
    Sized(u64),
    Chunked(Chunks),
}

impl Default for At {
    fn default() -> Self {
        Self::Head(Head::default())
    }
}

/// What became of the bytes that were followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// So many of them may pass.
    pub(super) passed: usize,
    /// What holds back the others; without it they are a head that has not arrived in full.
    pub(super) refusal: Option<Refusal>,
}

impl Messages {
    /// Follows the next bytes. Those that did not pass begin a head, and are given again with what comes after them.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Followed {
        let mut passed = 0;
        while let Some(rest) = bytes.get(passed..).filter(|rest| !rest.is_empty()) {
            match self.step(rest) {
                Ok(0) => break,
                Ok(more) => passed += more,
                Err(refusal) => return Followed { passed, refusal: Some(refusal) },
            }
        }
        Followed { passed, refusal: None }
    }

    /// Has the head of the current message passed, and its body not in full?
    pub(super) fn in_body(&self) -> bool {
        !matches!(self.at, At::Head(_))
    }

    /// Which message the next byte belongs to, counted from zero.
    pub(super) fn current(&self) -> u64 {
        if self.in_body() { self.heads.saturating_sub(1) } else { self.heads }
    }

    fn step(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        match &mut self.at {
            At::Head(head) => match head.read(bytes)? {
                Progress::Partial => Ok(0),
                Progress::Complete { length, body } => {
                    self.heads += 1;
                    self.at = match body {
                        Body::Sized(0) => At::default(),
                        Body::Sized(left) => At::Sized(left),
                        Body::Chunked => At::Chunked(Chunks::default()),
                    };
                    Ok(length)
                }
            },
            At::Sized(left) => {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= here as u64;
                if *left == 0 {
                    self.at = At::default();
                }
                Ok(here)
            }
            At::Chunked(chunks) => {
                let here = chunks.read(bytes)?;
                if chunks.done() {
                    self.at = At::default();
                }
                Ok(here)
            }
        }
    }
}
