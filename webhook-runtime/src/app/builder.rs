//! [`Webhooks`], the builder. Its methods never fail; what ends the chain reports every problem at once.

use std::any::{TypeId, type_name};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use bytes::Bytes;
use http::request::Parts;
use tokio::net::{TcpListener, ToSocketAddrs, lookup_host};
use tower_layer::Layer;
use tower_service::Service;

use crate::app::built::App;
use crate::app::mount::{self, Mounted};
use crate::base::clock::{Clock, SystemClock};
use crate::base::env;
use crate::base::error::startup::{Error, Problem};
use crate::base::limits::Limits;
use crate::docs::openapi::{self, OpenApi};
use crate::fetch::{Fetch, Fetcher};
use crate::handler::endpoint::{DEFAULT_SOURCE, Endpoint, id_of};
use crate::handler::state::States;
use crate::providers::StandardWebhooks;
use crate::registry::{Placed, Plan, Registry, collect, is_path, is_public_url, secrets};
use crate::run::Runner;
use crate::source::Source;
use crate::store::{MemoryStore, SharedStore, Store};
use crate::verify::Explanation;

/// Gathers the webhooks of an app, and serves them.
///
/// ```no_run
/// use webhook_runtime::{webhook, Webhooks};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Subscription { username: String }
///
/// #[webhook("new-subscription")]
/// async fn new_subscription(body: Subscription) -> String {
///     format!("welcome, {}", body.username)
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<(), webhook_runtime::Error> {
///     Webhooks::from_env().serve("127.0.0.1:8000").await
/// }
/// ```
///
/// The methods never fail. [`serve`](Self::serve), [`build`](Self::build), [`into_router`](Self::into_router) and
/// [`openapi`](Self::openapi) check everything and return all that is wrong as one [`Error`].
#[must_use = "a builder does nothing until it is served or built"]
pub struct Webhooks {
    endpoints: Vec<&'static Endpoint>,
    early_problems: Vec<Problem>,
    secrets: String,
    no_secret: &'static str,
    sources: Vec<(String, String, Source)>,
    public_url: Option<String>,
    states: States,
    prefix: String,
    limits: Limits,
    clock: Arc<dyn Clock>,
    store: SharedStore,
    expected: Vec<String>,
    openapi_url: Option<String>,
    servers: Vec<String>,
    fetcher: Option<Fetcher>,
    merged: Option<Router>,
    layers: Vec<Box<dyn FnOnce(Router) -> Router + Send>>,
}

impl Webhooks {
    /// Every handler that carries `#[webhook]` in this program and the crates that it names.
    pub fn new() -> Self {
        Self { endpoints: collect::recorded().collect(), ..Self::empty() }
    }

    /// No handler: each one is named by [`register`](Self::register).
    pub fn empty() -> Self {
        Self {
            endpoints: Vec::new(),
            early_problems: Vec::new(),
            secrets: String::new(),
            no_secret: "Write `.secret(…)` with the sender's signing secret, or begin with `Webhooks::from_env()` and set WEBHOOK_SECRET.",
            sources: Vec::new(),
            public_url: None,
            states: States::default(),
            prefix: "/webhooks".to_owned(),
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            store: SharedStore::new(MemoryStore::default()),
            expected: Vec::new(),
            openapi_url: Some("/openapi.json".to_owned()),
            servers: Vec::new(),
            fetcher: None,
            merged: None,
            layers: Vec::new(),
        }
    }

    /// Every handler, as with [`new`](Self::new), with the secrets of the environment variable `WEBHOOK_SECRET`:
    /// one or several, separated by white space. Without it the app does not start, unless no handler needs it.
    pub fn from_env() -> Self {
        let mut webhooks = Self::new();
        webhooks.no_secret = "Set the environment variable WEBHOOK_SECRET to the sender's signing secret (`whsec_…`).";
        webhooks.secret(env::read("WEBHOOK_SECRET").unwrap_or_default())
    }

    /// Adds one handler, by the function itself. It links the crate that the function lives in.
    pub fn register<F: 'static>(mut self, handler: F) -> Self {
        let id: TypeId = id_of(handler);
        let found: Vec<_> = collect::recorded().filter(|it| (it.id)() == id).collect();
        if found.is_empty() {
            self.early_problems.push(Problem::NotAnnotated { function: type_name::<F>() });
        }
        // A handler that was recorded anyway may be named too.
        self.endpoints.extend(found);
        self.endpoints.sort_by_key(|it| std::ptr::from_ref(*it));
        self.endpoints.dedup_by_key(|it| std::ptr::from_ref(*it));
        self
    }

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

    /// Supplies a state that handlers take as `State<T>`. There is one a type.
    pub fn state<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.insert(value);
        self
    }

    /// The path before every route. `/webhooks` unless set.
    pub fn prefix(mut self, prefix: &str) -> Self {
        prefix.trim_end_matches('/').clone_into(&mut self.prefix);
        self
    }

    /// The limits of the receiver.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the time comes from. The operating system unless set.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Where claims and first answers are kept. In memory unless set.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = SharedStore::new(store);
        self
    }

    /// What fetches the keys of senders that publish them, for every source without a fetcher of its own. With the
    /// feature `fetch` there is one already; without both such a source does not start.
    pub fn fetcher(mut self, fetcher: impl Fetch) -> Self {
        self.fetcher = Some(Fetcher::new(fetcher));
        self
    }

    /// Event types that must have a handler, so that a crate that was not linked is a start-up error. An event of a
    /// named source may be written as `source/event.type`.
    pub fn expect_events<'a>(mut self, events: impl IntoIterator<Item = &'a str>) -> Self {
        self.expected.extend(events.into_iter().map(str::to_owned));
        self
    }

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

    /// Adds routes of the app's own beside the webhooks. They are not verified and not documented.
    pub fn merge(mut self, routes: Router) -> Self {
        self.merged = Some(self.merged.take().unwrap_or_default().merge(routes));
        self
    }

    /// Wraps the webhook routes, and only them, in a tower layer. It sees requests before they are verified.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.layers.push(Box::new(move |router| router.layer(layer)));
        self
    }

    /// Binds an address and serves until SIGTERM or Ctrl-C; then what runs is finished.
    ///
    /// # Errors
    /// Everything that keeps the app from starting, at once; or that the address cannot be bound.
    pub async fn serve(self, address: impl ToSocketAddrs) -> Result<(), Error> {
        let app = self.build()?;
        app.serve(bind(address).await?).await
    }

    /// The routes, for an axum app of one's own. Every check is kept that does not need the socket: an app that is
    /// served by [`serve`](crate::serve) has those too.
    ///
    /// # Errors
    /// Everything that keeps the app from starting, at once.
    pub fn into_router(self) -> Result<Router, Error> {
        Ok(self.build()?.router)
    }

    /// The app, ready to be served on a listener.
    ///
    /// # Errors
    /// Everything that keeps the app from starting, at once.
    pub fn build(mut self) -> Result<App, Error> {
        let (registry, mut problems) = self.registry();
        problems.extend(limits(&self.limits));
        problems.extend(secrets(&registry.routes, self.no_secret));
        let document = openapi::document(&registry, &self.servers);
        let (routes, more) = registry.wire(&self.states);
        problems.extend(more);
        let document = match document {
            Ok(document) if problems.is_empty() => document,
            Ok(_) => return Err(Error::of(problems)),
            Err(more) => {
                problems.extend(more);
                return Err(Error::of(problems));
            }
        };

        document.log();
        let tasks = tokio_util::task::TaskTracker::new();
        let runner = Runner { store: self.store, clock: self.clock, limits: self.limits, tasks: tasks.clone() };
        let router = mount::router(Mounted {
            routes,
            runner,
            prefix: &self.prefix,
            document: self.openapi_url.take().map(|url| (url, document)),
            layers: self.layers,
            merged: self.merged,
        });
        Ok(App { router, limits: self.limits, tasks })
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
        let base = self.public_url.as_deref().map(Arc::from);
        let named = self.sources.iter().map(|(name, _, it)| it.clone().named(name).below(base.as_ref()));
        let default = StandardWebhooks::new(&self.secrets).named(DEFAULT_SOURCE);
        let sources: Vec<Source> = std::iter::once(default).chain(named).collect();
        let refusing = sources.iter().find(|it| it.name() == source)?;
        let others: Vec<&Source> = sources.iter().filter(|it| it.name() != source).collect();
        Some(refusing.explain_among(&others, parts, body, now))
    }

    fn registry(&self) -> (Registry, Vec<Problem>) {
        let default = StandardWebhooks::new(&self.secrets).named(DEFAULT_SOURCE);
        let base = self.public_url.as_deref().map(Arc::from);
        let named = self.sources.iter().map(|(name, path, source)| Placed {
            source: source.clone().named(name).below(base.as_ref()).fetching_by(self.fetcher.as_ref()),
            path: path.clone(),
        });
        let default = Placed { source: default, path: String::new() };
        let page = self.openapi_url.as_deref().map(|url| (url, "OpenAPI document"));
        let (registry, mut problems) = Registry::new(Plan {
            endpoints: self.endpoints.clone(),
            sources: std::iter::once(default).chain(named).collect(),
            prefix: &self.prefix,
            expected: &self.expected,
            pages: page.into_iter().collect(),
        });
        problems.splice(0..0, self.early_problems.iter().cloned());
        problems.extend(
            self.public_url
                .iter()
                .filter(|it| !is_public_url(it))
                .map(|it| Problem::MalformedUrl { value: it.clone() }),
        );
        problems.extend(malformed("prefix", &self.prefix, self.prefix.is_empty()));
        problems.extend(page.and_then(|(url, _)| malformed("openapi_url", url, false)));
        (registry, problems)
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self::new()
    }
}

/// Listens on the first of these addresses that can be had.
async fn bind(address: impl ToSocketAddrs) -> Result<TcpListener, Error> {
    let failed = |tried: String, said: io::Error| Problem::Io { tried, said: said.to_string() };
    let addresses =
        lookup_host(address).await.map_err(|said| failed("resolve the address to listen on".into(), said))?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    let listener = TcpListener::bind(addresses.as_slice()).await;
    let names = || addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(" or ");
    Ok(listener.map_err(|said| failed(format!("listen on {}", names()), said))?)
}

fn malformed(method: &'static str, value: &str, may_be_empty: bool) -> Option<Problem> {
    let path = may_be_empty || value.strip_prefix('/').is_some_and(is_path);
    (!path).then(|| Problem::MalformedPath { method, value: value.to_owned() })
}

fn limits(limits: &Limits) -> Vec<Problem> {
    let zero = [
        ("body", limits.body == 0),
        ("time", limits.time.is_zero()),
        ("header_time", limits.header_time.is_zero()),
        ("body_time", limits.body_time.is_zero()),
        ("connections", limits.connections == 0),
    ];
    zero.into_iter().filter(|(_, is_zero)| *is_zero).map(|(name, _)| Problem::ZeroLimit(name)).collect()
}
