//! A value against a plan. Each pair of a shared node and a value is walked once, so that the work grows with the body
//! and no faster: alternatives that hold themselves do not multiply.

use std::collections::HashMap;

use serde_json::{Number, Value};

use crate::base::error::rejection::Violation;
use crate::format::TEXT;
use crate::format::json::push;
use crate::handler::schema::kinds::Kinds;
use crate::handler::schema::plan::{Alternative, Choice, Node, NodeId, Plan};
use crate::handler::schema::{MOST_VIOLATIONS, places, words};

/// Every place where the value breaks a constraint: sorted, the first thousand. Where all leaves are `texts`, a text at
/// a number's place is that number.
pub(super) fn violations(plan: &Plan, value: &Value, texts: bool) -> Vec<Violation> {
    let mut walk = Walk { plan, texts, known: HashMap::new(), open: Vec::new() };
    let mut found = walk.node(Plan::ROOT, value, &Path::Root).violations;
    found.sort();
    found.dedup();
    found
}

struct Walk<'a> {
    plan: &'a Plan,
    texts: bool,
    /// What was found, by node and value.
    known: HashMap<Pair, Vec<Violation>>,
    /// What is being walked, the outermost first.
    open: Vec<Pair>,
}

/// A shared node and a value.
type Pair = (NodeId, *const Value);

/// What a node says of a value.
#[derive(Default)]
struct Found {
    violations: Vec<Violation>,
    /// The outermost open pair that it leads back to, which has not said anything yet.
    back_to: Option<usize>,
}

impl Found {
    fn add(&mut self, other: Self) {
        self.violations.extend(other.violations);
        self.violations.truncate(MOST_VIOLATIONS);
        self.lead_back(other.back_to);
    }

    fn lead_back(&mut self, back_to: Option<usize>) {
        self.back_to = self.back_to.into_iter().chain(back_to).min();
    }
}

impl<'a> Walk<'a> {
    fn node(&mut self, id: NodeId, value: &'a Value, path: &Path<'_>) -> Found {
        let Some(node) = self.plan.node(id) else { return Found::default() };
        if !node.is_shared {
            return self.fresh(node, value, path);
        }
        let pair = (id, std::ptr::from_ref(value));
        if let Some(violations) = self.known.get(&pair) {
            return Found { violations: violations.clone(), back_to: None };
        }
        if let Some(depth) = self.open.iter().position(|it| *it == pair) {
            return Found { violations: Vec::new(), back_to: Some(depth) };
        }
        let depth = self.open.len();
        self.open.push(pair);
        let mut found = self.fresh(node, value, path);
        self.open.pop();
        // A way that leads back here has nothing to add.
        found.back_to = found.back_to.filter(|it| *it < depth);
        if found.back_to.is_none() {
            self.known.insert(pair, found.violations.clone());
        }
        found
    }

    fn fresh(&mut self, node: &'a Node, value: &'a Value, path: &Path<'_>) -> Found {
        let mut found = Found { violations: self.own(node, value, path), back_to: None };
        for (id, value, token) in self.below(node, value) {
            // The places after these are not told.
            if found.violations.len() >= MOST_VIOLATIONS {
                break;
            }
            found.add(self.node(id, value, &Path::Below(path, token)));
        }
        for id in &node.also {
            found.add(self.node(*id, value, path));
        }
        for choice in &node.choices {
            found.add(self.choice(choice, value, path));
        }
        found
    }

    fn own(&self, node: &Node, value: &Value, path: &Path<'_>) -> Vec<Violation> {
        let Some(own) = &node.own else { return Vec::new() };
        let read = if self.texts { read(node.kinds, value) } else { None };
        let mut found = Vec::new();
        for error in own.iter_errors(read.as_ref().unwrap_or(value)) {
            words::describe(&error, &mut found);
        }
        if found.is_empty() {
            return found;
        }
        found.truncate(MOST_VIOLATIONS);
        let here = path.pointer();
        found.into_iter().map(|it| places::violation(here.clone() + &it.pointer, it.detail)).collect()
    }

    /// The values below, with their nodes.
    fn below(&self, node: &'a Node, value: &'a Value) -> Vec<(NodeId, &'a Value, Token<'a>)> {
        let item = |(index, value)| {
            let id = node.first_items.get(index).copied().or(node.items)?;
            Some((id, value, Token::Index(index)))
        };
        let field = |(name, id): &'a (String, NodeId)| match value {
            Value::Object(map) => Some((*id, map.get(name)?, Token::Name(name))),
            // What has more than a text elsewhere.
            Value::String(_) if self.texts && name == TEXT => Some((*id, value, Token::Name(name))),
            _ => None,
        };
        match value {
            _ if self.texts && is_list_of_one(node.kinds, value) => item((0, value)).into_iter().collect(),
            Value::Array(list) => list.iter().enumerate().filter_map(item).collect(),
            Value::Object(map) if node.values.is_some() || !node.keyed.is_empty() => {
                let value = |(key, value): (&'a String, &'a Value)| {
                    let keyed = node.keyed.iter().find(|(pattern, _)| pattern.is_valid(&Value::String(key.clone())));
                    Some((keyed.map(|(_, id)| *id).or(node.values)?, value, Token::Name(key)))
                };
                node.fields.iter().filter_map(field).chain(map.iter().filter_map(value)).collect()
            }
            _ => node.fields.iter().filter_map(field).collect(),
        }
    }

    fn choice(&mut self, choice: &'a Choice, value: &'a Value, path: &Path<'_>) -> Found {
        let chosen = match choice {
            Choice::Tag(name, alternatives) => {
                let tag = value.get(name).and_then(Value::as_str);
                alternatives.iter().find(|(value, _)| Some(value.as_str()) == tag)
            }
            Choice::Key(alternatives) => {
                let mut there = alternatives.iter().filter(|(key, _)| value.get(key).is_some());
                // Of two keys only the order in the body, which a value has no more, says which one was taken.
                there.next().filter(|_| there.next().is_none())
            }
            Choice::Kind(alternatives) => return self.kind(alternatives, value, path),
        };
        chosen.map(|(_, id)| self.node(*id, value, path)).unwrap_or_default()
    }

    /// Whichever alternative it is, of those that it can be: one that the value does not break clears it. Of several
    /// that it breaks, the nearest is told.
    fn kind(&mut self, alternatives: &'a [Alternative], value: &'a Value, path: &Path<'_>) -> Found {
        let mut all = Found::default();
        let mut nearest: Option<Vec<Violation>> = None;
        for alternative in alternatives {
            if !self.texts && !alternative.can_be(value) {
                continue;
            }
            let found = self.node(alternative.node, value, path);
            all.lead_back(found.back_to);
            if !found.violations.is_empty() {
                if nearest.as_ref().is_none_or(|it| it.len() > found.violations.len()) {
                    nearest = Some(found.violations);
                }
            } else if found.back_to.is_none() {
                return found;
            }
        }
        all.violations = nearest.unwrap_or_default();
        all
    }
}

impl Alternative {
    fn can_be(&self, value: &Value) -> bool {
        let of_fields = |list: &Vec<Value>| list.iter().all(|it| self.kinds_of_fields.has(Kinds::of(it)));
        self.kinds.has(Kinds::of(value)) || self.kinds.has(Kinds::OBJECT) && value.as_array().is_some_and(of_fields)
    }
}

/// What a text is at this place, where it is no text.
fn read(kinds: Kinds, value: &Value) -> Option<Value> {
    if is_list_of_one(kinds, value) {
        return Some(Value::Array(vec![value.clone()]));
    }
    let text = value.as_str().filter(|_| !kinds.has(Kinds::STRING))?.trim();
    let number = || text.parse::<Number>().ok().map(Value::Number);
    let boolean = || text.parse::<bool>().ok().map(Value::Bool);
    number().filter(|_| kinds.has(Kinds::NUMBER)).or_else(|| boolean().filter(|_| kinds.has(Kinds::BOOLEAN)))
}

/// Is it the one element of a list? An empty text could also be a list without any.
fn is_list_of_one(kinds: Kinds, value: &Value) -> bool {
    let is_empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
    kinds.has(Kinds::LIST) && !kinds.has(Kinds::of(value)) && !is_empty
}

/// The way to a value.
enum Path<'a> {
    Root,
    Below(&'a Path<'a>, Token<'a>),
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Name(&'a str),
    Index(usize),
}

impl Path<'_> {
    /// The pointer of the place, or of the first one on the way whose pointer is too long to be told.
    fn pointer(&self) -> String {
        let Self::Below(above, token) = self else { return String::new() };
        let mut pointer = above.pointer();
        if pointer.len() > places::MOST_POINTER_BYTES {
            return pointer;
        }
        match token {
            Token::Name(name) => push(&mut pointer, name),
            Token::Index(index) => push(&mut pointer, &index.to_string()),
        }
        pointer
    }
}
