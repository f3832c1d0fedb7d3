//! The app for the testing kit: no listener, and for every source the secrets of the kit in place of its own.

use axum::Router;

use crate::app::builder::Webhooks;
use crate::base::clock::FixedClock;
use crate::base::error::startup::Error;
use crate::registry::Endpoints;
use crate::signature::stand_in;
use crate::source::Source;

/// An app that the kit can deliver to.
pub(crate) struct InProcess {
    pub(crate) router: Router,
    pub(crate) routes: Vec<InProcessRoute>,
}

/// One route of it.
pub(crate) struct InProcessRoute {
    /// With the pattern, where it has one.
    pub(crate) path: String,
    /// Who sends to it: a source that signs.
    pub(crate) source: Source,
    /// The event types of its handlers.
    pub(crate) event_types: Vec<&'static str>,
    /// Is it one event's own, so that its path says the event type? Then these are the methods of its endpoints.
    pub(crate) own_methods: Option<Vec<&'static str>>,
}

impl Webhooks {
    /// The app in process, at the time of this clock.
    pub(crate) fn in_process(mut self, clock: FixedClock) -> Result<InProcess, Error> {
        self.secrets = stand_in::SECRET.to_owned();
        self.sources = self.sources.into_iter().map(|(name, path, it)| (name, path, it.stand_in())).collect();
        self.public_url.get_or_insert_with(|| "https://hooks.example.com".to_owned());
        let this = self.clock(clock);
        let (registry, _) = this.registry();
        let routes = registry.routes.iter().map(|route| InProcessRoute {
            path: route.path.clone(),
            source: route.source.clone(),
            event_types: route.endpoints().iter().map(|it| it.event_type).collect(),
            own_methods: match &route.endpoints {
                Endpoints::Own(endpoints) => Some(endpoints.iter().map(|it| it.method).collect()),
                Endpoints::Shared(_) => None,
            },
        });
        let routes = routes.collect();
        Ok(InProcess { router: this.build()?.router(), routes })
    }
}
