//! Why a verified body is not the payload of its handler, told in full.

use serde_json::Value;

use crate::base::error::rejection::{Rejection, Violation};
use crate::format::Undecodable;
#[cfg(feature = "validation")]
use crate::format::{Content, json};
use crate::registry::Handler;
use crate::verify::Verified;

/// The rejection of a body that did not decode.
pub(super) fn explain(why: Undecodable, handler: &Handler, delivery: &Verified) -> Rejection {
    match why {
        Undecodable::ContentType => Rejection::ContentType { expected: expected(delivery) },
        Undecodable::Broken(problem) => Rejection::Malformed(problem),
        Undecodable::NotJson { line, column } => Rejection::NotJson { line, column },
        Undecodable::Forbidden(violations) => Rejection::Mismatch(violations),
        Undecodable::Mismatch { first, parsed } => Rejection::Mismatch(violations(handler, delivery, first, parsed)),
    }
}

/// What the source sends first.
fn expected(delivery: &Verified) -> &'static str {
    delivery.facts().content_types.first().map_or("no body", |it| it.name())
}

/// Every place that the schema finds wrong, and every constraint that is broken. Where the schema finds none, the place
/// that the decoder met.
#[cfg(feature = "validation")]
fn violations(handler: &Handler, delivery: &Verified, first: Violation, parsed: Option<Value>) -> Vec<Violation> {
    // An event of a batch is a part of the body, which was parsed to find it.
    let Some(body) = parsed.or_else(|| json::parse(delivery.body())) else { return vec![first] };
    let mut found = handler.explainer.violations(&body);
    if found.is_empty() {
        found.push(first);
    }
    if let Some(constraints) = &handler.constraints {
        found.extend(constraints.violations(delivery.body(), &Content::Part(body)));
        found.sort();
        found.dedup();
    }
    found
}

#[cfg(not(feature = "validation"))]
fn violations(_: &Handler, _: &Verified, first: Violation, _: Option<Value>) -> Vec<Violation> {
    vec![first]
}
