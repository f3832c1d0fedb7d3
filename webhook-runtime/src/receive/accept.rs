//! Claims each event of a delivery and runs it, detached: from here on a sender that hangs up changes nothing.

use std::pin::pin;
use std::sync::Arc;

use http::Method;
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
use crate::verify::{Events, VerifiedEvent};

/// The answer of a delivery. That of its one event; of several a success only where each of them is one, and else the
/// first that is none: the sender's retry repeats those that failed, and the others are settled.
pub(super) async fn accept_and_run(
    receiver: &Arc<Receiver>,
    source: Source,
    method: Method,
    mut events: Events,
    watched: Watched,
) -> Answer {
    let shared = Arc::clone(receiver);
    let (span, lost) = (watched.span(), watched.clone());
    let running = Box::pin(async move {
        let several = events.are_several();
        let (mut told, mut ran) = (None::<(Answer, Ended)>, 0);
        for event in events.by_ref() {
            let id = event.delivery_id();
            let seen = watched.event(event.event_type(), &id, several);
            let span = seen.span();
            // Pinned where it is made: it is too large to be moved into a span.
            let one = pin!(accept_one(&shared, &source, &method, event, &id));
            let one = one.instrument(span).await;
            seen.ended(one.ended, one.rejection.as_ref(), one.handled_as, one.answer.status);
            if one.ended == Ended::Unhandled {
                continue;
            }
            ran += 1;
            if told.as_ref().is_none_or(|(answer, _)| succeeded(answer.status)) {
                told = Some((one.answer, one.ended));
            }
        }
        let (answer, ended) = match told {
            Some(told) if ran == 1 || !succeeded(told.0.status) => told,
            // Several that all succeeded, or an event that no handler wants.
            Some(_) => (respond::acknowledged(&source), Ended::Succeeded),
            None => (respond::acknowledged(&source), Ended::Unhandled),
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

/// One event: its handler's answer, or the first one where it ran before.
async fn accept_one(receiver: &Receiver, source: &Source, method: &Method, event: VerifiedEvent, id: &str) -> One {
    let Some(handler) = receiver.route.selector.select(method, event.event_type()) else {
        // Its type may stand in a body that this source does not send: a success would lose it.
        if let Some(rejection) = event.unread() {
            return refused(id, rejection, None);
        }
        let event_type = event.event_type();
        debug!(target: TARGET, source = source.name(), event_type, "no handler wants it");
        let answer = respond::acknowledged(source);
        return One { answer, ended: Ended::Unhandled, rejection: None, handled_as: None };
    };
    let handled_as = Some(handler.endpoint.event_type);
    let runner = &receiver.runner;
    let rejection = match runner.store.claim(&event, runner.lease(handler)).await {
        Ok(Claimed::New(claim)) => {
            let Outcome { answer, ended, rejection } = runner.run(claim.accept(event), handler).await;
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
    refused(id, rejection, handled_as)
}

fn refused(delivery: &str, rejection: Rejection, handled_as: Option<&'static str>) -> One {
    warn!(target: TARGET, delivery = shown(delivery), "refused: {rejection}");
    One { answer: Answer::from(&rejection), ended: Ended::from(&rejection), rejection: Some(rejection), handled_as }
}
