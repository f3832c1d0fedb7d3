//! Who answers a request on a server of this crate.
//!
//! axum's router wraps each request in layers of boxes that a webhook has no use for: they cost as much as verifying it.
//! So webhooks are looked up here by their whole path, and only the rest is the router's. A route is looked up here
//! where nothing can tell the difference: its path has no pattern, the app wrapped no layer around it, and its handlers
//! take nothing from the head but their state. The router has every route too, for an app that serves it by itself.

use std::fmt;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::{BoxError, Router};
use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service as _;

use crate::receive::Receiver;

/// The webhooks that are looked up, and the router for the rest.
#[derive(Clone)]
pub(crate) struct Front {
    /// By their paths, in order.
    webhooks: Arc<[Arc<Receiver>]>,
    pub(crate) router: Router,
}

impl Front {
    /// A router without webhooks of its own.
    pub(crate) fn of(router: Router) -> Self {
        Self { webhooks: Arc::default(), router }
    }

    /// The router, with those of its webhooks in front that need none.
    pub(crate) fn with_webhooks(router: Router, receivers: impl Iterator<Item = Arc<Receiver>>) -> Self {
        let mut webhooks: Vec<_> = receivers.filter(|it| it.needs_no_router()).collect();
        webhooks.sort_by(|one, other| one.path().cmp(other.path()));
        Self { webhooks: webhooks.into(), router }
    }

    /// Lets the router answer.
    pub(crate) async fn route<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let Ok(response) = self.router.clone().call(request).await;
        response
    }

    /// The webhook of this path.
    pub(crate) fn webhook(&self, path: &str) -> Option<&Arc<Receiver>> {
        let found = self.webhooks.binary_search_by(|it| it.path().cmp(path)).ok()?;
        self.webhooks.get(found)
    }
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<&str> = self.webhooks.iter().map(|it| it.path()).collect();
        f.debug_struct("Front").field("webhooks", &paths).field("router", &self.router).finish()
    }
}
