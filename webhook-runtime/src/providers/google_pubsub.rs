//! Google Cloud Pub/Sub, push subscriptions.
//!
//! Source: <https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions>.

use std::borrow::Cow;

use crate::base::env;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::jwt::JwtSource;
use crate::source::sample::Sample;

/// Google Pub/Sub: a bearer token of a Google service account, signed with RS256.
///
/// It is there with the feature `jwt`.
///
/// # Setting it up
/// Create a push subscription with the URL of your app and `/webhooks/google-pubsub`, and *enable authentication*: choose
/// a service account and an audience. Both are what this source needs. The payload must stay wrapped.
///
/// ```
/// use webhook_runtime::{webhook, Event, GooglePubSub, Webhooks};
///
/// #[webhook("*", source = "google-pubsub")]
/// async fn pushed(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["message"]["data"]);
/// }
///
/// let source = GooglePubSub::new("https://hooks.example.com", "push@project.iam.gserviceaccount.com");
/// let app = Webhooks::new().source("google-pubsub", source);
/// # let _ = app;
/// ```
///
/// Google's keys are fetched, which needs the feature `fetch` or a [`fetcher`](crate::Webhooks::fetcher). Google signs
/// tokens for any account and any audience that its owner asks for, so that the account is required here. Every message
/// goes to `*`: Pub/Sub knows no event types.
///
/// # What is signed
/// The token, and **nothing of the message**.
///
/// # What can be replayed
/// Whoever sees a token can send any message with it until it expires, within an hour. Copies are known by `messageId`,
/// which nothing signs.
///
/// # Retries
/// For the retention of messages, seven days unless the subscription says otherwise.
///
/// # Not confirmed
/// The address of the keys, the ten seconds for an answer and the seven days of retries are from memory of the
/// documentation.
pub struct GooglePubSub;

impl GooglePubSub {
    /// A source of the messages for this audience, pushed as this service account (its address).
    #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
    pub fn new(audience: impl Into<Cow<'static, str>>, service_account: impl Into<Cow<'static, str>>) -> JwtSource {
        JwtSource::rs256("https://www.googleapis.com/oauth2/v3/certs")
            .issuer("https://accounts.google.com")
            .issuer("accounts.google.com")
            .audience(audience)
            .email(service_account)
            .known_as(FACTS.clone())
    }

    /// The same with the environment variables `GOOGLE_PUBSUB_AUDIENCE` and `GOOGLE_PUBSUB_SERVICE_ACCOUNT`.
    pub fn from_env() -> JwtSource {
        let read = |name| env::read(name).unwrap_or_default().trim().to_owned();
        Self::new(read("GOOGLE_PUBSUB_AUDIENCE"), read("GOOGLE_PUBSUB_SERVICE_ACCOUNT"))
    }
}

static FACTS: Facts = Facts {
    name: "google-pubsub",
    title: "Google Pub/Sub",
    scheme: "A bearer token of a service account, signed by Google with RS256; the message is not signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("authorization", "The token.", "Bearer eyJhbGciOiJSUzI1NiIs…")]),
    signature_header: text("authorization"),
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/message/messageId")])),
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(7),
    samples: &[Sample::new(
        "",
        r#"{
                "message": {
                    "attributes": { "kind": "order" },
                    "data": "eyJvcmRlciI6IDEwNDJ9",
                    "messageId": "2070443601311540",
                    "publishTime": "2026-01-15T09:30:00.123Z"
                },
                "subscription": "projects/example/subscriptions/orders"
            }"#,
    )],
    ..COMMON
};
