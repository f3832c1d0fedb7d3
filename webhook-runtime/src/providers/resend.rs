//! Resend.
//!
//! Sources: <https://resend.com/docs/webhooks/verify-webhooks-requests>, <https://docs.svix.com/retries>.

use std::borrow::Cow;

use crate::signature::standard::Names;
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::sample::Sample;
use crate::source::standard;

/// Resend: the scheme of Standard Webhooks over id, time and body, in the headers of Svix.
///
/// # Setting it up
/// In the dashboard, under *Webhooks*, add the URL of your app and `/webhooks/resend`. The page of the webhook shows its
/// signing secret, which begins with `whsec_`.
///
/// ```
/// use webhook_runtime::{webhook, Event, Resend, Webhooks};
///
/// #[webhook("email.bounced", source = "resend")]
/// async fn bounced(event: Event<serde_json::Value>) {
///     println!("{} came back", event.payload["data"]["email_id"]);
/// }
///
/// let app = Webhooks::new().source("resend", Resend::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The id of the delivery, the time and the body, of which the event type (`/type`) is a part. Only headers that begin
/// with `svix-` count: [`Svix`](crate::Svix) takes the names of Standard Webhooks too.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Resend sends through Svix, which
/// signs a retry anew under the same id: ids are kept for the 28 hours of Svix's schedule.
///
/// # Retries
/// For about 28 hours, in the schedule of [`Svix`](crate::Svix).
///
/// # Not confirmed
/// That Resend has left the schedule and the deadline of Svix as they are.
pub struct Resend;

constructors!(Resend, "RESEND", &FACTS, |secrets| standard(&NAMES, secrets));

static NAMES: [Names; 1] = [Names::spelled("svix-id", "svix-timestamp", "svix-signature")];

static FACTS: Facts = Facts {
    name: "resend",
    title: "Resend",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`. Several are separated by spaces.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "svix-id",
            "The id of the delivery; a retry carries the same one.",
            "msg_2mXkQpT7vJcW4nLrB9yZ",
        ),
        SignatureHeader::new(
            "svix-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1700000000",
        ),
        SignatureHeader::new(
            "svix-signature",
            "One or several signatures, separated by spaces.",
            "v1,bBmcPqyRdOPiIVLicZxdA6s2NEbsT/RpmMgR1wngVHU=",
        ),
    ]),
    signature_header: text("svix-signature"),
    delivery_id: Some(text("svix-id")),
    identity: IdentityAt::Signed,
    ack_deadline: Some(seconds(15)),
    retry_horizon: hours(28),
    samples: &[
        Sample::new(
            "email.delivered",
            r#"{
                "type": "email.delivered",
                "created_at": "2026-01-15T09:30:00.000Z",
                "data": {
                    "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
                    "from": "Shop <shop@example.com>",
                    "to": ["ada@example.com"],
                    "subject": "Your order"
                }
            }"#,
        ),
        Sample::new(
            "email.bounced",
            r#"{
                "type": "email.bounced",
                "created_at": "2026-01-15T09:30:00.000Z",
                "data": {
                    "email_id": "56761188-7520-42d8-8898-ff6fc54ce619",
                    "from": "Shop <shop@example.com>",
                    "to": ["ada@example.com"],
                    "subject": "Your order",
                    "bounce": {
                        "type": "Permanent",
                        "subType": "General",
                        "message": "There is no such mailbox."
                    }
                }
            }"#,
        ),
    ],
    ..COMMON
};
