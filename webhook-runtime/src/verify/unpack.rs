//! From a verified delivery to its event: the type that selects the handler, and the identity that is claimed.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;

use crate::base::ids::IdempotencyKey;
use crate::format::{Content, json};
use crate::source::facts::EventTypeAt;
use crate::verify::Verified;

/// One event of a verified delivery, with the head of its request as hints.
pub(crate) struct VerifiedEvent {
    delivery: Verified,
    event_type: Arc<str>,
    content: Content,
    hints: Parts,
}

impl VerifiedEvent {
    pub(crate) fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What is claimed before the handler runs.
    pub(crate) fn key(&self) -> IdempotencyKey {
        self.delivery.key()
    }

    /// What a handler gets. Of the hints nothing is proven but what the delivery says too.
    pub(crate) fn into_parts(self) -> (Verified, Arc<str>, Content, Parts) {
        (self.delivery, self.event_type, self.content, self.hints)
    }
}

/// The event of a delivery on a route of its own, whose event type the route knows.
pub(crate) fn unpack_as(event_type: Arc<str>, delivery: Verified, hints: Parts) -> VerifiedEvent {
    let content = content(&delivery, &hints);
    VerifiedEvent { delivery, event_type, content, hints }
}

/// The event of a delivery on the route of its source. Where its type cannot be read it is empty.
pub(crate) fn unpack(delivery: Verified, hints: Parts) -> VerifiedEvent {
    let EventTypeAt::Body(pointer) = delivery.source.facts().event_type;
    let mut content = content(&delivery, &hints);
    if matches!(content, Content::Json)
        && let Some(value) = json::parse(&delivery.body)
    {
        content = Content::Parsed(value);
    }
    let event_type = match &content {
        Content::Parsed(value) => value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().into(),
        Content::Json | Content::Other => "".into(),
    };
    VerifiedEvent { delivery, event_type, content, hints }
}

/// A request without a content type counts as what its source sends.
fn content(delivery: &Verified, hints: &Parts) -> Content {
    match hints.headers.get(CONTENT_TYPE) {
        Some(value) => value.to_str().map_or(Content::Other, Content::of),
        None => Content::of(delivery.source.facts().content_type),
    }
}
