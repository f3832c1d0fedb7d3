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
/// anything of was abandoned. Nothing is kept of a delivery that nobody watches.
#[derive(Clone)]
pub(crate) struct Watched(Option<Arc<Delivery>>);

struct Delivery {
    span: Span,
    source: Arc<str>,
    since: Stopwatch,
    ended: AtomicBool,
}

impl Watched {
    pub(crate) fn new<'a>(source: Arc<str>, route: &str, claimed_id: impl FnOnce() -> Option<&'a str>) -> Self {
        let span = info_span!(
            target: TARGET,
            DELIVERY,
            { SOURCE } = &*source,
            { ROUTE } = route,
            { EVENT_TYPE } = tracing::field::Empty,
            { DELIVERY_ID } = claimed_id(),
            { OUTCOME } = tracing::field::Empty,
            { CAUSE } = tracing::field::Empty,
            { STATUS } = tracing::field::Empty,
            { DURATION } = tracing::field::Empty,
        );
        let is_watched = !span.is_disabled() || meters::ARE_COUNTED;
        Self(
            is_watched
                .then(|| Arc::new(Delivery { span, source, since: Stopwatch::start(), ended: AtomicBool::new(false) })),
        )
    }

    pub(crate) fn span(&self) -> Span {
        self.0.as_ref().map_or_else(Span::none, |it| it.span.clone())
    }

    /// The event of this delivery: one of several has a span of its own.
    pub(crate) fn event(&self, event_type: &str, id: &str, one_of_several: bool) -> WatchedEvent {
        WatchedEvent(self.0.as_ref().map(|it| it.event(event_type, id, one_of_several)))
    }

    pub(crate) fn refused(&self, rejection: &Rejection, status: StatusCode) {
        let Some(delivery) = &self.0 else { return };
        delivery.span.record(CAUSE, cause(rejection));
        meters::rejection(&delivery.source, cause(rejection));
        delivery.ended(rejection.into(), Some(status));
    }

    pub(crate) fn ended(&self, ended: Ended, status: StatusCode) {
        if let Some(delivery) = &self.0 {
            delivery.ended(ended, Some(status));
        }
    }
}

impl Delivery {
    fn event(&self, event_type: &str, id: &str, one_of_several: bool) -> Event {
        let span = if one_of_several {
            info_span!(
                target: TARGET,
                parent: &self.span,
                EVENT,
                { EVENT_TYPE } = event_type,
                { DELIVERY_ID } = shown(id),
                { OUTCOME } = tracing::field::Empty,
                { CAUSE } = tracing::field::Empty,
                { STATUS } = tracing::field::Empty,
                { DURATION } = tracing::field::Empty,
            )
        } else {
            self.span.record(EVENT_TYPE, event_type);
            self.span.record(DELIVERY_ID, shown(id));
            self.span.clone()
        };
        Event { span, source: Arc::clone(&self.source), since: Stopwatch::start(), one_of_several }
    }

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

/// An event of a delivery that is watched.
pub(crate) struct WatchedEvent(Option<Event>);

struct Event {
    span: Span,
    source: Arc<str>,
    since: Stopwatch,
    one_of_several: bool,
}

impl WatchedEvent {
    pub(crate) fn span(&self) -> Span {
        self.0.as_ref().map_or_else(Span::none, |it| it.span.clone())
    }

    /// `handled_as` is the event type of its handler.
    pub(crate) fn ended(
        self,
        ended: Ended,
        rejection: Option<&Rejection>,
        handled_as: Option<&'static str>,
        status: StatusCode,
    ) {
        let Some(event) = self.0 else { return };
        if let Some(rejection) = rejection {
            event.span.record(CAUSE, cause(rejection));
            meters::rejection(&event.source, cause(rejection));
        }
        if event.one_of_several {
            record(&event.span, ended, Some(status), event.since.elapsed());
        }
        meters::event(&event.source, handled_as, ended);
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
