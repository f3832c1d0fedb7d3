//! Forms (`application/x-www-form-urlencoded`): the text that two senders sign, and the value that a handler gets.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_qs::{Config, DuplicateKeyBehavior};

use crate::base::error::rejection::Violation;
use crate::format::Undecodable;

/// Decodes a form. `data[merges][FNAME]` is a field in an object in an object; a field that is given twice is an error
/// unless it is a list.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    FORM.deserialize_bytes(body).map_err(|error| match error {
        serde_qs::Error::Parse(..) | serde_qs::Error::Utf8(_) | serde_qs::Error::FromUtf8(_) => {
            Undecodable::Broken("is no form that can be read")
        }
        // The decoder does not say where it stopped.
        _ => Undecodable::at(Violation { pointer: String::new(), detail: "is not the expected form".into() }),
    })
}

/// A form as a value whose leaves are texts. A field that is given more than once is a list.
#[cfg(feature = "validation")]
pub(crate) fn value(body: &[u8]) -> Option<serde_json::Value> {
    FORM.deserialize_bytes(body).ok()
}

/// Is the body of this head a form?
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).is_some_and(is_form_type)
}

/// Is this the content type of a form?
pub(crate) fn is_form_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The fields, decoded and sorted by name, each name followed by its value. Fields of one name stay in their order.
pub(crate) fn sorted(body: &[u8]) -> Vec<u8> {
    let mut fields = fields(body);
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    joined(&fields)
}

/// The same, sorted by value too, with repeated fields taken once.
pub(crate) fn sorted_without_repeats(body: &[u8]) -> Vec<u8> {
    let mut fields = fields(body);
    fields.sort();
    fields.dedup();
    // A name stands before each of its values.
    joined(&fields)
}

const FORM: Config =
    Config::new().use_form_encoding(true).max_depth(16).duplicate_key_behavior(DuplicateKeyBehavior::Error);

type Field<'a> = (Cow<'a, str>, Cow<'a, str>);

fn fields(body: &[u8]) -> Vec<Field<'_>> {
    form_urlencoded::parse(body).collect()
}

fn joined(fields: &[Field<'_>]) -> Vec<u8> {
    fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).flatten().copied().collect()
}

/// The value of one field, which must be there once.
pub(crate) fn field(body: &[u8], name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(body).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}
