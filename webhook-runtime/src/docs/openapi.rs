//! stub
use crate::base::error::startup::{Error, Problem};
use crate::registry::Registry;
use serde::Serialize;
/// An OpenAPI 3.1 document.
#[derive(Clone, Debug, Serialize)]
pub struct OpenApi {
    openapi: String,
}
impl OpenApi {
    /// The document as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
    /// Merges
    /// # Errors
    /// x
    pub fn merge_into(&self, _document: &mut serde_json::Value) -> Result<(), Error> {
        Ok(())
    }
}
pub(crate) fn document(_registry: &Registry, _servers: &[String]) -> Result<OpenApi, Vec<Problem>> {
    Ok(OpenApi { openapi: "3.1.1".into() })
}
