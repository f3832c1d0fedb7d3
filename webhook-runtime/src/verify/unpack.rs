//! From a verified delivery to its events: the type that selects the handler, and the identity that is claimed.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;

use crate::base::error::rejection::Rejection;
use crate::base::ids::{IdempotencyKey, Identity};
#[cfg(feature = "multipart")]
use crate::format::multipart;
#[cfg(feature = "xml")]
use crate::format::xml;
use crate::format::{Content, essence, form, json};
use crate::signature::Text;
use crate::signature::digest::sha256;
use crate::source::facts::{ContentType, EventTypeAt, IdentityAt};
use crate::verify::Verified;

/// One event of a verified delivery.
pub(crate) struct VerifiedEvent<'a> {
    delivery: &'a Verified,
    event_type: Arc<str>,
    identity: Option<Identity>,
    content: Content,
    /// The id of the delivery for people.
    delivery_id: Arc<str>,
}

impl<'a> VerifiedEvent<'a> {
    pub(crate) fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Why the body could not be read for an event type. Nothing where it could, or where its source sends bodies of any
    /// kind.
    pub(crate) fn unread(&self) -> Option<Rejection> {
        let sent = self.delivery.facts().content_types;
        match &self.content {
            Content::Other if !sent.contains(&ContentType::Any) => {
                Some(Rejection::ContentType { expected: sent.first().map_or("no body", |it| it.name()) })
            }
            Content::Broken(problem) => Some(Rejection::Malformed(problem)),
            _ => None,
        }
    }

    /// What is claimed before the handler runs. Nothing where the sender gives nothing to tell copies by.
    pub(crate) fn key(&self) -> Option<IdempotencyKey> {
        let identity = self.identity.clone()?;
        let source = &self.delivery.source;
        Some(IdempotencyKey::new(source.shared_name(), source.scope(), identity))
    }

    /// The id of the delivery for people: the one that is claimed, or that a header hints at, or the digest of the
    /// signed bytes.
    pub(crate) fn delivery_id(&self) -> &Arc<str> {
        &self.delivery_id
    }

    /// What a handler gets, beside the hints: the delivery, the event type, the content, and the id for people.
    pub(crate) fn into_parts(self) -> (&'a Verified, Arc<str>, Content, Arc<str>) {
        (self.delivery, self.event_type, self.content, self.delivery_id)
    }
}

/// What a delivery holds.
pub(crate) enum Unpacked<'a> {
    /// The one event of most deliveries.
    One(VerifiedEvent<'a>),
    /// The events of a sender that joins them to a batch, in their order. There may be one, or none.
    Several(Vec<VerifiedEvent<'a>>),
}

/// The event of a delivery on a route of its own, whose event type the route knows. Nothing of the head is proven but what
/// the delivery says too: it is a hint.
pub(crate) fn unpack_as<'a>(event_type: Arc<str>, delivery: &'a Verified, hints: &Parts) -> Unpacked<'a> {
    let content = content(delivery, hints);
    Unpacked::One(event(delivery, event_type, content, hints, || delivery.bytes.clone()))
}

/// The events of a delivery on the route of its source. Where a type cannot be read it is empty.
pub(crate) fn unpack<'a>(delivery: &'a Verified, hints: &Parts) -> Unpacked<'a> {
    let mut content = content(delivery, hints);
    if matches!(content, Content::Json)
        && let Some(value) = json::parse(&delivery.body)
    {
        content = Content::Parsed(value);
    }
    #[cfg(feature = "xml")]
    if matches!(content, Content::Xml) {
        content = match xml::parse(&delivery.body) {
            Ok(root) => Content::ParsedXml(root.into_value()),
            Err(problem) => Content::Broken(problem),
        };
    }
    let list = batch(delivery, &mut content, hints);
    let Some((list, typed_each)) = list else {
        let event_type = event_type_of(delivery, &content, hints);
        return Unpacked::One(event(delivery, event_type, content, hints, || delivery.bytes.clone()));
    };
    let of_all = (!typed_each).then(|| event_type_of(delivery, &content, hints));
    let in_batch = |content: Content| {
        let event_type = of_all.clone().unwrap_or_else(|| event_type_of(delivery, &content, hints));
        let bytes = own_bytes(&content);
        event(delivery, event_type, content, hints, || bytes.clone())
    };
    Unpacked::Several(list.into_iter().map(in_batch).collect())
}

/// `bytes` are those that tell the event apart where it has no id.
fn event<'a>(
    delivery: &'a Verified,
    event_type: Arc<str>,
    content: Content,
    hints: &Parts,
    bytes: impl Fn() -> Bytes,
) -> VerifiedEvent<'a> {
    let identity = identity(delivery, &content, hints, &bytes);
    let delivery_id = delivery_id(delivery, identity.as_ref(), hints, bytes);
    VerifiedEvent { delivery, event_type, identity, content, delivery_id }
}

fn delivery_id(delivery: &Verified, identity: Option<&Identity>, hints: &Parts, bytes: impl Fn() -> Bytes) -> Arc<str> {
    if let Some(Identity::Id(id)) = identity {
        return Arc::clone(id);
    }
    let hinted = delivery.facts().delivery_id.as_deref().and_then(|name| hint(hints, name));
    match (hinted, identity) {
        (Some(hinted), _) => hinted.into(),
        (None, Some(identity)) => identity.to_string().into(),
        (None, None) => Identity::Digest(sha256(&bytes())).to_string().into(),
    }
}

/// The events of a batch, taken out of its body, and whether each says its own type.
fn batch(delivery: &Verified, content: &mut Content, hints: &Parts) -> Option<(Vec<Content>, bool)> {
    let batch = delivery.facts().batch?;
    let given = hints.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if batch.only.is_some_and(|only| !essence(given).eq_ignore_ascii_case(only)) {
        return None;
    }
    let list = match content {
        Content::Parsed(body) | Content::Part(body) => {
            let Value::Array(list) = body.pointer_mut(batch.at)? else { return None };
            std::mem::take(list).into_iter().map(Content::Part).collect()
        }
        #[cfg(feature = "xml")]
        Content::ParsedXml(body) => elements(body, batch.at)?.into_iter().map(Content::ParsedXml).collect(),
        _ => return None,
    };
    Some((list, batch.typed_each))
}

/// Elements of one name are a list, whether there are several, one or none.
#[cfg(feature = "xml")]
fn elements(body: &mut Value, at: &str) -> Option<Vec<Value>> {
    let (parent, name) = at.rsplit_once('/')?;
    Some(match body.pointer_mut(parent)?.as_object_mut()?.remove(name) {
        Some(Value::Array(list)) => list,
        Some(one) => vec![one],
        None => Vec::new(),
    })
}

fn event_type_of(delivery: &Verified, content: &Content, hints: &Parts) -> Arc<str> {
    let event_type = event_type(&delivery.facts().event_type, delivery, content, hints);
    event_type.filter(|it| it.len() <= MOST_EVENT_TYPE_BYTES).unwrap_or_default().into()
}

/// No sender's event type is longer; looking one up costs more, the longer it is.
const MOST_EVENT_TYPE_BYTES: usize = 256;

/// The bytes that tell an event apart where it has no id. In a batch they are not those of the delivery, but its own JSON,
/// however events are grouped.
fn own_bytes(event: &Content) -> Bytes {
    parsed(event).map(|event| event.to_string().into_bytes()).unwrap_or_default().into()
}

/// How the body is read: by the content type that the request gives, as far as the source sends it.
fn content(delivery: &Verified, hints: &Parts) -> Content {
    let sent = delivery.facts().content_types;
    let given = hints.headers.get(CONTENT_TYPE).map(|it| it.to_str().unwrap_or_default());
    // A request without a content type counts as what its source sends first.
    let given = given.or(sent.first().map(|it| it.name())).unwrap_or_default();
    let mut unread = Content::Other;
    for content_type in sent {
        match content_type {
            ContentType::Json if matches!(Content::of(given), Content::Json) => return Content::Json,
            ContentType::JsonAsText if Content::is_json_as_text(given) => return Content::Json,
            ContentType::Form if form::is_form_type(given) => return Content::Form,
            ContentType::JsonInForm(field) if form::is_form_type(given) => {
                if let Some(inner) = form::field(&delivery.body, field) {
                    let inner = json::parse(inner.as_bytes());
                    return inner.map_or(Content::Broken("holds no JSON in its field"), Content::Part);
                }
                // A source that sends other forms too says so behind this one.
                unread = Content::Broken("lacks the field that holds its JSON");
            }
            #[cfg(feature = "xml")]
            ContentType::Xml if xml::is_xml_type(given) => return Content::Xml,
            #[cfg(feature = "multipart")]
            ContentType::Multipart(charsets) if multipart::is_multipart_type(given) => {
                return Content::Multipart { content_type: given.into(), charsets: *charsets };
            }
            _ => {}
        }
    }
    unread
}

fn event_type(at: &EventTypeAt, delivery: &Verified, content: &Content, hints: &Parts) -> Option<String> {
    let body = parsed(content);
    match at {
        EventTypeAt::Nowhere => None,
        EventTypeAt::Body(pointers) if matches!(content, Content::Form) => {
            // A field that is there once is the same to every parser.
            form::field(&delivery.body, pointers.first()?.strip_prefix('/')?)
        }
        EventTypeAt::Body(pointers) => {
            joined(pointers, ".", |pointer| body?.pointer(pointer)?.as_str().map(str::to_owned))
        }
        EventTypeAt::Header(name, action) => {
            let event = hint(hints, name)?;
            let action = action.as_deref().and_then(|pointer| body?.pointer(pointer)?.as_str());
            Some(action.map_or_else(|| event.to_owned(), |action| format!("{event}.{action}")))
        }
        EventTypeAt::TopLevelKey => {
            let keys = body?.as_object()?.iter().filter(|(_, value)| value.is_array());
            keys.map(|(key, _)| key.clone()).next()
        }
        EventTypeAt::FirstOf(places) => {
            let first = places.iter().find(|it| is_said(it, delivery, content, hints))?;
            event_type(first, delivery, content, hints)
        }
    }
}

/// Is there an event type at this place? A header that is there counts though it cannot be read: another place must
/// not overrule it.
fn is_said(at: &EventTypeAt, delivery: &Verified, content: &Content, hints: &Parts) -> bool {
    match at {
        EventTypeAt::Header(name, _) => hints.headers.contains_key(&**name),
        at => event_type(at, delivery, content, hints).is_some(),
    }
}

fn identity(
    delivery: &Verified,
    content: &Content,
    hints: &Parts,
    bytes_of_event: impl Fn() -> Bytes,
) -> Option<Identity> {
    // Every request without a body has the same one: it tells none of them apart.
    let bytes = || Some(bytes_of_event()).filter(|it| !it.is_empty()).map(|it| Identity::Digest(sha256(&it)));
    let id = |id: String| Identity::Id(id.into());
    match &delivery.facts().identity {
        IdentityAt::Signed => delivery.signed.id.clone().map(Identity::Id).or_else(bytes),
        IdentityAt::Bytes => bytes(),
        IdentityAt::BytesUnder(name) => {
            let under = hint(hints, name).unwrap_or_default();
            // The length stands before the text, so that no byte moves between the two.
            let text = [format!("{}:{under}", under.len()).as_bytes(), &bytes_of_event()].concat();
            Some(Identity::Digest(sha256(&text)))
        }
        IdentityAt::Body(pointers) => id_in_body(pointers, delivery, content).map(id).or_else(bytes),
        IdentityAt::Hint(name) => hint(hints, name).map(|it| Identity::Id(it.into())),
        IdentityAt::HintsOrBody([first, ..], pointers) if !hints.headers.contains_key(&**first) => {
            id_in_body(pointers, delivery, content).map(id)
        }
        IdentityAt::HintsOrBody(names, _) => whole(names, |name| hint(hints, name).map(str::to_owned)).map(id),
        IdentityAt::Nothing => None,
    }
}

fn id_in_body(pointers: &[Text], delivery: &Verified, content: &Content) -> Option<String> {
    let own = matches!(content, Content::Json).then(|| json::parse(&delivery.body)).flatten();
    let body = parsed(content).or(own.as_ref());
    whole(pointers, |pointer| text(body?.pointer(pointer)?))
}

/// What is found at all of these places. A part of an id could be the same for two events.
fn whole(places: &[Text], find: impl Fn(&str) -> Option<String>) -> Option<String> {
    let parts: Option<Vec<String>> = places.iter().map(|it| find(it)).collect();
    parts.map(|it| it.join("\n"))
}

/// The value of a header that nothing proves. Of two values none counts.
fn hint<'a>(hints: &'a Parts, name: &str) -> Option<&'a str> {
    let mut values = hints.headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    value.to_str().ok()
}

fn parsed(content: &Content) -> Option<&Value> {
    match content {
        Content::Parsed(value) | Content::Part(value) => Some(value),
        #[cfg(feature = "xml")]
        Content::ParsedXml(value) => Some(value),
        _ => None,
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

#[cfg(test)]
mod tests;
