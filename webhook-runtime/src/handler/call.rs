//! One event on its way into a handler.

use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;

use crate::format::{Content, Undecodable};

/// What generated code is given to call a handler with.
pub struct Call {
    /// The head of the request, for extractors.
    pub parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) content: Content,
    pub(crate) facts: Facts,
}

/// What is known of an event besides its payload.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) delivery_id: Box<str>,
    pub(crate) event_type: Arc<str>,
    pub(crate) source: Arc<str>,
    pub(crate) timestamp: Option<SystemTime>,
}

/// A handler with its state supplied, ready for calls.
pub type Bound = Box<dyn Fn(Call) -> Running + Send + Sync>;

/// A handler at work: its answer, or why the body is not its payload.
pub type Running = Pin<Box<dyn Future<Output = Result<Response, Undecodable>> + Send>>;

/// Boxes the closure that calls a handler.
pub fn bound<F>(call: F) -> Bound
where
    F: Fn(Call) -> Running + Send + Sync + 'static,
{
    Box::new(call)
}

/// Boxes the future of a handler. Its bound is where the compiler says that a future is not `Send`.
pub fn boxed<'a, T>(future: impl Future<Output = T> + Send + 'a) -> Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    Box::pin(future)
}
