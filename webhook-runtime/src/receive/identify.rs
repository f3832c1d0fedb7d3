//! What the router does not decide: whether the route takes the method, and which tenant of a source it is.

use std::time::Duration;

use axum::extract::{FromRequestParts, RawPathParams};
use http::Method;
use http::request::Parts;

use crate::base::error::rejection::Rejection;
use crate::registry::WiredRoute;
use crate::run::within;
use crate::source::Source;

/// Which methods a sender uses is a fact of its provider, and on the route of one event what its handlers say. Nothing
/// else is answered, not even `OPTIONS`: no browser is meant to send one.
pub(super) fn method(route: &WiredRoute, method: &Method) -> Result<(), Rejection> {
    let of_handshakes = route.source.facts().handshakes.iter().any(|it| it.method == method.as_str());
    let known = of_handshakes || route.methods.contains(&method.as_str());
    if known { Ok(()) } else { Err(Rejection::MethodNotAllowed { allow: route.methods.clone() }) }
}

/// The source of this request: with the values of the route's pattern, and with the secrets that it asks for.
pub(super) async fn source(route: &WiredRoute, parts: &mut Parts) -> Result<Source, Rejection> {
    let mut source = route.source.clone();
    if route.has_pattern {
        // A value that cannot be decoded belongs to no tenant.
        let values = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Rejection::NotFound)?;
        // Each value with its length before it, so that two lists of values never read the same.
        let scope: String = values.iter().map(|(_, value)| format!("{}:{value}", value.len())).collect();
        source = source.scoped(&scope);
    }
    if !source.is_unresolved() {
        return Ok(source);
    }
    // The app is asked before anything is verified: a stranger must not be able to hold the request open.
    let late = || Rejection::SecretsUnavailable("they took too long".to_owned());
    within(SECRETS_TIME, source.resolve(parts)).await.ok_or_else(late)?
}

/// How long the app may take to say the secrets of a request.
const SECRETS_TIME: Duration = Duration::from_secs(5);
