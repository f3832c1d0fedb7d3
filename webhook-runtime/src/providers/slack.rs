//! Slack.
//!
//! Sources: <https://docs.slack.dev/authentication/verifying-requests-from-slack/>, and the code of `slack_sdk` and
//! `@slack/bolt`.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::source::facts::{
    COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text,
};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Slack: HMAC-SHA256 over time and body.
///
/// # Setting it up
/// In the settings of the app enter the URL of your app and `/webhooks/slack` where events, commands or interactions
/// are switched on. The secret is the *Signing Secret* under *Basic Information*.
///
/// ```
/// use webhook_runtime::{webhook, Event, Slack, Webhooks};
///
/// #[webhook("event_callback.app_mention", source = "slack")]
/// async fn mentioned(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["event"]["text"]);
/// }
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Command { text: String }
///
/// #[webhook("/weather", source = "slack")]
/// async fn weather(event: Event<Command>) -> String {
///     format!("No forecast for {}.", event.payload.text)
/// }
///
/// let app = Webhooks::new().source("slack", Slack::new("8f742231b10e8888abcd99yyyzzz85a5"));
/// # let _ = app;
/// ```
///
/// | what | body | event type |
/// | --- | --- | --- |
/// | events | JSON | `/type` and `/event/type`: `event_callback.app_mention` |
/// | interactions | a form with JSON in `payload` | its `/type`: `block_actions` |
/// | commands | a form | the field `command`: `/weather` |
///
/// # What is signed
/// The time and the body, of which event type and id (`/event_id`) are a part.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. Slack signs a retry anew, so ids
/// are kept for 25 hours. Commands and interactions have no id, but a `trigger_id` of their own in each body: they are
/// known by their bytes.
///
/// # Retries
/// Three, almost at once, after one minute and after five; with *Delayed Events* hourly for a day.
///
/// # Not confirmed
/// From memory of the documentation: that a failed event is sent again at once, after one minute and after five, and
/// hourly for a day where the app has *Delayed Events* switched on. That every body of a command or an interaction has
/// a fresh `trigger_id`.
pub struct Slack;

constructors!(Slack, "SLACK", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Text(text("v0:")), Piece::Timestamp, Piece::Text(text(":")), Piece::Body]),
    signature: SignatureAt::header("x-slack-signature", "v0="),
    timestamp: TimestampAt::Header(HeaderName::from_static("x-slack-request-timestamp"), Unit::Seconds),
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "slack",
    title: "Slack",
    scheme: "`v0=` and the hex of an HMAC-SHA256 over `v0:timestamp:body`.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "x-slack-signature",
            "The signature.",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ),
        SignatureHeader::new(
            "x-slack-request-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1531420618",
        ),
    ]),
    signature_header: text("x-slack-signature"),
    content_types: &[ContentType::Json, ContentType::JsonInForm("payload"), ContentType::Form],
    event_type: EventTypeAt::FirstOf(&[
        EventTypeAt::Body(Cow::Borrowed(&[text("/type"), text("/event/type")])),
        EventTypeAt::Body(Cow::Borrowed(&[text("/command")])),
    ]),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/event_id")])),
    ack_deadline: Some(seconds(3)),
    retry_horizon: hours(25),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Body("/type", "url_verification"),
        shown: Shown::Signature,
        reply: Reply::BodyChallenge("/challenge"),
    }],
    samples: &[
        Sample::new(
            "event_callback.message",
            r#"{
                "token": "an-example-token",
                "team_id": "T061EG9R6",
                "api_app_id": "A0MDYCDME",
                "event": {
                    "type": "message",
                    "channel": "C061EG9SL",
                    "user": "U061F7AUR",
                    "text": "Is the mug blue?",
                    "ts": "1768469400.000100"
                },
                "type": "event_callback",
                "event_id": "Ev9UQ52YNA",
                "event_time": 1768469400
            }"#,
        ),
        Sample::new(
            "event_callback.app_mention",
            r#"{
                "token": "an-example-token",
                "team_id": "T061EG9R6",
                "api_app_id": "A0MDYCDME",
                "event": {
                    "type": "app_mention",
                    "channel": "C061EG9SL",
                    "user": "U061F7AUR",
                    "text": "<@U0LAN0Z89> is the mug blue?",
                    "ts": "1768469400.000200"
                },
                "type": "event_callback",
                "event_id": "Ev9UQ52YNB",
                "event_time": 1768469400
            }"#,
        ),
        Sample::new(
            "/order",
            "token=an-example-token&team_id=T061EG9R6&team_domain=example&channel_id=C061EG9SL&user_id=U061F7AUR&user_name=ada&command=%2Forder&text=two+mugs&trigger_id=13345224609.738474920",
        ).of("application/x-www-form-urlencoded"),
    ],
    ..COMMON
};
