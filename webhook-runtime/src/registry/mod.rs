//! The endpoints and sources of one app: checked once, sorted, looked up.
//!
//! [`Registry::new`] takes plain lists, so that a test makes registries of its own; only [`collect`] knows what the
//! program recorded. Every problem is found in one go, with the handler, its place, and what to write.

use std::sync::Arc;

#[cfg(feature = "validation")]
use tracing::warn;

use crate::base::error::startup::Problem;
#[cfg(feature = "validation")]
use crate::base::observe::TARGET;
use crate::handler::call::Bound;
use crate::handler::endpoint::Endpoint;
#[cfg(feature = "validation")]
use crate::handler::schema::{Constraints, Explainer};
use crate::handler::state::{Finder, States};
use crate::source::Source;

mod check;
pub(crate) mod collect;
mod select;

pub(crate) use check::{is_default, is_path, is_public_url, secrets};
pub(crate) use select::{Selector, Table};

/// What an app is made of, before any of it is checked.
pub(crate) struct Plan<'a> {
    pub(crate) endpoints: Vec<&'static Endpoint>,
    /// The sources under their names, each with its path below the prefix; the default source is one of them.
    pub(crate) sources: Vec<Placed>,
    pub(crate) prefix: &'a str,
    /// Event types that must have a handler.
    pub(crate) expected: &'a [String],
    /// The pages of the app: their paths, and what they are called.
    pub(crate) pages: Vec<(String, &'static str)>,
}

/// A source and where it stands.
pub(crate) struct Placed {
    pub(crate) source: Source,
    /// Its path below the prefix, which may hold patterns (`shop/{tenant}`): its name, unless the app says otherwise.
    pub(crate) path: String,
}

/// The routes of an app, in the order of their paths.
pub(crate) struct Registry {
    pub(crate) routes: Vec<Route>,
}

/// One route: its path, who sends to it, and which handlers it has.
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) source: Source,
    pub(crate) endpoints: Endpoints,
}

/// The handlers of a route.
pub(crate) enum Endpoints {
    /// The route is one event's own: its type is in the path. It has an endpoint a method.
    Own(Vec<&'static Endpoint>),
    /// The route is a source's: the event type is in the delivery.
    Shared(Vec<&'static Endpoint>),
}

impl Registry {
    /// The routes of a plan, and everything that is wrong with it.
    pub(crate) fn new(mut plan: Plan<'_>) -> (Self, Vec<Problem>) {
        plan.endpoints.sort_by_key(|it| (it.source_name(), it.event_type, it.method, it.file, it.line, it.handler));
        let routes = routes(&plan);
        let problems = check::problems(&plan, &routes);
        (Self { routes }, problems)
    }

    /// Supplies every handler with its state.
    pub(crate) fn wire(self, states: &States) -> (Vec<WiredRoute>, Vec<Problem>) {
        let mut problems: Vec<Problem> = states.repeated().iter().map(|it| Problem::DuplicateState(it)).collect();
        let routes = self.routes.into_iter().map(|route| route.wire(states, &mut problems)).collect();
        (routes, problems)
    }
}

impl Route {
    /// Its endpoints, whichever kind it is.
    pub(crate) fn endpoints(&self) -> &[&'static Endpoint] {
        match &self.endpoints {
            Endpoints::Own(endpoints) | Endpoints::Shared(endpoints) => endpoints,
        }
    }

    fn wire(self, states: &States, problems: &mut Vec<Problem>) -> WiredRoute {
        let mut handlers = Vec::new();
        for endpoint in self.endpoints() {
            let mut finder = Finder::new(states);
            match (endpoint.bind)(&mut finder) {
                Some(call) => match Handler::new(endpoint, call) {
                    Ok(handler) => handlers.push(Arc::new(handler)),
                    Err(problem) => problems.push(problem),
                },
                None => problems.extend(
                    finder
                        .missing()
                        .into_iter()
                        .map(|type_name| Problem::MissingState { place: endpoint.place(), type_name }),
                ),
            }
        }
        let facts = self.source.facts();
        let (methods, selector) = match &self.endpoints {
            Endpoints::Own(endpoints) => (endpoints.iter().map(|it| it.method).collect(), Selector::own(handlers)),
            Endpoints::Shared(_) => {
                (facts.methods.to_vec(), Selector::by_event_type(handlers, facts.event_type.has_actions()))
            }
        };
        WiredRoute { has_pattern: self.path.contains('{'), path: self.path, methods, source: self.source, selector }
    }
}

/// A route that is ready for deliveries.
pub(crate) struct WiredRoute {
    pub(crate) path: String,
    pub(crate) has_pattern: bool,
    /// The methods by which deliveries come.
    pub(crate) methods: Vec<&'static str>,
    pub(crate) source: Source,
    pub(crate) selector: Selector,
}

/// A handler that is ready to be called.
pub(crate) struct Handler {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) event_type: Arc<str>,
    pub(crate) call: Bound,
    #[cfg(feature = "validation")]
    pub(crate) explainer: Explainer,
    /// What was written for the payload beside its type; nothing where nothing was.
    #[cfg(feature = "validation")]
    pub(crate) constraints: Option<Arc<Constraints>>,
}

impl Handler {
    fn new(endpoint: &'static Endpoint, call: Bound) -> Result<Self, Problem> {
        Ok(Self {
            endpoint,
            event_type: Arc::from(endpoint.event_type),
            call,
            #[cfg(feature = "validation")]
            explainer: Explainer::new(endpoint.payload),
            #[cfg(feature = "validation")]
            constraints: constraints(endpoint)?,
        })
    }
}

/// The constraints of a handler's payload. Those that may go unchecked are a warning at the start, and no error: the
/// document still says them.
#[cfg(feature = "validation")]
fn constraints(endpoint: &'static Endpoint) -> Result<Option<Arc<Constraints>>, Problem> {
    let constraints = Constraints::of(endpoint.payload).map_err(|unusable| Problem::Constraint {
        place: endpoint.place(),
        at: unusable.at,
        said: unusable.said,
    })?;
    let undecided: Vec<String> = constraints.undecided().iter().map(|at| format!("payload{at}")).collect();
    if !undecided.is_empty() {
        warn!(
            target: TARGET,
            "the payload of {} has constraints that may go unchecked, since it cannot be told which of several forms a \
             body has: {}. Give the enum a tag, or the forms different kinds of JSON",
            endpoint.place(),
            undecided.join(", ")
        );
    }
    Ok((!constraints.is_empty()).then(|| Arc::new(constraints)))
}

/// One route an event of the default source, one route a source for the others. An endpoint of a source that is
/// not configured has none.
fn routes(plan: &Plan<'_>) -> Vec<Route> {
    let mut routes = Vec::new();
    for Placed { source, path } in &plan.sources {
        let endpoints = plan.endpoints.iter().copied().filter(|it| it.source_name() == source.name());
        if check::is_default(source) {
            // They are sorted, so those of one event stand together.
            let endpoints: Vec<_> = endpoints.collect();
            for of_event in endpoints.chunk_by(|one, other| one.event_type == other.event_type) {
                let Some(first) = of_event.first() else { continue };
                routes.push(Route {
                    path: format!("{}/{}", plan.prefix, first.event_type),
                    source: source.clone(),
                    endpoints: Endpoints::Own(of_event.to_vec()),
                });
            }
        } else {
            routes.push(Route {
                path: format!("{}/{path}", plan.prefix),
                source: source.clone(),
                endpoints: Endpoints::Shared(endpoints.collect()),
            });
        }
    }
    routes.sort_by(|a, b| a.path.cmp(&b.path));
    routes
}
