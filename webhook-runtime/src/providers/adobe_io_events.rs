//! Adobe I/O Events, which carries the events of Adobe Commerce too.
//!
//! Source: <https://developer.adobe.com/events/docs/guides/>.

use std::borrow::Cow;

use crate::base::env;
use crate::signature::adobe_io::{AdobeIoSignature, validation};
use crate::signature::fetched::FetchedSignature;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, days, seconds, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::sample::Sample;
use crate::source::secrets::SecretProblem;
use crate::source::{Keys, Source};

/// Adobe I/O Events: RSA with SHA-256 over the body, by two keys of Adobe.
///
/// It is there with the feature `rsa`.
///
/// # Setting it up
/// In the Adobe Developer Console, add an event registration to your project with the URL of your app and
/// `/webhooks/adobe-io-events`. The client id of the project's credential is what this source needs.
///
/// ```
/// use webhook_runtime::{webhook, AdobeIo, Event, Webhooks};
///
/// #[webhook("*", source = "adobe-io-events")]
/// async fn saved(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["event"]);
/// }
///
/// let app = Webhooks::new().source("adobe-io-events", AdobeIo::new("d864da32699e251a0cea429e4c5b0d08"));
/// # let _ = app;
/// ```
///
/// Each delivery has two signatures, of which one that is right suffices. Their keys are fetched from
/// `static.adobeioevents.com` and from nowhere else, which needs the feature `fetch` or a
/// [`fetcher`](crate::Webhooks::fetcher): the headers give a path alone. The event type is the `type` of `event`, where
/// that is a CloudEvent; other events go to `*`.
///
/// Adobe asks whether the URL is ours by a `challenge` in the query, which is echoed, and by a `validationUrl` in a body.
/// Neither is signed. Of such URLs those below `/csm/` of `csm*.adobe.io` are fetched after the answer, at most twenty a
/// minute; any other is answered 400.
///
/// # What is signed
/// The body. Adobe's keys sign for every customer, so that an event for another `recipient_client_id` is refused.
///
/// # What can be replayed
/// A captured delivery, at any time. Its `event_id` is signed: it gets its first answer and runs nothing, for as long
/// as ids are kept.
///
/// # Retries
/// For a day, at growing intervals, after a 429 and most of 5xx. A 4xx loses the event, and an endpoint that fails
/// most often is disabled.
///
/// # Not confirmed
/// Where the type stands in events that are no CloudEvents. Adobe retries for a day, on 429 and most of 5xx.
#[derive(Clone, Debug)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct AdobeIo {
    recipient: String,
}

impl AdobeIo {
    /// A source of the events for this client id.
    pub fn new(recipient_client_id: impl Into<String>) -> Self {
        Self { recipient: recipient_client_id.into() }
    }

    /// The same with the id of the environment variable `ADOBE_IO_EVENTS_RECIPIENT_CLIENT_ID`.
    pub fn from_env() -> Self {
        Self::new(env::read("ADOBE_IO_EVENTS_RECIPIENT_CLIENT_ID").unwrap_or_default().trim())
    }
}

impl From<AdobeIo> for Source {
    fn from(adobe: AdobeIo) -> Self {
        let keys = if adobe.recipient.is_empty() {
            let problem = "is missing\n   \
                Copy it from the Developer Console, or set the environment variable ADOBE_IO_EVENTS_RECIPIENT_CLIENT_ID.";
            Keys::Fixed(Err(vec![SecretProblem::Setting { setting: "client id", problem }]))
        } else {
            Keys::Fetched(Box::new(FetchedSignature::new(AdobeIoSignature { recipient: adobe.recipient })))
        };
        Self::made(Cow::Borrowed(&FACTS), keys).standing_in(|_| {
            let recipient = "0123456789abcdef0123456789abcdef".to_owned();
            Keys::Fetched(Box::new(FetchedSignature::new(AdobeIoSignature { recipient })))
        })
    }
}

static FACTS: Facts = Facts {
    name: "adobe-io-events",
    title: "Adobe I/O Events",
    scheme: "RSA with SHA-256 over the body, by two keys: one signature that is right suffices.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new("x-adobe-digital-signature-1", "A signature, in base64.", "kL7gXcnuRDcqSUGEwnP84W7C…"),
        SignatureHeader::new("x-adobe-public-key1-path", "The path of its key.", "/prod/keys/pub-key-voCuVUc6Db.pem"),
        SignatureHeader::new("x-adobe-digital-signature-2", "The other one.", "vZL/qV5mcl5awIbDPCzijOWMAZVVgc4F…"),
        SignatureHeader::new("x-adobe-public-key2-path", "The path of its key.", "/prod/keys/pub-key-IkpzhSpTw0.pem"),
    ]),
    signature_header: text("x-adobe-digital-signature-1"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event/type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event_id")])),
    handshakes: &[
        Handshake {
            method: "GET",
            asked: Asked::Query("challenge"),
            shown: Shown::Nothing,
            reply: Reply::QueryChallenge("challenge", Alphabet::Unreserved),
        },
        Handshake {
            method: "POST",
            asked: Asked::UnsignedBody("/validationUrl"),
            shown: Shown::Nothing,
            reply: Reply::Empty,
        },
    ],
    confirmation: Some(validation),
    retries: Retries::ServerErrors,
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(1),
    samples: &[Sample::new(
        "com.adobe.commerce.observer.catalog_product_save_commit_after",
        r#"{
                "event_id": "6a1c3f3e-8f5b-4a51-9a0e-2f0f3a1c9b11",
                "event": {
                    "type": "com.adobe.commerce.observer.catalog_product_save_commit_after",
                    "value": { "sku": "mug-blue", "price": 12.5 }
                },
                "recipient_client_id": "0123456789abcdef0123456789abcdef"
            }"#,
    )],
    ..COMMON
};
