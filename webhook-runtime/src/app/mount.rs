//! The routes on axum's router: its only use. Every path was checked, so no pattern of the router is among them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get};
#[cfg(feature = "docs-ui")]
use http::HeaderMap;

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
pub(crate) fn router(mounted: Mounted<'_>) -> Router {
    let mut webhooks = Router::new();
    for route in mounted.routes {
        webhooks = webhooks.merge(one(route, &mounted.runner));
    }
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
    match mounted.merged {
        Some(own) => router.merge(own),
        // Without routes of its own the app has no other 404 to give.
        None => router.fallback(no_endpoint),
    }
}

fn one(route: WiredRoute, runner: &Runner) -> Router {
    let receiver = Arc::new(Receiver::new(route, runner.clone()));
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
