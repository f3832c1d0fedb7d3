//! Claims each event of a delivery and runs it, detached: from here on a sender that hangs up changes nothing.

use std::sync::Arc;

use http::Method;
use tracing::{Instrument, debug, error, warn};

use crate::base::answer::{Answer, succeeded};
use crate::base::error::failure::Failure;
use crate::base::error::rejection::Rejection;
use crate::base::observe::delivery::Watched;
use crate::base::observe::{Ended, TARGET};
use crate::receive::{Receiver, respond};
use crate::run::Outcome;
use crate::source::Source;
use crate::store::Acceptance;
use crate::verify::{Events, VerifiedEvent};

/// The answer of a delivery. That of its one event; of several a success only where each of them is one, and else the
/// first that is none: the sender's retry repeats those that failed, and the others are settled.
pub(super) async fn accept_and_run(
    receiver: Arc<Receiver>,
    source: Source,
    method: Method,
    events: Events,
    watched: Watched,
) -> Answer {
    let runner = receiver.runner.clone();
    let (span, lost) = (watched.span(), watched.clone());
    let ended = runner.detach(
        async move {
            let several = events.are_several();
            let (mut only, mut failed, mut ran) = (None, None, 0);
            for event in events {
                let id = event.delivery_id();
                let seen = watched.event(event.event_type(), &id, several);
                let span = seen.span();
                let one = accept_one(&receiver, &source, &method, event, &id).instrument(span).await;
                seen.ended(one.ended, one.rejection.as_ref(), one.handled_as, one.answer.status);
                if one.ended == Ended::Unhandled {
                    continue;
                }
                ran += 1;
                if failed.is_none() && !succeeded(one.answer.status) {
                    failed = Some((one.answer, one.ended));
                } else {
                    only = Some((one.answer, one.ended));
                }
            }
            let (answer, ended) = match (failed, only) {
                (Some(failed), _) => failed,
                (None, Some(only)) if ran == 1 => only,
                // Several that all succeeded, or an event that no handler wants.
                (None, Some(_)) => (respond::acknowledged(&source), Ended::Succeeded),
                (None, None) => (respond::acknowledged(&source), Ended::Unhandled),
            };
            watched.ended(ended, answer.status);
            answer
        }
        .instrument(span),
    );
    // The task ends without a result only where the runtime is shut down, or a store panics.
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
    let rejection = match runner.store.accept(event, runner.lease(handler)).await {
        Ok(Acceptance::Accepted(accepted)) => {
            let Outcome { answer, ended, rejection } = runner.run(accepted, handler).await;
            return One { answer, ended, rejection, handled_as };
        }
        Ok(Acceptance::Answered(first)) => {
            return One { answer: respond::again(first), ended: Ended::Duplicate, rejection: None, handled_as };
        }
        Ok(Acceptance::Running) => Rejection::StillRunning,
        Ok(Acceptance::Full) => Rejection::StoreFull,
        Err(error) => {
            error!(target: TARGET, "the store could not claim an event: {error}");
            Rejection::StoreUnavailable
        }
    };
    refused(id, rejection, handled_as)
}

fn refused(delivery: &str, rejection: Rejection, handled_as: Option<&'static str>) -> One {
    warn!(target: TARGET, delivery, "refused: {rejection}");
    One { answer: Answer::from(&rejection), ended: Ended::from(&rejection), rejection: Some(rejection), handled_as }
}
