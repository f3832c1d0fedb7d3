//! One operation: what a sender posts, how it proves itself, and what it gets.
//!
//! An endpoint has one under `webhooks`, and one under `paths` where the route is its own. A route of a source has one
//! operation for all of its event types.

use schemars::{Schema, json_schema};

use crate::docs::described::{Described, DescribedRoute};
use crate::docs::model::{Map, MediaType, Operation, Parameter, RequestBody, SecurityScheme};
use crate::docs::names;
use crate::docs::outcomes::Outcomes;
use crate::docs::refusals::Refusals;
use crate::source::facts::{EventTypeAt, Facts, SignatureHeader};

/// The operation of one endpoint.
pub(super) fn of_endpoint(route: &DescribedRoute<'_>, it: &Described, refusals: &Refusals, id: String) -> Operation {
    let said = &it.endpoint.documentation;
    let mut outcomes = Outcomes::default();
    outcomes.add(it);
    Operation {
        tags: said.tags.to_vec(),
        summary: said.summary.to_owned(),
        description: said.description.map(str::to_owned),
        deprecated: said.deprecated,
        ..delivery(route, std::slice::from_ref(it), outcomes, refusals, id)
    }
}

/// The operation of a route for several event types.
pub(super) fn of_source(route: &DescribedRoute<'_>, refusals: &Refusals, id: String) -> Operation {
    let endpoints = &route.endpoints;
    let mut tags: Vec<&str> = endpoints.iter().flat_map(|it| it.endpoint.documentation.tags).copied().collect();
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
        deprecated: endpoints.iter().all(|it| it.endpoint.documentation.deprecated),
        ..delivery(route, endpoints, outcomes, refusals, id)
    }
}

/// The name of a provider's security scheme, and the scheme.
pub(super) fn security(facts: &Facts) -> (String, SecurityScheme) {
    let scheme =
        SecurityScheme { kind: "apiKey", description: facts.scheme, place: "header", name: facts.signature_header };
    (names::joined(facts.title), scheme)
}

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
    for (status, refusal) in refusals.references(decodes(endpoints)) {
        responses.entry(status).or_insert(refusal);
    }
    let (scheme, _) = security(facts);
    Operation {
        tags: Vec::new(),
        summary: String::new(),
        description: None,
        operation_id: id,
        parameters: parameters(facts),
        request_body: RequestBody { content: bodies(endpoints, facts), required: true },
        responses,
        deprecated: false,
        security: vec![Map::from([(scheme, Vec::new())])],
    }
}

/// Does any of them take more than bytes?
pub(super) fn decodes(endpoints: &[Described]) -> bool {
    endpoints.iter().any(|it| it.payload.is_some())
}

fn parameters(facts: &Facts) -> Vec<Parameter> {
    let parameter = |it: &SignatureHeader| Parameter {
        name: it.name,
        place: "header",
        description: it.description,
        required: true,
        schema: json_schema!({"type": "string"}),
        example: it.example,
    };
    facts.headers.iter().map(parameter).collect()
}

/// Payloads are of the source's content type. A handler that takes the bytes takes any.
fn bodies(endpoints: &[Described], facts: &Facts) -> Map<MediaType> {
    let mut content = Map::new();
    let schemas: Vec<Schema> = endpoints.iter().filter_map(|it| it.payload.clone()).collect();
    if let Some(schema) = any_of(schemas) {
        content.insert(facts.content_type.to_owned(), MediaType { schema: Some(schema), examples: Map::new() });
    }
    if endpoints.iter().any(|it| it.payload.is_none()) {
        content.insert("*/*".to_owned(), MediaType::default());
    }
    content
}

/// Is one of them for whatever the others leave?
fn takes_every_event(endpoints: &[Described]) -> bool {
    endpoints.iter().any(|it| it.endpoint.event_type == "*")
}

/// The event types of a route, in Markdown.
fn event_types(route: &DescribedRoute<'_>) -> String {
    let EventTypeAt::Body(pointer) = route.source.facts().event_type;
    let others = if takes_every_event(&route.endpoints) { "" } else { " Any other than these is acknowledged." };
    let mut text = format!("The event type stands in the body at `{pointer}`.{others}\n");
    for it in &route.endpoints {
        text.push_str(&format!("\n- `{}`: {}", it.endpoint.event_type, it.endpoint.documentation.summary));
    }
    text
}
