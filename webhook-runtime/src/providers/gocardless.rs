//! GoCardless.
//!
//! Sources: <https://developer.gocardless.com/api-reference/#appendix-webhooks>, the code of `gocardless-pro-python`, and
//! <https://support.gocardless.com/hc/en-nz/articles/360000989989-Webhook-retries-failures>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// GoCardless: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the dashboard, under *Developers*, make a webhook endpoint with the URL of your app and `/webhooks/gocardless`. Its
/// page shows the secret.
///
/// ```
/// use webhook_runtime::{webhook, Event, GoCardless, Webhooks};
///
/// #[webhook("payments.failed", source = "gocardless")]
/// async fn failed(event: Event<serde_json::Value>) {
///     println!("{}: {}", event.payload["links"]["payment"], event.payload["details"]["cause"]);
/// }
///
/// let app = Webhooks::new().source("gocardless", GoCardless::new("g0c4rdl355-5ecr3t"));
/// # let _ = app;
/// ```
///
/// A body is a list of up to 250 events, each of which goes to its own handler: the type is that of the resource and the
/// action, joined. A handler of `payments` takes every action that has none of its own.
///
/// # What is signed
/// The body, with the type and the id (`EV…`) of each event. There is no time.
///
/// # What can be replayed
/// A captured delivery, at any time; an event whose id was seen gets its first answer and runs nothing for three days. A
/// forged delivery is answered 401, where GoCardless proposes 498: both are failures to it.
///
/// # Retries
/// Eight, at increasing intervals; ids are kept for three days.
///
/// # Not confirmed
/// GoCardless retries eight times *at increasing intervals* and does not say over how long; the three days are this
/// crate's choice.
pub struct GoCardless;

constructors!(GoCardless, "GOCARDLESS", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("webhook-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "gocardless",
    title: "GoCardless",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "webhook-signature",
        "The signature.",
        "34e2a0d745cb41fedca8e03e59a5f3a3022ecc9ff2e3a64764d277aa53b54cb3",
    )]),
    signature_header: text("webhook-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/resource_type"), text("/action")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(3),
    batch: Some(Batch { at: "/events", only: None, typed_each: true }),
    samples: &[Sample::new(
        "payments.confirmed",
        r#"{
                "events": [
                    {
                        "id": "EV123",
                        "created_at": "2026-01-15T09:30:00.000Z",
                        "resource_type": "payments",
                        "action": "confirmed",
                        "links": { "payment": "PM123" },
                        "details": {
                            "origin": "gocardless",
                            "cause": "payment_confirmed",
                            "description": "The payment was confirmed."
                        },
                        "metadata": {}
                    }
                ],
                "meta": { "webhook_id": "WB123" }
            }"#,
    )],
    ..COMMON
};
