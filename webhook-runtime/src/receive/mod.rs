//! One request, one response. This is the page that names the steps.
//!
//! ```text
//! identify   the route is known; does it take the method?                405
//! verify     the head: signature headers once and well formed, time near  401, no byte of the body read
//! body       whole, within its limits                                     408 413 415
//! fetch      the key, of a sender that publishes it                       401 for a foreign URL, 503
//! verify     the bytes                                                    401
//! unpack     the event: its type and its identity
//! select     its handler; an event that nobody wants is acknowledged
//! accept     claim the identity  ┐                                        503, or the first answer
//! run        decode, call        ├ one detached task                      400 415 422 500 503
//! settle     keep or release     ┘
//! respond
//! ```

use std::sync::Arc;

use axum::extract::Request;
use tracing::{debug, warn};

use crate::base::answer::Answer;
use crate::base::error::rejection::Rejection;
use crate::base::observe::TARGET;
use crate::base::raw::Raw;
use crate::registry::{Selector, WiredRoute};
use crate::run::Runner;
use crate::verify;

mod accept;
mod body;
pub(crate) mod by_hand;
mod identify;
mod respond;

/// Receives the deliveries of one route.
pub(crate) struct Receiver {
    route: WiredRoute,
    runner: Runner,
}

impl Receiver {
    pub(crate) fn new(route: WiredRoute, runner: Runner) -> Self {
        Self { route, runner }
    }

    pub(crate) fn path(&self) -> &str {
        &self.route.path
    }

    /// Answers one request. Whatever is refused is logged with its reason, which the sender never learns.
    pub(crate) async fn receive(&self, request: Request) -> Answer {
        let id = respond::claimed_id(&self.route.source, request.headers());
        match self.try_receive(request).await {
            Ok(answer) => answer,
            Err(rejection) => {
                let source = self.route.source.name();
                warn!(target: TARGET, source, route = self.path(), delivery = id, "refused: {rejection}");
                Answer::from(&rejection)
            }
        }
    }

    async fn try_receive(&self, request: Request) -> Result<Answer, Rejection> {
        let (parts, body) = request.into_parts();

        identify::method(&self.route.source, &parts.method)?;
        let (source, parts) = identify::source(&self.route, parts).await?;
        let now = self.runner.clock.now();
        verify::head(&source, &parts, now)?;
        let body = body::read(&parts, body, &self.runner.limits).await?;
        let source = &verify::fetch(source, &parts, &body, now).await?;
        let raw = Raw { parts, body };
        let verified = verify::body(source, &raw, now)?;

        let (handler, event) = match &self.route.selector {
            Selector::Own(handler) => {
                (handler, verify::unpack_as(Arc::clone(&handler.event_type), verified, raw.parts))
            }
            Selector::ByEventType(table) => {
                let event = verify::unpack(verified, raw.parts);
                let Some(handler) = table.select(event.event_type()) else {
                    debug!(target: TARGET, source = source.name(), event_type = event.event_type(), "no handler wants it");
                    return Ok(respond::unwanted(source));
                };
                (handler, event)
            }
        };
        accept::accept_and_run(&self.runner, Arc::clone(handler), event).await
    }
}
