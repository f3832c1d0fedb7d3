//! DocuSign.
//!
//! Source: <https://developers.docusign.com/platform/webhooks/connect/hmac/>.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// DocuSign Connect: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the admin settings, under *Connect*, make a key on the tab *Connect keys*; then add a configuration with the URL
/// of your app and `/webhooks/docusign`, the data format *REST v2.1* (JSON), *Include HMAC signature* and *Require
/// acknowledgement*.
///
/// ```
/// use webhook_runtime::{webhook, Event, DocuSign, Webhooks};
///
/// #[webhook("envelope-completed", source = "docusign")]
/// async fn completed(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["envelopeId"]);
/// }
///
/// let app = Webhooks::new().source("docusign", DocuSign::new("d0cusign-c0nn3ct-k3y"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `event`. A configuration that sends XML is verified too; its deliveries have no type
/// that is read here, and go as [`RawBody`](crate::RawBody) to the catch-all `*`.
///
/// # What is signed
/// The body. DocuSign sends a signature for each active key of the account, in `X-DocuSign-Signature-1`, `-2` and on:
/// one that is right suffices, whatever its number. The other headers are not signed.
///
/// # What can be replayed
/// A captured delivery, at any time. Envelope, event and time of the event (`/data/envelopeId`, `/event`,
/// `/generatedDateTime`) tell one from another, and not the bytes, since a retry counts up in them; a copy gets the
/// first answer and runs nothing, for the fifteen days in which DocuSign retries.
///
/// # Retries
/// For a day, then daily to the fifteenth, where the configuration requires an acknowledgement.
///
/// # Not confirmed
/// The page of the documentation was not seen. The hundred seconds for an answer and the retries (for a day, then daily
/// to the fifteenth) are from memory, and so is that a retry keeps its `generatedDateTime`.
pub struct DocuSign;

constructors!(DocuSign, "DOCUSIGN", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signature: SignatureAt::Numbered { prefix: "x-docusign-signature-" },
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "docusign",
    title: "DocuSign",
    scheme: "The base64 of an HMAC-SHA256 over the body; `-2`, `-3` and on hold those of further keys.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-docusign-signature-1",
        "The signature by the first active key.",
        "RLl7bbtYmT0GoyOkA8GnnJBIndsQbpkqM9Z80HAAgpc=",
    )]),
    signature_header: text("x-docusign-signature-1"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/data/envelopeId"), text("/event"), text("/generatedDateTime")])),
    ack_deadline: Some(seconds(100)),
    retry_horizon: days(15),
    samples: &[Sample::new(
        "envelope-completed",
        r#"{
                "event": "envelope-completed",
                "apiVersion": "v2.1",
                "retryCount": 0,
                "configurationId": 10270000,
                "generatedDateTime": "2026-01-15T09:30:00.0000000Z",
                "data": {
                    "accountId": "6d7f9a3c-0000-4000-8000-000000000001",
                    "envelopeId": "4b728be4-0000-4000-8000-000000000002",
                    "envelopeSummary": { "status": "completed", "emailSubject": "Please sign the order" }
                }
            }"#,
    )],
    ..COMMON
};
