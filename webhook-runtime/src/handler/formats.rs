//! The formats in which a handler's sender writes. Each costs an app a decoder for each of its payloads, so a handler
//! has those that can reach it, and no others.

use bytes::Bytes;
use serde::de::DeserializeOwned;

#[cfg(feature = "xml")]
use crate::format::loose;
#[cfg(feature = "multipart")]
use crate::format::multipart;
#[cfg(feature = "xml")]
use crate::format::xml;
use crate::format::{Content, Undecodable, form, json};

/// The formats of a sender.
pub trait Formats {
    /// Decodes a body that was verified.
    #[doc(hidden)]
    fn decode<T: DeserializeOwned>(body: &Bytes, content: &Content) -> Result<T, Undecodable>;
}

/// JSON, which is all that the default source sends.
pub enum JsonAlone {}

/// Every format, for a source that a name stands for until the app is built.
pub enum EveryFormat {}

impl Formats for JsonAlone {
    fn decode<T: DeserializeOwned>(body: &Bytes, content: &Content) -> Result<T, Undecodable> {
        match content {
            Content::Json | Content::Parsed(_) => json::decode(body),
            Content::Broken(problem) => Err(Undecodable::Broken(problem)),
            _ => Err(Undecodable::ContentType),
        }
    }
}

impl Formats for EveryFormat {
    fn decode<T: DeserializeOwned>(body: &Bytes, content: &Content) -> Result<T, Undecodable> {
        match content {
            Content::Part(value) => json::decode_part(value),
            Content::Form => form::decode(body),
            #[cfg(feature = "xml")]
            Content::Xml => {
                let root = xml::parse(body).map_err(Undecodable::Broken)?;
                loose::decode(root.into_value().into())
            }
            #[cfg(feature = "xml")]
            Content::ParsedXml(value) => loose::decode(value.clone().into()),
            #[cfg(feature = "multipart")]
            Content::Multipart { content_type, charsets } => multipart::decode(body, content_type, *charsets),
            other => JsonAlone::decode(body, other),
        }
    }
}
