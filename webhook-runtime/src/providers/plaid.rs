//! Plaid.
//!
//! Source: <https://plaid.com/docs/api/webhooks/webhook-verification/>.

use std::borrow::Cow;

use http::HeaderName;

use crate::base::env;
use crate::base::secret::Secret;
use crate::fetch::HostRule;
use crate::signature::jwt::{JwtAlgorithm, JwtAt, JwtKeys, JwtSignature};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::jwt::JwtSource;
use crate::source::sample::Sample;

/// Plaid: a token in `Plaid-Verification`, signed with ES256, with the SHA-256 of the body in it.
///
/// It is there with the feature `jwt`.
///
/// # Setting it up
/// Give the URL of your app and `/webhooks/plaid` to Plaid when you create a link token. The client id and the secret of
/// your account, under *Developers › Keys*, are what this source needs: Plaid gives its keys to its customers alone.
///
/// ```
/// use webhook_runtime::{webhook, Event, Plaid, Webhooks};
///
/// #[webhook("TRANSACTIONS.SYNC_UPDATES_AVAILABLE", source = "plaid")]
/// async fn updated(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["item_id"]);
/// }
///
/// let app = Webhooks::new().source("plaid", Plaid::new("5f0c1d8a", "a secret of the dashboard"));
/// # let _ = app;
/// ```
///
/// The event type is `webhook_type` and `webhook_code`, joined by a dot. Each key is asked for once a day, by a POST to
/// `production.plaid.com`, which needs the feature `fetch` or a [`fetcher`](crate::Webhooks::fetcher) that can post.
///
/// # What is signed
/// The time and the body, by its hash.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Plaid's bodies repeat and have no
/// id: a delivery is known by its token, so that a retry with another token runs again.
///
/// # Retries
/// For up to a day, after every answer but a success.
///
/// # Not confirmed
/// Whether a retry has a token of its own. The day of retries and the ten seconds for an answer are from memory of the
/// documentation.
pub struct Plaid;

impl Plaid {
    /// A source of the deliveries of Plaid's production, for this account.
    #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
    pub fn new(client_id: impl Into<String>, secret: impl AsRef<str>) -> JwtSource {
        Self::at("https://production.plaid.com/webhook_verification_key/get", client_id.into(), secret.as_ref())
    }

    /// The same for Plaid's sandbox.
    pub fn sandbox(client_id: impl Into<String>, secret: impl AsRef<str>) -> JwtSource {
        Self::at("https://sandbox.plaid.com/webhook_verification_key/get", client_id.into(), secret.as_ref())
    }

    /// The same as [`new`](Self::new), with the environment variables `PLAID_CLIENT_ID` and `PLAID_SECRET`.
    pub fn from_env() -> JwtSource {
        let read = |name| env::read(name).unwrap_or_default().trim().to_owned();
        Self::new(read("PLAID_CLIENT_ID"), read("PLAID_SECRET"))
    }

    fn at(url: &str, client_id: String, secret: &str) -> JwtSource {
        let recipe = KEYS.pin(url).map(|url| JwtSignature {
            at: JwtAt::Header(HeaderName::from_static("plaid-verification")),
            algorithm: JwtAlgorithm::Es256,
            keys: JwtKeys::Asked { url, client_id, secret: Secret::new(secret) },
            issuers: Vec::new(),
            audience: None,
            email: None,
            body_hash: Some(text("request_body_sha256")),
            expires: false,
        });
        JwtSource::asked(recipe).known_as(FACTS.clone())
    }
}

static KEYS: HostRule = HostRule {
    name: "plaid",
    host: |host| ["production.plaid.com", "sandbox.plaid.com"].contains(&host),
    path: |path| path == "/webhook_verification_key/get",
};

static FACTS: Facts = Facts {
    name: "plaid",
    title: "Plaid",
    scheme: "A token signed with ES256, with the time and the SHA-256 of the body in it.",
    headers: Cow::Borrowed(&[SignatureHeader::new("plaid-verification", "The token.", "eyJhbGciOiJFUzI1NiIs…")]),
    signature_header: text("plaid-verification"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/webhook_type"), text("/webhook_code")])),
    identity: IdentityAt::Signed,
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(1),
    samples: &[Sample::new(
        "TRANSACTIONS.SYNC_UPDATES_AVAILABLE",
        r#"{
                "webhook_type": "TRANSACTIONS",
                "webhook_code": "SYNC_UPDATES_AVAILABLE",
                "item_id": "wz666MBjYWTp2PDzzggYhM6oWWmBb",
                "initial_update_complete": true,
                "historical_update_complete": false,
                "environment": "sandbox"
            }"#,
    )],
    ..COMMON
};
