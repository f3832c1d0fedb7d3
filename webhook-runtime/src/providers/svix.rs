//! Svix.
//!
//! Sources: <https://docs.svix.com/receiving/verifying-payloads/how-manual>, and the code of `svix-webhooks`.

use std::borrow::Cow;

use crate::signature::standard::SVIX;
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::sample::Sample;
use crate::source::standard;

/// Svix, through which many services send: the scheme of Standard Webhooks over id, time and body.
///
/// # Setting it up
/// Add an endpoint, in the portal that the sending service shows, with the URL of your app and `/webhooks/svix`. Its
/// signing secret begins with `whsec_`. A service that signs with a key pair shows a public key, `whpk_…`: give that
/// instead.
///
/// ```
/// use webhook_runtime::{webhook, Event, Svix, Webhooks};
///
/// #[webhook("invoice.paid", source = "svix")]
/// async fn paid(event: Event<serde_json::Value>) {
///     println!("{}: {}", event.delivery_id(), event.payload);
/// }
///
/// let app = Webhooks::new().source("svix", Svix::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The id of the delivery, the time and the body. That the event type stands in the body at `/type` is a convention,
/// which a service may not follow: its events then go to `*`.
///
/// The headers begin with `svix-`, or with `webhook-` where the service sends without Svix's brand. A request that has
/// any of the first is read by those alone.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Svix signs a retry anew under the
/// same id, so ids are kept for the 28 hours of its schedule. What a person recovers later runs again.
///
/// # Retries
/// Seven, over about 28 hours, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: the schedule (5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h), and the deadline of 15 s.
pub struct Svix;

constructors!(Svix, "SVIX", &FACTS, |secrets| standard(&SVIX, secrets));

static FACTS: Facts = Facts {
    name: "svix",
    title: "Svix",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`, or `v1a,` and the base64 of an Ed25519 \
             signature over the same. Several are separated by spaces.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "svix-id",
            "The id of the delivery; a retry carries the same one.",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
        ),
        SignatureHeader::new(
            "svix-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1614265330",
        ),
        SignatureHeader::new(
            "svix-signature",
            "One or several signatures, separated by spaces.",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ]),
    signature_header: text("svix-signature"),
    delivery_id: Some(text("svix-id")),
    identity: IdentityAt::Signed,
    ack_deadline: Some(seconds(15)),
    // The last of seven retries comes 27 hours and 35 minutes after the first attempt.
    retry_horizon: hours(28),
    samples: &[Sample::new(
        "user.created",
        r#"{
                "type": "user.created",
                "timestamp": "2026-01-15T09:30:00Z",
                "data": { "id": "usr_1f6cc8ab", "email": "ada@example.com" }
            }"#,
    )],
    ..COMMON
};
