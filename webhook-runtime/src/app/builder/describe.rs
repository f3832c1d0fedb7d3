//! What an app consists of, as a list: for the log of its start, and for code.
//!
//! No route answers it. A handler that is missing here was not linked, or not registered.

use std::fmt;

use tracing::info;

use crate::app::builder::Webhooks;
use crate::base::error::startup::Error;
use crate::base::observe::TARGET;
use crate::registry::{Endpoints, Registry};

impl Webhooks {
    /// The endpoints of the app: each handler with its source, its event type, its route and its place in the code. It
    /// needs neither a server nor secrets; the log of the start shows the same table.
    ///
    /// ```
    /// use webhook_runtime::{webhook, RawBody, Webhooks};
    ///
    /// #[webhook("order.paid")]
    /// async fn paid(body: RawBody) {}
    ///
    /// let listing = Webhooks::empty().register(paid).describe()?;
    /// let endpoint = &listing.endpoints()[0];
    /// assert_eq!((endpoint.source.as_str(), endpoint.route.as_str()), ("default", "/webhooks/order.paid"));
    /// println!("{listing}");
    /// # Ok::<(), webhook_runtime::Error>(())
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with the endpoints and sources, at once.
    pub fn describe(&self) -> Result<Listing, Error> {
        let (registry, problems) = self.registry();
        if problems.is_empty() { Ok(Listing::of(&registry)) } else { Err(Error::of(problems)) }
    }
}

/// The endpoints of an app, in the order of their routes and event types. `Display` is a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    endpoints: Vec<ListedEndpoint>,
}

/// One endpoint of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedEndpoint {
    /// The name of the source that sends its events; `default` is the one of `WEBHOOK_SECRET`.
    pub source: String,
    /// The event type that it takes, or a pattern of them: `invoice.*`, `*`.
    pub event_type: &'static str,
    /// Its path. Endpoints of one source share theirs, but for those of the default source.
    pub route: String,
    /// The methods that deliveries come with.
    pub methods: Vec<&'static str>,
    /// The function, with its module.
    pub handler: &'static str,
    /// Its file, as the compiler names it.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
}

impl Listing {
    pub(super) fn of(registry: &Registry) -> Self {
        let mut endpoints = Vec::new();
        for route in &registry.routes {
            endpoints.extend(route.endpoints().iter().map(|endpoint| ListedEndpoint {
                source: route.source.name().to_owned(),
                event_type: endpoint.event_type,
                route: route.path.clone(),
                methods: match &route.endpoints {
                    Endpoints::Own(_) => vec![endpoint.method],
                    Endpoints::Shared(_) => route.source.facts().methods.to_vec(),
                },
                handler: endpoint.handler,
                file: endpoint.file,
                line: endpoint.line,
            }));
        }
        Self { endpoints }
    }

    /// The endpoints.
    #[must_use]
    pub fn endpoints(&self) -> &[ListedEndpoint] {
        &self.endpoints
    }

    /// Shows the table to the operator: an event a line, since a log is read by lines.
    pub(super) fn log(&self) {
        for line in self.lines() {
            info!(target: TARGET, "{line}");
        }
    }

    /// A head, and a line for each endpoint, whose columns have one width.
    fn lines(&self) -> impl Iterator<Item = String> {
        let head = ["source", "event type", "route", "handler", "place"].map(str::to_owned);
        let rows: Vec<[String; 5]> = std::iter::once(head).chain(self.endpoints.iter().map(row)).collect();
        let widths = [0, 1, 2, 3].map(|column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        });
        rows.into_iter().map(move |[source, event_type, route, handler, place]| {
            let [first, second, third, fourth] = widths;
            format!("{source:first$}  {event_type:second$}  {route:third$}  {handler:fourth$}  {place}")
        })
    }
}

fn row(endpoint: &ListedEndpoint) -> [String; 5] {
    [
        endpoint.source.clone(),
        endpoint.event_type.to_owned(),
        format!("{} {}", endpoint.methods.join(","), endpoint.route),
        endpoint.handler.to_owned(),
        format!("{}:{}", endpoint.file, endpoint.line),
    ]
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&line)?;
        }
        Ok(())
    }
}
