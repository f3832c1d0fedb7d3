//! Bytes to values, one file a format. Parses what was verified; knows no source and no status.
//!
//! Details of errors are our own words: the texts of decoders quote the values that they met, and a value of a
//! body must not come back in an answer.

use crate::base::error::rejection::Violation;

pub(crate) mod form;
#[cfg(feature = "compression")]
pub(crate) mod inflate;
pub(crate) mod json;
#[cfg(any(feature = "multipart", feature = "xml"))]
pub(crate) mod loose;
#[cfg(feature = "multipart")]
pub(crate) mod multipart;
mod place;
pub(crate) mod recording;
#[cfg(feature = "validation")]
pub(crate) mod reread;
#[cfg(feature = "xml")]
pub(crate) mod xml;

/// The field that is the text of an XML element that has more than a text.
#[cfg(any(feature = "multipart", feature = "validation", feature = "xml"))]
pub(crate) const TEXT: &str = "$text";

/// How the body of a verified delivery is read.
#[derive(Clone, Debug)]
pub enum Content {
    /// As JSON, when the handler decodes it: `application/json`, or any `+json`.
    Json,
    /// As JSON too, and it was parsed to this value when its event type was read.
    Parsed(serde_json::Value),
    /// As this value: one of several events in the body, or what stands in a field of it.
    Part(serde_json::Value),
    /// As a form, when the handler decodes it.
    Form,
    /// As XML, when the handler decodes it: `application/xml`, `text/xml`, or any `+xml`.
    #[cfg(feature = "xml")]
    Xml,
    /// As the value that the XML was parsed to, when its event type was read.
    #[cfg(feature = "xml")]
    ParsedXml(serde_json::Value),
    /// As a form in parts, when the handler decodes it.
    #[cfg(feature = "multipart")]
    Multipart {
        /// With its boundary.
        content_type: Box<str>,
        /// The field that names the charset of each text.
        charsets: Option<&'static str>,
    },
    /// Not at all, though it says that it is of a type that its source sends.
    Broken(&'static str),
    /// Not at all: only a handler that takes the bytes takes it.
    Other,
}

impl Content {
    /// How a body of this content type is read.
    pub(crate) fn of(content_type: &str) -> Self {
        // What nearly every sender writes.
        if content_type == "application/json" {
            return Self::Json;
        }
        let essence = essence(content_type);
        let json =
            essence.eq_ignore_ascii_case("application/json") || (essence.contains('/') && is_json_suffixed(essence));
        if json && utf8(content_type) { Self::Json } else { Self::Other }
    }

    /// Is this the content type of a sender that calls its JSON a text?
    pub(crate) fn is_json_as_text(content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/plain") && utf8(content_type)
    }
}

fn is_json_suffixed(essence: &str) -> bool {
    essence.len().checked_sub(5).and_then(|at| essence.get(at..)).is_some_and(|it| it.eq_ignore_ascii_case("+json"))
}

/// A content type without its parameters.
pub(crate) fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// JSON is UTF-8 (RFC 8259, section 8.1); another charset would be read as something that was not written.
fn utf8(content_type: &str) -> bool {
    content_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| is_utf8(charset.trim().trim_matches('"')))
}

/// Senders leave the dash out, too.
fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Why a body is not what a handler takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// The handler takes another content type.
    ContentType,
    /// The body is not JSON.
    NotJson {
        /// The line where it breaks, counted from one.
        line: usize,
        /// The column in that line, counted from one.
        column: usize,
    },
    /// The body is not what its content type says.
    Broken(&'static str),
    /// The body is well formed, and not the payload.
    Mismatch {
        /// The first place where it is not.
        first: Violation,
        /// What it was parsed to, where that happened before.
        parsed: Option<serde_json::Value>,
    },
    /// The body is the payload, and breaks constraints that were written for it.
    Forbidden(Vec<Violation>),
}

impl Undecodable {
    /// The body does not fit at this place.
    pub(crate) fn at(first: Violation) -> Self {
        Self::Mismatch { first, parsed: None }
    }

    /// The same, with what the body was parsed to.
    pub(crate) fn of(self, content: Content) -> Self {
        match (self, content) {
            (Self::Mismatch { first, .. }, Content::Parsed(value) | Content::Part(value)) => {
                Self::Mismatch { first, parsed: Some(value) }
            }
            (other, _) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Content;

    fn check(content_type: &str, is_json: bool) {
        assert_eq!(matches!(Content::of(content_type), Content::Json), is_json, "{content_type:?}");
    }

    #[test]
    fn json_is_known_by_its_content_type() {
        check("application/json", true);
        check("Application/JSON; charset=UTF-8", true);
        check("application/cloudevents+json", true);
        check("application/json;charset=\"utf-8\"", true);
        check("text/plain", false);
        check("", false);
        check("json", false);
        check("+json", false);
        check("application/jsonp", false);
        check("application/json; charset=latin1", false);
    }
}
