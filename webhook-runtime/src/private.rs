//! The one door for the code that `#[webhook]` generates: re-exports only.
//!
//! Nothing here is part of the public API. The two halves are pinned to each other (`webhook-macros = "=…"`).

pub use crate::handler::answer::answer;
pub use crate::handler::call::{Bound, Call, Running, Shared, bound, boxed, sendable};
pub use crate::handler::endpoint::{Documentation, Endpoint, id_of};
pub use crate::handler::extract::extract;
pub use crate::handler::formats::{EveryFormat, JsonAlone};
pub use crate::handler::payload::{Codec, any_schema, payload, payload_with_schema};
pub use crate::handler::responses::{Describe, Response, never, probe};
pub use crate::handler::state::{Finder, supply};
pub use crate::handler::written::{body, written};
pub use crate::registry::collect::submit;
pub use axum::extract::{FromRef, State};
pub use core::option::Option::{None, Some};
pub use core::result::Result::{Err, Ok};
pub use core::time::Duration;
pub use core::{concat, file, line, module_path};
