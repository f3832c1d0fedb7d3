//! Zoom.
//!
//! Sources: <https://developers.zoom.us/docs/api/webhooks/>, and the code of `@zoom/rivet`.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, minutes, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Zoom: HMAC-SHA256 over time and body.
///
/// # Setting it up
/// In the app on the marketplace, under *Feature › Event Subscriptions*, add the URL of your app and `/webhooks/zoom`.
/// The secret is the app's *Secret Token*.
///
/// ```
/// use webhook_runtime::{webhook, Event, Webhooks, Zoom};
///
/// #[webhook("meeting.started", source = "zoom")]
/// async fn started(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["payload"]["object"]["topic"]);
/// }
///
/// let app = Webhooks::new().source("zoom", Zoom::new("the secret token of the app"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The time and the body, of which the event type (`/event`) is a part. Zoom names no limit for the age of the time:
/// five minutes are this crate's choice, which [`tolerance`](crate::Source::tolerance) changes.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. There is no id, but a body holds
/// when its event happened in milliseconds (`event_ts`), so bodies do not repeat: one that was seen is known for the 85
/// minutes in which Zoom retries (after 5, another 20, and another 60).
///
/// # Retries
/// Three, after 5 minutes, another 20 and another 60; ids are kept for 90 minutes.
///
/// # Not confirmed
/// That a retry has the same bytes, and a time that was signed anew: otherwise it is refused as too old.
pub struct Zoom;

constructors!(Zoom, "ZOOM", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Text(text("v0:")), Piece::Timestamp, Piece::Text(text(":")), Piece::Body]),
    signature: SignatureAt::header("x-zm-signature", "v0="),
    timestamp: TimestampAt::Header(HeaderName::from_static("x-zm-request-timestamp"), Unit::Seconds),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "zoom",
    title: "Zoom",
    scheme: "`v0=` and the hex of an HMAC-SHA256 over `v0:timestamp:body`.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "x-zm-signature",
            "The signature.",
            "v0=4c53a6ce1080de169ffbe92fddc4716e197fb20dbbf999a0265c0986c3525a60",
        ),
        SignatureHeader::new(
            "x-zm-request-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1700000000",
        ),
    ]),
    signature_header: text("x-zm-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
    identity: IdentityAt::Bytes,
    ack_deadline: Some(seconds(3)),
    // 85 minutes, and some for queues.
    retry_horizon: minutes(90),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Body("/event", "endpoint.url_validation"),
        shown: Shown::Signature,
        reply: Reply::EncryptedToken,
    }],
    samples: &[Sample::new(
        "meeting.started",
        r#"{
                "event": "meeting.started",
                "event_ts": 1768469400000,
                "payload": {
                    "account_id": "AAAAAABBBB",
                    "object": {
                        "id": "1234567890",
                        "uuid": "4444AAAiAAAAAiAiAiiAii==",
                        "host_id": "x1yCzABCDEfg23HiJKl4mN",
                        "topic": "Mugs",
                        "type": 2,
                        "start_time": "2026-01-15T09:30:00Z",
                        "timezone": "Europe/Berlin",
                        "duration": 60
                    }
                }
            }"#,
    )],
    ..COMMON
};
