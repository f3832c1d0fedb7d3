//! One delivery, or one event of it, as it is seen from outside: its span, and what is counted when it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::StatusCode;
use tracing::{Span, info_span};

use crate::base::error::rejection::Rejection;
use crate::base::observe::{
    CAUSE, DELIVERY, DELIVERY_ID, DURATION, EVENT, EVENT_TYPE, Ended, OUTCOME, ROUTE, SOURCE, STATUS, Stopwatch,
    TARGET, cause, meters,
};

/// A delivery on its way. Copies are of the same one; what says first how it ended is heard. One that nobody says
/// anything of was abandoned.
#[derive(Clone)]
pub(crate) struct Watched(Arc<Delivery>);

struct Delivery {
    span: Span,
    source: Arc<str>,
    since: Stopwatch,
    ended: AtomicBool,
}

impl Watched {
    pub(crate) fn new(source: Arc<str>, route: &str, claimed_id: Option<&str>) -> Self {
        let span = info_span!(
            target: TARGET,
            DELIVERY,
            { SOURCE } = &*source,
            { ROUTE } = route,
            { EVENT_TYPE } = tracing::field::Empty,
            { DELIVERY_ID } = claimed_id.map(shown),
            { OUTCOME } = tracing::field::Empty,
            { CAUSE } = tracing::field::Empty,
            { STATUS } = tracing::field::Empty,
            { DURATION } = tracing::field::Empty,
        );
        Self(Arc::new(Delivery { span, source, since: Stopwatch::start(), ended: AtomicBool::new(false) }))
    }

    pub(crate) fn span(&self) -> Span {
        self.0.span.clone()
    }

    /// The event of this delivery: one of several has a span of its own.
    pub(crate) fn event(&self, event_type: &str, id: &str, one_of_several: bool) -> WatchedEvent {
        let span = if one_of_several {
            info_span!(
                target: TARGET,
                parent: &self.0.span,
                EVENT,
                { EVENT_TYPE } = event_type,
                { DELIVERY_ID } = shown(id),
                { OUTCOME } = tracing::field::Empty,
                { CAUSE } = tracing::field::Empty,
                { STATUS } = tracing::field::Empty,
                { DURATION } = tracing::field::Empty,
            )
        } else {
            self.0.span.record(EVENT_TYPE, event_type);
            self.0.span.record(DELIVERY_ID, shown(id));
            self.0.span.clone()
        };
        WatchedEvent { span, source: Arc::clone(&self.0.source), since: Stopwatch::start(), one_of_several }
    }

    pub(crate) fn refused(&self, rejection: &Rejection, status: StatusCode) {
        self.0.span.record(CAUSE, cause(rejection));
        meters::rejection(&self.0.source, cause(rejection));
        self.ended(rejection.into(), status);
    }

    pub(crate) fn ended(&self, ended: Ended, status: StatusCode) {
        self.0.ended(ended, Some(status));
    }
}

impl Delivery {
    fn ended(&self, ended: Ended, status: Option<StatusCode>) {
        if !self.ended.swap(true, Ordering::Relaxed) {
            record(&self.span, ended, status, self.since.elapsed());
            meters::delivery(&self.source, ended);
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.ended(Ended::Abandoned, None);
    }
}

/// An event of a delivery.
pub(crate) struct WatchedEvent {
    span: Span,
    source: Arc<str>,
    since: Stopwatch,
    one_of_several: bool,
}

impl WatchedEvent {
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// `handled_as` is the event type of its handler.
    pub(crate) fn ended(
        self,
        ended: Ended,
        rejection: Option<&Rejection>,
        handled_as: Option<&'static str>,
        status: StatusCode,
    ) {
        if let Some(rejection) = rejection {
            self.span.record(CAUSE, cause(rejection));
            meters::rejection(&self.source, cause(rejection));
        }
        if self.one_of_several {
            record(&self.span, ended, Some(status), self.since.elapsed());
        }
        meters::event(&self.source, handled_as, ended);
    }
}

fn record(span: &Span, ended: Ended, status: Option<StatusCode>, took: Duration) {
    span.record(OUTCOME, ended.word());
    span.record(STATUS, status.map(|it| it.as_u16()));
    span.record(DURATION, took.as_secs_f64() * 1000.0);
}

/// No sender's id is longer, and a log line is not a place to fill.
pub(crate) fn shown(id: &str) -> &str {
    id.char_indices().nth(SHOWN_ID_CHARS).map_or(id, |(end, _)| id.split_at(end).0)
}

const SHOWN_ID_CHARS: usize = 64;
