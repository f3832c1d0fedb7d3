//! PagerDuty.
//!
//! Sources: <https://developer.pagerduty.com/docs/verifying-webhook-signatures>, and the code and tests of
//! `go-pagerduty`.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// PagerDuty V3: HMAC-SHA256 over the body.
///
/// # Setting it up
/// Under *Integrations › Generic Webhooks (v3)* add the URL of your app and `/webhooks/pagerduty`. PagerDuty shows the
/// secret once.
///
/// ```
/// use webhook_runtime::{webhook, Event, PagerDuty, Webhooks};
///
/// #[webhook("incident.triggered", source = "pagerduty")]
/// async fn triggered(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["event"]["data"]["title"]);
/// }
///
/// let app = Webhooks::new().source("pagerduty", PagerDuty::new("pag3rduty-5ecr3t"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `/event/event_type`; a test sends `pagey.ping`.
///
/// # What is signed
/// The body, with the event type and the id of the event (`/event/id`). There is no time that counts:
/// `/event/occurred_at` is that of the event. While a secret is changed the header holds a signature of each: one that
/// is right suffices.
///
/// # What can be replayed
/// A captured delivery, at any time; one whose event was seen gets its first answer and runs nothing, for the 48 hours
/// in which PagerDuty retries.
///
/// # Retries
/// Up to ten, over 48 hours.
///
/// # Not confirmed
/// The five seconds for an answer, and the ten retries in 48 hours.
pub struct PagerDuty;

constructors!(PagerDuty, "PAGERDUTY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signature: SignatureAt::Fields {
        name: HeaderName::from_static("x-pagerduty-signature"),
        separator: ',',
        field: "v1",
    },
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "pagerduty",
    title: "PagerDuty",
    scheme: "`v1=` and the hex of an HMAC-SHA256 over the body. Several are separated by commas.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-pagerduty-signature",
        "One or several signatures.",
        "v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd",
    )]),
    signature_header: text("x-pagerduty-signature"),
    delivery_id: Some(text("x-webhook-id")),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event/event_type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event/id")])),
    ack_deadline: Some(seconds(5)),
    retry_horizon: hours(48),
    samples: &[Sample::new(
        "incident.triggered",
        r#"{
                "event": {
                    "id": "01BVQX3A0CWOEBR2P4DKCVJDHE",
                    "event_type": "incident.triggered",
                    "resource_type": "incident",
                    "occurred_at": "2026-01-15T09:30:00.000Z",
                    "agent": null,
                    "data": {
                        "id": "PGR0VU2",
                        "type": "incident",
                        "number": 2,
                        "status": "triggered",
                        "title": "Orders are slow",
                        "urgency": "high",
                        "service": { "id": "PF9KMXH", "summary": "Shop" }
                    }
                }
            }"#,
    )],
    ..COMMON
};
