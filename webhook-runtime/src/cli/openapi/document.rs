//! An OpenAPI document, as far as its webhooks go.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::failure::Failure;
use crate::cli::json;

/// A document with a version, a title and webhooks.
pub(super) struct Document(Value);

/// One webhook of it: what a sender does when something happened.
pub(super) struct Event<'a> {
    pub(super) name: &'a str,
    pub(super) method: &'a str,
    pub(super) operation: &'a Value,
}

impl Document {
    /// The document that these bytes spell.
    pub(super) fn read(place: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let document = json::parse(place, bytes)?;
        let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.") {
            return Err(Failure::unreachable(format!("{place} is no OpenAPI 3 document: it has no member `openapi`")));
        }
        if version.starts_with("3.0") {
            let why = format!(
                "{place} is a document of OpenAPI {version}, which has no webhooks: 3.1 is the first that does"
            );
            return Err(Failure::unreachable(why));
        }
        Ok(Self(document))
    }

    pub(super) fn version(&self) -> &str {
        self.text("/openapi")
    }

    pub(super) fn title(&self) -> &str {
        self.text("/info/title")
    }

    /// Its webhooks, by name and method.
    pub(super) fn events(&self) -> BTreeMap<(&str, &str), Event<'_>> {
        let mut events = BTreeMap::new();
        let webhooks = self.0.get("webhooks").and_then(Value::as_object);
        for (name, item) in webhooks.into_iter().flatten() {
            let operations = self.resolved(item).as_object().into_iter().flatten();
            for (method, operation) in operations.filter(|(method, _)| METHODS.contains(&method.as_str())) {
                events.insert((name.as_str(), method.as_str()), Event { name, method, operation });
            }
        }
        events
    }

    /// What a value refers to within this document; the value itself where it does not.
    pub(super) fn resolved<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        for _ in 0..MOST_REFERENCES {
            let reference = value.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
            match reference.and_then(|it| self.0.pointer(it)) {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Event<'_> {
    pub(super) fn summary(&self) -> Option<&str> {
        self.operation.get("summary").and_then(Value::as_str)
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.operation.get("deprecated") == Some(&Value::Bool(true))
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// References to references, further than any document goes.
const MOST_REFERENCES: usize = 16;
