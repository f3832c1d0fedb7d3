//! Verified, documented webhook endpoints for axum.
//!
//! Write `#[webhook("new-subscription")]` on an async fn, and serve [`Webhooks`]: the function is a route that lets
//! no unsigned delivery pass, runs once for each event however often it is sent, and documents itself.
//!
//! ```no_run
//! use axum::Json;
//! use webhook_runtime::{axum, webhook, Webhooks};
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Subscription { username: String, monthly_fee: f64 }
//!
//! #[derive(serde::Serialize, schemars::JsonSchema)]
//! struct Receipt { message: String }
//!
//! /// A new user subscribed.
//! #[webhook("new-subscription")]
//! async fn new_subscription(body: Subscription) -> Json<Receipt> {
//!     Json(Receipt { message: format!("welcome, {}", body.username) })
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), webhook_runtime::Error> {
//!     Webhooks::from_env().serve("127.0.0.1:8000").await
//! }
//! ```

// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The map of the house, from the roof down. A room imports from floors below its own, never sideways or up; a test
// reads this list and holds the sources against it.

// ---- roof: the one door for generated code ----
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
// ---- roof: the command, over the public API ----
#[cfg(feature = "cli")]
pub mod cli;
// ---- roof: the guide, words alone ----
pub mod guide;
// ---- roof: the testing kit ----
#[cfg(feature = "testing")]
pub mod testing;
// ---- floor 9: the builder, the routes, the sockets ----
mod app;
// ---- floor 7: one request, one response; and the document ----
mod docs;
mod receive;
// ---- floor 6: from an accepted event to its outcome ----
mod run;
// ---- floor 5: what was registered; who has seen which event ----
mod registry;
mod store;
// ---- floor 4: from a request to a proof; the senders that are known ----
mod providers;
mod verify;
// ---- floor 3: one sender; one handler ----
mod handler;
mod source;
// ---- floor 2: recipes, pure ----
mod signature;
// ---- floor 1: bytes to values; the way out, to the keys of senders ----
mod fetch;
mod format;
// ---- floor 0: nouns ----
mod base;

pub use app::builder::Webhooks;
pub use app::builder::describe::{ListedEndpoint, Listing};
pub use app::built::App;
pub use app::serve::{serve, serve_until};
pub use axum;
pub use base::clock::{Clock, FixedClock, SystemClock};
pub use base::error::rejection::{Cause, Rejection, Unwelcome, Violation};
pub use base::error::startup::{Error, Place, Problem};
pub use base::ids::{IdempotencyKey, Identity};
pub use base::limits::Limits;
pub use base::observe;
pub use docs::about::{Contact, License, Responses};
pub use docs::openapi::OpenApi;
pub use fetch::{Fetch, FetchError, PinnedUrl, Post};
pub use format::recording::{Recording, RecordingError};
pub use handler::event::{Event, Hints};
#[cfg(feature = "multipart")]
pub use handler::file::FilePart;
pub use handler::payload::RawBody;
#[cfg(feature = "rfc9421")]
pub use providers::MessageSignatures;
#[cfg(feature = "xml")]
pub use providers::Salesforce;
#[cfg(feature = "ecdsa")]
pub use providers::SendGrid;
#[cfg(feature = "rsa")]
pub use providers::{AdobeCommerce, AdobeIo};
pub use providers::{
    Adyen, Asana, Auth0, Bitbucket, Calendly, Clerk, CloudEvents, Datadog, Discord, DocuSign, Dropbox, Figma, Forgejo,
    GitHub, GitLab, Gitea, GoCardless, HubSpot, IFTTT, Intercom, LemonSqueezy, Linear, MailchimpMarketing, Mailgun,
    Mandrill, Meta, MicrosoftGraph, NewRelic, Notion, Okta, OpenAI, Paddle, PagerDuty, Postmark, Razorpay, Resend,
    Sentry, Shopify, Slack, Square, StandardWebhooks, Stripe, Svix, Trello, Twilio, Twitch, Typeform, Vercel, WebSub,
    WooCommerce, X, Zapier, Zoom,
};
#[cfg(feature = "jwt")]
pub use providers::{GooglePubSub, Plaid};
#[cfg(feature = "x509")]
pub use providers::{PayPal, Sns};
pub use receive::by_hand::{VerifiedDelivery, VerifyLayer, Verifying};
pub use schemars;
pub use signature::standard::random_secret;
pub use signature::websub::WebSubAlgorithm;
pub use signature::{CannotSign, Claimed, Head, Message, Signature, Signed};
pub use source::Source;
#[cfg(feature = "compression")]
pub use source::encoding::SignedBytes;
#[cfg(feature = "jwt")]
pub use source::jwt::JwtSource;
pub use source::outgoing::Outgoing;
pub use source::own::{HmacSource, TokenSource};
pub use source::sample::Sample;
pub use source::secrets::Secrets;
pub use store::{Claim, FirstAnswer, Kept, Lease, MemoryStore, Store, StoreError, Token};
pub use verify::{Explanation, Fault, Finding, Step, Verified};
#[doc = include_str!("handler/webhook.md")]
#[doc = include_str!("handler/constraints.md")]
pub use webhook_macros::webhook;
