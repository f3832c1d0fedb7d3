//! [`OpenApi`], the document, and how a registry becomes one.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use tracing::warn;

use crate::base::error::startup::{Error, Problem};
use crate::base::observe::TARGET;
use crate::docs::about::{About, ExternalDocs, Info};
use crate::docs::connect::WebhookSource;
use crate::docs::described::{self, Contents, Described, DescribedRoute};
use crate::docs::model::{Components, Entry, Map, Operation, PathItem, Server, Tag};
use crate::docs::names::{self, Names};
use crate::docs::operation::{self, decodes};
use crate::docs::{extra, merge};
use crate::format::json;
use crate::handler::endpoint::DEFAULT_SOURCE;
use crate::registry::{Registry, is_default};

/// The OpenAPI 3.1 document of an app, from [`Webhooks::openapi`](crate::Webhooks::openapi).
///
/// It has every endpoint twice: under `webhooks` by its event type, as what a sender does, and under `paths` by its
/// route, as what this app takes. Of an endpoint with `include_in_schema = false` it has nothing. It holds no secret,
/// and nothing of the program but what was written for its readers.
///
/// ```
/// # fn example(webhooks: &webhook_runtime::Webhooks) -> Result<(), webhook_runtime::Error> {
/// let mut mine = serde_json::json!({
///     "openapi": "3.1.0",
///     "info": {"title": "My app", "version": "2.0.0"},
///     "paths": {"/healthz": {"get": {"responses": {"200": {"description": "It is well."}}}}}
/// });
/// webhooks.openapi()?.merge_into(&mut mine)?;
/// # Ok(())
/// # }
/// ```
///
#[doc = include_str!("fastapi.md")]
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenApi {
    openapi: &'static str,
    info: Info,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    servers: Vec<Server>,
    paths: Map<PathItem>,
    webhooks: Map<PathItem>,
    components: Components,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_docs: Option<ExternalDocs>,
    #[serde(skip)]
    remarks: Vec<String>,
}

impl OpenApi {
    /// The document as JSON. One app has one text, whatever order its handlers were linked in.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Keys are strings and numbers are finite, so there is nothing that could not be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Adds the webhooks to a document that the app has already: their paths, webhooks, components and tags.
    ///
    /// Sections that are missing are made, `openapi` and `info` too. What stands there with the same content stays;
    /// `info` and `servers` are the app's own, and servers of ours go along with each operation.
    ///
    /// # Errors
    /// Everything that stands in the way, at once, and then the document is as it was: another content under the
    /// same key, an operation id that is taken, a document of OpenAPI 3.0, which has no webhooks.
    pub fn merge_into(&self, document: &mut Value) -> Result<(), Error> {
        let ours = serde_json::to_value(self).unwrap_or_default();
        *document = merge::merged(document, &ours).map_err(Error::of)?;
        Ok(())
    }

    /// Tells the log what the developer should know of the document.
    pub(crate) fn log(&self) {
        self.remarks.iter().for_each(|remark| warn!(target: TARGET, "{remark}"));
    }
}

/// The document of a registry.
pub(crate) fn document(registry: &Registry, about: &About) -> Result<OpenApi, Vec<Problem>> {
    let Contents { routes, schemas, refusals, remarks } = described::contents(registry, &about.defaults);
    let mut ids = given_ids(&routes)?;
    let mut document = OpenApi {
        openapi: VERSION,
        info: about.info.clone(),
        servers: about.servers.iter().map(|url| Server { url: url.clone() }).collect(),
        paths: Map::new(),
        webhooks: Map::new(),
        components: Components { schemas, ..Components::default() },
        tags: tags(&routes, about),
        external_docs: about.external_docs.clone(),
        remarks,
    };
    // The events have the plain ids, and the routes take what is left.
    for route in &routes {
        for it in &route.endpoints {
            let id = match it.endpoint.documentation.operation_id {
                Some(given) => given.to_owned(),
                None => ids.take_like(&with_method(names::identifier(&qualified(it, '/')), it)),
            };
            let operation = operation::of_endpoint(route, it, &refusals, id);
            document.webhooks.entry(key(it, &routes)).or_default().insert(method(it), with_extra(operation, it));
        }
    }
    for route in &routes {
        let mut item = PathItem::new();
        if route.shared {
            let id = ids.take_like(&format!("receive_{}", names::identifier(route.source.name())));
            let mut operation = operation::of_source(route, &refusals, id);
            operation.webhook_source = Some(WebhookSource::of(route, &route.endpoints));
            item.insert("post".to_owned(), Entry::Described(Box::new(operation)));
        } else {
            for it in &route.endpoints {
                let given = it.endpoint.documentation.operation_id.map(names::identifier);
                let own = || with_method(names::identifier(it.endpoint.event_type), it);
                let id = ids.take_like(&format!("receive_{}", given.unwrap_or_else(own)));
                let mut operation = operation::of_endpoint(route, it, &refusals, id);
                operation.webhook_source = Some(WebhookSource::of(route, std::slice::from_ref(it)));
                item.insert(method(it), with_extra(operation, it));
            }
        }
        document.paths.insert(route.path.to_owned(), item);
        document.components.security_schemes.extend(operation::security(route.source));
        document.components.responses.extend(refusals.components(decodes(&route.endpoints)));
    }
    Ok(document)
}

/// As a path item writes it.
fn method(it: &Described) -> String {
    it.endpoint.method.to_ascii_lowercase()
}

/// An id that two endpoints of one event do not share. A webhook is a POST, unless it says otherwise.
fn with_method(id: String, it: &Described) -> String {
    if it.endpoint.method == "POST" { id } else { format!("{id}_{}", method(it)) }
}

/// An operation with what its developer adds to it.
fn with_extra(operation: Operation, it: &Described) -> Entry {
    let extra = it.endpoint.documentation.openapi_extra.and_then(|it| json::parse(it.as_bytes()));
    match extra {
        None => Entry::Described(Box::new(operation)),
        Some(extra) => {
            let mut operation = serde_json::to_value(operation).unwrap_or_default();
            extra::add(&mut operation, extra);
            operation.sort_all_objects();
            Entry::Extended(operation)
        }
    }
}

/// The ids that developers gave, which are the events'. One that was given twice would name two operations.
fn given_ids(routes: &[DescribedRoute<'_>]) -> Result<Names, Vec<Problem>> {
    let mut ids = Names::default();
    let mut problems = Vec::new();
    let endpoints: Vec<_> = routes.iter().flat_map(|it| &it.endpoints).map(|it| it.endpoint).collect();
    for endpoint in &endpoints {
        let Some(id) = endpoint.documentation.operation_id else { continue };
        let first = endpoints.iter().find(|it| it.documentation.operation_id == Some(id));
        if let (false, Some(first)) = (ids.take(id), first) {
            let (first, second) = (first.place(), endpoint.place());
            problems.push(Problem::DuplicateOperationId { id, first, second });
        }
    }
    if problems.is_empty() { Ok(ids) } else { Err(problems) }
}

/// What an event is called under `webhooks`: its type, after the name of its source where that is not the default.
///
/// An event `stripe/paid` of the default source and `paid` of a source `stripe` would be one key. A colon is in no
/// event type of the former and in no name of the latter.
fn key(it: &Described, routes: &[DescribedRoute<'_>]) -> String {
    let key = qualified(it, '/');
    let of_default = |route: &DescribedRoute<'_>| {
        is_default(route.source) && route.endpoints.iter().any(|it| it.endpoint.event_type == key)
    };
    if source(it).is_some() && routes.iter().any(of_default) { qualified(it, ':') } else { key }
}

fn qualified(it: &Described, separator: char) -> String {
    let event_type = it.endpoint.event_type;
    source(it).map_or_else(|| event_type.to_owned(), |source| format!("{source}{separator}{event_type}"))
}

/// The name of its source, unless that is the default one, written out or not.
fn source(it: &Described) -> Option<&'static str> {
    it.endpoint.source.filter(|it| *it != DEFAULT_SOURCE)
}

/// The tags that the app describes, in its order, then all others by name.
fn tags(routes: &[DescribedRoute<'_>], about: &About) -> Vec<Tag> {
    let described = about.tags.iter().map(|(name, text)| Tag { name: name.clone(), description: Some(text.clone()) });
    let used = routes.iter().flat_map(|it| &it.endpoints).flat_map(|it| &it.tags);
    let others: BTreeSet<&String> = used.filter(|it| about.tags.iter().all(|(name, _)| name != *it)).collect();
    described.chain(others.into_iter().map(|name| Tag { name: name.clone(), description: None })).collect()
}

/// Swagger UI shows `webhooks` for 3.1 alone.
const VERSION: &str = "3.1.1";
