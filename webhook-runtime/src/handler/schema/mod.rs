//! The payload's schema at work. It explains a body that did not decode, and it refuses one that decoded and breaks a
//! constraint that the developer wrote.
//!
//! 1. **Checked** is what serde cannot: the bounds of a number, the length or pattern of a text, the size of a list, a
//!    `const`, a written `format`. `written` lists the keywords.
//! 2. **Not checked** is what is serde's: types, required and unexpected fields, the variants of an enum, the bounds and
//!    formats that a type has by itself. What serde accepts is never refused for them.
//! 3. **In doubt** nothing is refused. Below an alternative a constraint counts where it is certain that serde chose
//!    that alternative; where it cannot be, the start warns.
//!
//! Details are our own words, since a validator's texts quote the body.

use bytes::Bytes;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::base::error::rejection::Violation;
use crate::format::Content;
use crate::format::json::of_fragment;
use crate::format::reread::reread;

mod explain;
mod kinds;
mod places;
mod plan;
mod walk;
mod words;
mod written;

pub(crate) use explain::Explainer;
use plan::Plan;
pub(crate) use plan::Unusable;

/// Tells the schema of one payload; nothing for bytes.
pub(crate) type Described = fn(&mut SchemaGenerator) -> Option<Schema>;

/// The constraints that a developer wrote for one payload, compiled.
#[derive(Debug)]
pub(crate) struct Constraints(Plan);

impl Constraints {
    /// What is left of a schema without serde's part.
    ///
    /// # Errors
    /// A constraint that cannot be checked at all: a pattern that is none.
    pub(crate) fn of(payload: Described) -> Result<Self, Unusable> {
        let (root, definitions) = schema_of(payload).unwrap_or_default();
        Ok(Self(Plan::new(&root, &definitions)?))
    }

    /// Is nothing left? Then no body has to be read a second time.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every place where a body breaks one: sorted, the first thousand. None where the body cannot be read, which is
    /// the decoder's to say.
    pub(crate) fn violations(&self, body: &Bytes, content: &Content) -> Vec<Violation> {
        if self.is_empty() {
            return Vec::new();
        }
        reread(body, content).map(|it| walk::violations(&self.0, &it.value, it.texts)).unwrap_or_default()
    }

    /// The places whose constraints may go unchecked, since several alternatives without a tag can be there.
    pub(crate) fn undecided(&self) -> &[String] {
        self.0.undecided()
    }
}

/// A payload's schema, and the definitions that it refers to.
fn schema_of(payload: Described) -> Option<(Value, Map<String, Value>)> {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let root = payload(&mut generator)?.to_value();
    Some((root, generator.take_definitions(true)))
}

/// The definition that a schema refers to, with its name.
fn referred<'a>(schema: &Value, definitions: &'a Map<String, Value>) -> Option<(&'a String, &'a Value)> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
    definitions.get_key_value(name).or_else(|| definitions.get_key_value(&of_fragment(name)?))
}

/// Nobody reads more, and an answer must not be many times the size of its body.
const MOST_VIOLATIONS: usize = 1000;

#[cfg(test)]
mod tests;
