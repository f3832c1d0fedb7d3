//! The document of an app: what was registered, told in OpenAPI 3.1.

pub(crate) mod openapi;
