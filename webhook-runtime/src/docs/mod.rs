//! The document of an app: what was registered, told in OpenAPI 3.1.
//!
//! Reads the registry and gives one value, the same one for the same app. It holds what senders may know: no secret,
//! no file, no line, no module of the program. It knows nothing of routers: the text is served by whoever wants to.
//!
//! - [`openapi`]: the document, assembled
//! - [`model`]: the objects of OpenAPI that it is made of
//! - [`about`]: what the app says of all of it
//! - [`described`]: each endpoint with its schemas, under names that hold for the whole document
//! - [`components`], [`references`]: how those names are found, and how references follow them
//! - [`operation`], [`outcomes`], [`examples`]: what one endpoint, or one route, takes and gives
//! - [`extra`]: what a developer adds to an operation
//! - [`refusals`]: what this crate answers by itself
//! - `page`: the page that shows it, of the feature `docs-ui`
//! - [`names`]: operation ids, and texts that fit into a key
//! - [`connect`]: how a delivery is signed, and what connects its sender
//! - [`merge`]: the document as a part of another one

pub(crate) mod about;
mod components;
mod connect;
mod described;
mod examples;
mod extra;
mod merge;
mod model;
mod names;
pub(crate) mod openapi;
mod operation;
mod outcomes;
#[cfg(feature = "docs-ui")]
pub(crate) mod page;
mod references;
mod refusals;
#[cfg(test)]
mod tests;
