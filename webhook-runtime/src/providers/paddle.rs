//! Paddle.
//!
//! Sources: <https://developer.paddle.com/webhooks/signature-verification>, and the code and tests of
//! `@paddle/paddle-node-sdk`.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Paddle Billing: HMAC-SHA256 over time and body.
///
/// # Setting it up
/// In the dashboard, under *Developer tools › Notifications*, add a destination with the URL of your app and
/// `/webhooks/paddle`. Its secret key begins with `pdl_ntfset_`, and is used as it stands. Paddle Classic signs
/// otherwise, and is refused.
///
/// ```
/// use webhook_runtime::{webhook, Event, Paddle, Webhooks};
///
/// #[webhook("transaction.completed", source = "paddle")]
/// async fn completed(event: Event<serde_json::Value>) {
///     println!("{} was paid", event.payload["data"]["id"]);
/// }
///
/// let app = Webhooks::new().source("paddle", Paddle::new("pdl_ntfset_5ecr3t0fTh3D3stinati0n"));
/// # let _ = app;
/// ```
///
/// The time may lie five seconds from now, as in Paddle's own libraries. Where the clock of a server or the way to it
/// is slower than that, call [`tolerance`](crate::Source::tolerance).
///
/// # What is signed
/// The time and the body. The event type (`/event_type`) and the identity of the event (`/event_id`, `evt_…`) are a
/// part of the body. While a secret is changed the header holds a signature of each: one that is right suffices.
///
/// # What can be replayed
/// A captured delivery, for five seconds; it gets its first answer and runs nothing. Ids are kept for the three days
/// that Paddle retries a live event (15 minutes in the sandbox).
///
/// # Retries
/// Sixty, over three days, for a live event; three within 15 minutes in the sandbox.
///
/// # Not confirmed
/// The number of retries and how long they go on are from memory of the documentation.
pub struct Paddle;

constructors!(Paddle, "PADDLE", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Timestamp, Piece::Text(text(":")), Piece::Body]),
    signature: SignatureAt::Fields { name: HeaderName::from_static("paddle-signature"), separator: ';', field: "h1" },
    timestamp: TimestampAt::Field("ts"),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "paddle",
    title: "Paddle",
    scheme: "`ts=<Unix seconds>;h1=<hex>`: an HMAC-SHA256 over `ts:body`.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "paddle-signature",
        "The time of the signature, and one or several signatures.",
        "ts=1698796800;h1=a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9",
    )]),
    signature_header: text("paddle-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event_type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event_id")])),
    ack_deadline: Some(seconds(5)),
    retry_horizon: days(3),
    tolerance: seconds(5),
    samples: &[
        Sample::new(
            "transaction.completed",
            r#"{
                "event_id": "evt_01hv8x29kz0t586xy6zn1a62ny",
                "event_type": "transaction.completed",
                "occurred_at": "2026-01-15T09:30:00.000000Z",
                "notification_id": "ntf_01hv8x29mpn8a9x6z1ma5tz2cr",
                "data": {
                    "id": "txn_01hv8wptq8987qeep44cyrewp9",
                    "status": "completed",
                    "customer_id": "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
                    "currency_code": "EUR",
                    "details": { "totals": {"total": "5990", "tax": "956"} }
                }
            }"#,
        ),
        Sample::new(
            "subscription.created",
            r#"{
                "event_id": "evt_01hv8x29kz0t586xy6zn1a62nz",
                "event_type": "subscription.created",
                "occurred_at": "2026-01-15T09:30:00.000000Z",
                "notification_id": "ntf_01hv8x29mpn8a9x6z1ma5tz2cs",
                "data": {
                    "id": "sub_01hv8x29kz0t586xy6zn1a62ny",
                    "status": "active",
                    "customer_id": "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
                    "next_billed_at": "2026-02-15T09:30:00.000000Z"
                }
            }"#,
        ),
    ],
    ..COMMON
};
