//! What kinds of JSON value a schema documents: to tell which alternatives a value can be.

use serde_json::{Map, Value};

use crate::handler::schema::referred;

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(1 << 1);
    pub(super) const NUMBER: Self = Self(1 << 2);
    pub(super) const STRING: Self = Self(1 << 3);
    pub(super) const LIST: Self = Self(1 << 4);
    pub(super) const OBJECT: Self = Self(1 << 5);
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self((1 << 6) - 1);

    /// The kind of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::LIST,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// The kinds that a schema documents: all where it does not say.
    pub(super) fn documented(schema: &Value, definitions: &Map<String, Value>) -> Self {
        within(schema, definitions, &mut Vec::new())
    }

    /// The kinds that the fields of a struct document, taken together: all where the fields are not in one place.
    pub(super) fn of_fields(schema: &Value, definitions: &Map<String, Value>) -> Self {
        let definition = referred(schema, definitions).map(|(_, it)| it);
        let parts = [Some(schema), definition];
        let is_spread = |it: &Value| SPREAD.iter().any(|keyword| it.get(keyword).is_some());
        if definition.is_some_and(|it| is_spread(it) || it.get("$ref").is_some()) || is_spread(schema) {
            return Self::ALL;
        }
        let fields = parts.into_iter().flatten().filter_map(|it| it.get("properties")?.as_object());
        fields.flat_map(Map::values).map(|it| Self::documented(it, definitions)).fold(Self::NONE, Self::or)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn named(name: &Value) -> Self {
        match name.as_str() {
            Some("null") => Self::NULL,
            Some("boolean") => Self::BOOLEAN,
            Some("number" | "integer") => Self::NUMBER,
            Some("string") => Self::STRING,
            Some("array") => Self::LIST,
            Some("object") => Self::OBJECT,
            _ => Self::ALL,
        }
    }
}

/// Where fields can stand besides `properties`.
const SPREAD: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// The kinds of a schema. One that holds itself at the same place says nothing by that.
fn within<'a>(schema: &'a Value, definitions: &'a Map<String, Value>, open: &mut Vec<&'a str>) -> Kinds {
    let mut kinds = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(Kinds::named).fold(Kinds::NONE, Kinds::or),
        Some(name) => Kinds::named(name),
        None => Kinds::ALL,
    };
    if let Some((name, definition)) = referred(schema, definitions)
        && !open.contains(&name.as_str())
    {
        open.push(name);
        kinds = kinds.and(within(definition, definitions, open));
        open.pop();
    }
    for all in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        kinds = kinds.and(within(all, definitions, open));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
            let either = alternatives.iter().map(|it| within(it, definitions, open)).fold(Kinds::NONE, Kinds::or);
            kinds = kinds.and(either);
        }
    }
    kinds
}
