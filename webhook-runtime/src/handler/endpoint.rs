//! The record that `#[webhook]` leaves of one handler. Constant, so that it can be collected at link time.

use std::any::TypeId;
use std::time::Duration;

use bytes::Bytes;
use schemars::{Schema, SchemaGenerator};

use crate::base::error::rejection::Violation;
use crate::base::error::startup::Place;
use crate::format::{Content, Undecodable};
use crate::handler::call::Bound;
use crate::handler::responses::Response;
#[cfg(feature = "validation")]
use crate::handler::schema::{Constraints, Explainer};
use crate::handler::state::Finder;
use crate::handler::written::WrittenResponse;

/// One handler: who it is, what it takes, what is documented of it, and how it is called.
pub struct Endpoint {
    /// The type of the function item, by which `register` finds the record.
    pub id: fn() -> TypeId,
    /// The path of the function: its module and its name.
    pub handler: &'static str,
    /// The file that it stands in.
    pub file: &'static str,
    /// The line of its name.
    pub line: u32,
    /// The event type, as it was written.
    pub event_type: &'static str,
    /// The source that sends it, or nothing for the default source.
    pub source: Option<&'static str>,
    /// The method of its route, where the route is its own.
    pub method: &'static str,
    /// The time limit of this handler alone.
    pub timeout: Option<Duration>,
    /// What a 200 of the handler becomes.
    pub status_code: Option<u16>,
    /// What the document says of it.
    pub documentation: Documentation,
    /// The schema of the payload, or nothing where the handler takes the bytes as they are.
    pub payload: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// Is this body a payload?
    pub accepts: fn(&Bytes, &Content) -> Result<(), Undecodable>,
    /// The responses that the return type tells of.
    pub responses: fn(&mut SchemaGenerator) -> Vec<Response>,
    /// Does it read more of the head than its state? Then it may ask for what only a router knows.
    pub reads_head: bool,
    /// Supplies the state, and nothing where one is missing.
    pub bind: fn(&mut Finder<'_>) -> Option<Bound>,
}

/// What a developer wrote about a handler, for the document.
pub struct Documentation {
    /// The first paragraph of the doc comment, or the title-cased name of the function.
    pub summary: &'static str,
    /// The rest of the doc comment, in Markdown.
    pub description: Option<&'static str>,
    /// What the successful response is called.
    pub response_description: Option<&'static str>,
    /// The groups that it belongs to.
    pub tags: &'static [&'static str],
    /// The id of the operation, where it was given.
    pub operation_id: Option<&'static str>,
    /// Is it on its way out? Nothing where nobody said so.
    pub deprecated: Option<bool>,
    /// Does the document show it?
    pub include_in_schema: bool,
    /// Where more is written about the event: a URL.
    pub external_docs: Option<&'static str>,
    /// Statuses that the return type does not tell of, or not enough.
    pub responses: &'static [WrittenResponse],
    /// Examples of the payload: names, and JSON as text.
    pub examples: &'static [(&'static str, &'static str)],
    /// An object, as text, that is merged into the operation.
    pub openapi_extra: Option<&'static str>,
}

impl Endpoint {
    /// Where the handler stands, for a start-up error.
    pub(crate) fn place(&self) -> Place {
        Place { handler: self.handler, file: self.file, line: self.line }
    }

    /// Every place where this JSON is not the payload, or breaks a constraint of it.
    pub(crate) fn violations(&self, json: &'static str) -> Vec<(String, String)> {
        let json = Bytes::from_static(json.as_bytes());
        let found = match (self.accepts)(&json, &Content::Json) {
            Ok(()) => self.broken_constraints(&json),
            Err(Undecodable::Mismatch { first, .. }) => self.mismatches(&json, first),
            Err(_) => vec![Violation { pointer: String::new(), detail: "is nested too deeply".to_owned() }],
        };
        found.into_iter().map(|it| (it.pointer, it.detail)).collect()
    }

    #[cfg(feature = "validation")]
    fn broken_constraints(&self, json: &Bytes) -> Vec<Violation> {
        // A constraint that cannot be checked is an error of its own.
        Constraints::of(self.payload).map(|it| it.violations(json, &Content::Json)).unwrap_or_default()
    }

    #[cfg(not(feature = "validation"))]
    fn broken_constraints(&self, _: &Bytes) -> Vec<Violation> {
        Vec::new()
    }

    /// The decoder names the first, the schema each one.
    #[cfg(feature = "validation")]
    fn mismatches(&self, json: &Bytes, first: Violation) -> Vec<Violation> {
        let all = crate::format::json::parse(json).map(|it| Explainer::new(self.payload).violations(&it));
        all.filter(|it| !it.is_empty()).unwrap_or_else(|| vec![first])
    }

    #[cfg(not(feature = "validation"))]
    fn mismatches(&self, _: &Bytes, first: Violation) -> Vec<Violation> {
        vec![first]
    }

    /// The name of the source that sends the events of this handler.
    pub(crate) fn source_name(&self) -> &'static str {
        self.source.unwrap_or(DEFAULT_SOURCE)
    }
}

/// What the source is called that needs no `source(…)`.
pub(crate) const DEFAULT_SOURCE: &str = "default";

/// The `TypeId` of a function item, by value: naming the function links the crate that it lives in.
pub fn id_of<F: 'static>(_: F) -> TypeId {
    TypeId::of::<F>()
}
