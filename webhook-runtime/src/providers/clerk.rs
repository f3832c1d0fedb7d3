//! Clerk.
//!
//! Sources: <https://clerk.com/docs/webhooks/sync-data>, and the code of `@clerk/backend`.

use std::borrow::Cow;

use crate::signature::standard::Names;
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::sample::Sample;
use crate::source::standard;

/// Clerk: the scheme of Standard Webhooks over id, time and body, in the headers of Svix.
///
/// # Setting it up
/// In the dashboard, under *Configure › Webhooks*, add an endpoint with the URL of your app and `/webhooks/clerk`. Its
/// signing secret begins with `whsec_`; Clerk's own libraries read it from `CLERK_WEBHOOK_SIGNING_SECRET`, this crate
/// from `CLERK_WEBHOOK_SECRET`.
///
/// ```
/// use webhook_runtime::{webhook, Clerk, Event, Webhooks};
///
/// #[webhook("user.created", source = "clerk")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{} joined", event.payload["data"]["id"]);
/// }
///
/// let app = Webhooks::new().source("clerk", Clerk::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The id of the delivery, the time and the body, of which the event type (`/type`) is a part. Only headers that begin
/// with `svix-` count: [`Svix`](crate::Svix) takes the names of Standard Webhooks too.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Clerk sends through Svix, which
/// signs a retry anew under the same id: ids are kept for the 28 hours of Svix's schedule.
///
/// # Retries
/// For about 28 hours, in the schedule of [`Svix`](crate::Svix).
///
/// # Not confirmed
/// That Clerk has left the schedule and the deadline of Svix as they are, and those themselves: see
/// [`Svix`](crate::Svix).
pub struct Clerk;

constructors!(Clerk, "CLERK", &FACTS, |secrets| standard(&NAMES, secrets));

static NAMES: [Names; 1] = [Names::spelled("svix-id", "svix-timestamp", "svix-signature")];

static FACTS: Facts = Facts {
    name: "clerk",
    title: "Clerk",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`. Several are separated by spaces.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "svix-id",
            "The id of the delivery; a retry carries the same one.",
            "msg_tO2I7LIUh47aPOW9g4lQfESaJQo",
        ),
        SignatureHeader::new(
            "svix-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1767263594",
        ),
        SignatureHeader::new(
            "svix-signature",
            "One or several signatures, separated by spaces.",
            "v1,2mp5dsKaYqyIEbLpniMPm42oiW9FOssbplOWAp2FddY=",
        ),
    ]),
    signature_header: text("svix-signature"),
    delivery_id: Some(text("svix-id")),
    identity: IdentityAt::Signed,
    retry_horizon: hours(28),
    samples: &[Sample::new(
        "user.created",
        r#"{
                "data": {
                    "id": "user_29w83sxmDNGwOuEthce5gg56FcC",
                    "object": "user",
                    "first_name": "Ada",
                    "last_name": "Example",
                    "email_addresses": [{"id": "idn_29w83yL7CwVlJXylYLxcslromF1", "email_address": "ada@example.com"}],
                    "created_at": 1768469400000
                },
                "object": "event",
                "type": "user.created"
            }"#,
    )],
    ..COMMON
};
