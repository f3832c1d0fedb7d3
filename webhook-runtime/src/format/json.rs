//! JSON by `serde_json`, with its depth limit on, and errors that say where without saying what.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::base::error::rejection::Violation;
use crate::format::Undecodable;
use crate::format::place::{Place, place};

/// Decodes a body.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    serde_json::from_slice(body).map_err(|error| undecodable(body, &error, failure::<T>))
}

fn failure<T: DeserializeOwned>(body: &[u8]) -> Option<serde_json::Error> {
    serde_json::from_slice::<T>(body).err()
}

/// Decodes a value that was parsed from a part of a body. As text again: a type is compiled for one decoder, and not for
/// a second one that reads values.
pub(crate) fn decode_part<T: DeserializeOwned>(value: &Value) -> Result<T, Undecodable> {
    decode(value.to_string().as_bytes())
}

/// Parses a body to a value; nothing where it is not JSON.
pub(crate) fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}

/// Parses an object in which every key stands once; nothing for anything else. Of a key that repeats, two parsers
/// may take two values.
#[cfg_attr(not(any(feature = "rsa", feature = "jwt")), allow(dead_code, reason = "only their recipes read fields"))]
pub(crate) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice::<Object>(body).ok().map(|it| it.0)
}

/// Puts a value at a JSON Pointer, with the objects on the way to it where they are missing. Is there a place for it?
pub(crate) fn put(value: &mut Value, pointer: &str, new: Value) -> bool {
    let Some((parents, last)) = pointer.rsplit_once('/') else {
        *value = new;
        return true;
    };
    let mut at = value;
    for token in parents.split('/').skip(1) {
        at = match at {
            Value::Object(fields) => fields.entry(unescaped(token)).or_insert_with(|| Value::Object(Map::new())),
            Value::Array(items) => match token.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                Some(item) => item,
                None => return false,
            },
            _ => return false,
        };
    }
    at.as_object_mut().map(|fields| fields.insert(unescaped(last), new)).is_some()
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// An object without repeated keys.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object without repeated keys")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Object, A::Error> {
                let mut fields = Map::new();
                while let Some((key, value)) = access.next_entry::<String, Value>()? {
                    if fields.insert(key, value).is_some() {
                        return Err(A::Error::custom("a key stands there twice"));
                    }
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Why a body was not decoded. Knows no type, so that an app has it once.
fn undecodable(body: &[u8], error: &serde_json::Error, decode: fn(&[u8]) -> Option<serde_json::Error>) -> Undecodable {
    if error.classify() != Category::Data {
        return not_json(error);
    }
    // The body still has to be JSON to its end: the decoder stopped at the first place.
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        return not_json(&error);
    }
    let stops = |text: &[u8]| decode(text).is_some_and(|it| it.is_data());
    let place = place(body, offset(body, error), stops);
    Undecodable::at(violation(place, &error.to_string()))
}

/// The byte at which an error was found: its column is counted in bytes from the one before its line.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let lines = body.split_inclusive(|it| *it == b'\n').take(error.line().saturating_sub(1));
    lines.map(<[u8]>::len).sum::<usize>() + error.column()
}

fn not_json(error: &serde_json::Error) -> Undecodable {
    Undecodable::NotJson { line: error.line(), column: error.column() }
}

/// What is wrong at a place, by what `serde` said of it.
pub(crate) fn violation(place: Place, said: &str) -> Violation {
    let Place { mut pointer, key } = place;
    let kind = KINDS.iter().find(|(start, _)| said.starts_with(start));
    let named = match kind {
        Some((MISSING | DUPLICATE, _)) => said.split('`').nth(1),
        _ => key.as_deref(),
    };
    if let Some(field) = named {
        push(&mut pointer, field);
    }
    Violation { pointer, detail: kind.map_or("is not accepted here", |(_, detail)| detail).to_owned() }
}

/// How `serde` begins its sentences, and what is safe to repeat of them.
const KINDS: [(&str, &str); 7] = [
    (MISSING, "is required"),
    ("invalid type", "is of another type than expected"),
    ("invalid value", "is outside of what is expected"),
    ("invalid length", "has another length than expected"),
    ("unknown variant", "is not one of the expected values"),
    ("unknown field", "is not an expected field"),
    (DUPLICATE, "appears twice"),
];
// Both name a field of the payload's type, where the place is the object around it.
const MISSING: &str = "missing field";
const DUPLICATE: &str = "duplicate field";

/// Adds a token to a JSON Pointer (RFC 6901, section 3).
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

/// A token of a JSON Pointer in a URI fragment (RFC 6901, section 6), without its escapes.
pub(crate) fn of_fragment(token: &str) -> Option<String> {
    let mut parts = token.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(unescaped(&String::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Undecodable, decode};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "decoded, never read")]
    struct Order {
        #[serde(rename = "a/b~c")]
        amount: u64,
        #[serde(default)]
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "decoded, never read")]
    struct Item {
        name: String,
    }

    fn check(body: &str, expected: &str) {
        let shown = match decode::<Order>(body.as_bytes()).unwrap_err() {
            Undecodable::Mismatch { first: violation, .. } => format!("{} {}", violation.pointer, violation.detail),
            other => format!("{other:?}"),
        };
        assert_eq!(shown, expected, "{body}");
    }

    #[test]
    fn a_mismatch_says_where_and_never_quotes_the_body() {
        check(r#"{"a/b~c": "canary"}"#, "/a~1b~0c is of another type than expected");
        check(r#"{"a/b~c": -1}"#, "/a~1b~0c is outside of what is expected");
        check("{}", "/a~1b~0c is required");
        check(r#"{"a/b~c": 1, "items": [{"name": "x"}, {}]}"#, "/items/1/name is required");
        check(r#"{"a/b~c": 1, "canary": 2}"#, "/canary is not an expected field");
        check(r#"{"a/b~c": 1, "a/b~c": 2}"#, "/a~1b~0c appears twice");
        check("[]", " has another length than expected");
    }

    #[test]
    fn what_is_not_json_to_its_end_is_not_a_mismatch() {
        check(r#"{"a/b~c": "x""#, "NotJson { line: 1, column: 13 }");
        check(r#"{"a/b~c": NaN}"#, "NotJson { line: 1, column: 11 }");
        check("", "NotJson { line: 1, column: 0 }");
    }

    #[test]
    fn a_body_nested_deeper_than_the_limit_is_not_taken() {
        let deep = format!("{{\"a/b~c\": {}", "[".repeat(100_000));
        assert!(matches!(decode::<serde_json::Value>(deep.as_bytes()), Err(Undecodable::NotJson { .. })));
    }
}
