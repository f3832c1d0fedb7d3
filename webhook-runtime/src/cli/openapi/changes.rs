//! What differs between the webhooks of two documents: by meaning, so that order and references do not count.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::cli::openapi::document::Document;
use crate::cli::output::{Output, Tone, plain};

/// One webhook that differs.
pub(super) struct Change {
    event: String,
    kind: Kind,
}

enum Kind {
    Added,
    Removed,
    /// Where, as JSON Pointers within the operation.
    Changed(Vec<Place>),
}

/// One value that differs.
struct Place {
    pointer: String,
    older: Option<Value>,
    newer: Option<Value>,
}

/// Every webhook that differs, in the order of names.
pub(super) fn changes(older: &Document, newer: &Document) -> Vec<Change> {
    let (older_events, newer_events) = (older.events(), newer.events());
    let mut keys: Vec<_> = older_events.keys().chain(newer_events.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut changes = Vec::new();
    for key in keys {
        let kind = match (older_events.get(key), newer_events.get(key)) {
            (Some(_), None) => Kind::Removed,
            (None, _) => Kind::Added,
            (Some(one), Some(other)) => {
                let mut comparison = Comparison { older, newer, seen: HashSet::new(), places: Vec::new() };
                comparison.differ(String::new(), one.operation, other.operation);
                if comparison.places.is_empty() {
                    continue;
                }
                Kind::Changed(comparison.places)
            }
        };
        changes.push(Change { event: format!("{} {}", key.1.to_uppercase(), key.0), kind });
    }
    changes
}

impl Change {
    pub(super) fn shown(&self, output: &Output) -> String {
        let event = plain(&self.event);
        match &self.kind {
            Kind::Added => output.painted(Tone::Good, format!("+ {event}")),
            Kind::Removed => output.painted(Tone::Bad, format!("- {event}")),
            Kind::Changed(places) => {
                let mut lines = vec![output.painted(Tone::Doubtful, format!("~ {event}"))];
                lines.extend(places.iter().map(|it| format!("    {}", it.shown())));
                lines.join("\n")
            }
        }
    }

    pub(super) fn as_json(&self) -> Value {
        let (change, places) = match &self.kind {
            Kind::Added => ("added", &[][..]),
            Kind::Removed => ("removed", &[][..]),
            Kind::Changed(places) => ("changed", &places[..]),
        };
        let places: Vec<Value> =
            places.iter().map(|it| json!({ "pointer": it.pointer, "older": it.older, "newer": it.newer })).collect();
        json!({ "event": self.event, "change": change, "places": places })
    }
}

impl Place {
    fn shown(&self) -> String {
        let pointer = plain(&self.pointer);
        match (&self.older, &self.newer) {
            (None, Some(newer)) => format!("{pointer}: added {}", short(newer)),
            (Some(older), None) => format!("{pointer}: removed {}", short(older)),
            (older, newer) => {
                let of = |it: &Option<Value>| it.as_ref().map(short).unwrap_or_default();
                format!("{pointer}: {} → {}", of(older), of(newer))
            }
        }
    }
}

/// Two operations that are being compared, each within its document.
struct Comparison<'a> {
    older: &'a Document,
    newer: &'a Document,
    /// The pairs of references that were followed: a schema may contain itself.
    seen: HashSet<(&'a str, &'a str)>,
    places: Vec<Place>,
}

impl<'a> Comparison<'a> {
    /// Finds where two values differ, as deep as both go.
    fn differ(&mut self, pointer: String, older: &'a Value, newer: &'a Value) {
        if let (Some(one), Some(other)) = (reference(older), reference(newer))
            && !self.seen.insert((one, other))
        {
            return;
        }
        let (older, newer) = (self.older.resolved(older), self.newer.resolved(newer));
        match (older, newer) {
            (Value::Object(older), Value::Object(newer)) => {
                let mut names: Vec<&String> = older.keys().chain(newer.keys()).collect();
                names.sort();
                names.dedup();
                for name in names {
                    let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                    match (older.get(name), newer.get(name)) {
                        (Some(older), Some(newer)) => self.differ(pointer, older, newer),
                        (older, newer) => {
                            self.places.push(Place { pointer, older: older.cloned(), newer: newer.cloned() });
                        }
                    }
                }
            }
            (Value::Array(older), Value::Array(newer)) if older.len() == newer.len() => {
                for (index, (older, newer)) in older.iter().zip(newer).enumerate() {
                    self.differ(format!("{pointer}/{index}"), older, newer);
                }
            }
            _ if older == newer => {}
            _ => self.places.push(Place { pointer, older: Some(older.clone()), newer: Some(newer.clone()) }),
        }
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// A value in a line.
fn short(value: &Value) -> String {
    let text = plain(&value.to_string());
    if text.chars().count() <= MOST_CHARS {
        return text;
    }
    format!("{}…", text.chars().take(MOST_CHARS).collect::<String>())
}

const MOST_CHARS: usize = 60;
