//! Where in a JSON text its decoder stopped, as a JSON Pointer.
//!
//! A decoder that keeps the path while it reads is a second one for every type, which an app pays for with its size and
//! its compile time. So the path is found afterwards, from the text: `serde_json` tells at which byte it stopped, and
//! the decoder, asked again with less of the text, tells whether it got as far.

use crate::format::json::push;

/// A place in a JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The value, or the object that the key stands in.
    pub(crate) pointer: String,
    /// The key, where the decoder stopped at one.
    pub(crate) key: Option<String>,
}

/// The place where a decoder stopped in a text that is JSON to its end: at the first byte that it did not read.
/// `stops` says whether it stops for the same reason in a text that ends earlier.
pub(crate) fn place(text: &[u8], stopped: usize, stops: impl Fn(&[u8]) -> bool) -> Place {
    let until = |end: usize| text.get(..end).unwrap_or(text);
    let read = until(stopped);
    if !stops(read) {
        // It saw what begins here, and expected something else.
        return beginning(text, stopped);
    }
    // What is between two values is passed over before the decoder gives up.
    let read = without_end(read, b",");
    // The end of an object or a list is, too. Without it the decoder still stops at the last value in it, and asks for
    // the rest where it stopped at the whole.
    let inside = without_end(read.strip_suffix(b"}").or(read.strip_suffix(b"]")).unwrap_or(read), b"");
    ending(text, if inside.len() < read.len() && stops(inside) { inside.len() } else { read.len() })
}

/// A text without the space at its end, and without these bytes.
fn without_end<'a>(text: &'a [u8], others: &[u8]) -> &'a [u8] {
    let kept = text.iter().rposition(|it| !it.is_ascii_whitespace() && !others.contains(it));
    kept.and_then(|last| text.get(..=last)).unwrap_or_default()
}

/// The value that begins at this byte, or at the next one that is no space.
fn beginning(text: &[u8], at: usize) -> Place {
    let mut way = Way::default();
    for token in Tokens::of(text) {
        way.before(&token);
        if token.start >= at {
            break;
        }
        way.after(&token);
    }
    way.place(None)
}

/// The value or the key that ends at this byte.
fn ending(text: &[u8], at: usize) -> Place {
    let mut way = Way::default();
    for token in Tokens::of(text) {
        way.before(&token);
        if token.end >= at {
            let key = way.is_at_key(&token).then(|| token.text());
            way.leave(&token);
            return way.place(key);
        }
        way.after(&token);
    }
    way.place(None)
}

/// The way to a value: what it stands in, the outermost first.
#[derive(Default)]
struct Way(Vec<Within>);

enum Within {
    /// The index of the item.
    List(usize),
    /// The key of the field, once it was read, and whether its value is next.
    Object(String, bool),
}

impl Way {
    /// A comma leads to the next item or field.
    fn before(&mut self, token: &Token<'_>) {
        match (token.bytes, self.0.last_mut()) {
            (b",", Some(Within::List(index))) => *index += 1,
            (b",", Some(Within::Object(_, has_key))) => *has_key = false,
            _ => {}
        }
    }

    fn after(&mut self, token: &Token<'_>) {
        match token.bytes {
            b"{" => self.0.push(Within::Object(String::new(), false)),
            b"[" => self.0.push(Within::List(0)),
            b":" | b"," => {}
            _ if self.is_at_key(token) => {
                if let Some(Within::Object(key, has_key)) = self.0.last_mut() {
                    (*key, *has_key) = (token.text(), true);
                }
            }
            _ => self.leave(token),
        }
    }

    /// The end of a list or an object is the end of a value one level up.
    fn leave(&mut self, token: &Token<'_>) {
        if matches!(token.bytes, b"}" | b"]") {
            self.0.pop();
        }
    }

    fn is_at_key(&self, token: &Token<'_>) -> bool {
        token.bytes.starts_with(b"\"") && matches!(self.0.last(), Some(Within::Object(_, false)))
    }

    /// The place of the value. Of a key, and between two fields, it is the object.
    fn place(&self, key: Option<String>) -> Place {
        let mut pointer = String::new();
        for within in &self.0 {
            match within {
                Within::List(index) => push(&mut pointer, &index.to_string()),
                Within::Object(key, true) => push(&mut pointer, key),
                Within::Object(_, false) => {}
            }
        }
        Place { pointer, key }
    }
}

/// A bracket, a comma, a colon, a text with its quotes, or a number or a word.
struct Token<'a> {
    start: usize,
    end: usize,
    bytes: &'a [u8],
}

impl Token<'_> {
    /// What a text says.
    fn text(&self) -> String {
        serde_json::from_slice(self.bytes).unwrap_or_default()
    }
}

/// The tokens of a text that is JSON.
struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.iter().position(|it| !it.is_ascii_whitespace())?;
        let rest = self.text.get(start..)?;
        let length = match rest.first()? {
            b'"' => text_length(rest),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => rest.iter().position(|it| b"{}[],:\"".contains(it) || it.is_ascii_whitespace()).unwrap_or(rest.len()),
        };
        self.at = start + length;
        Some(Token { start, end: self.at, bytes: rest.get(..length)? })
    }
}

/// The length of the text that begins here, with its quotes.
fn text_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |it| it + 2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

    use crate::format::Undecodable;
    use crate::format::json::decode;

    /// Decoded, and then refused by a rule that runs after the decoder passed it.
    #[derive(Debug)]
    struct Even;

    impl<'de> Deserialize<'de> for Even {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let value = serde_json::Value::deserialize(deserializer)?;
            let number = value.get("inside").unwrap_or(&value).as_u64();
            if number.is_some_and(|it| it % 2 == 0) { Ok(Self) } else { Err(D::Error::custom("odd")) }
        }
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "decoded, never read")]
    struct Order {
        even: Even,
        count: u8,
        #[serde(default)]
        item: Option<Box<Order>>,
    }

    fn check<T: DeserializeOwned + std::fmt::Debug>(body: &str, expected: &str) {
        // Space between tokens changes nothing.
        let spaced: String =
            body.chars().map(|it| if "{}[],:".contains(it) { format!(" \n{it}\t ") } else { it.into() }).collect();
        for body in [body, &spaced] {
            match decode::<T>(body.as_bytes()).unwrap_err() {
                Undecodable::Mismatch { first, .. } => assert_eq!(first.pointer, expected, "{body}"),
                other => panic!("{other:?}: {body}"),
            }
        }
    }

    #[test]
    fn a_value_that_the_decoder_met_is_the_place() {
        check::<u8>("\"x\"", "");
        check::<u8>("[]", "");
        check::<Vec<u8>>("[1,2,300,4]", "/2");
        check::<Vec<u8>>("[1,[2]]", "/1");
        check::<Vec<Vec<u8>>>("[[1],[2,{}]]", "/1/1");
        check::<Order>(r#"{"even":2,"count":{}}"#, "/count");
        check::<Order>(r#"{"count":true,"even":2}"#, "/count");
        check::<Order>(r#"{"count":1,"even":2,"item":{"even":2,"count":"x"}}"#, "/item/count");
        check::<BTreeMap<String, u8>>(r#"{"a/b":1,"~\"\\":-1}"#, "/~0\"\\");
    }

    #[test]
    fn a_value_that_is_refused_after_the_decoder_passed_it_is_the_place() {
        check::<Even>("1", "");
        check::<Even>(r#"{"inside":1}"#, "");
        check::<Vec<Even>>("[2,1]", "/1");
        check::<Vec<Even>>("[2,1,2]", "/1");
        check::<Vec<Even>>(r#"[2,1,{"inside":2}]"#, "/1");
        check::<Vec<Even>>(r#"[2,{"inside":2},{"inside":1}]"#, "/2");
        check::<Order>(r#"{"count":1,"even":1}"#, "/even");
        check::<Order>(r#"{"even":1,"count":1}"#, "/even");
        check::<Order>(r#"{"count":1,"even":{"inside":1}}"#, "/even");
        check::<Order>(r#"{"count":1,"even":2,"item":{"count":2,"even":3}}"#, "/item/even");
    }

    #[test]
    fn an_object_that_lacks_a_field_or_has_another_one_is_the_place_around_it() {
        check::<Order>("{}", "/even");
        check::<Order>(r#"{"even":2}"#, "/count");
        check::<Order>(r#"{"even":2,"count":1,"item":{"even":{"inside":2}}}"#, "/item/count");
        check::<Order>(r#"{"even":2,"count":1,"item":{"even":2,"other":{}}}"#, "/item/other");
        check::<Order>(r#"{"even":2,"even":2}"#, "/even");
        check::<Vec<(u8, u8)>>("[[1,2],[3]]", "/1");
    }
}
