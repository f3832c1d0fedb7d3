//! Sentry.
//!
//! Source: <https://docs.sentry.io/integrations/integration-platform/webhooks/>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Sentry: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings, under *Developer settings*, make an integration with the URL of your app and `/webhooks/sentry`.
/// The secret is its client secret. The older plugin *WebHooks* signs nothing, and is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Sentry, Webhooks};
///
/// #[webhook("issue.created", source = "sentry")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["issue"]["title"]);
/// }
///
/// let app = Webhooks::new().source("sentry", Sentry::new("s3ntry-cli3nt-5ecr3t"));
/// # let _ = app;
/// ```
///
/// The event type is that of `Sentry-Hook-Resource`, with the body's `action` joined on: `issue.created`,
/// `event_alert.triggered`. A handler of `issue` takes every action that has none of its own.
///
/// Sentry waits for one second: do what takes longer after the answer. An internal integration that is too slow a
/// thousand times in a day loses its subscription.
///
/// # What is signed
/// The body alone. The resource, the id of the request and the time (`Sentry-Hook-Timestamp`) stand in headers that
/// nothing proves.
///
/// # What can be replayed
/// A captured delivery, at any time, under another resource and another `Request-ID`: make handlers safe to repeat. An
/// issue that is resolved twice can send the same body twice, so that only the id tells a copy; it gets the first
/// answer, for three days. Sentry does not retry.
///
/// # Retries
/// None: what is not taken is lost. Too many time-outs switch an integration off.
///
/// # Not confirmed
/// That it never retries is from memory.
pub struct Sentry;

constructors!(Sentry, "SENTRY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("sentry-hook-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "sentry",
    title: "Sentry",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "sentry-hook-signature",
        "The signature.",
        "b8ca4a7b3cc0926e1c1db4938c76e79a17f9e3730efaefeca6d8c50d075a69ba",
    )]),
    signature_header: text("sentry-hook-signature"),
    delivery_id: Some(text("request-id")),
    event_type: EventTypeAt::header_with("sentry-hook-resource", "/action"),
    identity: IdentityAt::Hint(text("request-id")),
    retries: Retries::Never,
    ack_deadline: Some(seconds(1)),
    samples: &[Sample::new(
        "issue.created",
        r#"{
                "action": "created",
                "installation": { "uuid": "a8e5d37a-0000-4000-8000-000000000001" },
                "data": {
                    "issue": {
                        "id": "1170820242",
                        "shortId": "SHOP-1",
                        "title": "TypeError: mug is undefined",
                        "level": "error",
                        "status": "unresolved",
                        "project": { "id": "1", "slug": "shop" }
                    }
                },
                "actor": { "type": "application", "id": "sentry", "name": "Sentry" }
            }"#,
    )],
    ..COMMON
};
