//! One request, one response. This is the page that names the steps.
//!
//! ```text
//! identify   the route is known; does it take the method?                405
//! handshake  of an unsigned kind is answered, and ends                     400 403 404 405
//! verify     the head: signature headers once and well formed, time near  401, no byte of the body read
//! body       whole, within its limits                                     408 413 415
//! fetch      the key, of a sender that publishes it                       401 for a foreign URL, 503
//! verify     the bytes; of an encoded body, those that are signed          401, and 400 413 of one that is encoded
//! handshake  of a signed kind is answered, and ends                       400
//! unpack     the events, each with its type and its identity
//! select     the handler of each ┐ an event that nobody wants is acknowledged
//! accept     claim the identity  │                                        503, or the first answer
//! run        decode, call        ├ one detached task                      400 415 422 500 503
//! settle     keep or release     ┘
//! respond
//! ```

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::Request;
use http::request::Parts;
use serde_json::Value;
use tracing::{Instrument, warn};

use crate::base::answer::Answer;
use crate::base::error::rejection::Rejection;
use crate::base::observe::delivery::Watched;
use crate::base::observe::meters::ActiveRequest;
use crate::base::observe::{Ended, TARGET};
use crate::base::raw::Raw;
use crate::receive::explained::Explaining;
use crate::registry::WiredRoute;
use crate::run::Runner;
use crate::source::Source;
use crate::verify;

mod accept;
mod body;
pub(crate) mod by_hand;
pub(crate) mod explained;
mod handshake;
mod identify;
mod replies;
mod respond;

/// Receives the deliveries of one route.
pub(crate) struct Receiver {
    route: WiredRoute,
    /// The path again, to be shared with what is counted.
    path: Arc<str>,
    runner: Runner,
}

impl Receiver {
    pub(crate) fn new(route: WiredRoute, runner: Runner) -> Self {
        let path = Arc::from(&*route.path);
        Self { route, path, runner }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Answers one request. Whatever is refused is logged with its reason, which the sender never learns.
    pub(crate) async fn receive(self: &Arc<Self>, request: Request) -> Answer {
        let active = ActiveRequest::new(request.method());
        let source = &self.route.source;
        let id = respond::claimed_id(source, request.headers());
        let watched = Watched::new(source.shared_name(), self.path(), id.as_deref());
        let received = async {
            match request.extensions().get::<Explaining>().cloned() {
                None => self.try_receive(request, watched.clone()).await,
                Some(explaining) => explained::receive(self, request, explaining, watched.clone()).await,
            }
        };
        let answer = match received.instrument(watched.span()).await {
            Ok(answer) => {
                // What was accepted has said so itself, and is heard first.
                watched.ended(Ended::Handshake, answer.status);
                respond::in_its_words(source, answer)
            }
            Err(refused) => {
                let _in_span = watched.span().entered();
                warn!(target: TARGET, source = source.name(), route = self.path(), delivery = id, "refused: {refused}");
                let answer = refused.answer();
                watched.refused(&refused.rejection, answer.status);
                answer
            }
        };
        active.answered(&self.path, answer.status);
        answer
    }

    async fn try_receive(self: &Arc<Self>, request: Request, watched: Watched) -> Result<Answer, Refused> {
        let (parts, body) = request.into_parts();

        identify::method(&self.route, &parts.method)?;
        let (source, parts) = identify::source(&self.route, parts).await?;
        let now = self.runner.clock.now();
        if let Some(answer) = handshake::unsigned(&source, &parts, now) {
            return Ok(answer?);
        }
        if handshake::may_ask_in_body(&source, &parts) {
            let body = body::read(&source, &parts, body, &self.runner.limits.of_unproven()).await?;
            return Ok(handshake::in_body(&self.runner, &source, &parts, &body, now)?);
        }
        let head = verify::head(&source, &parts, now)
            .map_err(|rejection| Refused::at_head(rejection, &source, &parts, now))?;
        let body = body::read(&source, &parts, body, &self.runner.limits).await?;
        let source = verify::fetch(source, &head, &parts, &body, now).await?;
        let raw = Raw { parts, body };
        if let Some(answer) = handshake::signed_by_a_known_key(&source, &raw, now) {
            return Ok(answer?);
        }
        let (verified, parts) = verify::body(&source, &head, raw, now, self.runner.limits.body)?;
        if let Some(answer) = handshake::signed(&source, &parts, &verified) {
            let answer = answer?;
            handshake::confirm(&self.runner, source, verified);
            return Ok(answer);
        }

        let method = parts.method.clone();
        let events = match self.route.selector.event_type() {
            Some(of_route) => verify::unpack_as(Arc::clone(of_route), verified, parts),
            None => verify::unpack(verified, parts),
        };
        Ok(accept::accept_and_run(Arc::clone(self), source, method, events, watched).await)
    }
}

/// A rejection, and what its head looks like to the owner.
struct Refused {
    rejection: Rejection,
    hint: Option<String>,
    /// What the sender is told besides, where the sender is the developer.
    explanation: Option<Value>,
}

impl Refused {
    fn at_head(rejection: Rejection, source: &Source, parts: &Parts, now: SystemTime) -> Self {
        let hint = match &rejection {
            Rejection::Unverified(cause) => verify::hint(source, cause, parts, now),
            _ => None,
        };
        Self { rejection, hint, explanation: None }
    }

    fn answer(&self) -> Answer {
        match &self.explanation {
            None => Answer::from(&self.rejection),
            Some(explanation) => Answer::explained(explanation),
        }
    }
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self { rejection, hint: None, explanation: None }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rejection.fmt(f)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}
