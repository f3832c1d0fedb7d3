//! Refusals that say why, for a developer at work: the answer to a delivery that was not verified carries what the
//! explaining verifier finds.
//!
//! 1. **Accepted** are requests that the app's own server took from a listener on loopback. It marks them; a router that is
//!    served in another way has no mark, whatever its app says. Their `Host` is this machine, and no header tells of a
//!    proxy: what a tunnel or a page in a browser brings from outside is not explained.
//! 2. **Shown** is an [`Explanation`]: our own words, names of headers, URLs without query, times. No secret, no signature
//!    and no part of a body.
//! 3. **Trap**: the body is read before anything is verified, and the search costs far more than verification.

use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http_body::Body;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::base::error::rejection::Rejection;
use crate::fetch::is_this_machine;
use crate::receive::{Proven, Receiver, Refused, body};
use crate::source::Source;
use crate::verify::Explanation;

/// Marks a request whose refusal is explained. It holds every source of the app: the delivery may be another one's.
#[derive(Clone)]
pub(crate) struct Explaining(Arc<[Source]>);

impl Explaining {
    pub(crate) fn new(sources: Vec<Source>) -> Self {
        Self(sources.into())
    }

    /// What explains this request, where it is marked and was made on this machine.
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        let own = parts.extensions.get::<Self>()?;
        is_made_here(parts).then(|| own.clone())
    }
}

/// Does a request that came over loopback claim nothing else? Who made it here can claim anything; a proxy in between says
/// what its sender cannot take back.
fn is_made_here(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let named = headers.get(HOST).and_then(|it| it.to_str().ok()).and_then(|it| it.parse::<Authority>().ok());
    let authority = parts.uri.authority().or(named.as_ref());
    authority.is_some_and(|it| is_this_machine(it.host())) && !OF_PROXIES.iter().any(|it| headers.contains_key(*it))
}

/// By what proxies and tunnels say for whom they ask.
const OF_PROXIES: [&str; 8] = [
    "cf-connecting-ip",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-original-host",
    "x-real-ip",
];

/// Proves a request, and explains why it could not be verified.
pub(super) async fn prove(
    receiver: &Receiver,
    parts: &mut Parts,
    body: impl Body<Data = Bytes>,
    explaining: Explaining,
) -> Result<Proven, Refused> {
    let body = body::read(&receiver.route.source, parts, body, &receiver.runner.limits).await?;
    let mut proven = receiver.prove(parts, Full::new(body.clone())).await;
    if let Err(refused) = &mut proven
        && let Rejection::Unverified(_) = &refused.rejection
    {
        let now = receiver.runner.clock.now();
        let source = &receiver.route.source;
        let explanation = source.explain_resolved(explaining.0.iter(), parts, &body, now).await;
        refused.hint = Some(explanation.summary());
        refused.explanation = Some(shown(&explanation));
    }
    proven
}

fn shown(explanation: &Explanation) -> Value {
    let findings: Vec<Value> = explanation
        .findings()
        .iter()
        .map(|it| json!({"what": it.what(), "proven": it.is_proven(), "remedy": it.remedy()}))
        .collect();
    json!({
        "step": explanation.step().map(|it| it.to_string()),
        "cause": explanation.cause().map(ToString::to_string),
        "findings": findings,
    })
}
