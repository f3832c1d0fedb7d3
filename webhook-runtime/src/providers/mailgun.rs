//! Mailgun.
//!
//! Sources: <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>,
//! <https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::signature::mailgun::MailgunSignature;
use crate::source::facts::{BodyTimestamp, COMMON, EventTypeAt, Facts, IdentityAt, ProofAt, hours, text};
use crate::source::sample::Sample;
use crate::source::secrets::keys;

/// Mailgun: HMAC-SHA256 over a time and a token, in the body; **the event itself is not signed**.
///
/// # Setting it up
/// In the dashboard, under *Send › Sending › Webhooks*, add the URL of your app and `/webhooks/mailgun` for each kind of
/// event. The secret is the *HTTP webhook signing key* of the account, which is none of its API keys.
///
/// ```
/// use webhook_runtime::{webhook, Event, Mailgun, Webhooks};
///
/// #[webhook("failed.permanent", source = "mailgun")]
/// async fn failed(event: Event<serde_json::Value>) {
///     println!("{} cannot be reached", event.payload["event-data"]["recipient"]);
/// }
///
/// let app = Webhooks::new().source("mailgun", Mailgun::new("m41lgun-51gn1ng-k3y"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `event-data.event`, with the severity joined on where there is one: `delivered`,
/// `failed.temporary`. A handler of `failed` takes both. Only the JSON of webhooks is read, not the forms of routes.
///
/// # What is signed
/// A time and a random token, under `signature`. Nothing else of the body is covered, the event type and the recipient
/// included: whoever reads one delivery can put another event in its place. Take an event for a hint, and ask the API
/// where it matters. `parent-signature`, of a subaccount's parent, is not looked at.
///
/// # What can be replayed
/// A captured delivery, for five minutes and with any event; it gets the first answer to its token, and runs nothing.
///
/// # Retries
/// For eight hours, after every answer but 200 and 406; a `delivered` is sent once alone.
///
/// # Not confirmed
/// Whether a retry has a fresh time and token is not known: where deliveries are refused as too old, set a longer
/// [`tolerance`](crate::Source::tolerance), up to the nine hours for which tokens are kept.
pub struct Mailgun;

constructors!(Mailgun, "MAILGUN", &FACTS, |secrets| {
    let keys = keys(secrets, MailgunSignature::key)?;
    Ok(Arc::new(MailgunSignature { keys }))
});

static FACTS: Facts = Facts {
    name: "mailgun",
    title: "Mailgun",
    scheme: "`signature.signature` in the body: the hex of an HMAC-SHA256 over `signature.timestamp` and \
             `signature.token`. The event is not signed.",
    proof: ProofAt::Body,
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event-data/event"), text("/event-data/severity")])),
    identity: IdentityAt::Signed,
    body_timestamp: Some(BodyTimestamp { pointer: "/signature/timestamp", per_second: 1 }),
    retry_horizon: hours(9),
    samples: &[
        Sample::new(
            "delivered",
            r#"{
                "signature": { "timestamp": "1768469400", "token": "", "signature": "" },
                "event-data": {
                    "event": "delivered",
                    "id": "CPgfbmQMTCKtHW6uIWtuVe",
                    "timestamp": 1768469400.12,
                    "recipient": "ada@example.com",
                    "message": {
                        "headers": {
                            "message-id": "20260115093000.1.ABCDEF@example.com",
                            "to": "ada@example.com",
                            "subject": "Your order"
                        }
                    }
                }
            }"#,
        ),
        Sample::new(
            "failed.permanent",
            r#"{
                "signature": { "timestamp": "1768469400", "token": "", "signature": "" },
                "event-data": {
                    "event": "failed",
                    "severity": "permanent",
                    "id": "G9Bn5sl1TC6nu79C8C0bwg",
                    "timestamp": 1768469400.12,
                    "reason": "suppress-bounce",
                    "recipient": "ada@example.com"
                }
            }"#,
        ),
    ],
    ..COMMON
};
