//! An answer, as people and programs read it.

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use crate::cli::http::Received;
use crate::cli::json;
use crate::cli::output::{Output, Tone, plain};

/// Status, the headers that say something, and the body: JSON indented, a problem document with its violations.
pub(super) fn shown(output: &Output, received: &Received) -> String {
    let tone = if received.status.is_success() { Tone::Good } else { Tone::Bad };
    let mut lines = vec![output.painted(tone, status(received.status))];
    for name in ["content-type", "retry-after", "location", "allow"] {
        let value = received.headers.get(name).map(|it| plain(&String::from_utf8_lossy(it.as_bytes())));
        lines.extend(value.map(|it| output.painted(Tone::Quiet, format!("{name}: {it}"))));
    }
    lines.extend(body(output, &received.body));
    lines.join("\n")
}

/// The same as one object.
pub(super) fn as_json(received: &Received) -> Value {
    json!({
        "status": received.status.as_u16(),
        "headers": headers(&received.headers),
        "body": content(&received.body),
    })
}

/// A status in words.
pub(super) fn status(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

/// A body for people, no longer than a screen or two; nothing of an empty one.
pub(super) fn body(output: &Output, body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let text = match (json::read(body), std::str::from_utf8(body)) {
        (Some(value), _) => json::pretty(&value),
        (None, Ok(text)) => text.trim_end().to_owned(),
        (None, Err(_)) => return Some(format!("({} bytes that are no text)", body.len())),
    };
    let text = output.redacted(&text);
    let mut shown: String = text.chars().take(MOST_CHARS).collect();
    if shown.len() < text.len() {
        shown.push_str(&format!("\n… ({} bytes in all)", body.len()));
    }
    Some(plain(&shown))
}

/// A body for programs: JSON as it is, a text, or the number of its bytes.
fn content(body: &[u8]) -> Value {
    json::read(body)
        .or_else(|| std::str::from_utf8(body).ok().map(Value::from))
        .unwrap_or_else(|| json!({ "bytes": body.len() }))
}

/// Headers, those of one name joined as HTTP does.
pub(super) fn headers(headers: &HeaderMap) -> Value {
    let values = |name| {
        let values = headers.get_all(name).iter().map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        Value::from(values.collect::<Vec<_>>().join(", "))
    };
    Value::Object(headers.keys().map(|name| (name.to_string(), values(name))).collect::<Map<_, _>>())
}

const MOST_CHARS: usize = 4000;
