//! The handler itself: with a time limit, and with its panics caught.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http_body_util::BodyExt;

use crate::base::answer::{Answer, UNTOUCHED};
use crate::base::error::failure::Failure;
use crate::format::Undecodable;
use crate::handler::call::Running;
use crate::run::within;

/// Why there is no answer of the handler.
pub(super) enum Problem {
    /// The body is not its payload.
    Undecodable(Undecodable),
    /// It was called and gave none.
    Failed(Failure),
}

/// Awaits a handler, and reads its answer whole: a webhook's answer is small, and copies of the delivery get it too.
pub(super) async fn answer(running: Running, status_code: Option<u16>, limit: Duration) -> Result<Answer, Problem> {
    let panicked = |_| Problem::Failed(Failure::Panicked);
    // Code of the developer runs where the future is polled and dropped, and in the body of its answer: a panic is caught
    // at each.
    let mut answering = pin!(Some(answered(running, status_code)));
    let polled = poll_fn(|context| {
        let Some(future) = answering.as_mut().as_pin_mut() else { return Poll::Pending };
        catch_unwind(AssertUnwindSafe(|| future.poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(Err(panicked(panic))))
    });
    let result = within(limit, polled).await;
    catch_unwind(AssertUnwindSafe(|| answering.set(None))).map_err(panicked)?;
    result.unwrap_or(Err(Problem::Failed(Failure::TimedOut)))
}

async fn answered(running: Running, status_code: Option<u16>) -> Result<Answer, Problem> {
    let response = running.await.map_err(Problem::Undecodable)?;
    let (mut head, body) = response.into_parts();
    if let Some(status) = status_code.filter(|_| head.status == UNTOUCHED) {
        head.status = status.try_into().unwrap_or(head.status);
    }
    let body = whole(body).await.map_err(|_| Problem::Failed(Failure::AnswerBroken))?;
    Ok(Answer { status: head.status, headers: head.headers, body })
}

/// A body of one frame, as most are, is passed on as it is.
async fn whole(mut body: Body) -> Result<Bytes, axum::Error> {
    let first = match body.frame().await.transpose()? {
        Some(frame) => frame.into_data().unwrap_or_default(),
        None => return Ok(Bytes::new()),
    };
    if body.is_end_stream() {
        return Ok(first);
    }
    let rest = Box::pin(body.collect()).await?.to_bytes();
    Ok(if rest.is_empty() { first } else { [first, rest].concat().into() })
}
