//! From an accepted event to its outcome: decode, call, settle.
//!
//! It runs to its end whatever its sender does: where it waits it is in a task of its own, so that a sender that hangs up
//! changes nothing, and its claim is settled. A 2xx keeps the answer for copies of the event; everything else gives the
//! claim back, so that the sender's retry runs a fixed handler. This makes an inline handler run **at least once**.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http::request::Parts;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::base::answer::{Answer, succeeded};
use crate::base::clock::Clock;
use crate::base::error::rejection::Rejection;
use crate::base::limits::{LONGEST_TIME, Limits};
use crate::base::observe::delivery::shown;
use crate::base::observe::{Ended, TARGET};
use crate::handler::call::{Call, Facts};
use crate::registry::Handler;
use crate::store::{Accepted, Lease, SharedStore};

mod call;
mod decode;
mod detached;
mod settle;
mod within;

pub(crate) use within::within;

/// What running needs besides the event and its handler.
#[derive(Clone)]
pub(crate) struct Runner {
    pub(crate) store: SharedStore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Limits,
    /// Knows every detached task, so that a stopping server waits for them.
    pub(crate) tasks: TaskTracker,
}

/// The end of an accepted event: its claim is settled or released.
#[must_use]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) ended: Ended,
    /// Why the body is not what its handler takes.
    pub(crate) rejection: Option<Rejection>,
}

impl Outcome {
    /// The answer of a handler.
    fn of(answer: Answer) -> Self {
        let ended = if succeeded(answer.status) { Ended::Succeeded } else { Ended::Failed };
        Self { answer, ended, rejection: None }
    }

    /// A body that its handler does not take.
    fn refused(rejection: Rejection) -> Self {
        Self { answer: Answer::from(&rejection), ended: Ended::from(&rejection), rejection: Some(rejection) }
    }
}

impl Runner {
    /// Runs an accepted event to its end. Its handler takes the head of the request, as hints.
    pub(crate) fn run(
        &self,
        accepted: Accepted<'_>,
        hints: &mut Parts,
        handler: &Handler,
    ) -> impl Future<Output = Outcome> {
        // Not in the future: what the handler is given moves into its own, once.
        let (event, claim) = accepted.into_parts();
        let (delivery, event_type, content, delivery_id) = event.into_parts();
        let retention = delivery.facts().retry_horizon;
        let id = Arc::clone(&delivery_id);
        let facts =
            Facts { delivery_id, event_type, source: delivery.shared_source(), timestamp: delivery.timestamp() };
        let call = Call {
            parts: taken(hints),
            body: delivery.body().clone(),
            content,
            facts,
            #[cfg(feature = "validation")]
            constraints: handler.constraints.clone(),
        };
        let (running, limit) = ((handler.call)(call), self.time_limit(handler));
        async move {
            let outcome = match call::answer(running, handler.endpoint.status_code, limit).await {
                Ok(answer) => Outcome::of(answer),
                Err(call::Problem::Undecodable(why)) => {
                    let rejection = decode::explain(why, handler, delivery);
                    warn!(target: TARGET, source = delivery.source(), delivery = shown(&id), "refused: {rejection}");
                    Outcome::refused(rejection)
                }
                Err(call::Problem::Failed(failure)) => {
                    warn!(target: TARGET, source = delivery.source(), delivery = shown(&id), "failed: {failure}");
                    Outcome { answer: Answer::from(&failure), ended: Ended::from(&failure), rejection: None }
                }
            };
            settle::settle(self, &claim, &outcome.answer, retention).await;
            let status = outcome.answer.status.as_u16();
            debug!(target: TARGET, source = delivery.source(), delivery = shown(&id), status, "ran");
            outcome
        }
    }

    /// A lease that outlives the handler: only a process that died lets it end.
    pub(crate) fn lease(&self, handler: &Handler) -> Lease {
        let now = self.clock.now();
        Lease { now, until: now + self.time_limit(handler) + LEASE_MARGIN }
    }

    fn time_limit(&self, handler: &Handler) -> Duration {
        handler.endpoint.timeout.map_or(self.limits.time, |it| it.min(LONGEST_TIME))
    }
}

/// A head is large, and on the way here it is not moved.
fn taken(head: &mut Parts) -> Parts {
    let (empty, ()) = Request::new(()).into_parts();
    std::mem::replace(head, empty)
}

/// What settling may take after the handler's time limit.
const LEASE_MARGIN: Duration = Duration::from_secs(10);
