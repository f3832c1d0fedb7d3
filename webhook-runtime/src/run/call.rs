//! The handler itself: with a time limit, and with its panics caught.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Duration;

use http_body_util::BodyExt;

use crate::base::answer::{Answer, UNTOUCHED};
use crate::base::error::failure::Failure;
use crate::format::Undecodable;
use crate::handler::call::Call;
use crate::registry::Handler;

/// Why there is no answer of the handler.
pub(super) enum Problem {
    /// The body is not its payload.
    Undecodable(Undecodable),
    /// It was called and gave none.
    Failed(Failure),
}

/// Calls a handler, and reads its answer whole: a webhook's answer is small, and copies of the delivery get it too.
pub(super) async fn call(handler: &Handler, call: Call, limit: Duration) -> Result<Answer, Problem> {
    let panicked = |_| Problem::Failed(Failure::Panicked);
    // Code of the developer runs where the future is made, polled and dropped, and in the body of its answer: a panic is
    // caught at each.
    let answering = catch_unwind(AssertUnwindSafe(|| Box::pin(answered(handler, call)))).map_err(panicked)?;
    let mut answering = Some(answering);
    let polled = poll_fn(|context| {
        let Some(future) = &mut answering else { return Poll::Pending };
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(Err(panicked(panic))))
    });
    let result = tokio::time::timeout(limit, polled).await;
    catch_unwind(AssertUnwindSafe(|| drop(answering.take()))).map_err(panicked)?;
    result.unwrap_or(Err(Problem::Failed(Failure::TimedOut)))
}

async fn answered(handler: &Handler, call: Call) -> Result<Answer, Problem> {
    let response = (handler.call)(call).await.map_err(Problem::Undecodable)?;
    let (mut head, body) = response.into_parts();
    if let Some(status) = handler.endpoint.status_code.filter(|_| head.status == UNTOUCHED) {
        head.status = status.try_into().unwrap_or(head.status);
    }
    let body = body.collect().await.map_err(|_| Problem::Failed(Failure::AnswerBroken))?.to_bytes();
    Ok(Answer { status: head.status, headers: head.headers, body })
}
