//! The testing kit: an app in process, and deliveries that are signed as their senders sign them.
//!
//! ```
//! use webhook_runtime::{testing::TestApp, webhook, Webhooks};
//!
//! #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
//! struct Order { amount: u32 }
//!
//! #[webhook("order.paid")]
//! async fn paid(order: Order) -> String {
//!     format!("{} paid", order.amount)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let app = TestApp::new(Webhooks::empty().register(paid));
//! let answer = app.deliver("order.paid", &Order { amount: 5 }).await;
//! assert_eq!(answer.assert_status(200).text(), "5 paid");
//! # }
//! ```
//!
//! It is there with the feature `testing`, which belongs under `[dev-dependencies]`. A test needs a Tokio runtime
//! (`#[tokio::test]`), and nothing else: no socket, no environment variable, no secret.
//!
//! 1. **Secrets** are the kit's own, for every source: also where the app reads them from the environment, asks a database
//!    for them, or fetches public keys. Each sender's private key has a stand-in.
//! 2. **Verification** is the real one. A delivery that was [tampered with](Delivery::tampered) is refused because its
//!    signature is wrong, and for no other reason.
//! 3. **The clock** stands still until it is [moved](TestApp::clock).
//!
//! What goes wrong is told by a panic, as in every test: an app that does not start, an event that no handler takes, an
//! answer that is not the expected one. A 401 comes with its explanation.
//!
//! # Every way in which a delivery can arrive
//! ```
//! # use webhook_runtime::{testing::TestApp, webhook, Stripe, Webhooks};
//! # #[derive(serde::Deserialize, schemars::JsonSchema)]
//! # struct Invoice { id: String, data: serde_json::Value }
//! # #[webhook("invoice.paid", source = "stripe")]
//! # async fn paid(invoice: Invoice) -> String { invoice.data["object"]["status"].to_string() }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let app = TestApp::new(Webhooks::empty().register(paid).source("stripe", Stripe::from_env()));
//!
//! app.sample("invoice.paid").await.assert_status(200);
//! app.sample("invoice.paid").tampered().await.assert_status(401);
//! app.sample("invoice.paid").stale().await.assert_status(401);
//! app.sample("invoice.paid").unsigned().await.assert_status(401);
//! app.sample("invoice.paid").duplicate().await.assert_status(200);
//!
//! let without_an_id = serde_json::json!({ "id": 7, "data": {} });
//! app.deliver("invoice.paid", &without_an_id).await.assert_status(422).assert_pointers(&["/id"]);
//! # }
//! ```
//!
//! # A delivery that was recorded
//! `webhook listen --record` keeps what a sender sent; [`replay`](TestApp::replay) delivers it, signed with the secret of the
//! kit:
//!
//! ```no_run
//! # use webhook_runtime::{testing::TestApp, Recording};
//! # async fn test(app: TestApp) -> Result<(), Box<dyn std::error::Error>> {
//! let recording = Recording::read(&std::fs::read("tests/recordings/refund.txt")?)?;
//! app.replay(&recording).await.assert_status(200);
//! # Ok(())
//! # }
//! ```

#![allow(clippy::panic, reason = "a test ends by a panic, which is how it says what was wrong")]

mod answer;
mod app;
mod delivery;
mod tamper;

pub use answer::Answer;
pub use app::TestApp;
pub use delivery::Delivery;
