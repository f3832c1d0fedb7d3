//! The endpoints and sources of one app: checked once, sorted, looked up.
//!
//! [`Registry::new`] takes plain lists, so that a test makes registries of its own; only [`collect`] knows what the
//! program recorded. Every problem is found in one go, with the handler, its place, and what to write.

use std::sync::Arc;

use crate::base::error::startup::Problem;
use crate::handler::call::Bound;
use crate::handler::endpoint::Endpoint;
#[cfg(feature = "validation")]
use crate::handler::schema::PayloadSchema;
use crate::handler::state::{Finder, States};
use crate::source::Source;

mod check;
pub(crate) mod collect;
mod select;

pub(crate) use check::{is_default, is_path, is_public_url, secrets};
pub(crate) use select::Selector;

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
    /// The route is one endpoint's own: its event type is in the path.
    Own(&'static Endpoint),
    /// The route is a source's: the event type is in the delivery.
    Shared(Vec<&'static Endpoint>),
}

impl Registry {
    /// The routes of a plan, and everything that is wrong with it.
    pub(crate) fn new(mut plan: Plan<'_>) -> (Self, Vec<Problem>) {
        plan.endpoints.sort_by_key(|it| (it.source_name(), it.event_type, it.file, it.line, it.handler));
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
            Endpoints::Own(endpoint) => std::slice::from_ref(endpoint),
            Endpoints::Shared(endpoints) => endpoints,
        }
    }

    fn wire(self, states: &States, problems: &mut Vec<Problem>) -> WiredRoute {
        let mut handlers = Vec::new();
        for endpoint in self.endpoints() {
            let mut finder = Finder::new(states);
            match (endpoint.bind)(&mut finder) {
                Some(call) => handlers.push(Arc::new(Handler::new(endpoint, call))),
                None => problems.extend(
                    finder
                        .missing()
                        .into_iter()
                        .map(|type_name| Problem::MissingState { place: endpoint.place(), type_name }),
                ),
            }
        }
        let selector = match self.endpoints {
            Endpoints::Own(_) => Selector::own(handlers),
            Endpoints::Shared(_) => Selector::by_event_type(handlers, self.source.facts().event_type.has_actions()),
        };
        WiredRoute { has_pattern: self.path.contains('{'), path: self.path, source: self.source, selector }
    }
}

/// A route that is ready for deliveries.
pub(crate) struct WiredRoute {
    pub(crate) path: String,
    pub(crate) has_pattern: bool,
    pub(crate) source: Source,
    pub(crate) selector: Selector,
}

/// A handler that is ready to be called.
pub(crate) struct Handler {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) event_type: Arc<str>,
    pub(crate) call: Bound,
    #[cfg(feature = "validation")]
    pub(crate) schema: PayloadSchema,
}

impl Handler {
    fn new(endpoint: &'static Endpoint, call: Bound) -> Self {
        Self {
            endpoint,
            event_type: Arc::from(endpoint.event_type),
            call,
            #[cfg(feature = "validation")]
            schema: PayloadSchema::new(endpoint.payload),
        }
    }
}

/// One route an endpoint of the default source, one route a source for the others. An endpoint of a source that is
/// not configured has none.
fn routes(plan: &Plan<'_>) -> Vec<Route> {
    let mut routes = Vec::new();
    for Placed { source, path } in &plan.sources {
        let endpoints = plan.endpoints.iter().copied().filter(|it| it.source_name() == source.name());
        if check::is_default(source) {
            routes.extend(endpoints.map(|endpoint| Route {
                path: format!("{}/{}", plan.prefix, endpoint.event_type),
                source: source.clone(),
                endpoints: Endpoints::Own(endpoint),
            }));
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
