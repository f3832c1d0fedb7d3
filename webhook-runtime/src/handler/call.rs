//! One event on its way into a handler.

use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;

use crate::format::{Content, Undecodable};
#[cfg(feature = "validation")]
use crate::handler::schema::Constraints;

/// What generated code is given to call a handler with.
pub struct Call {
    /// The head of the request, for extractors.
    pub parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) content: Content,
    pub(crate) facts: Facts,
    /// What was written for the payload beside its type; nothing where nothing was.
    #[cfg(feature = "validation")]
    pub(crate) constraints: Option<Arc<Constraints>>,
}

impl Call {
    /// Refuses a body that is the payload, and breaks a constraint.
    pub(crate) fn check(&self) -> Result<(), Undecodable> {
        #[cfg(feature = "validation")]
        if let Some(constraints) = &self.constraints {
            let violations = constraints.violations(&self.body, &self.content);
            if !violations.is_empty() {
                return Err(Undecodable::Forbidden(violations));
            }
        }
        Ok(())
    }
}

/// What is known of an event besides its payload.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) delivery_id: Arc<str>,
    pub(crate) event_type: Arc<str>,
    pub(crate) source: Arc<str>,
    pub(crate) timestamp: Option<SystemTime>,
}

/// A handler with its state supplied, ready for calls.
pub type Bound = Box<dyn Fn(Call) -> Running + Send + Sync>;

/// A handler at work: its answer, or why the body is not its payload.
pub type Running = Pin<Box<dyn Future<Output = Result<Response, Undecodable>> + Send>>;

/// A state that every call shares. Under a name of its own, since clippy would blame the user for a state that is an
/// `Arc` already.
pub type Shared<S> = Arc<S>;

/// A handler with this state, which every call shares.
pub fn bound<S: Send + Sync + 'static>(state: S, call: fn(Call, Shared<S>) -> Running) -> Bound {
    let state = Arc::new(state);
    Box::new(move |it| call(it, state.clone()))
}

/// Boxes a handler at work.
pub fn boxed(running: impl Future<Output = Result<Response, Undecodable>> + Send + 'static) -> Running {
    Box::pin(running)
}

/// The future of a handler, as it is. Its bound is the one place where the compiler says that a future is not `Send`:
/// who awaits what this returns has nothing to ask of it any more.
pub fn sendable<T>(future: impl Future<Output = T> + Send) -> impl Future<Output = T> + Send {
    future
}
