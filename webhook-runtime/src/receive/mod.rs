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
//! run        decode, call        ├ to its end, whatever the sender does     400 415 422 500 503
//! settle     keep or release     ┘
//! respond
//! ```

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::Request;
use http::request::Parts;
use http_body::Body;
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
use crate::verify::{self, Verified};

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

    /// Is the path of a request all that a router would know of it?
    pub(crate) fn needs_no_router(&self) -> bool {
        !self.route.has_pattern && self.route.selector.handlers().all(|it| !it.endpoint.reads_head)
    }

    /// Answers one request. Whatever is refused is logged with its reason, which the sender never learns.
    pub(crate) async fn receive(self: &Arc<Self>, request: Request<impl Body<Data = Bytes>>) -> Answer {
        let (mut parts, body) = request.into_parts();
        let source = &self.route.source;
        let active = ActiveRequest::new(&parts.method);
        let watched = Watched::new(source.shared_name(), self.path(), || respond::claimed_id(source, &parts.headers));
        let proven = {
            // Pinned where it is made: it is too large to be moved into a span.
            let proving = pin!(async {
                match Explaining::of(&parts) {
                    None => self.prove(&mut parts, body).await,
                    // In a box, so that the others do not carry the room for it.
                    Some(explaining) => Box::pin(explained::prove(self, &mut parts, body, explaining)).await,
                }
            });
            proving.instrument(watched.span()).await
        };
        let answer = match proven {
            Ok(Proven::Answered(answer)) => {
                watched.ended(Ended::Handshake, answer.status);
                respond::in_its_words(source, answer)
            }
            Ok(Proven::Delivery(of_delivery, verified)) => {
                let answer = accept::accept_and_run(self, of_delivery, verified, parts, watched).await;
                respond::in_its_words(source, answer)
            }
            Err(refused) => {
                let _in_span = watched.span().entered();
                warn!(
                    target: TARGET,
                    source = source.name(),
                    route = self.path(),
                    // Looked up for a log that is read alone.
                    delivery = respond::claimed_id(source, &parts.headers),
                    "refused: {refused}"
                );
                let answer = refused.answer();
                watched.refused(&refused.rejection, answer.status);
                answer
            }
        };
        active.answered(&self.path, answer.status);
        answer
    }

    /// The steps up to the proof.
    async fn prove(&self, parts: &mut Parts, body: impl Body<Data = Bytes>) -> Result<Proven, Refused> {
        identify::method(&self.route, &parts.method)?;
        let source = identify::source(&self.route, parts).await?;
        let now = self.runner.clock.now();
        if let Some(answer) = handshake::unsigned(&source, parts, now) {
            return Ok(Proven::Answered(answer?));
        }
        if handshake::may_ask_in_body(&source, parts) {
            let body = body::read(&source, parts, body, &self.runner.limits.of_unproven()).await?;
            return Ok(Proven::Answered(handshake::in_body(&self.runner, &source, parts, &body, now)?));
        }
        let head =
            verify::head(&source, parts, now).map_err(|rejection| Refused::at_head(rejection, &source, parts, now))?;
        let body = body::read(&source, parts, body, &self.runner.limits).await?;
        let source = verify::fetch(source, &head, parts, &body, now).await?;
        let raw = Raw { parts, body };
        if let Some(answer) = handshake::signed_by_a_known_key(&source, &raw, now) {
            return Ok(Proven::Answered(answer?));
        }
        let verified = verify::body(&source, &head, &raw, now, self.runner.limits.body)?;
        verify::forget_encoding(&source, &mut parts.headers);
        if let Some(answer) = handshake::signed(&source, parts, &verified) {
            let answer = answer?;
            handshake::confirm(&self.runner, source, verified);
            return Ok(Proven::Answered(answer));
        }
        Ok(Proven::Delivery(source, verified))
    }
}

/// What a request turned out to be.
enum Proven {
    /// A handshake, which is answered.
    Answered(Answer),
    Delivery(Source, Verified),
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
            // A hint is for the log alone, and a stranger chooses how often it is made.
            Rejection::Unverified(cause) if tracing::enabled!(target: TARGET, tracing::Level::WARN) => {
                verify::hint(source, cause, parts, now)
            }
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
