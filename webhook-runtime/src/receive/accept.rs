//! Claims an event and runs it, detached: from here on a sender that hangs up changes nothing.

use std::sync::Arc;

use tracing::error;

use crate::base::answer::Answer;
use crate::base::error::failure::Failure;
use crate::base::error::rejection::Rejection;
use crate::base::observe::TARGET;
use crate::receive::respond;
use crate::registry::Handler;
use crate::run::Runner;
use crate::store::Acceptance;
use crate::verify::VerifiedEvent;

/// The answer of an event: its handler's, or the first one where it ran before.
pub(super) async fn accept_and_run(
    runner: &Runner,
    handler: Arc<Handler>,
    event: VerifiedEvent,
) -> Result<Answer, Rejection> {
    let task = runner.clone();
    let ended = runner.detach(async move {
        match task.store.accept(event, task.lease(&handler)).await {
            Ok(Acceptance::Accepted(accepted)) => Ok(task.run(accepted, &handler).await.into_answer()),
            Ok(Acceptance::Answered(first)) => Ok(respond::again(first)),
            Ok(Acceptance::Running) => Err(Rejection::StillRunning),
            Ok(Acceptance::Full) => Err(Rejection::StoreFull),
            Err(error) => {
                error!(target: TARGET, "the store could not claim an event: {error}");
                Err(Rejection::StoreUnavailable)
            }
        }
    });
    // The task ends without a result only where the runtime is shut down, or a store panics.
    ended.await.unwrap_or_else(|| Ok(Answer::from(&Failure::Panicked)))
}
