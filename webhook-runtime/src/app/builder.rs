//! [`Webhooks`], the builder. Its methods never fail; what ends the chain reports every problem at once.

use std::any::{TypeId, type_name};
use std::sync::Arc;

use axum::Router;

use crate::base::clock::{Clock, SystemClock};
use crate::base::env;
use crate::base::error::startup::Problem;
use crate::base::limits::Limits;
use crate::docs::about::About;
use crate::fetch::Fetcher;
use crate::handler::endpoint::{Endpoint, id_of};
use crate::handler::state::States;
use crate::registry::collect;
use crate::source::Source;
use crate::store::{MemoryStore, SharedStore};

pub(crate) mod describe;
mod document;
mod ends;
mod explain;
#[cfg(feature = "testing")]
pub(crate) mod in_process;
#[cfg(feature = "docs-ui")]
mod page;
mod receiving;
mod sources;

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
/// [`openapi`](Self::openapi) check everything and return all that is wrong as one [`Error`](crate::Error).
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
    #[cfg(feature = "docs-ui")]
    docs_url: Option<String>,
    about: About,
    fetcher: Option<Fetcher>,
    merged: Option<Router>,
    layers: Vec<Box<dyn FnOnce(Router) -> Router + Send>>,
    explains: bool,
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
            #[cfg(feature = "docs-ui")]
            docs_url: Some("/docs".to_owned()),
            about: About::default(),
            fetcher: None,
            merged: None,
            layers: Vec::new(),
            explains: false,
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

    /// Event types that must have a handler, so that a crate that was not linked is a start-up error. An event of a
    /// named source may be written as `source/event.type`.
    pub fn expect_events<'a>(mut self, events: impl IntoIterator<Item = &'a str>) -> Self {
        self.expected.extend(events.into_iter().map(str::to_owned));
        self
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self::new()
    }
}
