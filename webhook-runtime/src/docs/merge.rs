//! Our document as a part of another one. Finds everything that stands in the way before it changes anything.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::base::error::startup::Problem;
use crate::format::json::push;

/// The other document with ours in it.
pub(super) fn merged(theirs: &Value, ours: &Value) -> Result<Value, Vec<Problem>> {
    let mut conflicts = Vec::new();
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return Err(vec![problem((String::new(), "is no object, so it is no OpenAPI document"))]);
    };
    version(theirs, &mut conflicts);
    operation_ids(theirs, ours, &mut conflicts);
    let mut ours = ours.clone();
    settle_servers(theirs, &mut ours);
    let mut merged = theirs.clone();
    for (section, ours) in &ours {
        let pointer = below("", section);
        match (section.as_str(), merged.get_mut(section)) {
            (_, None) => drop(merged.insert(section.clone(), ours.clone())),
            ("components" | "paths" | "webhooks", Some(theirs)) => join(theirs, ours, LEVELS, &pointer, &mut conflicts),
            ("tags", Some(theirs)) => tags(theirs, ours, &pointer, &mut conflicts),
            // The version and the description of the app are its own.
            (_, Some(_)) => {}
        }
    }
    if conflicts.is_empty() {
        return Ok(Value::Object(merged));
    }
    conflicts.sort();
    Err(conflicts.into_iter().map(problem).collect())
}

/// A place of the other document, and what is wrong there.
type Conflict = (String, &'static str);

/// How many objects deep two documents may have parts each: a path and its methods, a kind of component and its names.
const LEVELS: u8 = 2;

/// Servers of the whole document would move the paths of the other one. Each operation of ours takes them along.
fn settle_servers(theirs: &Map<String, Value>, ours: &mut Map<String, Value>) {
    let Some(servers) = ours.remove("servers") else { return };
    if theirs.get("servers") == Some(&servers) {
        return;
    }
    let paths = ours.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                operation.insert("servers".to_owned(), servers.clone());
            }
        }
    }
}

fn version(theirs: &Map<String, Value>, conflicts: &mut Vec<Conflict>) {
    let has_webhooks =
        |version: &Value| version.as_str().is_some_and(|it| it.starts_with("3.") && !it.starts_with("3.0"));
    if theirs.get("openapi").map_or(theirs.contains_key("swagger"), |it| !has_webhooks(it)) {
        conflicts.push(("/openapi".to_owned(), "is not 3.1, and older documents have no `webhooks`"));
    }
}

/// Joins two objects. Below so many levels, what has one key must have one content.
fn join(theirs: &mut Value, ours: &Value, levels: u8, pointer: &str, conflicts: &mut Vec<Conflict>) {
    let Value::Object(ours) = ours else { return };
    let Value::Object(theirs) = theirs else {
        conflicts.push((pointer.to_owned(), "is no object"));
        return;
    };
    for (key, ours) in ours {
        match theirs.get_mut(key) {
            None => drop(theirs.insert(key.clone(), ours.clone())),
            Some(theirs) if theirs == ours => {}
            Some(theirs) if levels > 1 => join(theirs, ours, levels - 1, &below(pointer, key), conflicts),
            Some(_) => conflicts.push((below(pointer, key), "has another content in the two documents")),
        }
    }
}

/// Tags are a list of names. A tag that the app describes stays as it is.
fn tags(theirs: &mut Value, ours: &Value, pointer: &str, conflicts: &mut Vec<Conflict>) {
    let Value::Array(theirs) = theirs else {
        conflicts.push((pointer.to_owned(), "is no list"));
        return;
    };
    for tag in ours.as_array().into_iter().flatten() {
        if !theirs.iter().any(|it| it.get("name") == tag.get("name")) {
            theirs.push(tag.clone());
        }
    }
}

/// An operation id is unique in a document. The same operation in both is one operation.
fn operation_ids(theirs: &Map<String, Value>, ours: &Map<String, Value>, conflicts: &mut Vec<Conflict>) {
    let ours = ids(ours);
    for (id, pointer) in ids(theirs) {
        if ours.get(id).is_some_and(|it| *it != pointer) {
            conflicts.push((below(&pointer, "operationId"), "is the id of a webhook's operation too"));
        }
    }
}

/// The ids of all operations, with the places of the operations.
fn ids(document: &Map<String, Value>) -> BTreeMap<&str, String> {
    let mut ids = BTreeMap::new();
    for section in ["paths", "webhooks"] {
        for (path, item) in members(document.get(section)) {
            for (method, operation) in members(Some(item)) {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    ids.insert(id, below(&below(&below("", section), path), method));
                }
            }
        }
    }
    ids
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn below(pointer: &str, token: &str) -> String {
    let mut pointer = pointer.to_owned();
    push(&mut pointer, token);
    pointer
}

fn problem((pointer, problem): Conflict) -> Problem {
    Problem::Merge { pointer, problem }
}
