//! The document, from records written by hand: what `#[webhook]` records is the macro's matter.

mod collisions;
mod golden;
mod hostile;
mod merging;
mod operations;
mod signing;
mod valid;
mod written;

use std::any::TypeId;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::error::startup::Problem;
use crate::docs::about::About;
use crate::docs::openapi::{OpenApi, document};
use crate::handler::endpoint::{Documentation, Endpoint};
use crate::handler::formats::EveryFormat;
use crate::handler::payload::payload;
use crate::handler::responses::Documented;
use crate::providers::StandardWebhooks;
use crate::registry::{Placed, Plan, Registry};

// The types of FastAPI's example.

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct Subscription {
    username: String,
    monthly_fee: f64,
    start_date: chrono::DateTime<chrono::Utc>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "documented, never read")]
struct LoginSuccess {
    user_id: i64,
    username: String,
    login_timestamp: chrono::DateTime<chrono::Utc>,
}

#[derive(Serialize, JsonSchema)]
struct Ack {
    message: String,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Conflict {
    reason: String,
}

/// A record of a handler with this payload and this return type.
fn endpoint<P: DeserializeOwned + JsonSchema, R: Documented>(event_type: &'static str) -> Endpoint {
    Endpoint {
        id: TypeId::of::<()>,
        handler: "canary_module::handler",
        file: "/canary/file.rs",
        line: 4242,
        event_type,
        source: None,
        method: "POST",
        timeout: None,
        status_code: None,
        documentation: Documentation {
            summary: "A summary",
            description: None,
            response_description: None,
            tags: &[],
            operation_id: None,
            deprecated: None,
            include_in_schema: true,
            external_docs: None,
            responses: &[],
            examples: &[],
            openapi_extra: None,
        },
        payload: |generator| payload::<P, EveryFormat, _>().schema(generator),
        accepts: |body, content| payload::<P, EveryFormat, _>().accepts(body, content),
        responses: |generator| R::responses(generator),
        reads_head: false,
        bind: |_| None,
    }
}

/// The record of the same handler for a named source.
fn of(source: &'static str, mut endpoint: Endpoint) -> Endpoint {
    endpoint.source = Some(source);
    endpoint
}

/// The document of these handlers, whose named sources follow Standard Webhooks.
fn openapi(endpoints: impl IntoIterator<Item = Endpoint>) -> OpenApi {
    try_openapi(endpoints, &About::default()).unwrap()
}

fn try_openapi(endpoints: impl IntoIterator<Item = Endpoint>, about: &About) -> Result<OpenApi, Vec<Problem>> {
    document(&registry(endpoints), about)
}

/// An app that says where it is served, and nothing else.
fn at_servers(urls: &[&str]) -> About {
    About { servers: urls.iter().map(|it| (*it).to_owned()).collect(), ..About::default() }
}

fn registry(endpoints: impl IntoIterator<Item = Endpoint>) -> Registry {
    let endpoints: Vec<&'static Endpoint> = endpoints.into_iter().map(|it| &*Box::leak(Box::new(it))).collect();
    let mut names: Vec<&str> = endpoints.iter().map(|it| it.source_name()).chain(["default"]).collect();
    names.sort_unstable();
    names.dedup();
    let (registry, problems) = Registry::new(Plan {
        sources: names
            .into_iter()
            .map(|it| Placed {
                source: StandardWebhooks::new("whsec_Y2FuYXJ5IHNlY3JldA==").named(it),
                path: it.to_owned(),
            })
            .collect(),
        endpoints,
        prefix: "/webhooks",
        expected: &[],
        pages: Vec::new(),
    });
    assert!(problems.iter().all(|it| *it == Problem::NothingRegistered), "{problems:?}");
    registry
}

fn value(document: &OpenApi) -> Value {
    serde_json::from_str(&document.to_json()).unwrap()
}

/// What stands at a place of a document.
#[track_caller]
fn at<'a>(document: &'a Value, pointer: &str) -> &'a Value {
    document.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} of {document:#}"))
}
