//! Claims each event of a delivery and runs it, detached: from here on a sender that hangs up changes nothing.

use std::pin::pin;
use std::sync::Arc;

use http::Method;
use http::request::Parts;
use tracing::{Instrument, debug, error, warn};

use crate::base::answer::{Answer, succeeded};
use crate::base::error::failure::Failure;
use crate::base::error::rejection::Rejection;
use crate::base::observe::delivery::{Watched, shown};
use crate::base::observe::{Ended, TARGET};
use crate::receive::{Receiver, respond};
use crate::run::Outcome;
use crate::source::Source;
use crate::store::Claimed;
use crate::verify::{self, Unpacked, Verified, VerifiedEvent};

/// The answer of a delivery. That of its one event; of several a success only where each of them is one, and else the
/// first that is none: the sender's retry repeats those that failed, and the others are settled.
pub(super) async fn accept_and_run(
    receiver: &Arc<Receiver>,
    source: Source,
    delivery: Verified,
    mut hints: Parts,
    watched: Watched,
) -> Answer {
    let shared = Arc::clone(receiver);
    let (span, lost) = (watched.span(), watched.clone());
    let running = Box::pin(async move {
        let method = hints.method.clone();
        let unpacked = match shared.route.selector.event_type() {
            Some(of_route) => verify::unpack_as(Arc::clone(of_route), &delivery, &hints),
            None => verify::unpack(&delivery, &hints),
        };
        let of = Of { receiver: &shared, source: &source, method: &method, watched: &watched };
        let (answer, ended) = match unpacked {
            Unpacked::One(event) => of.one(event, &mut hints, false).await,
            // In a box, so that a single event does not carry the room for several.
            Unpacked::Several(events) => Box::pin(of.several(events, &hints)).await,
        };
        watched.ended(ended, answer.status);
        answer
    });
    let ended = receiver.runner.finish(running.instrument(span));
    // It ends without a result only where the runtime is shut down, or a store panics.
    ended.await.unwrap_or_else(|| {
        let answer = Answer::from(&Failure::Panicked);
        lost.ended(Ended::Lost, answer.status);
        answer
    })
}

/// What became of one event.
struct One {
    answer: Answer,
    ended: Ended,
    rejection: Option<Rejection>,
    /// What its handler was registered for.
    handled_as: Option<&'static str>,
}

/// What the events of one delivery are accepted with.
struct Of<'a> {
    receiver: &'a Receiver,
    source: &'a Source,
    method: &'a Method,
    watched: &'a Watched,
}

impl Of<'_> {
    /// The events of a batch. The answer is a success only where each of them is one.
    async fn several(&self, events: Vec<VerifiedEvent<'_>>, hints: &Parts) -> (Answer, Ended) {
        let (mut told, mut ran) = (None::<(Answer, Ended)>, 0);
        for event in events {
            let (answer, ended) = self.one(event, &mut hints.clone(), true).await;
            if ended == Ended::Unhandled {
                continue;
            }
            ran += 1;
            if told.as_ref().is_none_or(|(first, _)| succeeded(first.status)) {
                told = Some((answer, ended));
            }
        }
        match told {
            Some(told) if ran == 1 || !succeeded(told.0.status) => told,
            // Several that all succeeded, or an event that no handler wants.
            Some(_) => (respond::acknowledged(self.source), Ended::Succeeded),
            None => (respond::acknowledged(self.source), Ended::Unhandled),
        }
    }

    /// One event in its span. Its handler takes the hints.
    async fn one(&self, event: VerifiedEvent<'_>, hints: &mut Parts, is_one_of_several: bool) -> (Answer, Ended) {
        let seen = self.watched.event(event.event_type(), event.delivery_id(), is_one_of_several);
        let span = seen.span();
        // Pinned where it is made: it is too large to be moved into a span.
        let accepting = pin!(self.accept(event, hints));
        let One { answer, ended, rejection, handled_as } = accepting.instrument(span).await;
        seen.ended(ended, rejection.as_ref(), handled_as, answer.status);
        (answer, ended)
    }

    /// One event: its handler's answer, or the first one where it ran before.
    async fn accept(&self, event: VerifiedEvent<'_>, hints: &mut Parts) -> One {
        let Some(handler) = self.receiver.route.selector.select(self.method, event.event_type()) else {
            // Its type may stand in a body that this source does not send: a success would lose it.
            if let Some(rejection) = event.unread() {
                return refused(event.delivery_id(), rejection, None);
            }
            let event_type = event.event_type();
            debug!(target: TARGET, source = self.source.name(), event_type, "no handler wants it");
            let answer = respond::acknowledged(self.source);
            return One { answer, ended: Ended::Unhandled, rejection: None, handled_as: None };
        };
        let handled_as = Some(handler.endpoint.event_type);
        let runner = &self.receiver.runner;
        let rejection = match runner.store.claim(&event, runner.lease(handler)).await {
            Ok(Claimed::New(claim)) => {
                let Outcome { answer, ended, rejection } = runner.run(claim.accept(event), hints, handler).await;
                return One { answer, ended, rejection, handled_as };
            }
            Ok(Claimed::Answered(first)) => {
                return One { answer: respond::again(first), ended: Ended::Duplicate, rejection: None, handled_as };
            }
            Ok(Claimed::Running) => Rejection::StillRunning,
            Ok(Claimed::Full) => Rejection::StoreFull,
            Err(error) => {
                error!(target: TARGET, "the store could not claim an event: {error}");
                Rejection::StoreUnavailable
            }
        };
        refused(event.delivery_id(), rejection, handled_as)
    }
}

fn refused(delivery: &str, rejection: Rejection, handled_as: Option<&'static str>) -> One {
    warn!(target: TARGET, delivery = shown(delivery), "refused: {rejection}");
    One { answer: Answer::from(&rejection), ended: Ended::from(&rejection), rejection: Some(rejection), handled_as }
}
