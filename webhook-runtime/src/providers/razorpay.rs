//! Razorpay.
//!
//! Sources: <https://razorpay.com/docs/webhooks/validate-test>, <https://razorpay.com/docs/webhooks/best-practices>, and
//! the code of `razorpay-python`.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Razorpay: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the dashboard, under *Account & Settings › Webhooks*, add the URL of your app and `/webhooks/razorpay`, and type a
/// long random secret, which is none of the API's. After a change old events are still signed with the old one: keep
/// both for a while.
///
/// ```
/// use webhook_runtime::{webhook, Event, Razorpay, Webhooks};
///
/// #[webhook("payment.captured", source = "razorpay")]
/// async fn captured(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["payload"]["payment"]["entity"]["id"]);
/// }
///
/// let app = Webhooks::new().source("razorpay", Razorpay::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The body, of which the event type (`/event`) is a part. The id of the event stands in `x-razorpay-event-id`, which
/// nothing proves, and there is no time.
///
/// # What can be replayed
/// A captured delivery, at any time and under another id. A body holds the event, the whole payment and the time, and is
/// sent again as it was: one that was seen gets its first answer and runs nothing for seven days, in which Razorpay
/// retries (24 hours) or can be told to replay.
///
/// # Retries
/// For 24 hours, after every answer but a success; a person can replay later, and ids are kept for seven days.
///
/// # Not confirmed
/// The five seconds for an answer are from memory of the documentation.
pub struct Razorpay;

constructors!(Razorpay, "RAZORPAY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-razorpay-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "razorpay",
    title: "Razorpay",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-razorpay-signature",
        "The signature.",
        "b3b7436516a5ab9a9fcf13b638a3a14835693a32aec24d87dccd8124bf70d678",
    )]),
    signature_header: text("x-razorpay-signature"),
    delivery_id: Some(text("x-razorpay-event-id")),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
    identity: IdentityAt::Bytes,
    ack_deadline: Some(seconds(5)),
    retry_horizon: days(7),
    samples: &[Sample::new(
        "payment.captured",
        r#"{
                "entity": "event",
                "account_id": "acc_BFQ7uQEaa7j2z7",
                "event": "payment.captured",
                "contains": ["payment"],
                "payload": {
                    "payment": {
                        "entity": {
                            "id": "pay_DESlfW9H8K9uqM",
                            "amount": 59900,
                            "currency": "INR",
                            "status": "captured",
                            "order_id": "order_DESlLckIVRkHWj",
                            "email": "ada@example.com"
                        }
                    }
                },
                "created_at": 1768469400
            }"#,
    )],
    ..COMMON
};
