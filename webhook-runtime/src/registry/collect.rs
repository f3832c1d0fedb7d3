//! What `#[webhook]` recorded, wherever it stands in the program: the one use of `inventory`.
//!
//! The order is not specified, so callers sort. A crate that the program never names is not linked, and its
//! handlers are not here.

use crate::handler::endpoint::Endpoint;

pub use inventory::submit;

inventory::collect!(Endpoint);

/// Every handler that was recorded.
pub(crate) fn recorded() -> impl Iterator<Item = &'static Endpoint> {
    inventory::iter::<Endpoint>.into_iter()
}
