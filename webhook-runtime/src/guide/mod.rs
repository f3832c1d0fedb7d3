//! The guide: one page a question, in the order in which they come up.
//!
//! - [Your first webhook](first_webhook)
//! - [Sources and secrets](sources)
//! - [Changing a secret](rotation)
//! - [Errors and statuses](errors)
//! - [State](state)
//! - [Testing](testing)
//! - [Behind a proxy](behind_a_proxy)
//! - [Before production](production)
//! - [Adding webhooks to an axum app](existing_app)
//! - [Handlers in other crates](workspaces)
//! - [Coming from FastAPI](from_fastapi)
//!
//! ```
//! use webhook_runtime::webhook;
//!
//! #[webhook("ping")]
//! async fn ping(_body: webhook_runtime::RawBody) {}
//! ```

#[doc = include_str!("behind_a_proxy.md")]
pub mod behind_a_proxy {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("existing_app.md")]
pub mod existing_app {}

#[doc = include_str!("first_webhook.md")]
pub mod first_webhook {}

#[doc = include_str!("from_fastapi.md")]
pub mod from_fastapi {}

#[doc = include_str!("production.md")]
pub mod production {}

#[doc = include_str!("rotation.md")]
pub mod rotation {}

#[doc = include_str!("sources.md")]
pub mod sources {}

#[doc = include_str!("state.md")]
pub mod state {}

#[cfg_attr(feature = "testing", doc = include_str!("testing.md"))]
#[cfg_attr(not(feature = "testing"), doc = "This page is there with the feature `testing`.")]
pub mod testing {}

#[doc = include_str!("workspaces.md")]
pub mod workspaces {}
