//! What ends the chain: everything is checked, and every problem reported at once.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::{TcpListener, ToSocketAddrs, lookup_host};

use crate::app::builder::Webhooks;
use crate::app::builder::describe::Listing;
use crate::app::built::App;
use crate::app::mount::{self, Mounted};
use crate::base::error::startup::{Error, Problem};
use crate::base::limits::Limits;
use crate::base::observe::meters;
use crate::docs::openapi;
#[cfg(feature = "docs-ui")]
use crate::docs::page;
use crate::receive::explained::Explaining;
use crate::registry::{Plan, Registry, is_path, is_public_url, secrets};
use crate::run::Runner;

impl Webhooks {
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
        let served_elsewhere = self.explains.then_some(Problem::ExplainsElsewhere);
        let built = self.build().map(|app| app.router());
        match (built, served_elsewhere) {
            (Err(error), Some(problem)) => Err(Error::of([error.problems(), &[problem]].concat())),
            (Ok(_), Some(problem)) => Err(problem.into()),
            (built, None) => built,
        }
    }

    /// The app, ready to be served on a listener.
    ///
    /// # Errors
    /// Everything that keeps the app from starting, at once.
    pub fn build(mut self) -> Result<App, Error> {
        let (registry, mut problems) = self.registry();
        problems.extend(limits(&self.limits));
        problems.extend(secrets(&registry.routes, self.no_secret));
        let document = openapi::document(&registry, &self.about);
        let listing = Listing::of(&registry);
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

        meters::describe();
        listing.log();
        document.log();
        let explaining = self.explains.then(|| Explaining::new(self.known_sources()));
        let tasks = tokio_util::task::TaskTracker::new();
        #[cfg(feature = "docs-ui")]
        let page = self.page().map(|(page, document)| page::assets(page, document));
        let runner = Runner { store: self.store, clock: self.clock, limits: self.limits, tasks: tasks.clone() };
        let front = mount::front(Mounted {
            routes,
            runner,
            prefix: &self.prefix,
            document: self.openapi_url.take().map(|url| (url, document)),
            #[cfg(feature = "docs-ui")]
            page: page.unwrap_or_default(),
            layers: self.layers,
            merged: self.merged,
        });
        Ok(App { front, limits: self.limits, tasks, explaining })
    }

    pub(super) fn registry(&self) -> (Registry, Vec<Problem>) {
        let document = self.openapi_url.as_deref().map(|url| (url.to_owned(), "OpenAPI document"));
        #[cfg(feature = "docs-ui")]
        let page = self.page().map(|(page, _)| page::paths(page)).unwrap_or_default();
        #[cfg(not(feature = "docs-ui"))]
        let page: [String; 0] = [];
        let page = page.into_iter().map(|path| (path, "documentation page"));
        let (registry, mut problems) = Registry::new(Plan {
            endpoints: self.endpoints.clone(),
            sources: self.placed_sources(),
            prefix: &self.prefix,
            expected: &self.expected,
            pages: document.into_iter().chain(page).collect(),
        });
        problems.splice(0..0, self.early_problems.iter().cloned());
        problems.extend(
            self.public_url
                .iter()
                .filter(|it| !is_public_url(it))
                .map(|it| Problem::MalformedUrl { value: it.clone() }),
        );
        problems.extend(self.about.problems());
        problems.extend(malformed("prefix", &self.prefix, self.prefix.is_empty()));
        problems.extend(self.openapi_url.iter().find_map(|url| malformed("openapi_url", url, false)));
        #[cfg(feature = "docs-ui")]
        problems.extend(self.docs_url.iter().find_map(|url| malformed("docs_url", url, false)));
        (registry, problems)
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
