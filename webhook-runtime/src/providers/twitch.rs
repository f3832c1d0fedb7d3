//! Twitch.
//!
//! Source: <https://dev.twitch.tv/docs/eventsub/handling-webhook-events/>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, minutes, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Twitch EventSub: HMAC-SHA256 over id, time and body.
///
/// # Setting it up
/// Make a subscription by the API with the URL of your app and `/webhooks/twitch`, on port 443, and a random secret of
/// 10 to 100 ASCII characters.
///
/// ```
/// use webhook_runtime::{webhook, Event, Twitch, Webhooks};
///
/// #[webhook("channel.follow", source = "twitch")]
/// async fn followed(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["event"]["user_name"]);
/// }
///
/// let app = Webhooks::new().source("twitch", Twitch::new("tw1tch-subscripti0n-5ecr3t"));
/// # let _ = app;
/// ```
///
/// The event type is that of the subscription, from the signed body. A revocation has the type of the subscription that
/// it ends: it says so in the body, by a `/subscription/status` other than `enabled`, and has no `event`.
///
/// # What is signed
/// The id of the message, its time and the body, with nothing between them. So that no byte can move from one to
/// another, the time is read in one form alone (RFC 3339, in UTC, ending in `Z`), and an id holds no dot and no quote.
/// The other headers (`Twitch-Eventsub-Message-Type`, `-Subscription-Type`) are not signed, and decide nothing.
///
/// # What can be replayed
/// A captured delivery, for ten minutes; it gets its first answer and runs nothing. A message that Twitch sends again
/// has the same id. Ids are kept for three days.
///
/// # Retries
/// Some, after which a subscription that keeps failing is revoked; ids are kept for three days.
///
/// # Not confirmed
/// For how long Twitch retries, and how long it waits: *a few seconds*, it says. What fails too often is revoked.
pub struct Twitch;

constructors!(Twitch, "TWITCH", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Id, Piece::Timestamp, Piece::Body]),
    signature: SignatureAt::header("twitch-eventsub-message-signature", "sha256="),
    timestamp: TimestampAt::Header(HeaderName::from_static("twitch-eventsub-message-timestamp"), Unit::Rfc3339),
    id: Some(HeaderName::from_static("twitch-eventsub-message-id")),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "twitch",
    title: "Twitch",
    scheme: "`sha256=` and the hex of an HMAC-SHA256 over id, time and body.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "twitch-eventsub-message-id",
            "The id of the message; a retry carries the same one.",
            "befa7b53-d79d-478f-86b9-120f112b044e",
        ),
        SignatureHeader::new(
            "twitch-eventsub-message-timestamp",
            "When the message was sent, as a time of RFC 3339 in UTC.",
            "2023-11-14T22:13:20.634234626Z",
        ),
        SignatureHeader::new(
            "twitch-eventsub-message-signature",
            "The signature.",
            "sha256=9088adb90520b52017da6a64215fa2d034b00a9c1589cae1c095e329cf39b073",
        ),
    ]),
    signature_header: text("twitch-eventsub-message-signature"),
    delivery_id: Some(text("twitch-eventsub-message-id")),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/subscription/type")])),
    identity: IdentityAt::Signed,
    tolerance: minutes(10),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::HeaderValue("twitch-eventsub-message-type", "webhook_callback_verification"),
        shown: Shown::Signature,
        reply: Reply::BodyChallenge("/challenge"),
    }],
    samples: &[Sample::new(
        "channel.follow",
        r#"{
                "subscription": {
                    "id": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4",
                    "type": "channel.follow",
                    "version": "2",
                    "status": "enabled",
                    "cost": 0,
                    "condition": { "broadcaster_user_id": "1337", "moderator_user_id": "1337" },
                    "created_at": "2026-01-15T09:00:00.634234626Z"
                },
                "event": {
                    "user_id": "1234",
                    "user_login": "ada",
                    "user_name": "Ada",
                    "broadcaster_user_id": "1337",
                    "followed_at": "2026-01-15T09:30:00.17106713Z"
                }
            }"#,
    )
    .with(&[("twitch-eventsub-message-type", "notification"), ("twitch-eventsub-subscription-version", "2")])],
    ..COMMON
};
