//! What the router does not decide: whether the route takes the method.

use http::Method;

use crate::base::error::rejection::Rejection;

/// Webhooks are POST. Nothing else is answered, not even `OPTIONS`: no browser is meant to send one.
pub(super) fn method(method: &Method) -> Result<(), Rejection> {
    if method == Method::POST { Ok(()) } else { Err(Rejection::MethodNotAllowed { allow: "POST" }) }
}
