//! What this crate answers by itself, as the document tells it: made of the very answers, so that it cannot differ.
//!
//! 404 and 405 are not here: they answer other paths and other methods, never a documented operation.

use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use schemars::{JsonSchema, Schema, json_schema};

use crate::base::answer::Answer;
use crate::base::error::failure::Failure;
use crate::base::error::rejection::{Cause, Rejection, Violation as Found};
use crate::docs::components::{Excerpt, Renaming, Side};
use crate::docs::model::{Example, Header, Map, MediaType, Response, ResponseOrReference};
use crate::format::json;

/// The responses that every operation refers to, by status, and as components.
pub(super) struct Refusals {
    listed: Vec<(String, Refusal)>,
    schemas: OwnSchemas,
}

impl Refusals {
    /// Those of an app; `schemas` are written as they are called there.
    pub(super) fn new(schemas: OwnSchemas, names: &Renaming) -> Self {
        let schemas = OwnSchemas { problem: names.apply(schemas.problem), validation: names.apply(schemas.validation) };
        let status = |it: &Refusal| it.answers.first().map(|(_, answer)| answer.status.as_str().to_owned());
        let listed = all().into_iter().filter_map(|it| Some((status(&it)?, it))).collect();
        Self { listed, schemas }
    }

    /// Adds references to the responses of an operation. An endpoint that takes bytes refuses none for what they say.
    ///
    /// A status that a handler answers too means both: then the refusal is written out behind what the handler says.
    pub(super) fn add_to(&self, responses: &mut Map<ResponseOrReference>, decodes: bool) {
        for (status, it) in self.listed.iter().filter(|(_, it)| decodes || !it.of_decoding) {
            match responses.get_mut(status) {
                Some(ResponseOrReference::Response(of_handler)) => it.join(of_handler, &self.schemas),
                _ => {
                    let reference = format!("#/components/responses/{}", it.name);
                    responses.insert(status.clone(), ResponseOrReference::Reference { reference });
                }
            }
        }
    }

    /// What the references lead to.
    pub(super) fn components(&self, decodes: bool) -> Map<Response> {
        let those = self.listed.iter().filter(|(_, it)| decodes || !it.of_decoding);
        those.map(|(_, it)| (it.name.to_owned(), it.response(&self.schemas))).collect()
    }
}

/// The schemas of problem documents, not yet under the names that they have in the document.
pub(super) struct OwnSchemas {
    problem: Schema,
    validation: Schema,
}

/// Describes the bodies of refusals.
pub(super) fn schemas() -> (OwnSchemas, Excerpt) {
    Excerpt::of(Side::Own, String::new(), |generator| OwnSchemas {
        problem: generator.subschema_for::<Problem>(),
        validation: generator.subschema_for::<ValidationProblem>(),
    })
}

/// An RFC 9457 problem document.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "described here, made in `base::answer`")]
struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The status of the response.
    #[schemars(range(min = 400, max = 599))]
    status: u16,
    /// What is wrong, without a value of the delivery.
    detail: String,
}

/// A problem document that lists every place where the body is not the payload.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "described here, made in `base::answer`")]
struct ValidationProblem {
    #[serde(flatten)]
    problem: Problem,
    errors: Vec<Violation>,
}

/// One place where the body is not the payload.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "described here, made in `base::answer`")]
struct Violation {
    /// Where, as an RFC 6901 JSON Pointer. A missing field points at itself.
    pointer: String,
    /// What was expected there.
    detail: String,
}

/// One status, with everything that it is answered for.
struct Refusal {
    /// Its key below `components/responses`, where an app's own `Unauthorized` may stand beside it.
    name: &'static str,
    description: &'static str,
    /// Does it come of decoding a payload, and of nothing else?
    of_decoding: bool,
    /// All of one status.
    answers: Vec<(&'static str, Answer)>,
}

impl Refusal {
    /// Adds it to what a handler answers with the same status.
    fn join(&self, of_handler: &mut Response, schemas: &OwnSchemas) {
        let own = self.response(schemas);
        of_handler.description.push_str("\n\n");
        of_handler.description.push_str(&own.description);
        // Only this crate's own answer has them.
        let optional = |(name, header)| (name, Header { required: false, ..header });
        of_handler.headers.extend(own.headers.into_iter().map(optional));
        of_handler.content.extend(own.content);
    }

    fn response(&self, schemas: &OwnSchemas) -> Response {
        let schema = if self.of_decoding { &schemas.validation } else { &schemas.problem };
        let mut content: Map<MediaType> = Map::new();
        let mut headers = Map::new();
        for (name, answer) in &self.answers {
            let media_type = answer.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
            let media = content.entry(media_type.to_owned()).or_default();
            media.schema = Some(schema.clone());
            if let Some(mut value) = json::parse(&answer.body) {
                value.sort_all_objects();
                media.examples.insert((*name).to_owned(), Example { value });
            }
            if answer.headers.contains_key(RETRY_AFTER) {
                headers.insert("Retry-After".to_owned(), retry_after());
            }
        }
        Response { description: self.description.to_owned(), headers, content }
    }
}

fn retry_after() -> Header {
    Header {
        description: "In how many seconds the delivery is worth sending again.",
        required: true,
        schema: json_schema!({"minimum": 0, "type": "integer"}),
    }
}

fn all() -> Vec<Refusal> {
    let refused = |rejection: Rejection| Answer::from(&rejection);
    let failed = |failure: Failure| Answer::from(&failure);
    let of_delivery = |name, description, answers| Refusal { name, description, of_decoding: false, answers };
    vec![
        of_delivery(
            "WebhookMalformed",
            "The body broke off, or it is not JSON.",
            vec![
                ("broken", refused(Rejection::BodyBroken)),
                ("not-json", refused(Rejection::NotJson { line: 1, column: 17 })),
            ],
        ),
        of_delivery(
            "WebhookUnverified",
            "The signature could not be verified. Every cause has this one answer.",
            vec![("unverified", refused(Rejection::Unverified(Cause::SignatureMismatch)))],
        ),
        of_delivery(
            "WebhookTooSlow",
            "The body did not arrive in time.",
            vec![("slow", refused(Rejection::BodyTooSlow { limit: Duration::ZERO }))],
        ),
        of_delivery(
            "WebhookTooLarge",
            "The body is over the limit.",
            vec![("large", refused(Rejection::BodyTooLarge { limit: 1024 * 1024 }))],
        ),
        of_delivery(
            "WebhookUnsupported",
            "The body is of a content type that the endpoint does not take, or it is encoded.",
            vec![
                ("content-type", refused(Rejection::ContentType { expected: "application/json" })),
                ("encoded", refused(Rejection::EncodedBody)),
            ],
        ),
        Refusal {
            name: "WebhookMismatch",
            description: "The body is JSON, and not the payload. Every place that is wrong is listed.",
            of_decoding: true,
            answers: vec![(
                "mismatch",
                refused(Rejection::Mismatch(vec![
                    Found { pointer: "/customer/name".to_owned(), detail: "is required".to_owned() },
                    Found { pointer: "/items/0/amount".to_owned(), detail: "expected a number".to_owned() },
                ])),
            )],
        },
        of_delivery(
            "WebhookFailed",
            "The delivery could not be processed. Sending it again runs the handler again.",
            vec![("failed", failed(Failure::Panicked))],
        ),
        of_delivery(
            "WebhookUnavailable",
            "The delivery is worth sending again later: it took too long, a copy of it still runs, or there is no room.",
            vec![
                ("full", refused(Rejection::StoreFull)),
                ("running", refused(Rejection::StillRunning)),
                ("timed-out", failed(Failure::TimedOut)),
            ],
        ),
    ]
}
