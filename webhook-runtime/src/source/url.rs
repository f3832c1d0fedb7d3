//! The URL that a sender calls. It is configuration: nothing of a request but its query is believed, and its path below
//! the URL of the app.

use std::sync::Arc;

use axum::extract::OriginalUri;
use http::request::Parts;

use super::Source;

/// The URL that the sender calls, as far as configuration knows it.
#[derive(Clone, Debug, Default)]
pub(super) struct PublicUrl {
    /// The whole URL without its query, for this source alone.
    whole: Option<Arc<str>>,
    /// What stands before the path, for every source of the app.
    base: Option<Arc<str>>,
}

impl Source {
    /// The public URL that the sender calls, for schemes that sign it: what stands before the query of each request.
    /// It is configuration, since behind a proxy neither `Host` nor a forwarded header can be believed.
    ///
    /// A query in it is passed over: the one of the request counts.
    #[must_use]
    pub fn url(self, url: &str) -> Self {
        let without_query = url.split(['?', '#']).next().unwrap_or_default();
        self.with(|it| it.url.whole = Some(Arc::from(without_query)))
    }

    /// The public URL of the app, for a source without one of its own.
    pub(crate) fn below(self, base: Option<&Arc<str>>) -> Self {
        self.with(|it| it.url.base = base.cloned())
    }

    /// The URL of this source alone, without a query.
    pub(crate) fn own_url(&self) -> Option<&str> {
        self.0.url.whole.as_deref()
    }

    /// What stands before the path in the public URL of the app.
    pub(crate) fn url_of_the_app(&self) -> Option<&str> {
        self.0.url.base.as_deref()
    }

    pub(crate) fn knows_its_url(&self) -> bool {
        self.0.url.whole.is_some() || self.0.url.base.is_some()
    }

    /// The URL that the sender of this request called: what is configured, and the query as it was received.
    pub(crate) fn public_url(&self, parts: &Parts) -> Option<String> {
        // A router that is nested sees a shortened path; the original one is kept beside it.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        match (&self.0.url.whole, &self.0.url.base) {
            (Some(whole), _) => Some(format!("{whole}{query}")),
            (None, Some(base)) => Some(format!("{base}{}{query}", uri.path())),
            (None, None) => None,
        }
    }
}
