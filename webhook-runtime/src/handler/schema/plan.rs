//! From a schema to a plan of what is left to check: a graph of nodes, without the parts that hold no constraint.
//!
//! A constraint is kept where the place of its value says that serde read it as the schema does: at a field, an item, a
//! value of a map. Below alternatives it is kept with what tells serde's choice: a tag, or the kind of the value. A
//! field that was sent under an alias is at no place of the schema.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::handler::schema::kinds::Kinds;
use crate::handler::schema::{referred, written};

pub(super) type NodeId = usize;

/// What is left of a schema.
#[derive(Debug)]
pub(super) struct Plan {
    nodes: Vec<Node>,
    undecided: Vec<String>,
}

/// What is left at one place of a schema.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its own constraints.
    pub(super) own: Option<Box<Validator>>,
    pub(super) kinds: Kinds,
    pub(super) fields: Vec<(String, NodeId)>,
    /// Of a map: the values whose keys match.
    pub(super) keyed: Vec<(Validator, NodeId)>,
    /// Of a map: the other values.
    pub(super) values: Option<NodeId>,
    pub(super) first_items: Vec<NodeId>,
    pub(super) items: Option<NodeId>,
    /// What holds at the same place.
    pub(super) also: Vec<NodeId>,
    pub(super) choices: Vec<Choice>,
    /// Can several ways lead here with one value?
    pub(super) is_shared: bool,
}

/// Alternatives, and how to know which one serde chose.
#[derive(Debug)]
pub(super) enum Choice {
    /// A field of this name says it.
    Tag(String, Vec<(String, NodeId)>),
    /// The name of a field says it.
    Key(Vec<(String, NodeId)>),
    /// The kind of the value, as far as it does.
    Kind(Vec<Alternative>),
}

/// What one of several can be.
#[derive(Debug)]
pub(super) struct Alternative {
    pub(super) node: NodeId,
    pub(super) kinds: Kinds,
    /// What its fields are, taken together: a struct is read from a list of them, too.
    pub(super) kinds_of_fields: Kinds,
}

/// A constraint that cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    /// Where, as a path of fields.
    pub(crate) at: String,
    pub(crate) said: String,
}

impl Plan {
    /// The plan of a schema with these definitions.
    pub(super) fn new(root: &Value, definitions: &Map<String, Value>) -> Result<Self, Unusable> {
        let mut builder =
            Builder { definitions, nodes: Vec::new(), named: HashMap::new(), doubtful: Vec::new(), path: Vec::new() };
        let root = builder.node(root, Within::Place)?;
        Ok(builder.finish(root))
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The node of the body is the first one.
    pub(super) const ROOT: NodeId = 0;

    /// Is there anything to check?
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The places where it may not be known what serde chose.
    pub(super) fn undecided(&self) -> &[String] {
        &self.undecided
    }
}

/// What a schema stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within<'a> {
    Place,
    /// It is one of several, of which a field of this name is the tag.
    Alternatives(Option<&'a str>),
}

struct Builder<'a> {
    definitions: &'a Map<String, Value>,
    nodes: Vec<Node>,
    named: HashMap<&'a str, NodeId>,
    /// Nodes below which it may not be known what serde chose, and their paths.
    doubtful: Vec<(NodeId, String)>,
    path: Vec<&'a str>,
}

impl<'a> Builder<'a> {
    fn node(&mut self, schema: &'a Value, within: Within<'_>) -> Result<NodeId, Unusable> {
        let id = self.nodes.len();
        self.nodes.push(Node::default());
        self.fill(id, schema, within)?;
        Ok(id)
    }

    fn fill(&mut self, id: NodeId, schema: &'a Value, within: Within<'_>) -> Result<(), Unusable> {
        let Some(map) = schema.as_object() else { return Ok(()) };
        let constraints = written::constraints(map, within != Within::Place);
        let mut node = Node {
            own: (!constraints.is_empty()).then(|| self.compiled(&constraints)).transpose()?.map(Box::new),
            kinds: Kinds::documented(schema, self.definitions),
            is_shared: within != Within::Place,
            ..Node::default()
        };
        self.object(map, within, &mut node)?;
        if let Some(places) = map.get("prefixItems").and_then(Value::as_array) {
            node.first_items = places.iter().map(|it| self.below("*", it)).collect::<Result<_, _>>()?;
        }
        if let Some(items) = map.get("items") {
            node.items = Some(self.below("*", items)?);
        }
        if let Some((name, definition)) = referred(schema, self.definitions) {
            node.also.push(self.definition(name, definition)?);
        }
        for all in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            node.also.push(self.node(all, Within::Place)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = map.get(keyword).and_then(Value::as_array) {
                node.choices.push(self.choice(alternatives, keyword == "oneOf")?);
            }
        }
        if let Some(place) = self.nodes.get_mut(id) {
            node.is_shared |= place.is_shared;
            *place = node;
        }
        Ok(())
    }

    /// The fields of a struct, or the values of a map.
    fn object(&mut self, map: &'a Map<String, Value>, within: Within<'_>, node: &mut Node) -> Result<(), Unusable> {
        let fields = map.get("properties").and_then(Value::as_object);
        for (name, field) in fields.into_iter().flatten() {
            if within == Within::Alternatives(Some(name)) {
                continue;
            }
            node.fields.push((name.clone(), self.below(name, field)?));
        }
        let patterns = map.get("patternProperties").and_then(Value::as_object);
        let values = map.get("additionalProperties").or(map.get("unevaluatedProperties"));
        if fields.is_some_and(|it| !it.is_empty()) {
            // Beside fields, a key that is none of them could be the alias of one.
            for value in patterns.into_iter().flat_map(Map::values).chain(values) {
                let unseen = self.below("*", value)?;
                self.doubtful.push((unseen, self.at(Some("*"))));
            }
            // An enum as the key of a map has its names as fields, and no others.
            return Ok(());
        }
        for (pattern, value) in patterns.into_iter().flatten() {
            let key = Map::from_iter([("pattern".to_owned(), Value::String(pattern.clone()))]);
            node.keyed.push((self.compiled(&key)?, self.below("*", value)?));
        }
        if let Some(values) = values {
            node.values = Some(self.below("*", values)?);
        }
        Ok(())
    }

    fn choice(&mut self, alternatives: &'a [Value], exclusive: bool) -> Result<Choice, Unusable> {
        let definitions = self.definitions;
        let objects: Vec<(&Value, &Map<String, Value>)> = alternatives
            .iter()
            .map(|it| (it, resolved(it, definitions)))
            .filter_map(|(it, resolved)| Some((it, resolved.as_object()?)))
            .filter(|(_, it)| it.contains_key("required"))
            .collect();
        let whole = objects.len() + alternatives.iter().filter(|it| is_unit(it)).count() == alternatives.len();
        if exclusive && whole {
            if let Some(tag) = tag_of(&objects) {
                let within = Within::Alternatives(Some(tag));
                let tagged = objects.iter().filter_map(|(schema, object)| Some((*schema, value_of(tag, object)?)));
                let tagged = tagged.map(|(schema, value)| Ok((value.to_owned(), self.node(schema, within)?)));
                return Ok(Choice::Tag(tag.to_owned(), tagged.collect::<Result<_, _>>()?));
            }
            if let Some(keys) = objects.iter().map(|(_, object)| key_of(object)).collect::<Option<Vec<_>>>() {
                let keyed = objects.iter().zip(keys);
                let keyed = keyed
                    .map(|((schema, _), key)| Ok((key.to_owned(), self.node(schema, Within::Alternatives(None))?)));
                return Ok(Choice::Key(keyed.collect::<Result<_, _>>()?));
            }
        }
        let mut all = Vec::new();
        for schema in alternatives {
            let tag = resolved(schema, definitions).as_object().and_then(first_tag);
            all.push(Alternative {
                node: self.node(schema, Within::Alternatives(tag))?,
                kinds: Kinds::documented(schema, definitions),
                kinds_of_fields: Kinds::of_fields(schema, definitions),
            });
        }
        let others = |index: usize| all.iter().skip(index + 1).filter(|it| it.kinds != Kinds::NULL);
        let overlaps = |(index, one): (usize, &Alternative)| others(index).any(|other| one.kinds.has(other.kinds));
        if all.iter().enumerate().any(overlaps) {
            let at = self.at(None);
            self.doubtful.extend(all.iter().map(|it| (it.node, at.clone())));
        }
        Ok(Choice::Kind(all))
    }

    fn below(&mut self, name: &'a str, schema: &'a Value) -> Result<NodeId, Unusable> {
        self.path.push(name);
        let node = self.node(schema, Within::Place);
        self.path.pop();
        node
    }

    /// The node of a definition, which can hold itself.
    fn definition(&mut self, name: &'a str, schema: &'a Value) -> Result<NodeId, Unusable> {
        if let Some(id) = self.named.get(name) {
            return Ok(*id);
        }
        let id = self.nodes.len();
        self.nodes.push(Node { is_shared: true, ..Node::default() });
        self.named.insert(name, id);
        self.fill(id, schema, Within::Place)?;
        Ok(id)
    }

    fn compiled(&self, constraints: &Map<String, Value>) -> Result<Validator, Unusable> {
        written::compile(constraints).map_err(|said| Unusable { at: self.at(None), said })
    }

    /// The path of fields that leads here, or to what is below.
    fn at(&self, below: Option<&str>) -> String {
        self.path.iter().copied().chain(below).map(|it| format!("/{it}")).collect()
    }

    /// Leaves out what leads to no constraint.
    fn finish(mut self, root: NodeId) -> Plan {
        let mut holds: Vec<bool> = self.nodes.iter().map(|it| it.own.is_some()).collect();
        let of = |holds: &[bool], id: NodeId| holds.get(id).copied().unwrap_or(false);
        // Until nothing changes: definitions refer to each other in circles.
        loop {
            let next: Vec<bool> = self
                .nodes
                .iter()
                .enumerate()
                .map(|(id, node)| of(&holds, id) || node.following().any(|it| of(&holds, it)))
                .collect();
            if next == holds {
                break;
            }
            holds = next;
        }
        self.nodes.iter_mut().for_each(|node| node.keep(|id| of(&holds, id)));
        let mut undecided: Vec<String> =
            self.doubtful.into_iter().filter(|(id, _)| of(&holds, *id)).map(|(_, at)| at).collect();
        undecided.sort();
        undecided.dedup();
        if !of(&holds, root) {
            self.nodes.clear();
        }
        Plan { nodes: self.nodes, undecided }
    }
}

impl Node {
    /// The nodes that it leads to.
    fn following(&self) -> impl Iterator<Item = NodeId> {
        let fields = self.fields.iter().map(|(_, it)| *it);
        let maps = self.keyed.iter().map(|(_, it)| *it).chain(self.values);
        let lists = self.first_items.iter().copied().chain(self.items);
        let choices = self.choices.iter().flat_map(Choice::nodes);
        fields.chain(maps).chain(lists).chain(self.also.iter().copied()).chain(choices)
    }

    /// Leaves out what leads to a node that does not hold anything.
    fn keep(&mut self, holds: impl Fn(NodeId) -> bool) {
        self.fields.retain(|(_, it)| holds(*it));
        self.keyed.retain(|(_, it)| holds(*it));
        self.values = self.values.filter(|it| holds(*it));
        if !self.first_items.iter().any(|it| holds(*it)) {
            self.first_items.clear();
        }
        self.items = self.items.filter(|it| holds(*it));
        self.also.retain(|it| holds(*it));
        self.choices.retain(|choice| choice.nodes().any(&holds));
    }
}

impl Choice {
    fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let (named, kinds) = match self {
            Self::Tag(_, named) | Self::Key(named) => (named.as_slice(), [].as_slice()),
            Self::Kind(kinds) => ([].as_slice(), kinds.as_slice()),
        };
        named.iter().map(|(_, it)| *it).chain(kinds.iter().map(|it: &Alternative| it.node))
    }
}

/// What a schema refers to, or itself.
fn resolved<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    // A variant of its own name is referred to, and holds its tag itself.
    let has_own = schema.get("properties").is_some();
    let definition = referred(schema, definitions).filter(|_| !has_own);
    definition.map_or(schema, |(_, it)| it)
}

/// Is it a variant without content, outside of an object?
fn is_unit(schema: &Value) -> bool {
    schema.get("const").is_some_and(Value::is_string) || schema.get("enum").is_some()
}

/// The field by which all of these objects differ: the first that each requires, with a text of its own.
fn tag_of<'a>(objects: &[(&'a Value, &'a Map<String, Value>)]) -> Option<&'a str> {
    let tag = first_tag(objects.first()?.1)?;
    let mut values = Vec::new();
    for (_, object) in objects {
        let value = value_of(tag, object).filter(|_| first_tag(object) == Some(tag))?;
        if values.contains(&value) {
            return None;
        }
        values.push(value);
    }
    Some(tag)
}

/// The first required field, where it must have one text.
fn first_tag(object: &Map<String, Value>) -> Option<&str> {
    let first = object.get("required")?.as_array()?.first()?.as_str()?;
    value_of(first, object).map(|_| first)
}

fn value_of<'a>(tag: &str, object: &'a Map<String, Value>) -> Option<&'a str> {
    object.get("properties")?.get(tag)?.get("const")?.as_str()
}

/// The one field of an object that has to be there.
fn key_of(object: &Map<String, Value>) -> Option<&str> {
    let fields = object.get("properties")?.as_object().filter(|it| it.len() == 1)?;
    let [Value::String(key)] = object.get("required")?.as_array()?.as_slice() else { return None };
    fields.contains_key(key).then_some(key)
}
