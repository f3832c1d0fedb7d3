//! Writes event type, id and time of a delivery where its provider has them: the counterpart of unpacking.

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::format::json;
use crate::signature::digest::sha256;
use crate::signature::encoding::rfc3339;
use crate::signature::{CannotSign, Text};
use crate::source::facts::{BodyTimestamp, EventTypeAt, Facts, IdentityAt};
use crate::source::outgoing::document::Document;

/// What may be written into a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// Everything that was asked for: the body is a sample.
    Overwrites,
    /// What is missing: the payload is somebody's own.
    Completes,
    /// Neither event type nor id: the bytes are somebody's own.
    Keeps,
}

/// Writes the event type. Senders that have none get none.
pub(super) fn event_type(
    facts: &Facts,
    asked: &str,
    document: &mut Document,
    headers: &mut HeaderMap,
    hand: Hand,
) -> Result<(), CannotSign> {
    let place = the_place(&facts.event_type, document, headers);
    if let EventTypeAt::Header(name, action) = place {
        return in_header(name, action.as_ref(), asked, document, headers, hand);
    }
    if hand == Hand::Keeps {
        return Ok(());
    }
    each_event(facts, document, |event, _| in_body(place, asked, event, hand));
    Ok(())
}

/// The one of several places that is filled already, or the first.
fn the_place<'a>(at: &'a EventTypeAt, document: &mut Document, headers: &HeaderMap) -> &'a EventTypeAt {
    let EventTypeAt::FirstOf(places) = at else { return at };
    let filled = |place: &&EventTypeAt| match place {
        EventTypeAt::Header(name, _) => headers.contains_key(&**name),
        EventTypeAt::Body(pointers) => {
            pointers.first().is_some_and(|it| document.text(it).is_some() || text_in_first_event(document, it))
        }
        _ => false,
    };
    places.iter().find(filled).or(places.first()).unwrap_or(at)
}

fn text_in_first_event(document: &Document, pointer: &str) -> bool {
    document.text(&format!("/0{pointer}")).is_some()
}

fn in_header(
    name: &str,
    action: Option<&Text>,
    asked: &str,
    document: &mut Document,
    headers: &mut HeaderMap,
    hand: Hand,
) -> Result<(), CannotSign> {
    let mut event = asked;
    if let Some(pointer) = action {
        match (asked.split_once('.'), document.text(pointer)) {
            // What the body says is joined on when it is read.
            (Some(_), Some(own)) if hand != Hand::Overwrites => {
                event = asked.strip_suffix(&*own).and_then(|it| it.strip_suffix('.')).unwrap_or(asked);
            }
            (Some((of, action)), _) if hand != Hand::Keeps => {
                document.put(pointer, action);
                event = of;
            }
            _ => {}
        }
    }
    set(headers, name, event, CannotSign::EventType)
}

fn in_body(at: &EventTypeAt, asked: &str, event: &mut Document, hand: Hand) {
    match at {
        EventTypeAt::Body(pointers) => {
            let Some(first) = pointers.first() else { return };
            if hand == Hand::Completes && event.text(first).is_some() {
                return;
            }
            for (pointer, part) in pointers.iter().zip(asked.splitn(pointers.len(), '.')) {
                if hand == Hand::Overwrites || event.text(pointer).is_none() {
                    event.put(pointer, part);
                }
            }
        }
        EventTypeAt::TopLevelKey => {
            if let Some(value) = event.json() {
                under_key(value, asked, hand);
            }
        }
        EventTypeAt::Nowhere | EventTypeAt::Header(..) | EventTypeAt::FirstOf(_) => {}
    }
}

/// Makes the event type the key of the list that is the event.
fn under_key(value: &mut Value, asked: &str, hand: Hand) {
    let own = value.as_object().and_then(|it| it.iter().find(|(_, list)| list.is_array())).map(|(key, _)| key.clone());
    match (own, value.as_object_mut()) {
        (Some(_), _) if hand == Hand::Completes => {}
        (Some(key), Some(fields)) => {
            let list = fields.remove(&key).unwrap_or_default();
            fields.insert(asked.to_owned(), list);
        }
        _ => *value = serde_json::json!({ asked: [value.take()] }),
    }
}

/// Writes the id, where it is not the recipe that does.
pub(super) fn id(
    facts: &Facts,
    id: &str,
    document: &mut Document,
    headers: &mut HeaderMap,
    hand: Hand,
) -> Result<(), CannotSign> {
    if let Some(name) = &facts.delivery_id {
        set(headers, name, id, CannotSign::Id)?;
    }
    match &facts.identity {
        IdentityAt::Hint(name) => set(headers, name, id, CannotSign::Id),
        IdentityAt::HintsOrBody(names, pointers) => {
            // The last place is what a delivery with its id in the body has beside it.
            if pointers.last().is_some_and(|it| document.text(it).is_some()) {
                for name in *names {
                    headers.remove(&**name);
                }
                id_in_body(facts, pointers.first(), id, document, hand);
                return Ok(());
            }
            names.iter().enumerate().try_for_each(|(index, name)| {
                set(headers, name, if index == 0 { id } else { facts.name }, CannotSign::Id)
            })
        }
        IdentityAt::Body(pointers) => {
            id_in_body(facts, pointers.first(), id, document, hand);
            Ok(())
        }
        IdentityAt::Signed | IdentityAt::Bytes | IdentityAt::BytesUnder(_) | IdentityAt::Nothing => Ok(()),
    }
}

fn id_in_body(facts: &Facts, pointer: Option<&Text>, id: &str, document: &mut Document, hand: Hand) {
    // No sender has its id in a field of a form.
    let written = hand != Hand::Keeps && !matches!(document, Document::Form(_));
    let Some(pointer) = pointer.filter(|_| written) else { return };
    each_event(facts, document, |event, index| {
        let is_number = event.json().is_some_and(|it| it.pointer(pointer).is_some_and(Value::is_number));
        let id = if index == 0 { id.to_owned() } else { format!("{id}-{}", index + 1) };
        if hand == Hand::Overwrites || event.text(pointer).is_none() {
            event.put(pointer, &if is_number { number_of(&id) } else { id });
        }
    });
}

/// An id for senders whose ids are numbers: the id itself where it is one, else a number that is made of it.
fn number_of(id: &str) -> String {
    if id.bytes().all(|it| it.is_ascii_digit()) && id.len() < 19 {
        return id.to_owned();
    }
    // 48 bits are exact in every reader of JSON.
    sha256(id.as_bytes()).iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte)).to_string()
}

/// Every event of a batch, or the whole.
fn each_event(facts: &Facts, document: &mut Document, mut write: impl FnMut(&mut Document, usize)) {
    let each = facts.batch.filter(|it| it.typed_each && it.only.is_none());
    let list = each.and_then(|batch| document.json()?.pointer_mut(batch.at)?.as_array_mut());
    let Some(list) = list else { return write(document, 0) };
    for (index, item) in list.iter_mut().enumerate() {
        let mut event = Document::Json(item.take());
        write(&mut event, index);
        if let Document::Json(written) = event {
            *item = written;
        }
    }
}

/// Makes a payload that is one event the batch in which its sender sends it.
pub(super) fn batch(facts: &Facts, document: &mut Document) {
    let Some(batch) = facts.batch.filter(|it| it.only.is_none()) else { return };
    let Some(value) = document.json() else { return };
    if !value.pointer(batch.at).is_some_and(Value::is_array) {
        let list = Value::Array(vec![value.take()]);
        json::put(value, batch.at, list);
    }
}

/// Writes the time into the body, where the sender has it there. Was there anything to write?
pub(super) fn time(at: BodyTimestamp, time: SystemTime, document: &mut Document) -> Result<bool, CannotSign> {
    let since = time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?;
    let units = i64::try_from(since.as_secs()).ok().and_then(|it| it.checked_mul(at.per_second));
    let units = units.ok_or(CannotSign::Time)?;
    let Some(value) = document.json() else { return Ok(false) };
    let new = match value.pointer(at.pointer) {
        Some(Value::String(own)) if rfc3339(own).is_some() => humantime::format_rfc3339_millis(time).to_string().into(),
        Some(Value::String(_)) => units.to_string().into(),
        _ => Value::from(units),
    };
    if value.pointer(at.pointer) == Some(&new) {
        return Ok(false);
    }
    Ok(json::put(value, at.pointer, new))
}

pub(super) fn set(headers: &mut HeaderMap, name: &str, value: &str, problem: CannotSign) -> Result<(), CannotSign> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| problem)?;
    headers.insert(name, HeaderValue::from_str(value).map_err(|_| problem)?);
    Ok(())
}
