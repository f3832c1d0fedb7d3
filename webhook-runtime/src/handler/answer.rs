//! What a handler returns: any response of axum.

use axum::response::{IntoResponse, Response};

/// What a handler may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a webhook",
    label = "not a response",
    note = "return what axum can send: `Json<T>`, `StatusCode`, `String`, `()`, or a `Result` of two of them"
)]
pub trait Answers {
    /// Makes the response.
    #[doc(hidden)]
    fn answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Answers for T {
    fn answer(self) -> Response {
        self.into_response()
    }
}

/// Makes the response of what a handler returned.
pub fn answer<T: Answers>(returned: T) -> Response {
    returned.answer()
}
