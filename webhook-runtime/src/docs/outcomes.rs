//! The responses of handlers, gathered by status: what the types say, of one endpoint or of all of a route.

use crate::docs::described::{Described, Written};
use crate::docs::model::{Map, MediaType, Response, ResponseOrReference};
use crate::handler::responses::{Body, Status};
use schemars::{Schema, json_schema};

/// What the handlers of an operation answer, by status.
#[derive(Default)]
pub(super) struct Outcomes(Map<Outcome>);

/// One status: each distinct thing that is said of it.
#[derive(Default)]
struct Outcome {
    descriptions: Vec<String>,
    bodies: Map<Vec<Schema>>,
}

impl Outcomes {
    /// Adds what a handler answers: what its type tells, and before it what was written.
    pub(super) fn add(&mut self, described: &Described) {
        let mut own = Self::default();
        own.add_told(described);
        own.add_written(described);
        for (status, outcome) in own.0 {
            let all = self.0.entry(status).or_default();
            for description in outcome.descriptions {
                all.describe(description);
            }
            for (media_type, schemas) in outcome.bodies {
                all.bodies.entry(media_type).or_default().extend(schemas);
            }
        }
    }

    fn add_told(&mut self, described: &Described) {
        let endpoint = described.endpoint;
        for response in &described.responses {
            let success = endpoint.documentation.response_description.unwrap_or(SUCCESS);
            match response.status {
                Status::Success => {
                    let status = endpoint.status_code.map_or_else(|| OK.to_owned(), |it| it.to_string());
                    self.insert(&status, success, &response.body);
                }
                // A status that the handler chooses may be any: the successful ones are meant, and the rest is said.
                Status::Chosen => {
                    self.insert(CHOSEN, success, &response.body);
                    self.insert(OTHER, FAILURE, &response.body);
                }
                Status::Failure => self.insert(OTHER, FAILURE, &response.body),
            }
        }
    }

    /// A text that was written takes the place of the usual one, and a body that of what the type tells.
    fn add_written(&mut self, described: &Described) {
        for Written { status, description, body } in &described.written {
            let outcome = self.0.entry(status.to_string()).or_default();
            outcome.descriptions = vec![description.clone()];
            if let Some(schema) = body {
                outcome.bodies = Map::from([(JSON.to_owned(), vec![schema.clone()])]);
            }
        }
    }

    /// Adds what a route for several event types answers to all others.
    pub(super) fn add_unwanted(&mut self) {
        self.insert(OK, "No handler takes this event type, and the sender need not know.", &Body::Empty);
    }

    /// As responses of an operation.
    pub(super) fn into_responses(self) -> Map<ResponseOrReference> {
        let response = |outcome: Outcome| Response {
            description: outcome.descriptions.join("\n\n"),
            headers: Map::new(),
            content: outcome.bodies.into_iter().map(|(media_type, schemas)| (media_type, media(schemas))).collect(),
        };
        self.0.into_iter().map(|(status, it)| (status, ResponseOrReference::Response(response(it)))).collect()
    }

    fn insert(&mut self, status: &str, description: &str, body: &Body) {
        let outcome = self.0.entry(status.to_owned()).or_default();
        outcome.describe(description.to_owned());
        let (media_type, schema) = match body {
            Body::Json(schema) => (JSON, schema.clone()),
            Body::Text => ("text/plain", json_schema!({"type": "string"})),
            // A body that the type does not tell of is left open: a response without `content` says nothing of it.
            Body::Empty | Body::Unknown => return,
        };
        outcome.bodies.entry(media_type.to_owned()).or_default().push(schema);
    }
}

impl Outcome {
    fn describe(&mut self, description: String) {
        if !self.descriptions.contains(&description) {
            self.descriptions.push(description);
        }
    }
}

fn media(schemas: Vec<Schema>) -> MediaType {
    MediaType { schema: any_of(schemas), examples: Map::new() }
}

const JSON: &str = "application/json";
const OK: &str = "200";
/// Every successful status.
const CHOSEN: &str = "2XX";
/// Every status that is not listed.
const OTHER: &str = "default";

/// FastAPI's words.
const SUCCESS: &str = "Successful Response";
const FAILURE: &str = "What the handler answers when it does not succeed.";

/// One of these schemas.
pub(super) fn any_of(mut schemas: Vec<Schema>) -> Option<Schema> {
    let mut distinct: Vec<Schema> = Vec::new();
    schemas.retain(|it| {
        let is_first = !distinct.contains(it);
        distinct.extend(is_first.then(|| it.clone()));
        is_first
    });
    if schemas.len() > 1 { Some(json_schema!({"anyOf": schemas})) } else { schemas.pop() }
}
