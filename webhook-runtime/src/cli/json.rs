//! JSON of a file, an argument or a server, for people who are told where it breaks.

use serde_json::Value;

use crate::cli::failure::Failure;

/// The value that these bytes spell, or where they break.
pub(super) fn parse(what: &str, bytes: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::unreachable(format!("{what} is not JSON: it breaks at line {line}, column {column}"))
    })
}

/// The value, where there is one.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

/// The value that a person wrote: JSON, or else the text that it is.
pub(super) fn written(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// As people read it.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
