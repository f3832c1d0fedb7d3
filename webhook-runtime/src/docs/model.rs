//! The objects of OpenAPI 3.1 that the document is made of, and no other: <https://spec.openapis.org/oas/v3.1.1>.
//!
//! Schemas stay what schemars made of them. Maps are sorted by key, so that one app has one text.

use std::collections::BTreeMap;

use schemars::Schema;
use serde::Serialize;
use serde_json::Value;

use crate::docs::about::ExternalDocs;
use crate::docs::connect::{WebhookSignature, WebhookSource};
use crate::signature::Text;

/// A map of the document, in the order of its keys.
pub(super) type Map<T> = BTreeMap<String, T>;

#[derive(Clone, Debug, Serialize)]
pub(super) struct Server {
    pub(super) url: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Tag {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
}

/// Operations by their methods, in small letters.
pub(super) type PathItem = Map<Entry>;

/// An operation, as it was described or with what the developer added.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Entry {
    Described(Box<Operation>),
    Extended(Value),
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
    pub(super) summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_docs: Option<ExternalDocs>,
    pub(super) operation_id: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) request_body: RequestBody,
    pub(super) responses: Map<ResponseOrReference>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) deprecated: bool,
    /// A scheme, with the scopes that only OAuth has.
    pub(super) security: Vec<Map<Vec<&'static str>>>,
    #[serde(rename = "x-webhook-signature")]
    pub(super) webhook_signature: WebhookSignature,
    /// Of a route, and not of an event.
    #[serde(rename = "x-webhook-source", skip_serializing_if = "Option::is_none")]
    pub(super) webhook_source: Option<WebhookSource>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Parameter {
    pub(super) name: Text,
    #[serde(rename = "in")]
    pub(super) place: &'static str,
    pub(super) description: Text,
    pub(super) required: bool,
    pub(super) schema: Schema,
    pub(super) example: Text,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestBody {
    pub(super) content: Map<MediaType>,
    pub(super) required: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct MediaType {
    /// Bytes have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<Schema>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) examples: Map<Example>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Example {
    pub(super) value: Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum ResponseOrReference {
    Response(Response),
    Reference {
        #[serde(rename = "$ref")]
        reference: String,
    },
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Response {
    pub(super) description: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) headers: Map<Header>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) content: Map<MediaType>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Header {
    pub(super) description: &'static str,
    pub(super) required: bool,
    pub(super) schema: Schema,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Components {
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) schemas: Map<Schema>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) responses: Map<Response>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) security_schemes: Map<SecurityScheme>,
}

/// OpenAPI has no type for signatures; an API key in a header is the nearest, and the description says the rest.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type")]
pub(super) enum SecurityScheme {
    #[serde(rename = "apiKey")]
    ApiKey {
        description: &'static str,
        #[serde(rename = "in")]
        place: &'static str,
        name: Text,
    },
    #[serde(rename = "http")]
    Http { description: &'static str, scheme: &'static str },
}
