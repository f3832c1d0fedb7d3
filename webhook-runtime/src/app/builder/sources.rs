//! Who sends: secrets of the default source, named sources, and what they share. Also why a delivery was refused.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::request::Parts;

use crate::app::builder::Webhooks;
use crate::fetch::{Fetch, Fetcher};
use crate::handler::endpoint::DEFAULT_SOURCE;
use crate::providers::StandardWebhooks;
use crate::registry::Placed;
use crate::source::Source;
use crate::verify::Explanation;

impl Webhooks {
    /// Adds signing secrets of the default source: one or several, separated by white space, the current one first.
    /// `whsec_…` or bare base64 verifies `v1`, `whpk_…` verifies `v1a`.
    pub fn secret(mut self, secrets: impl AsRef<str>) -> Self {
        self.secrets.push(' ');
        self.secrets.push_str(secrets.as_ref());
        self
    }

    /// Adds a source: a sender of its own, whose deliveries arrive at `{prefix}/{name}` and whose handlers say
    /// `source = "name"`.
    pub fn source(mut self, name: &str, source: impl Into<Source>) -> Self {
        self.sources.push((name.to_owned(), name.to_owned(), source.into()));
        self
    }

    /// Adds a source whose route has a pattern, such as `shopify/{tenant}` below the prefix. The values of the pattern
    /// keep tenants apart: the same delivery of two tenants is two events. Nothing signs the path, so look each tenant's
    /// own secret up by it, by its exact spelling: under one secret for all, a captured delivery runs for each of them.
    ///
    /// ```
    /// use webhook_runtime::{Shopify, Webhooks};
    ///
    /// async fn secret_of(tenant: &str) -> Result<String, std::io::Error> {
    ///     Ok(format!("the secret of {tenant}, from a database"))
    /// }
    ///
    /// let app = Webhooks::new().source_at(
    ///     "shopify",
    ///     "shopify/{tenant}",
    ///     Shopify::with_secrets(async |parts| {
    ///         let tenant = parts.uri.path().rsplit('/').next().unwrap_or_default();
    ///         secret_of(tenant).await
    ///     }),
    /// );
    /// # let _ = app;
    /// ```
    pub fn source_at(mut self, name: &str, path: &str, source: impl Into<Source>) -> Self {
        self.sources.push((name.to_owned(), path.to_owned(), source.into()));
        self
    }

    /// What stands before the path in the URL that senders call, such as `https://hooks.example.com`: for the senders
    /// that sign their URL. Behind a proxy nothing is guessed from `Host` or a forwarded header.
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// What fetches the keys of senders that publish them, for every source without a fetcher of its own. With the
    /// feature `fetch` there is one already; without both such a source does not start.
    pub fn fetcher(mut self, fetcher: impl Fetch) -> Self {
        self.fetcher = Some(Fetcher::new(fetcher));
        self
    }

    /// Explains why a delivery to this source was refused, beside all other sources of the app, and with its public
    /// URL: see [`Source::explain`]. Nothing where no source has this name; the default one is called `default`.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{axum::http::Request, GitHub, Stripe, Webhooks};
    ///
    /// let github = GitHub::new("a long random secret");
    /// let (mut parts, ()) = Request::post("/webhooks/stripe").body(())?.into_parts();
    /// parts.headers = github.sign("", SystemTime::now(), b"{}")?;
    ///
    /// let stripe = Stripe::new("whsec_5ecr3t0fTh3Acc0unt");
    /// let webhooks = Webhooks::empty().source("github", github).source("stripe", stripe);
    /// let why = webhooks.explain("stripe", &parts, &"{}".into(), SystemTime::now()).unwrap();
    /// assert!(why.findings()[0].what().contains("source github"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, source: &str, parts: &Parts, body: &Bytes, now: SystemTime) -> Option<Explanation> {
        let sources = self.known_sources();
        let refusing = sources.iter().find(|it| it.name() == source)?;
        Some(refusing.explain_among(&refusing.without_own(&sources), parts, body, now))
    }

    /// Every source, under its name and with its public URL.
    pub(super) fn known_sources(&self) -> Vec<Source> {
        self.placed_sources().into_iter().map(|it| it.source).collect()
    }

    /// The same with their paths below the prefix. The default source has none.
    pub(super) fn placed_sources(&self) -> Vec<Placed> {
        let base = self.public_url.as_deref().map(Arc::from);
        let default = StandardWebhooks::new(&self.secrets).named(DEFAULT_SOURCE);
        let named = self.sources.iter().map(|(name, path, source)| Placed {
            source: source.clone().named(name).below(base.as_ref()).fetching_by(self.fetcher.as_ref()),
            path: path.clone(),
        });
        std::iter::once(Placed { source: default, path: String::new() }).chain(named).collect()
    }
}
