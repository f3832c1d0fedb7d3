//! What the guard of a connection, its service and its timer tell each other.
//!
//! The guard says what it waits for, the service which request is being answered; from both follows the one deadline
//! that the connection has at any time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Refusal;
use crate::base::limits::Limits;

/// The state of one connection.
#[derive(Debug)]
pub(crate) struct Watch {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    reading: Reading,
    /// When the connection fell quiet, or its unfinished head began.
    since: Instant,
    requests: u64,
    answering: bool,
    unread: Option<Instant>,
    lingering: Option<Instant>,
    refused: Option<(u64, Refusal)>,
}

/// What the guard waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing that was begun.
    Nothing,
    /// The rest of a head.
    Head,
    /// The rest of a body, and until when.
    Body { message: u64, until: Instant },
    /// The rest of a body that took too long.
    Late,
}

/// What is due, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// The peer is given up: the connection is dropped.
    Drop(Instant),
    /// The body is given up: it breaks off, and the request is answered 408.
    Body(Instant),
}

impl Due {
    pub(crate) fn at(self) -> Instant {
        match self {
            Self::Drop(at) | Self::Body(at) => at,
        }
    }
}

/// How long what a peer still sends is read and thrown away after the last answer. Closing at once would reset the
/// connection, and the peer could lose the answer that says why.
const LINGER: Duration = Duration::from_secs(2);
/// How much later than its own room a body is given up here. Where that room answers, it answers first.
const MARGIN: Duration = Duration::from_secs(5);

impl Watch {
    pub(crate) fn new(limits: Limits) -> Self {
        let state = State {
            reading: Reading::Nothing,
            since: Instant::now(),
            requests: 0,
            answering: false,
            unread: None,
            lingering: None,
            refused: None,
        };
        Self { limits, state: Mutex::new(state) }
    }

    /// The one thing that the connection is waiting for its peer to do, if there is any.
    pub(crate) fn due(&self) -> Option<Due> {
        let state = self.state();
        if let Some(since) = state.lingering {
            return Some(Due::Drop(since + LINGER));
        }
        if let Some(since) = state.unread {
            return Some(Due::Drop(since + self.limits.body_time));
        }
        match state.reading {
            Reading::Body { until, .. } => Some(Due::Body(until)),
            // While a request is being answered, the peer may be silent.
            _ if state.answering => None,
            Reading::Nothing if state.requests > 0 => Some(Due::Drop(state.since + self.limits.idle_time)),
            Reading::Nothing | Reading::Head => Some(Due::Drop(state.since + self.limits.header_time)),
            Reading::Late => None,
        }
    }

    /// A request reached the service; says which one it is.
    pub(crate) fn begin(&self) -> u64 {
        let mut state = self.state();
        let request = state.requests;
        state.requests += 1;
        state.answering = true;
        request
    }

    /// Have so many requests reached the service?
    pub(crate) fn has_begun(&self, requests: u64) -> bool {
        self.state().requests >= requests
    }

    /// The answer to it was handed over in full, or given up.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        state.answering = false;
        state.since = Instant::now();
    }

    /// Why this request is refused, if it is.
    pub(crate) fn refusal(&self, request: u64) -> Option<Refusal> {
        self.state().refused.filter(|(refused, _)| *refused == request).map(|(_, refusal)| refusal)
    }

    /// Gives the body up that is waited for.
    pub(crate) fn give_body_up(&self) {
        let mut state = self.state();
        if let Reading::Body { message, .. } = state.reading {
            state.reading = Reading::Late;
            state.refused.get_or_insert((message, Refusal::BodyTooSlow));
        }
    }

    pub(super) fn is_late(&self) -> bool {
        self.state().reading == Reading::Late
    }

    /// How long a body may be waited for, all in all. What arrives earns time, up to this again.
    pub(super) fn patience(&self) -> Duration {
        self.limits.body_time + MARGIN
    }

    pub(super) fn refuse(&self, message: u64, refusal: Refusal) {
        self.state().refused.get_or_insert((message, refusal));
    }

    pub(super) fn reads(&self, reading: Reading) {
        let mut state = self.state();
        if reading == Reading::Head {
            state.since = Instant::now();
        }
        state.reading = reading;
    }

    pub(super) fn writes(&self, stalled: bool) {
        self.state().unread = stalled.then(Instant::now);
    }

    pub(super) fn lingers(&self) {
        self.state().lingering = Some(Instant::now());
    }

    /// No code panics while it holds the lock, so what a poisoned one guards is sound.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
