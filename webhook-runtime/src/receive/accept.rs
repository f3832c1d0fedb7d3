//! Claims each event of a delivery and runs it, detached: from here on a sender that hangs up changes nothing.

use std::sync::Arc;

use http::Method;
use tracing::{debug, error, warn};

use crate::base::answer::{Answer, succeeded};
use crate::base::error::failure::Failure;
use crate::base::error::rejection::Rejection;
use crate::base::observe::TARGET;
use crate::receive::{Receiver, respond};
use crate::registry::Handler;
use crate::run::Runner;
use crate::source::Source;
use crate::store::Acceptance;
use crate::verify::{Events, VerifiedEvent};

/// The answer of a delivery. That of its one event; of several a success only where each of them is one, and else the
/// first that is none: the sender's retry repeats those that failed, and the others are settled.
pub(super) async fn accept_and_run(receiver: Arc<Receiver>, source: Source, method: Method, events: Events) -> Answer {
    let runner = receiver.runner.clone();
    let ended = runner.detach(async move {
        let (mut only, mut failed, mut ran) = (None, None, 0);
        for event in events {
            let answer = match receiver.route.selector.select(&method, event.event_type()) {
                Some(handler) => accept_one(&receiver.runner, handler, event).await,
                None => match event.unread() {
                    // Its type may stand in a body that this source does not send: a success would lose it.
                    Some(rejection) => refuse(&event.delivery_id(), &rejection),
                    None => {
                        let event_type = event.event_type();
                        debug!(target: TARGET, source = source.name(), event_type, "no handler wants it");
                        continue;
                    }
                },
            };
            ran += 1;
            if failed.is_none() && !succeeded(answer.status) {
                failed = Some(answer);
            } else {
                only = Some(answer);
            }
        }
        match (failed, only) {
            (Some(failed), _) => failed,
            (None, Some(only)) if ran == 1 => only,
            // An event that no handler wants, or several that all succeeded.
            (None, _) => respond::acknowledged(&source),
        }
    });
    // The task ends without a result only where the runtime is shut down, or a store panics.
    ended.await.unwrap_or_else(|| Answer::from(&Failure::Panicked))
}

/// The answer of one event: its handler's, or the first one where it ran before.
async fn accept_one(runner: &Runner, handler: &Handler, event: VerifiedEvent) -> Answer {
    let id = event.delivery_id();
    let rejection = match runner.store.accept(event, runner.lease(handler)).await {
        Ok(Acceptance::Accepted(accepted)) => return runner.run(accepted, handler).await.into_answer(),
        Ok(Acceptance::Answered(first)) => return respond::again(first),
        Ok(Acceptance::Running) => Rejection::StillRunning,
        Ok(Acceptance::Full) => Rejection::StoreFull,
        Err(error) => {
            error!(target: TARGET, "the store could not claim an event: {error}");
            Rejection::StoreUnavailable
        }
    };
    refuse(&id, &rejection)
}

fn refuse(delivery: &str, rejection: &Rejection) -> Answer {
    warn!(target: TARGET, delivery, "refused: {rejection}");
    Answer::from(rejection)
}
