//! How deliveries are received: states, routes, limits, clock and store, and what stands around the routes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use tower_layer::Layer;
use tower_service::Service;

use crate::app::builder::Webhooks;
use crate::base::clock::Clock;
use crate::base::limits::Limits;
use crate::store::{SharedStore, Store};

impl Webhooks {
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
}
