//! Verification for routes that are written by hand: as an extractor, and as a tower layer.
//!
//! Both read the body within the limits and verify it before anything of the route runs. Neither claims an event:
//! copies of a delivery reach the route each time.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Extension;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use tower_layer::Layer;
use tower_service::Service;
use tracing::warn;

use crate::base::answer::Answer;
use crate::base::clock::{Clock, SystemClock};
use crate::base::error::rejection::Rejection;
use crate::base::limits::Limits;
use crate::base::observe::TARGET;
use crate::base::raw::Raw;
use crate::receive::body;
use crate::source::Source;
use crate::verify::{self, Verified};

/// A delivery that was verified, as the last argument of a handler of axum. Its source comes from an [`Extension`].
///
/// ```
/// use webhook_runtime::axum::{Extension, Router, routing::post};
/// use webhook_runtime::{GitHub, VerifiedDelivery};
///
/// async fn hook(delivery: VerifiedDelivery) -> String {
///     format!("{} verified bytes", delivery.body().len())
/// }
///
/// let app: Router = Router::new().route("/hook", post(hook)).layer(Extension(GitHub::new("a long random secret")));
/// # let _ = app;
/// ```
///
/// The body may have a mebibyte and fifteen seconds, as with [`Limits::default`]; an `Extension<Limits>` says
/// otherwise. What is not verified is answered with a problem document, and its cause is logged.
#[derive(Clone)]
pub struct VerifiedDelivery {
    verified: Verified,
    parts: Parts,
}

impl VerifiedDelivery {
    /// The head of the request. Nothing proves it but what [`Verified`] says too.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The proof alone.
    pub fn into_verified(self) -> Verified {
        self.verified
    }
}

/// The head is left out: a shared token can be a part of it.
impl fmt::Debug for VerifiedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedDelivery").field("verified", &self.verified).finish_non_exhaustive()
    }
}

impl Deref for VerifiedDelivery {
    type Target = Verified;

    fn deref(&self) -> &Verified {
        &self.verified
    }
}

impl<S: Send + Sync> FromRequest<S> for VerifiedDelivery {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        // A missing source is the developer's fault: axum's own answer names the missing extension.
        let source = Extension::<Source>::from_request_parts(&mut parts, state).await;
        let Extension(source) = source.map_err(IntoResponse::into_response)?;
        let limits = parts.extensions.get::<Limits>().copied().unwrap_or_default();
        let verified = verify(&source, parts, body, &limits, &SystemClock).await;
        let (verified, parts) = verified.map_err(|rejection| refuse(&source, &rejection))?;
        Ok(Self { verified, parts })
    }
}

/// Verifies every request of the routes that it wraps. The inner service gets the same request, body included, with
/// the [`Verified`] as an extension. (A body with a `Content-Encoding`, where the source takes one, reaches it decoded.)
///
/// ```
/// use webhook_runtime::axum::{Extension, Router, routing::post};
/// use webhook_runtime::{Stripe, Verified, VerifyLayer};
///
/// async fn hook(Extension(verified): Extension<Verified>, body: String) -> String {
///     assert_eq!(verified.body(), body.as_bytes());
///     "verified".to_owned()
/// }
///
/// let app: Router =
///     Router::new().route("/hook", post(hook)).layer(VerifyLayer::new(Stripe::new("whsec_5ecr3t0fTh3Dashb0ard")));
/// # let _ = app;
/// ```
#[derive(Clone)]
pub struct VerifyLayer {
    source: Source,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl VerifyLayer {
    /// A layer for the deliveries of this source.
    #[must_use]
    pub fn new(source: impl Into<Source>) -> Self {
        Self { source: source.into(), limits: Limits::default(), clock: Arc::new(SystemClock) }
    }

    /// How long a body may be and may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the time comes from. The operating system unless set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }
}

impl fmt::Debug for VerifyLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer")
            .field("source", &self.source)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verifying<S>;

    fn layer(&self, inner: S) -> Verifying<S> {
        Verifying { inner, layer: self.clone() }
    }
}

/// The service of a [`VerifyLayer`].
#[derive(Clone, Debug)]
pub struct Verifying<S> {
    inner: S,
    layer: VerifyLayer,
}

impl<S> Service<Request> for Verifying<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The clone is not ready; the service that was asked is.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let VerifyLayer { source, limits, clock } = self.layer.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            match verify(&source, parts, body, &limits, &*clock).await {
                Ok((verified, mut parts)) => {
                    let body = Body::from(verified.body().clone());
                    parts.extensions.insert(verified);
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(rejection) => Ok(refuse(&source, &rejection)),
            }
        })
    }
}

/// The steps of the corridor up to the proof.
async fn verify(
    source: &Source,
    mut parts: Parts,
    body: Body,
    limits: &Limits,
    clock: &dyn Clock,
) -> Result<(Verified, Parts), Rejection> {
    let source = source.resolve(&parts).await?;
    let now = clock.now();
    let head = verify::head(&source, &parts, now)?;
    let body = body::read(&source, &parts, body, limits).await?;
    let source = verify::fetch(source, &head, &parts, &body, now).await?;
    let verified = verify::body(&source, &head, &Raw { parts: &parts, body }, now, limits.body)?;
    verify::forget_encoding(&source, &mut parts.headers);
    Ok((verified, parts))
}

fn refuse(source: &Source, rejection: &Rejection) -> Response {
    warn!(target: TARGET, source = source.name(), "refused: {rejection}");
    Answer::from(rejection).into_response()
}
