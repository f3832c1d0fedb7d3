//! Square.
//!
//! Sources: <https://developer.squareup.com/docs/webhooks/step3validate>, and the code of its Python SDK.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt};
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Square: HMAC-SHA256 over URL and body.
///
/// # Setting it up
/// In the developer console, under *Webhooks › Subscriptions*, add the URL of your app and `/webhooks/square`. The
/// secret is the *Signature Key* of the subscription. Square signs the URL as it was entered there: give the same to the
/// source, or what stands before the path to [`public_url`](crate::Webhooks::public_url).
///
/// ```
/// use webhook_runtime::{webhook, Event, Square, Webhooks};
///
/// #[webhook("payment.updated", source = "square")]
/// async fn updated(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["object"]["payment"]["status"]);
/// }
///
/// let source = Square::new("Ibxx_5AKakO-3qeNVR61Dw").url("https://hooks.example.com/webhooks/square");
/// let app = Webhooks::new().source("square", source);
/// # let _ = app;
/// ```
///
/// # What is signed
/// The URL and the body, of which the event type (`/type`) and the id of the event (`/event_id`) are a part. There is
/// no time. `x-square-signature`, with SHA-1, is not looked at.
///
/// # What can be replayed
/// A captured delivery, at any time. One whose event was seen gets its first answer and runs nothing for the 24 hours
/// in which Square retries.
///
/// # Retries
/// Up to eleven, over 24 hours, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: that Square waits 10 s for an answer, and retries eleven times over 24 hours.
pub struct Square;

constructors!(Square, "SQUARE", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Url, Piece::Body]),
    signature: SignatureAt::header("x-square-hmacsha256-signature", ""),
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "square",
    title: "Square",
    scheme: "The base64 of an HMAC-SHA256 over URL and body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-square-hmacsha256-signature",
        "The signature.",
        "Cxt7+aTi4rKgcA0bC4g9EHdVtLSDWdqccmL5MvihU4U=",
    )]),
    signature_header: text("x-square-hmacsha256-signature"),
    signs_url: true,
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event_id")])),
    ack_deadline: Some(seconds(10)),
    retry_horizon: hours(24),
    samples: &[Sample::new(
        "payment.created",
        r#"{
                "merchant_id": "6SSW7HV8K2ST5",
                "type": "payment.created",
                "event_id": "13b867cf-db3d-4b1c-90b6-2f32a9d78124",
                "created_at": "2026-01-15T09:30:00.000Z",
                "data": {
                    "type": "payment",
                    "id": "KkAkhdMsgzn59SM8A89WgKwekxLZY",
                    "object": {
                        "payment": {
                            "id": "KkAkhdMsgzn59SM8A89WgKwekxLZY",
                            "status": "APPROVED",
                            "amount_money": { "amount": 5990, "currency": "EUR" }
                        }
                    }
                }
            }"#,
    )],
    ..COMMON
};
