//! The arguments before the payload: any extractor of axum that reads the head of a request.

use std::pin::Pin;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

/// What may stand before the payload.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken from the head of a request with the state `{S}`",
    label = "not an extractor of axum's `FromRequestParts<{S}>`",
    note = "the payload is the last argument; what stands before it are extractors such as `State<T>`, `Extension<T>` or `HeaderMap`",
    note = "where the state is hidden by a type alias or is a part of another one, write `state = AppState` in `#[webhook(…)]`"
)]
pub trait Extract<S>: Sized {
    /// Reads it.
    #[doc(hidden)]
    fn extract(parts: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, S> Extract<S> for T
where
    T: FromRequestParts<S>,
    S: Send + Sync,
{
    async fn extract(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)
    }
}

/// Reads one argument of a handler.
///
/// The future is boxed, so that the handler's own is `Send` whatever lifetimes the argument's type names: the compiler
/// would otherwise ask of `Extension<&'static str>` that it is one for every lifetime.
///
/// # Errors
/// The response of the extractor, where it refuses the request.
pub fn extract<'a, S: Sync, T: Extract<S> + 'a>(
    parts: &'a mut Parts,
    state: &'a S,
) -> Pin<Box<dyn Future<Output = Result<T, Response>> + Send + 'a>> {
    Box::pin(T::extract(parts, state))
}
