//! The end of a claim: the answer is kept where the handler succeeded, else the claim is given back.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use tracing::error;

use crate::base::answer::{Answer, succeeded};
use crate::base::observe::TARGET;
use crate::run::Runner;
use crate::store::{FirstAnswer, Held, Kept};

/// Settles a claim. A store that fails here is logged: the effect has happened, and its sender must learn so.
pub(super) async fn settle(runner: &Runner, claim: &Held, answer: &Answer, retention: Duration) {
    let settled = if succeeded(answer.status) {
        let now = runner.clock.now();
        runner.store.settle(claim, Kept { answer: first_answer(answer), now, until: now + retention }).await
    } else {
        runner.store.release(claim).await
    };
    match settled {
        Ok(true) => {}
        Ok(false) => error!(target: TARGET, "the lease ended before the handler: the event may run twice"),
        Err(error) => error!(target: TARGET, "the store could not settle a claim: {error}"),
    }
}

fn first_answer(answer: &Answer) -> FirstAnswer {
    let content_type = answer.headers.get(CONTENT_TYPE).cloned();
    let body = if answer.body.len() <= KEPT_BODY_BYTES { answer.body.clone() } else { Bytes::new() };
    FirstAnswer { status: answer.status.as_u16(), content_type, body }
}

/// A longer body is answered to copies as its status with an empty body.
const KEPT_BODY_BYTES: usize = 16 * 1024;
