//! Calendly.
//!
//! Source: <https://developer.calendly.com/api-docs/ZG9jOjM2MzE2MDM4-webhook-signatures>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Calendly: HMAC-SHA256 over time and body.
///
/// # Setting it up
/// Make a subscription by the API (`POST /webhook_subscriptions`) with the URL of your app and `/webhooks/calendly`, and a
/// long random text as its `signing_key`: that is the secret. A subscription without one is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Calendly, Event, Webhooks};
///
/// #[webhook("invitee.created", source = "calendly")]
/// async fn booked(event: Event<serde_json::Value>) {
///     println!("{} comes", event.payload["payload"]["name"]);
/// }
///
/// let app = Webhooks::new().source("calendly", Calendly::new("a long random signing key"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The time and the body, of which the event type (`/event`) is a part. There is no id of an event.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Bodies hold the time and the URI of
/// what happened, so they do not repeat: one that was seen runs nothing for the 24 hours in which Calendly retries.
///
/// # Retries
/// For 24 hours, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: the 24 hours, and that its own examples take three minutes for the age of a
/// signature. That a retry is signed anew and has the same body is not written anywhere.
pub struct Calendly;

constructors!(Calendly, "CALENDLY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Timestamp, Piece::Text(text(".")), Piece::Body]),
    signature: SignatureAt::Fields {
        name: HeaderName::from_static("calendly-webhook-signature"),
        separator: ',',
        field: "v1",
    },
    timestamp: TimestampAt::Field("t"),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "calendly",
    title: "Calendly",
    scheme: "`t=<Unix seconds>,v1=<hex>`: an HMAC-SHA256 over `t.body`.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "calendly-webhook-signature",
        "The time of the signature, and the signature.",
        "t=1700000000,v1=1d633331b616250f12b9a456f61cf9132e14348403cf17b52fb9c066aacdb557",
    )]),
    signature_header: text("calendly-webhook-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
    identity: IdentityAt::Bytes,
    retry_horizon: hours(24),
    samples: &[
        Sample::new(
            "invitee.created",
            r#"{
                "event": "invitee.created",
                "created_at": "2026-01-15T09:30:00.000000Z",
                "created_by": "https://api.calendly.com/users/EXAMPLE",
                "payload": {
                    "uri": "https://api.calendly.com/scheduled_events/EXAMPLE/invitees/ONE",
                    "email": "ada@example.com",
                    "name": "Ada Example",
                    "status": "active",
                    "timezone": "Europe/Berlin"
                }
            }"#,
        ),
        Sample::new(
            "invitee.canceled",
            r#"{
                "event": "invitee.canceled",
                "created_at": "2026-01-15T10:30:00.000000Z",
                "created_by": "https://api.calendly.com/users/EXAMPLE",
                "payload": {
                    "uri": "https://api.calendly.com/scheduled_events/EXAMPLE/invitees/ONE",
                    "email": "ada@example.com",
                    "name": "Ada Example",
                    "status": "canceled",
                    "cancellation": { "canceled_by": "Ada Example", "reason": "Another day" }
                }
            }"#,
        ),
    ],
    ..COMMON
};
