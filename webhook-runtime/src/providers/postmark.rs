//! Postmark.
//!
//! Sources: <https://postmarkapp.com/developer/webhooks/webhooks-overview>,
//! <https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark>.

use std::borrow::Cow;

use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, ProofAt, SignatureHeader, hours, text};
use crate::source::sample::Sample;
use crate::source::token;

/// Postmark: user and password of basic authentication; nothing is signed.
///
/// # Setting it up
/// In a message stream, under *Webhooks*, add the URL of your app and `/webhooks/postmark`, and type a user and a long
/// random password under *Basic auth credentials*. The secret here is both, with a colon between them. For mails that
/// arrive they stand in the URL of the stream: `https://user:password@…`.
///
/// ```
/// use webhook_runtime::{webhook, Event, Postmark, Webhooks};
///
/// #[webhook("Bounce", source = "postmark")]
/// async fn bounced(event: Event<serde_json::Value>) {
///     println!("{}: {}", event.payload["Email"], event.payload["Description"]);
/// }
///
/// let app = Webhooks::new().source("postmark", Postmark::new("postmark:a long random password"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `RecordType`: `Delivery`, `Bounce`, `SpamComplaint`, `Open`, `Click`,
/// `SubscriptionChange`. A mail that arrives has none, and goes to `*`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other.
///
/// # What can be replayed
/// Anything, at any time. A body names the message and the time of what happened to it, so one that was seen gets its
/// first answer and runs nothing for eleven hours: that is for the copies that Postmark sends, and stops nobody who has
/// the password.
///
/// # Retries
/// Ten for mails that arrive, over some ten and a half hours. A 403 ends them; a request with another password is
/// answered 401, so that Postmark tries again after a mistake.
///
/// # Not confirmed
/// That other events are retried for no longer than that, and that a retry has the same bytes.
pub struct Postmark;

constructors!(Postmark, "POSTMARK", &FACTS, |secrets| token(TokenAt::BasicAuth, secrets));

static FACTS: Facts = Facts {
    name: "postmark",
    title: "Postmark",
    scheme: "User and password of basic authentication; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "authorization",
        "User and password of basic authentication.",
        "Basic cG9zdG1hcms6cDQ1NXcwcmQ=",
    )]),
    signature_header: text("authorization"),
    proof: ProofAt::BasicAuth,
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/RecordType")])),
    identity: IdentityAt::Bytes,
    retry_horizon: hours(11),
    samples: &[
        Sample::new(
            "Bounce",
            r#"{
                "RecordType": "Bounce",
                "MessageStream": "outbound",
                "ID": 4323372036854775807,
                "Type": "HardBounce",
                "TypeCode": 1,
                "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
                "Description": "The server was unable to deliver your message.",
                "Email": "ada@example.com",
                "From": "shop@example.com",
                "BouncedAt": "2026-01-15T09:30:00Z",
                "Inactive": true
            }"#,
        ),
        Sample::new(
            "Delivery",
            r#"{
                "RecordType": "Delivery",
                "MessageStream": "outbound",
                "MessageID": "883953f4-6105-42a2-a16a-77a8eac79484",
                "Recipient": "ada@example.com",
                "DeliveredAt": "2026-01-15T09:30:00Z",
                "Details": "Accepted"
            }"#,
        ),
    ],
    ..COMMON
};
