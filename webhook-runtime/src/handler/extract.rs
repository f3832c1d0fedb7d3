//! The arguments before the payload: any extractor of axum that reads the head of a request.

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
/// # Errors
/// The response of the extractor, where it refuses the request.
pub async fn extract<S: Sync, T: Extract<S>>(parts: &mut Parts, state: &S) -> Result<T, Response> {
    T::extract(parts, state).await
}
