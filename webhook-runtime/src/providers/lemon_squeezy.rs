//! Lemon Squeezy.
//!
//! Source: <https://docs.lemonsqueezy.com/help/webhooks/signing-requests>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Lemon Squeezy: HMAC-SHA256 over the body.
///
/// # Setting it up
/// Under *Settings › Webhooks* add the URL of your app and `/webhooks/lemon-squeezy`, and type a signing secret of 6 to 40
/// characters: a random one of 40.
///
/// ```
/// use webhook_runtime::{webhook, Event, LemonSqueezy, Webhooks};
///
/// #[webhook("order_created", source = "lemon-squeezy")]
/// async fn ordered(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["attributes"]["total_formatted"]);
/// }
///
/// let app = Webhooks::new().source("lemon-squeezy", LemonSqueezy::new("a-long-random-text"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `meta.event_name`.
///
/// # What is signed
/// The body alone; the event type is a part of it. The header `X-Event-Name`, which repeats it, is not looked at. There is
/// no time.
///
/// # What can be replayed
/// A captured delivery, at any time. One whose bytes were seen gets its first answer and runs nothing for three days; bodies
/// hold the time of the change, so they do not repeat.
///
/// # Retries
/// Up to three, within some minutes; ids are kept for three days.
///
/// # Not confirmed
/// From memory of the documentation: that a failed delivery is sent again up to three times within some minutes, and that
/// a retry has the same bytes. The three days are this crate's choice.
pub struct LemonSqueezy;

constructors!(LemonSqueezy, "LEMON_SQUEEZY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "lemon-squeezy",
    title: "Lemon Squeezy",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-signature",
        "The signature.",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    )]),
    signature_header: text("x-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/meta/event_name")])),
    identity: IdentityAt::Bytes,
    retry_horizon: days(3),
    samples: &[
        Sample::new(
            "order_created",
            r#"{
                "meta": { "event_name": "order_created", "custom_data": {"cart": "1042"} },
                "data": {
                    "type": "orders",
                    "id": "1",
                    "attributes": {
                        "identifier": "104e18a2-d755-4d4b-80c4-a6c1dcbe1c10",
                        "status": "paid",
                        "total": 5990,
                        "currency": "EUR",
                        "user_email": "ada@example.com"
                    }
                }
            }"#,
        ),
        Sample::new(
            "subscription_created",
            r#"{
                "meta": { "event_name": "subscription_created" },
                "data": {
                    "type": "subscriptions",
                    "id": "1",
                    "attributes": {
                        "product_name": "Mug of the month",
                        "status": "active",
                        "user_email": "ada@example.com",
                        "renews_at": "2026-02-15T09:30:00.000000Z"
                    }
                }
            }"#,
        ),
    ],
    ..COMMON
};
