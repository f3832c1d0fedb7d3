//! From a verified delivery to its event: the type that selects the handler, and the identity that is claimed.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;

use crate::base::ids::{IdempotencyKey, Identity};
use crate::format::{Content, form, json};
use crate::signature::Text;
use crate::signature::digest::sha256;
use crate::source::facts::{ContentType, EventTypeAt, IdentityAt};
use crate::verify::Verified;

/// One event of a verified delivery, with the head of its request as hints.
pub(crate) struct VerifiedEvent {
    delivery: Verified,
    event_type: Arc<str>,
    identity: Option<Identity>,
    content: Content,
    hints: Parts,
}

impl VerifiedEvent {
    pub(crate) fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What is claimed before the handler runs. Nothing where the sender gives nothing to tell copies by.
    pub(crate) fn key(&self) -> Option<IdempotencyKey> {
        let identity = self.identity.clone()?;
        let source = &self.delivery.source;
        Some(IdempotencyKey::new(source.shared_name(), source.scope(), identity))
    }

    /// The id of the delivery for people: the one that is claimed, or that a header hints at, or the digest of the
    /// signed bytes.
    pub(crate) fn delivery_id(&self) -> Box<str> {
        let hint = self.delivery.facts().delivery_id.as_deref();
        let hint = hint.and_then(|name| self.hints.headers.get(name)?.to_str().ok());
        match (&self.identity, hint) {
            (Some(Identity::Id(id)), _) => id.clone(),
            (_, Some(hint)) => hint.into(),
            (Some(identity), None) => identity.to_string().into(),
            (None, None) => Identity::Digest(sha256(&self.delivery.body)).to_string().into(),
        }
    }

    /// What a handler gets. Of the hints nothing is proven but what the delivery says too.
    pub(crate) fn into_parts(self) -> (Verified, Arc<str>, Content, Parts) {
        (self.delivery, self.event_type, self.content, self.hints)
    }
}

/// The event of a delivery on a route of its own, whose event type the route knows.
pub(crate) fn unpack_as(event_type: Arc<str>, delivery: Verified, hints: Parts) -> VerifiedEvent {
    let content = content(&delivery, &hints);
    let identity = identity(&delivery, &content, &hints);
    VerifiedEvent { delivery, event_type, identity, content, hints }
}

/// The event of a delivery on the route of its source. Where its type cannot be read it is empty.
pub(crate) fn unpack(delivery: Verified, hints: Parts) -> VerifiedEvent {
    let mut content = content(&delivery, &hints);
    if matches!(content, Content::Json)
        && let Some(value) = json::parse(&delivery.body)
    {
        content = Content::Parsed(value);
    }
    let event_type = event_type(&delivery, &content, &hints).unwrap_or_default().into();
    let identity = identity(&delivery, &content, &hints);
    VerifiedEvent { delivery, event_type, identity, content, hints }
}

/// How the body is read: by the content type that the request gives, as far as the source sends it.
fn content(delivery: &Verified, hints: &Parts) -> Content {
    let sent = delivery.facts().content_types;
    let given = hints.headers.get(CONTENT_TYPE).map(|it| it.to_str().unwrap_or_default());
    // A request without a content type counts as what its source sends first.
    let given = given.or(sent.first().map(|it| it.name())).unwrap_or_default();
    for content_type in sent {
        match content_type {
            ContentType::Json if matches!(Content::of(given), Content::Json) => return Content::Json,
            ContentType::JsonAsText if Content::is_json_as_text(given) => return Content::Json,
            ContentType::Form if form::is_form_type(given) => return Content::Form,
            ContentType::JsonInForm(field) if form::is_form_type(given) => {
                let inner = form::field(&delivery.body, field);
                return inner
                    .and_then(|it| json::parse(it.as_bytes()))
                    .map_or(Content::Broken("lacks the field that holds its JSON"), Content::Parsed);
            }
            ContentType::Json
            | ContentType::JsonAsText
            | ContentType::Form
            | ContentType::JsonInForm(_)
            | ContentType::Any => {}
        }
    }
    Content::Other
}

fn event_type(delivery: &Verified, content: &Content, hints: &Parts) -> Option<String> {
    let body = parsed(content);
    match &delivery.facts().event_type {
        EventTypeAt::Nowhere => None,
        EventTypeAt::Body(pointers) if matches!(content, Content::Form) => {
            // A field that is there once is the same to every parser.
            form::field(&delivery.body, pointers.first()?.strip_prefix('/')?)
        }
        EventTypeAt::Body(pointers) => {
            joined(pointers, ".", |pointer| body?.pointer(pointer)?.as_str().map(str::to_owned))
        }
        EventTypeAt::Header(name, action) => {
            let mut values = hints.headers.get_all(&**name).iter();
            let (Some(value), None) = (values.next(), values.next()) else { return None };
            let event = value.to_str().ok()?;
            let action = action.as_deref().and_then(|pointer| body?.pointer(pointer)?.as_str());
            Some(action.map_or_else(|| event.to_owned(), |action| format!("{event}.{action}")))
        }
        EventTypeAt::TopLevelKey => {
            let keys = body?.as_object()?.iter().filter(|(_, value)| value.is_array());
            keys.map(|(key, _)| key.clone()).next()
        }
    }
}

fn identity(delivery: &Verified, content: &Content, hints: &Parts) -> Option<Identity> {
    let bytes = || Identity::Digest(sha256(&delivery.body));
    match &delivery.facts().identity {
        IdentityAt::Signed => Some(delivery.id().map_or_else(bytes, |id| Identity::Id(id.into()))),
        IdentityAt::Bytes => Some(bytes()),
        IdentityAt::Body(pointers) => {
            let own = matches!(content, Content::Json).then(|| json::parse(&delivery.body)).flatten();
            let body = parsed(content).or(own.as_ref());
            let id = joined(pointers, "\n", |pointer| text(body?.pointer(pointer)?));
            Some(id.map_or_else(bytes, |id| Identity::Id(id.into())))
        }
        IdentityAt::Hint(name) => {
            let id = hints.headers.get(&**name)?.to_str().ok()?;
            Some(Identity::Id(id.into()))
        }
        IdentityAt::Nothing => None,
    }
}

fn parsed(content: &Content) -> Option<&Value> {
    match content {
        Content::Parsed(value) => Some(value),
        Content::Json | Content::Form | Content::Broken(_) | Content::Other => None,
    }
}

/// What is found at these pointers, joined. The first must be there; others that are not are left out.
fn joined(pointers: &[Text], separator: &str, find: impl Fn(&str) -> Option<String>) -> Option<String> {
    let first = find(pointers.first()?)?;
    Some(pointers.iter().skip(1).filter_map(|it| find(it)).fold(first, |all, next| all + separator + &next))
}

/// An id is a text, and a number with some senders.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
