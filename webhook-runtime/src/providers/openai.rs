//! OpenAI.
//!
//! Sources: <https://platform.openai.com/docs/guides/webhooks>, and the code of `openai-python`.

use std::borrow::Cow;

use crate::signature::standard::WEBHOOK;
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::sample::Sample;
use crate::source::standard;

/// OpenAI: the scheme of Standard Webhooks over id, time and body.
///
/// # Setting it up
/// In the settings of a project, under *Webhooks*, add the URL of your app and `/webhooks/openai`. Its signing secret
/// begins with `whsec_`, and is shown once.
///
/// ```
/// use webhook_runtime::{webhook, Event, OpenAI, Webhooks};
///
/// #[webhook("response.completed", source = "openai")]
/// async fn completed(event: Event<serde_json::Value>) {
///     println!("{} is ready to be read", event.payload["data"]["id"]);
/// }
///
/// let app = Webhooks::new().source("openai", OpenAI::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
/// # let _ = app;
/// ```
///
/// A body names the thing that is done, and seldom holds it: ask the API for it.
///
/// # What is signed
/// The id of the delivery, the time and the body, of which the event type (`/type`) is a part.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. A retry carries the same id, so ids
/// are kept for the 72 hours that OpenAI retries.
///
/// # Retries
/// For up to 72 hours, after every answer but a success.
///
/// # Not confirmed
/// The 72 hours are from descriptions by others, and so is that a redirect counts as a failure.
pub struct OpenAI;

constructors!(OpenAI, "OPENAI", &FACTS, |secrets| standard(&WEBHOOK, secrets));

static FACTS: Facts = Facts {
    name: "openai",
    title: "OpenAI",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`. Several are separated by spaces.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "webhook-id",
            "The id of the delivery; a retry carries the same one.",
            "wh_685342e6c53c8190a1be43f081506c52",
        ),
        SignatureHeader::new(
            "webhook-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1700000000",
        ),
        SignatureHeader::new(
            "webhook-signature",
            "One or several signatures, separated by spaces.",
            "v1,UI/EjAfRpZCxC8XzSweVJnmTG4/nXbe5bwa0W7nDvss=",
        ),
    ]),
    signature_header: text("webhook-signature"),
    delivery_id: Some(text("webhook-id")),
    identity: IdentityAt::Signed,
    retry_horizon: hours(72),
    samples: &[Sample::new(
        "response.completed",
        r#"{
                "id": "evt_685343a1381c819085d44c354e1b330e",
                "object": "event",
                "created_at": 1768469400,
                "type": "response.completed",
                "data": { "id": "resp_abc123" }
            }"#,
    )],
    ..COMMON
};
