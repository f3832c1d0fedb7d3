//! Linear.
//!
//! Sources: <https://linear.app/developers/webhooks>, and the code of `@linear/sdk`.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{
    BodyTimestamp, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text,
};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Linear: HMAC-SHA256 over the body, which holds the time.
///
/// # Setting it up
/// In the settings, under *API › Webhooks*, add the URL of your app and `/webhooks/linear`. The page of the webhook
/// shows its signing secret (`lin_wh_…`).
///
/// ```
/// use webhook_runtime::{webhook, Event, Linear, Webhooks};
///
/// #[webhook("Issue.create", source = "linear")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["title"]);
/// }
///
/// let app = Webhooks::new().source("linear", Linear::new("lin_wh_5ecr3t0fTh3W3bh00k"));
/// # let _ = app;
/// ```
///
/// The event type is the type of the thing and the action, joined: `Issue.create`, `Comment.remove`. A handler of
/// `Issue` takes every action that has none of its own.
///
/// # What is signed
/// The body, with the type, the action and the time of sending (`webhookTimestamp`, in milliseconds), which must be
/// there. The headers `Linear-Event`, `Linear-Delivery` and `Linear-Timestamp` are not signed, and decide nothing.
///
/// # What can be replayed
/// A captured delivery, for one minute; it gets its first answer and runs nothing. Linear tries again after a minute,
/// an hour and six hours, with a fresh time in the body: thing, type, action and the time of the action (`createdAt`)
/// tell the event from others for eight hours. An event that lacks one of them is told by its bytes, so that a retry of
/// it runs again.
///
/// # Retries
/// Three, after a minute, an hour and six hours; ids are kept for eight hours.
///
/// # Not confirmed
/// That a retry has a fresh time: with the first one it would be refused as too old, by Linear's SDK too. The five
/// seconds for an answer and the times of the retries are from an older page of the documentation.
pub struct Linear;

constructors!(Linear, "LINEAR", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("linear-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "linear",
    title: "Linear",
    scheme: "The hex of an HMAC-SHA256 over the body, which holds the time.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "linear-signature",
        "The signature.",
        "37d3270573ea798ecfab52dbbc7437eb736e201a8f6c2a37a8a8cf62d602c4b6",
    )]),
    signature_header: text("linear-signature"),
    delivery_id: Some(text("linear-delivery")),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/type"), text("/action")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/data/id"), text("/type"), text("/action"), text("/createdAt")])),
    body_timestamp: Some(BodyTimestamp { pointer: "/webhookTimestamp", per_second: 1000 }),
    ack_deadline: Some(seconds(5)),
    retry_horizon: hours(8),
    tolerance: seconds(60),
    samples: &[Sample::new(
        "Issue.create",
        r#"{
                "action": "create",
                "type": "Issue",
                "createdAt": "2026-01-15T09:30:00.000Z",
                "data": {
                    "id": "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9",
                    "number": 42,
                    "title": "The mug is broken",
                    "priority": 1,
                    "team": { "id": "72b2a2dc-6f4f-4423-9d34-24b5bd10634a", "key": "SHOP" }
                },
                "url": "https://linear.app/example/issue/SHOP-42",
                "organizationId": "b7f2a0c4-0000-4000-8000-000000000001",
                "webhookTimestamp": 1768469400000,
                "webhookId": "000042e3-d123-4980-b49f-8e140eef9329"
            }"#,
    )
    .with(&[("linear-event", "Issue")])],
    ..COMMON
};
