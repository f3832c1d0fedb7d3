//! Bytes to values, one file a format. Parses what was verified; knows no source and no status.
//!
//! Details of errors are our own words: the texts of decoders quote the values that they met, and a value of a
//! body must not come back in an answer.

use crate::base::error::rejection::Violation;

pub(crate) mod json;

/// The format of a body, as its content type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/json`, or any `+json`.
    Json,
    /// Anything else: only a handler that takes the bytes takes it.
    Other,
}

impl Format {
    /// The format of this content type.
    pub(crate) fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let json = essence == "application/json" || (essence.contains('/') && essence.ends_with("+json"));
        if json && utf8(content_type) { Self::Json } else { Self::Other }
    }
}

/// JSON is UTF-8 (RFC 8259, section 8.1); another charset would be read as something that was not written.
fn utf8(content_type: &str) -> bool {
    content_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
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
    /// The body is JSON, and not the payload: the first place that the decoder met.
    Mismatch(Violation),
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn json_is_known_by_its_content_type() {
        for json in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/cloudevents+json",
            "application/json;charset=\"utf-8\"",
        ] {
            assert_eq!(Format::of(json), Format::Json, "{json}");
        }
        for other in ["text/plain", "", "json", "+json", "application/json; charset=latin1", "application/jsonp"] {
            assert_eq!(Format::of(other), Format::Other, "{other}");
        }
    }
}
