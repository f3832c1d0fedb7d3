//! Stripe.
//!
//! Sources: <https://docs.stripe.com/webhooks/signature>, and the code of `stripe-python` and `stripe-node`.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Stripe: HMAC-SHA256 over time and body.
///
/// # Setting it up
/// In the dashboard, under *Developers › Webhooks*, add an endpoint with the URL of your app and
/// `/webhooks/stripe`. Its signing secret begins with `whsec_`, and is used as it stands: unlike that of Standard
/// Webhooks it is not base64.
///
/// ```
/// use webhook_runtime::{webhook, Event, Stripe, Webhooks};
///
/// #[webhook("invoice.paid", source = "stripe")]
/// async fn paid(event: Event<serde_json::Value>) {
///     println!("{} was paid", event.payload["data"]["object"]["id"]);
/// }
///
/// let app = Webhooks::new().source("stripe", Stripe::new("whsec_5ecr3t0fTh3Dashb0ard"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The time and the body. The event type (`/type`) and the identity of the event (`/id`, `evt_…`) are a part of it.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Stripe signs a retry anew, so ids
/// are kept for the three days that it retries.
///
/// # Retries
/// For up to three days, at growing intervals, for a live event; three over some hours in a sandbox.
///
/// # Not confirmed
/// The three days of retries are from memory of the documentation.
pub struct Stripe;

constructors!(Stripe, "STRIPE", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Timestamp, Piece::Text(text(".")), Piece::Body]),
    signature: SignatureAt::Fields { name: HeaderName::from_static("stripe-signature"), separator: ',', field: "v1" },
    timestamp: TimestampAt::Field("t"),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "stripe",
    title: "Stripe",
    scheme: "`t=<Unix seconds>,v1=<hex>`: an HMAC-SHA256 over `t.body`.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "stripe-signature",
        "The time of the signature, and one or several signatures.",
        "t=1614265330,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
    )]),
    signature_header: text("stripe-signature"),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    event_type: EventTypeAt::TYPE,
    retry_horizon: days(3),
    samples: &[
        Sample::new(
            "invoice.paid",
            r#"{
                "id": "evt_1SpXyZ2eZvKYlo2C0001",
                "object": "event",
                "api_version": "2026-01-28.basil",
                "created": 1768469400,
                "data": {
                    "object": {
                        "id": "in_1SpXyZ2eZvKYlo2C",
                        "object": "invoice",
                        "customer": "cus_NffrFeUfNV2Hib",
                        "customer_email": "ada@example.com",
                        "amount_paid": 5990,
                        "currency": "eur",
                        "status": "paid"
                    }
                },
                "livemode": false,
                "pending_webhooks": 1,
                "request": { "id": null, "idempotency_key": null },
                "type": "invoice.paid"
            }"#,
        ),
        Sample::new(
            "checkout.session.completed",
            r#"{
                "id": "evt_1SpXyZ2eZvKYlo2C0002",
                "object": "event",
                "api_version": "2026-01-28.basil",
                "created": 1768469400,
                "data": {
                    "object": {
                        "id": "cs_test_a1b2c3",
                        "object": "checkout.session",
                        "client_reference_id": "order-1042",
                        "customer": "cus_NffrFeUfNV2Hib",
                        "amount_total": 5990,
                        "currency": "eur",
                        "payment_status": "paid",
                        "status": "complete"
                    }
                },
                "livemode": false,
                "pending_webhooks": 1,
                "request": { "id": null, "idempotency_key": null },
                "type": "checkout.session.completed"
            }"#,
        ),
        Sample::new(
            "customer.subscription.deleted",
            r#"{
                "id": "evt_1SpXyZ2eZvKYlo2C0003",
                "object": "event",
                "api_version": "2026-01-28.basil",
                "created": 1768469400,
                "data": {
                    "object": {
                        "id": "sub_1SpXyZ2eZvKYlo2C",
                        "object": "subscription",
                        "customer": "cus_NffrFeUfNV2Hib",
                        "status": "canceled",
                        "ended_at": 1768469400
                    }
                },
                "livemode": false,
                "pending_webhooks": 1,
                "request": { "id": null, "idempotency_key": null },
                "type": "customer.subscription.deleted"
            }"#,
        ),
    ],
    ..COMMON
};
