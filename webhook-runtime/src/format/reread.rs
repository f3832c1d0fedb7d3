//! A body that was decoded, read once more as a value of no type: for checks that a type does not make.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;

#[cfg(feature = "multipart")]
use crate::format::multipart;
#[cfg(feature = "xml")]
use crate::format::xml;
use crate::format::{Content, form, json};

/// A body as a value.
pub(crate) struct Reread<'a> {
    pub(crate) value: Cow<'a, Value>,
    /// Does its format know texts alone? Then a number is a text, and a list of one may be its element.
    pub(crate) texts: bool,
}

/// Reads a body again. Nothing where it is not what its content type says, or of no type that is read.
pub(crate) fn reread<'a>(body: &Bytes, content: &'a Content) -> Option<Reread<'a>> {
    let json = |value| Reread { value, texts: false };
    let texts = |value| Reread { value, texts: true };
    match content {
        Content::Json => json::parse(body).map(Cow::Owned).map(json),
        Content::Parsed(value) | Content::Part(value) => Some(json(Cow::Borrowed(value))),
        Content::Form => form::value(body).map(Cow::Owned).map(texts),
        #[cfg(feature = "xml")]
        Content::Xml => xml::parse(body).ok().map(|root| texts(Cow::Owned(root.into_value()))),
        #[cfg(feature = "xml")]
        Content::ParsedXml(value) => Some(texts(Cow::Borrowed(value))),
        #[cfg(feature = "multipart")]
        Content::Multipart { content_type, charsets } => {
            multipart::value(body, content_type, *charsets).map(Cow::Owned).map(texts)
        }
        Content::Broken(_) | Content::Other => None,
    }
}
