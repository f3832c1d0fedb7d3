//! The schemas of all endpoints under one roof, each under a name of its own.
//!
//! Every body is described by a generator of its own, and what it names is compared here with what the others named.
//! One name with one content, references followed, is one component. Where contents differ, nothing is overwritten:
//!
//! - a type that is read and sent in different forms is `OrderInput` and `OrderOutput`;
//! - types of two modules with one name are `Item` and `Item2`, in the order of their endpoints, and so are the
//!   instances of a generic type, which schemars calls all the same. That is a [`Clash`]: worth a word to the
//!   developer, since an endpoint that comes before changes the numbers.
//!
//! schemars numbers types of one name inside of one payload. Where it numbers them otherwise in another payload, what
//! refers to them counts as different: at worst a type has two components, and never has it a wrong one.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use crate::docs::model::Map;
use crate::docs::names::{self, Names};
use crate::docs::references;

/// Who reads or writes a body: it decides how a type is described, for serde may treat the two differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The handler reads it.
    Payload,
    /// The handler writes it.
    Answer,
    /// This crate writes it. Its names give way to those of the app.
    Own,
}

/// What one description named.
pub(super) struct Excerpt {
    side: Side,
    /// Whose it is, for a [`Clash`].
    owner: String,
    definitions: BTreeMap<String, Value>,
    /// Which definitions each definition refers to.
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Excerpt {
    /// Runs a description with a generator of its own.
    pub(super) fn of<T>(side: Side, owner: String, describe: impl FnOnce(&mut SchemaGenerator) -> T) -> (T, Self) {
        let settings = SchemaSettings::draft2020_12().with(|it| {
            it.definitions_path = references::SCHEMAS.into();
            it.meta_schema = None;
        });
        let settings = if side == Side::Payload { settings.for_deserialize() } else { settings.for_serialize() };
        let mut generator = settings.into_generator();
        let described = describe(&mut generator);
        let mut definitions: BTreeMap<String, Value> = generator.take_definitions(true).into_iter().collect();
        let edges = definitions.iter_mut().map(|(name, schema)| (name.clone(), targets(schema))).collect();
        (described, Self { side, owner, definitions, edges })
    }

    /// A definition with everything that it leads to.
    fn closure(&self, name: &str) -> BTreeMap<&str, &Value> {
        let mut closure = BTreeMap::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if let Some((name, schema)) = self.definitions.get_key_value(name)
                && closure.insert(name.as_str(), schema).is_none()
            {
                open.extend(self.edges.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        closure
    }
}

/// The components of all excerpts.
pub(super) struct Settled {
    pub(super) schemas: Map<Schema>,
    /// For each excerpt, in their order, what its names became.
    pub(super) names: Vec<Renaming>,
    pub(super) clashes: Vec<Clash>,
}

/// What the names of one excerpt became.
#[derive(Default)]
pub(super) struct Renaming(BTreeMap<String, String>);

impl Renaming {
    /// Lets a schema of the excerpt refer to the components of the document.
    pub(super) fn apply(&self, schema: Schema) -> Schema {
        let mut schema = schema.to_value();
        self.rewrite(&mut schema);
        // A schema stays one: only references inside of it are other texts.
        Schema::try_from(schema).unwrap_or_default()
    }

    fn rewrite(&self, schema: &mut Value) {
        references::each(schema, &mut |reference| {
            if let Some(name) = references::target(reference).and_then(|it| self.0.get(&it)) {
                *reference = references::to(name);
            }
        });
        // A crate that turns on `preserve_order` of serde_json does so for all.
        schema.sort_all_objects();
    }
}

/// One name that several types of one side have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clash {
    pub(super) name: String,
    /// What each is called in the document, and by whom it is used.
    pub(super) types: Vec<(String, Vec<String>)>,
}

/// Finds a name for every definition.
pub(super) fn settle(excerpts: &[Excerpt]) -> Settled {
    let mut kinds = kinds(excerpts);
    choose_names(&mut kinds);

    let mut settled = Settled { schemas: Map::new(), names: Vec::new(), clashes: clashes(&kinds, excerpts) };
    settled.names.resize_with(excerpts.len(), Renaming::default);
    for (old, kinds) in &kinds {
        for kind in kinds {
            for user in &kind.users {
                if let Some(renaming) = settled.names.get_mut(*user) {
                    renaming.0.insert((*old).to_owned(), kind.name.clone());
                }
            }
        }
    }
    for (excerpt, renaming) in excerpts.iter().zip(&settled.names) {
        for (old, schema) in &excerpt.definitions {
            let Some(new) = renaming.0.get(old) else { continue };
            settled.schemas.entry(new.clone()).or_insert_with(|| {
                let mut schema = schema.clone();
                renaming.rewrite(&mut schema);
                Schema::try_from(schema).unwrap_or_default()
            });
        }
    }
    settled
}

/// One content that a name stands for.
struct Kind<'a> {
    closure: BTreeMap<&'a str, &'a Value>,
    /// The excerpts that have it.
    users: Vec<usize>,
    /// The side of all of them, if they are of one.
    side: Option<Side>,
    name: String,
}

/// By name, the contents that stand under it.
fn kinds(excerpts: &[Excerpt]) -> BTreeMap<&str, Vec<Kind<'_>>> {
    let mut names: BTreeMap<&str, Vec<Kind<'_>>> = BTreeMap::new();
    for (user, excerpt) in excerpts.iter().enumerate() {
        for name in excerpt.definitions.keys() {
            let closure = excerpt.closure(name);
            let kinds = names.entry(name).or_default();
            match kinds.iter_mut().find(|it| it.closure == closure) {
                Some(kind) => {
                    kind.users.push(user);
                    kind.side = kind.side.filter(|it| *it == excerpt.side);
                }
                None => kinds.push(Kind { closure, users: vec![user], side: Some(excerpt.side), name: String::new() }),
            }
        }
    }
    names
}

/// Names that types brought along come before names that are made.
fn choose_names(kinds: &mut BTreeMap<&str, Vec<Kind<'_>>>) {
    let mut names = Names::default();
    for (old, kinds) in kinds.iter_mut() {
        let has = |side| kinds.iter().any(|it| it.side == Some(side));
        let two_forms = has(Side::Payload) && has(Side::Answer);
        for kind in kinds {
            let suffix = match kind.side {
                Some(Side::Payload) if two_forms => "Input",
                Some(Side::Answer) if two_forms => "Output",
                _ => "",
            };
            kind.name = names::component(&format!("{old}{suffix}"));
        }
    }
    let mut unnamed = Vec::new();
    for (old, kinds) in kinds {
        for kind in kinds {
            if kind.name != *old || !names.take(&kind.name) {
                unnamed.push(kind);
            }
        }
    }
    for kind in unnamed {
        kind.name = names.take_like(&kind.name);
    }
}

fn clashes(kinds: &BTreeMap<&str, Vec<Kind<'_>>>, excerpts: &[Excerpt]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for (name, kinds) in kinds {
        let users = |kind: &Kind<'_>, side| -> Vec<String> {
            let excerpts = kind.users.iter().filter_map(|it| excerpts.get(*it));
            excerpts.filter(|it| it.side == side).map(|it| it.owner.clone()).collect()
        };
        for side in [Side::Payload, Side::Answer] {
            let types = kinds.iter().map(|kind| (kind.name.clone(), users(kind, side)));
            let types: Vec<_> = types.filter(|(_, users)| !users.is_empty()).collect();
            if types.len() > 1 {
                clashes.push(Clash { name: (*name).to_owned(), types });
            }
        }
    }
    clashes
}

fn targets(schema: &mut Value) -> BTreeSet<String> {
    let mut targets = BTreeSet::new();
    references::each(schema, &mut |reference| targets.extend(references::target(reference)));
    targets
}
