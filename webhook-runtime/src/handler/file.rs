//! A file of a multipart form, as a payload's type names it.

use std::fmt;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A file in a multipart form: an attachment of a mail, or whatever else is sent with a file's name.
///
/// ```
/// use webhook_runtime::FilePart;
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Mail {
///     from: String,
///     subject: String,
///     attachment1: Option<FilePart>,
/// }
/// ```
///
/// It is decoded from a form in parts alone: no other format has files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct FilePart {
    /// The name that the sender gives it. It is text of a stranger, and no path.
    pub file_name: Option<String>,
    /// The content type that the sender gives it. Nothing says that the bytes are of it.
    pub content_type: Option<String>,
    /// Its bytes.
    #[serde(deserialize_with = "bytes")]
    #[schemars(with = "String", extend("contentMediaType" = "application/octet-stream"))]
    pub bytes: Bytes,
}

/// Bytes that arrive as bytes. (A text or a list of numbers is none.)
fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    struct AsBytes;

    impl Visitor<'_> for AsBytes {
        type Value = Bytes;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a file")
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
            Ok(bytes.into())
        }
    }

    deserializer.deserialize_byte_buf(AsBytes)
}
