//! What the OpenAPI document says of the app, and where it is served.

use crate::app::builder::Webhooks;
use crate::base::error::startup::Error;
use crate::docs::openapi::{self, OpenApi};

impl Webhooks {
    /// Where the OpenAPI document is served: `/openapi.json` unless set, nowhere for `None`.
    pub fn openapi_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.openapi_url = url.into().map(str::to_owned);
        self
    }

    /// The `servers` of the document. A router that is nested under `/api` says so with `servers(["/api"])`.
    pub fn servers<'a>(mut self, urls: impl IntoIterator<Item = &'a str>) -> Self {
        self.servers.extend(urls.into_iter().map(str::to_owned));
        self
    }

    /// The OpenAPI document, without a server and without secrets.
    ///
    /// # Errors
    /// Everything that is wrong with the endpoints and sources, at once.
    pub fn openapi(&self) -> Result<OpenApi, Error> {
        let (registry, mut problems) = self.registry();
        match openapi::document(&registry, &self.servers) {
            Ok(document) if problems.is_empty() => return Ok(document),
            Ok(_) => {}
            Err(more) => problems.extend(more),
        }
        Err(Error::of(problems))
    }
}
