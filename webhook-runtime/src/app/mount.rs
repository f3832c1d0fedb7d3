//! The routes on axum's router: its only use. Every path was checked, so no pattern of the router is among them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get};
#[cfg(feature = "docs-ui")]
use http::HeaderMap;

use crate::app::front::Front;
use crate::base::answer::Answer;
use crate::base::error::rejection::Rejection;
use crate::docs::openapi::OpenApi;
#[cfg(feature = "docs-ui")]
use crate::docs::page::asset::Asset;
use crate::receive::Receiver;
use crate::registry::WiredRoute;
use crate::run::Runner;

/// What the router is made of.
pub(crate) struct Mounted<'a> {
    pub(crate) routes: Vec<WiredRoute>,
    pub(crate) runner: Runner,
    pub(crate) prefix: &'a str,
    /// The path of the document, and the document.
    pub(crate) document: Option<(String, OpenApi)>,
    /// The files of the page that shows it.
    #[cfg(feature = "docs-ui")]
    pub(crate) page: Vec<Asset>,
    pub(crate) layers: Vec<Box<dyn FnOnce(Router) -> Router + Send>>,
    pub(crate) merged: Option<Router>,
}

/// The webhooks, wrapped in the app's layers; beside them its pages and its own routes.
pub(crate) fn front(mounted: Mounted<'_>) -> Front {
    let receiver = |route| Arc::new(Receiver::new(route, mounted.runner.clone()));
    let receivers: Vec<_> = mounted.routes.into_iter().map(receiver).collect();
    // A layer sees every request of the webhooks, so none of them may pass beside it.
    let in_front = if mounted.layers.is_empty() { receivers.clone() } else { Vec::new() };
    let webhooks = receivers.into_iter().fold(Router::new(), |router, it| router.merge(one(it)));
    let mut router =
        not_found(mounted.layers.into_iter().fold(webhooks, |router, layer| layer(router)), mounted.prefix);
    if let Some((path, document)) = mounted.document {
        let answer = Answer::content("application/json", document.to_json());
        router = router.route(&path, get(move || std::future::ready(response(answer.clone()))));
    }
    #[cfg(feature = "docs-ui")]
    for asset in mounted.page {
        let path = asset.path.clone();
        let answer = move |asked: HeaderMap| std::future::ready(response(asset.answer(&asked)));
        router = router.route(&path, get(answer));
    }
    let router = match mounted.merged {
        Some(own) => router.merge(own),
        // Without routes of its own the app has no other 404 to give.
        None => router.fallback(no_endpoint),
    };
    Front::with_webhooks(router, in_front.into_iter())
}

fn one(receiver: Arc<Receiver>) -> Router {
    let path = receiver.path().to_owned();
    let receive = move |request: Request| {
        let receiver = Arc::clone(&receiver);
        async move { response(receiver.receive(request).await) }
    };
    Router::new().route(&path, any(receive))
}

/// Unknown paths below the prefix are answered here; other ones are the app's own.
fn not_found(router: Router, prefix: &str) -> Router {
    if prefix.is_empty() {
        return router;
    }
    router
        .route(prefix, any(no_endpoint))
        .route(&format!("{prefix}/"), any(no_endpoint))
        .route(&format!("{prefix}/{{*rest}}"), any(no_endpoint))
}

async fn no_endpoint() -> Response {
    response(Answer::from(&Rejection::NotFound))
}

fn response(answer: Answer) -> Response {
    answer.into_response()
}
