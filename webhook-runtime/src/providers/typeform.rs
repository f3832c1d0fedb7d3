//! Typeform.
//!
//! Source: <https://www.typeform.com/developers/webhooks/secure-your-webhooks/>.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Typeform: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the builder, under *Connect › Webhooks* of a form, add the URL of your app and `/webhooks/typeform`, and edit it
/// to type a long random secret. Without a secret Typeform signs nothing, and is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Typeform, Webhooks};
///
/// #[webhook("form_response", source = "typeform")]
/// async fn answered(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["form_response"]["answers"]);
/// }
///
/// let app = Webhooks::new().source("typeform", Typeform::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `event_type`. Answers of 404 and 410 make Typeform disable the webhook.
///
/// # What is signed
/// The body, with the event type and the id of the event (`/event_id`). There is no time.
///
/// # What can be replayed
/// A captured delivery, at any time; one whose event was seen gets its first answer and runs nothing, for the ten hours
/// in which Typeform retries.
///
/// # Retries
/// For up to ten hours. An answer of 404 or 410 switches the webhook off.
///
/// # Not confirmed
/// The thirty seconds for an answer, the ten hours, and which answers it retries.
pub struct Typeform;

constructors!(Typeform, "TYPEFORM", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe =
    Recipe { signature: SignatureAt::header("typeform-signature", "sha256="), encoding: Encoding::Base64, ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "typeform",
    title: "Typeform",
    scheme: "`sha256=` and the base64 of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "typeform-signature",
        "The signature.",
        "sha256=raogAdSOBKWVMnKdOTZ5du5OhVqfCOmw5oha+skNO8k=",
    )]),
    signature_header: text("typeform-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event_type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event_id")])),
    ack_deadline: Some(seconds(30)),
    retry_horizon: hours(10),
    samples: &[Sample::new(
        "form_response",
        r#"{
                "event_id": "LtWXD3crgy",
                "event_type": "form_response",
                "form_response": {
                    "form_id": "lT4Z3j",
                    "token": "a3a12ec67a1365927098a606107fac15",
                    "submitted_at": "2026-01-15T09:30:00Z",
                    "definition": { "id": "lT4Z3j", "title": "Which mug?" },
                    "answers": [
                        {
                            "type": "email",
                            "email": "ada@example.com",
                            "field": { "id": "SMEUb7VJz92Q", "type": "email" }
                        }
                    ]
                }
            }"#,
    )],
    ..COMMON
};
