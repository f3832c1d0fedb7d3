//! One operation: what a sender posts, how it proves itself, and what it gets.
//!
//! An endpoint has one under `webhooks`, and one under `paths` where the route is its own. A route of a source has one
//! operation for all of its event types.

use std::time::Duration;

use schemars::{Schema, json_schema};

use crate::docs::about::ExternalDocs;
use crate::docs::connect::WebhookSignature;
use crate::docs::described::{Described, DescribedRoute};
use crate::docs::examples;
use crate::docs::model::{Map, MediaType, Operation, Parameter, RequestBody, SecurityScheme};
use crate::docs::names;
use crate::docs::outcomes::{Outcomes, any_of};
use crate::docs::refusals::Refusals;
use crate::source::Source;
use crate::source::facts::{ContentType, EventTypeAt, Facts, ProofAt, Retries, SignatureHeader};

/// The operation of one endpoint.
pub(super) fn of_endpoint(route: &DescribedRoute<'_>, it: &Described, refusals: &Refusals, id: String) -> Operation {
    let said = &it.endpoint.documentation;
    let mut outcomes = Outcomes::default();
    outcomes.add(it);
    Operation {
        tags: it.tags.clone(),
        summary: said.summary.to_owned(),
        description: said.description.map(str::to_owned),
        external_docs: said.external_docs.map(|url| ExternalDocs { url: url.to_owned() }),
        deprecated: it.deprecated,
        ..delivery(route, std::slice::from_ref(it), outcomes, refusals, id)
    }
}

/// The operation of a route for several event types.
pub(super) fn of_source(route: &DescribedRoute<'_>, refusals: &Refusals, id: String) -> Operation {
    let endpoints = &route.endpoints;
    let mut tags: Vec<String> = endpoints.iter().flat_map(|it| &it.tags).cloned().collect();
    tags.sort_unstable();
    tags.dedup();
    let mut outcomes = Outcomes::default();
    endpoints.iter().for_each(|it| outcomes.add(it));
    if !takes_every_event(endpoints) {
        outcomes.add_unwanted();
    }
    Operation {
        tags,
        summary: format!("Every event of {}", route.source.name()),
        description: Some(event_types(route)),
        deprecated: endpoints.iter().all(|it| it.deprecated),
        ..delivery(route, endpoints, outcomes, refusals, id)
    }
}

/// The name of a source's security scheme, and the scheme. None where the proof stands in the body, for which OpenAPI
/// has no word.
pub(super) fn security(source: &Source) -> Option<(String, SecurityScheme)> {
    let facts = source.facts();
    let (description, name) = (facts.scheme, facts.signature_header.clone());
    let (place, scheme) = match facts.proof {
        ProofAt::Header => ("", SecurityScheme::ApiKey { description, place: "header", name }),
        ProofAt::Query => ("InQuery", SecurityScheme::ApiKey { description, place: "query", name }),
        ProofAt::BasicAuth => ("Basic", SecurityScheme::Http { description, scheme: "basic" }),
        ProofAt::Body => return None,
    };
    Some((format!("{}{place}", names::joined(facts.title)), scheme))
}

/// What an operation has of its source.
fn delivery(
    route: &DescribedRoute<'_>,
    endpoints: &[Described],
    outcomes: Outcomes,
    refusals: &Refusals,
    id: String,
) -> Operation {
    let facts = route.source.facts();
    let mut responses = outcomes.into_responses();
    refusals.add_to(&mut responses, decodes(endpoints));
    Operation {
        tags: Vec::new(),
        summary: String::new(),
        description: None,
        external_docs: None,
        operation_id: id,
        parameters: parameters(facts),
        request_body: RequestBody { content: bodies(endpoints, facts), required: true },
        responses,
        deprecated: false,
        security: security(route.source).map(|(name, _)| Map::from([(name, Vec::new())])).into_iter().collect(),
        webhook_signature: WebhookSignature::of(route.source),
        webhook_source: None,
    }
}

/// Does any of them take more than bytes?
pub(super) fn decodes(endpoints: &[Described]) -> bool {
    endpoints.iter().any(|it| it.payload.is_some())
}

fn parameters(facts: &Facts) -> Vec<Parameter> {
    let parameter = |it: &SignatureHeader| Parameter {
        name: it.name.clone(),
        place: "header",
        description: it.description.clone(),
        required: true,
        schema: json_schema!({"type": "string"}),
        example: it.example.clone(),
    };
    facts.headers.iter().map(parameter).collect()
}

/// Payloads are of the source's content type. A handler that takes the bytes takes any.
fn bodies(endpoints: &[Described], facts: &Facts) -> Map<MediaType> {
    let mut content = Map::new();
    let typed = endpoints.iter().filter(|it| it.payload.is_some());
    let schemas: Vec<Schema> = typed.clone().filter_map(|it| it.payload.clone()).collect();
    if let Some(schema) = any_of(schemas) {
        let mut names: Vec<&str> =
            facts.content_types.iter().filter(|it| **it != ContentType::Any).map(|it| it.name()).collect();
        names.dedup();
        for name in names {
            content.insert(
                name.to_owned(),
                MediaType { schema: Some(schema.clone()), examples: examples::of_operation(typed.clone(), name) },
            );
        }
    }
    let mut bytes = endpoints.iter().filter(|it| it.payload.is_none()).peekable();
    if bytes.peek().is_some() {
        let examples = examples::of_operation(bytes, examples::ANY);
        content.insert(examples::ANY.to_owned(), MediaType { schema: None, examples });
    }
    content
}

/// Is one of them for whatever the others leave?
fn takes_every_event(endpoints: &[Described]) -> bool {
    endpoints.iter().any(|it| it.endpoint.event_type == "*")
}

/// The event types of a route, in Markdown.
fn event_types(route: &DescribedRoute<'_>) -> String {
    let place = place(&route.source.facts().event_type);
    let others = if takes_every_event(&route.endpoints) { "" } else { " Any other than these is acknowledged." };
    let mut text = format!("{place}{others}\n");
    for it in &route.endpoints {
        text.push_str(&format!("\n- `{}`: {}", it.endpoint.event_type, it.endpoint.documentation.summary));
    }
    text.push_str(&format!("\n\n{}", patience(route.source.facts())));
    text
}

/// How long the sender waits for an answer, and what it does with one that is no success.
fn patience(facts: &Facts) -> String {
    let waits = match facts.ack_deadline {
        Some(deadline) => format!("The sender waits {} for an answer. ", spelled(deadline)),
        None => String::new(),
    };
    let horizon = spelled(facts.retry_horizon);
    let retries = match facts.retries {
        Retries::EveryFailure => format!("It sends a failed delivery again, for {horizon} at the most."),
        Retries::ServerErrors => {
            format!("It sends a delivery again after a 5xx or no answer, for {horizon} at the most; a 4xx loses it.")
        }
        Retries::Never => "It does not send a failed delivery again by itself.".to_owned(),
    };
    format!("{waits}{retries}")
}

/// A duration in its largest whole unit.
fn spelled(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];
    let whole = units.iter().find(|(unit, _)| seconds.is_multiple_of(*unit));
    let (unit, name) = whole.copied().unwrap_or((1, "second"));
    let count = seconds / unit;
    if count == 1 { format!("one {name}") } else { format!("{count} {name}s") }
}

/// Where the event type stands, in a sentence or several.
fn place(at: &EventTypeAt) -> String {
    match at {
        EventTypeAt::Nowhere => "Its events have no type.".to_owned(),
        EventTypeAt::Body(pointers) => format!("The event type stands in the body at `{}`.", pointers.join("` and `")),
        EventTypeAt::Header(name, None) => format!("The event type stands in the header `{name}`."),
        EventTypeAt::Header(name, Some(action)) => {
            format!("The event type stands in the header `{name}`, with the body's `{action}` joined on.")
        }
        EventTypeAt::TopLevelKey => "The event type is the first list of the body.".to_owned(),
        EventTypeAt::FirstOf(places) => places.iter().map(place).collect::<Vec<_>>().join(" Or else: "),
    }
}
