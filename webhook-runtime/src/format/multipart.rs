//! Multipart forms (RFC 7578) by `multer`: fields as texts, files as bytes.
//!
//! 1. **Accepted** is a form of at most a thousand parts that ends as its boundary says.
//! 2. **Refused** are parts without a name, and texts that are not of the charset that the form gives them.
//! 3. **Trap**: the name of a file comes from the sender. It is no path.

use std::collections::HashMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use http_body_util::{BodyDataStream, Full};
use multer::Multipart;
use serde::de::DeserializeOwned;

use crate::format::loose::{self, Loose};
use crate::format::{Undecodable, json};

/// Is this the content type of a form in parts?
pub(crate) fn is_multipart_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("multipart/form-data")
}

/// Decodes a form in parts. A field that is there more than once is a list, and a file an object of `file_name`,
/// `content_type` and `bytes`. `charsets` names the field that says, as JSON, which charset each text is in; without one
/// every text is UTF-8.
pub(crate) fn decode<T: DeserializeOwned>(
    body: &Bytes,
    content_type: &str,
    charsets: Option<&str>,
) -> Result<T, Undecodable> {
    loose::decode(read(body, content_type, charsets).map_err(Undecodable::Broken)?)
}

/// A form in parts as a value whose leaves are texts; files have no bytes.
#[cfg(feature = "validation")]
pub(crate) fn value(body: &Bytes, content_type: &str, charsets: Option<&str>) -> Option<serde_json::Value> {
    read(body, content_type, charsets).ok().map(Loose::into_value)
}

fn read(body: &Bytes, content_type: &str, charsets: Option<&str>) -> Result<Loose, &'static str> {
    fields(parts(body, content_type)?, charsets)
}

/// A part before its charset is known.
struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: Bytes,
}

/// Splits a body that is there whole: the parser never waits.
fn parts(body: &Bytes, content_type: &str) -> Result<Vec<Part>, &'static str> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| "is of a multipart type without a boundary")?;
    let reading = pin!(split(body.clone(), boundary));
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parts) => parts,
        Poll::Pending => Err(NOT_MULTIPART),
    }
}

async fn split(body: Bytes, boundary: String) -> Result<Vec<Part>, &'static str> {
    let mut form = Multipart::new(BodyDataStream::new(Full::new(body)), boundary);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| NOT_MULTIPART)? {
        if parts.len() >= MOST_PARTS {
            return Err("has more parts than are taken");
        }
        let name = field.name().ok_or("has a part without a name")?.to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.map_err(|_| NOT_MULTIPART)?;
        parts.push(Part { name, file_name, content_type, bytes });
    }
    Ok(parts)
}

fn fields(parts: Vec<Part>, charsets: Option<&str>) -> Result<Loose, &'static str> {
    let charsets = match charsets.and_then(|name| parts.iter().find(|it| it.name == name)) {
        Some(part) => json::parse(&part.bytes).ok_or("says its charsets in no JSON")?,
        None => serde_json::Value::Null,
    };
    let mut fields: Vec<(String, Loose)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for part in parts {
        let charset = charsets.get(&part.name).and_then(|it| it.as_str());
        let name = part.name.clone();
        let value = content(part, charset)?;
        match places.get(&name).and_then(|place| fields.get_mut(*place)) {
            None => {
                places.insert(name.clone(), fields.len());
                fields.push((name, value));
            }
            Some((_, Loose::List(list))) => list.push(value),
            Some((_, first)) => {
                let first_value = std::mem::replace(first, Loose::Null);
                *first = Loose::List(vec![first_value, value]);
            }
        }
    }
    Ok(Loose::Map(fields))
}

fn content(part: Part, charset: Option<&str>) -> Result<Loose, &'static str> {
    let optional = |text: Option<String>| text.map_or(Loose::Null, Loose::Text);
    if part.file_name.is_some() {
        let fields = [
            ("file_name", optional(part.file_name)),
            ("content_type", optional(part.content_type)),
            ("bytes", Loose::Bytes(part.bytes)),
        ];
        return Ok(Loose::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()));
    }
    let encoding = match charset {
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or("has a text in a charset that is not known")?,
        None => UTF_8,
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(&part.bytes);
    text.map(|it| Loose::Text(it.into_owned())).ok_or("has a text that is not of its charset")
}

const NOT_MULTIPART: &str = "is no multipart form with an end";

/// A mail with its attachments has some twenty.
const MOST_PARTS: usize = 1000;

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use bytes::Bytes;
    use serde::Deserialize;

    use super::{decode, is_multipart_type};
    use crate::format::Undecodable;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "decoded, and shown")]
    struct Mail {
        subject: String,
        attachments: Option<u8>,
        #[serde(default)]
        tag: Vec<String>,
    }

    /// Parts of a name, and whatever stands behind its quotation mark, with a content.
    fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, content) in parts {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\r\n\r\n").into_bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        [&body, &b"--b--\r\n"[..]].concat()
    }

    fn check(body: Vec<u8>, expected: &str) {
        let decoded = decode::<Mail>(&Bytes::from(body), "multipart/form-data; boundary=b", Some("charsets"));
        let shown = match decoded {
            Ok(mail) => format!("{mail:?}"),
            Err(Undecodable::Mismatch { first: violation, .. }) => {
                format!("{} {}", violation.pointer, violation.detail)
            }
            Err(Undecodable::Broken(problem)) => format!("broken: {problem}"),
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn fields_are_texts_in_the_charset_that_the_form_gives_them() {
        check(
            form(&[("subject\"", "Zo\u{eb}".as_bytes()), ("attachments\"", b"2"), ("tag\"", b"a"), ("tag\"", b"b")]),
            r#"Mail { subject: "Zoë", attachments: Some(2), tag: ["a", "b"] }"#,
        );
        check(
            form(&[("subject\"", b"Zo\xeb"), ("charsets\"", br#"{"subject": "iso-8859-1"}"#)]),
            r#"Mail { subject: "Zoë", attachments: None, tag: [] }"#,
        );
        check(form(&[("subject\"", b"Zo\xeb")]), "broken: has a text that is not of its charset");
        check(
            form(&[("subject\"", b"x"), ("charsets\"", br#"{"subject": "canary"}"#)]),
            "broken: has a text in a charset that is not known",
        );
        check(form(&[("subject\"", b"x"), ("charsets\"", b"{")]), "broken: says its charsets in no JSON");
    }

    #[test]
    fn a_mismatch_names_the_field() {
        check(form(&[]), "/subject is required");
        check(
            form(&[("subject\"", b"x"), ("attachments\"", b"canary")]),
            "/attachments is of another type than expected",
        );
        check(form(&[("subject\"; filename=\"f\"", b"x")]), "/subject is of another type than expected");
        check(form(&[("subject\"", b"x"), ("subject\"", b"y")]), "/subject is of another type than expected");
    }

    #[test]
    fn a_form_without_an_end_is_none() {
        let whole = form(&[("subject\"", b"x")]);
        for end in [0, 3, 10, whole.len() - 4, whole.len() - 9] {
            check(whole[..end].to_vec(), "broken: is no multipart form with an end");
        }
        let content_type = |it| decode::<Mail>(&Bytes::from_static(b"--b--"), it, None).unwrap_err();
        assert_eq!(
            content_type("multipart/form-data"),
            Undecodable::Broken("is of a multipart type without a boundary")
        );
    }

    #[test]
    fn a_thousand_parts_are_taken_and_no_more() {
        let parts = |count: usize| {
            let mut body = String::from("--b\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nx\r\n");
            for _ in 1..count {
                write!(body, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n").unwrap();
            }
            (body + "--b--\r\n").into_bytes()
        };
        check(parts(1000), r#"Mail { subject: "x", attachments: None, tag: [] }"#);
        check(parts(1001), "broken: has more parts than are taken");
        check(parts(100_000), "broken: has more parts than are taken");
    }

    #[test]
    fn a_part_needs_a_name() {
        check(
            b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n".to_vec(),
            "broken: has a part without a name",
        );
    }

    #[test]
    fn multipart_is_known_by_its_content_type() {
        assert!(is_multipart_type("Multipart/Form-Data; boundary=x"));
        assert!(!is_multipart_type("multipart/mixed; boundary=x"));
    }
}
