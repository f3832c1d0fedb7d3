//! Values of formats that know texts alone: XML and multipart forms. A payload's type says what a text is.
//!
//! A number or a truth value is read from its text, a list may be one element, and a missing one is `Null`. Errors say
//! where without saying what.

use bytes::Bytes;
use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_path_to_error::{Path, Segment};

use crate::format::place::Place;
use crate::format::{TEXT, Undecodable, json};

/// A value whose leaves are texts, or bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loose {
    Null,
    Text(String),
    #[cfg_attr(not(feature = "multipart"), allow(dead_code, reason = "only multipart forms hold bytes"))]
    Bytes(Bytes),
    List(Vec<Loose>),
    /// In order; each name once.
    Map(Vec<(String, Loose)>),
}

/// Decodes a payload.
pub(crate) fn decode<T: DeserializeOwned>(value: Loose) -> Result<T, Undecodable> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| Undecodable::at(json::violation(place(error.path()), &error.inner().to_string())))
}

fn place(path: &Path) -> Place {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => json::push(&mut pointer, &index.to_string()),
            Segment::Map { key } | Segment::Enum { variant: key } => json::push(&mut pointer, key),
            Segment::Unknown => {}
        }
    }
    Place { pointer, key: None }
}

#[cfg(feature = "xml")]
impl From<serde_json::Value> for Loose {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) | Value::Number(_) => Self::Text(value.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Value::Object(map) => Self::Map(map.into_iter().map(|(name, value)| (name, value.into())).collect()),
        }
    }
}

#[cfg(all(feature = "multipart", feature = "validation"))]
impl Loose {
    /// The same without bytes.
    pub(crate) fn into_value(self) -> serde_json::Value {
        use serde_json::Value;
        match self {
            Self::Null | Self::Bytes(_) => Value::Null,
            Self::Text(text) => Value::String(text),
            Self::List(list) => list.into_iter().map(Self::into_value).collect(),
            Self::Map(map) => map.into_iter().map(|(name, value)| (name, value.into_value())).collect(),
        }
    }
}

/// What a value is called where another one was expected. It is not quoted.
fn unexpected(value: &Loose) -> Unexpected<'static> {
    match value {
        Loose::Null => Unexpected::Unit,
        Loose::Text(_) => Unexpected::Other("text"),
        Loose::Bytes(_) => Unexpected::Other("bytes"),
        Loose::List(_) => Unexpected::Seq,
        Loose::Map(_) => Unexpected::Map,
    }
}

/// Reads a number, or a truth value, from a text.
macro_rules! from_text {
    ($($method:ident $visit:ident $type:ty)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match &self {
                Self::Text(text) => match text.trim().parse::<$type>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(Error::invalid_type(unexpected(&self), &visitor)),
                },
                _ => Err(Error::invalid_type(unexpected(&self), &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Loose {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Text(text) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes.into()),
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
        }
    }

    from_text! {
        deserialize_bool visit_bool bool
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
        deserialize_f32 visit_f32 f32
        deserialize_f64 visit_f64 f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self == Self::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// What is there once is a list of one.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::List(list) => Self::List(list).deserialize_any(visitor),
            one => Self::List(vec![one]).deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            // An element without children and attributes is a text, where others of its name are maps.
            Self::Text(text) if text.trim().is_empty() => Self::Map(Vec::new()).deserialize_any(visitor),
            Self::Text(text) => Self::Map(vec![(TEXT.to_owned(), Self::Text(text))]).deserialize_any(visitor),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_enum(text.into_deserializer()),
            Self::Map(map) if map.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(map.into_iter())))
            }
            other => Err(Error::invalid_type(unexpected(&other), &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    forward_to_deserialize_any! { char str string bytes byte_buf unit unit_struct identifier ignored_any }
}

impl IntoDeserializer<'_, Error> for Loose {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::{Loose, decode};
    use crate::format::Undecodable;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "decoded, and shown")]
    struct Order {
        amount: Option<u64>,
        paid: bool,
        #[serde(default)]
        items: Vec<Item>,
        kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "decoded, and shown")]
    struct Item {
        #[serde(rename = "$text", default)]
        name: String,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "decoded, and shown")]
    enum Kind {
        New,
        Repeated(f64),
    }

    fn map<const N: usize>(fields: [(&str, Loose); N]) -> Loose {
        Loose::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn text(text: &str) -> Loose {
        Loose::Text(text.to_owned())
    }

    fn check<T: DeserializeOwned + std::fmt::Debug>(value: Loose, expected: &str) {
        let shown = match decode::<T>(value) {
            Ok(value) => format!("{value:?}"),
            Err(Undecodable::Mismatch { first: violation, .. }) => {
                format!("{} {}", violation.pointer, violation.detail)
            }
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_type_says_what_a_text_is() {
        let order = |amount, items| {
            map([("amount", amount), ("paid", text(" true ")), ("items", items), ("kind", text("New"))])
        };
        check::<Order>(
            order(text("12"), text("one")),
            r#"Order { amount: Some(12), paid: true, items: [Item { name: "one" }], kind: New }"#,
        );
        check::<Order>(
            order(Loose::Null, Loose::List(vec![text(""), map([("$text", text("two"))])])),
            r#"Order { amount: None, paid: true, items: [Item { name: "" }, Item { name: "two" }], kind: New }"#,
        );
        check::<Kind>(map([("Repeated", text("1.5"))]), "Repeated(1.5)");
        check::<(u8, String)>(Loose::List(vec![text("1"), text("2")]), r#"(1, "2")"#);
        check::<serde_json::Value>(map([("a", text("1"))]), r#"Object {"a": String("1")}"#);
    }

    #[test]
    fn a_mismatch_says_where_and_never_quotes() {
        let order = |amount: &str| map([("amount", text(amount)), ("paid", text("true")), ("kind", text("New"))]);
        check::<Order>(order("canary"), "/amount is of another type than expected");
        check::<Order>(order("-1"), "/amount is of another type than expected");
        check::<Order>(map([("amount", text("1"))]), "/paid is required");
        check::<Kind>(text("canary"), " is not one of the expected values");
        check::<Kind>(Loose::Null, " is of another type than expected");
        check::<String>(map([("canary", text("canary"))]), " is of another type than expected");
        check::<serde_json::Value>(Loose::Bytes("canary".into()), " is of another type than expected");
    }
}
