//! A body that is being written, as far as values can be put into it.

use form_urlencoded::Serializer;
use serde_json::Value;
use serde_qs::Config;

use crate::format::json;
#[cfg(feature = "xml")]
use crate::format::xml;
use crate::signature::CannotSign;
use crate::source::facts::ContentType;

/// A body, by the way in which it is written.
pub(super) enum Document {
    Json(Value),
    /// JSON in this field of a form.
    JsonInForm(&'static str, Value),
    Form(Vec<(String, String)>),
    #[cfg(feature = "xml")]
    Xml(String),
    /// Nothing can be put into it.
    Bytes(Vec<u8>),
}

impl Document {
    /// A text in this content type. What does not parse as it is bytes.
    pub(super) fn read(text: &str, content_type: ContentType) -> Self {
        let document = match content_type {
            ContentType::Json | ContentType::JsonAsText | ContentType::Any => {
                json::parse(text.as_bytes()).map(Self::Json)
            }
            ContentType::JsonInForm(field) => json::parse(text.as_bytes()).map(|it| Self::JsonInForm(field, it)),
            ContentType::Form => Some(Self::Form(pairs(text))),
            #[cfg(feature = "xml")]
            ContentType::Xml => Some(Self::Xml(text.to_owned())),
            #[cfg(feature = "multipart")]
            ContentType::Multipart(_) => None,
        };
        document.unwrap_or_else(|| Self::Bytes(text.as_bytes().to_vec()))
    }

    /// A payload, written as its sender writes it.
    pub(super) fn of(payload: &Value, content_type: ContentType) -> Result<Self, CannotSign> {
        Ok(match content_type {
            ContentType::Json | ContentType::JsonAsText | ContentType::Any => Self::Json(payload.clone()),
            ContentType::JsonInForm(field) => Self::JsonInForm(field, payload.clone()),
            ContentType::Form => {
                let form = Config::new().use_form_encoding(true).serialize_string(payload);
                Self::Form(pairs(&form.map_err(|_| CannotSign::Body("is no object, which a form is made of"))?))
            }
            #[cfg(feature = "xml")]
            ContentType::Xml => {
                return Err(CannotSign::Body("of this sender is XML: give its text instead of a payload"));
            }
            #[cfg(feature = "multipart")]
            ContentType::Multipart(_) => {
                return Err(CannotSign::Body(
                    "of this sender is a multipart form: give its bytes instead of a payload",
                ));
            }
        })
    }

    /// The JSON in it.
    pub(super) fn json(&mut self) -> Option<&mut Value> {
        match self {
            Self::Json(value) | Self::JsonInForm(_, value) => Some(value),
            _ => None,
        }
    }

    /// The text at a JSON Pointer; of a form, the field of that name.
    pub(super) fn text(&self, pointer: &str) -> Option<String> {
        match self {
            Self::Json(value) | Self::JsonInForm(_, value) => text(value.pointer(pointer)?),
            Self::Form(fields) => {
                let name = pointer.strip_prefix('/')?;
                fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
            }
            #[cfg(feature = "xml")]
            Self::Xml(_) => None,
            Self::Bytes(_) => None,
        }
    }

    /// Puts a text at a JSON Pointer, as a number where a number stands there; of a form, into the field of that name.
    pub(super) fn put(&mut self, pointer: &str, new: &str) {
        match self {
            Self::Json(value) | Self::JsonInForm(_, value) => {
                let new = match (value.pointer(pointer), new.parse::<u64>()) {
                    (Some(Value::Number(_)), Ok(number)) => number.into(),
                    _ => new.into(),
                };
                json::put(value, pointer, new);
            }
            Self::Form(fields) => {
                let name = pointer.trim_start_matches('/');
                fields.retain(|(key, _)| key != name);
                fields.push((name.to_owned(), new.to_owned()));
            }
            #[cfg(feature = "xml")]
            Self::Xml(document) => {
                let name = pointer.rsplit('/').next().unwrap_or_default();
                if let Some(written) = xml::with_text(document, name, new) {
                    *document = written;
                }
            }
            Self::Bytes(_) => {}
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Json(value) => value.to_string().into_bytes(),
            Self::JsonInForm(field, value) => {
                Serializer::new(String::new()).append_pair(field, &value.to_string()).finish().into_bytes()
            }
            Self::Form(fields) => Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes(),
            #[cfg(feature = "xml")]
            Self::Xml(document) => document.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// A text, or a number as one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn pairs(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}
