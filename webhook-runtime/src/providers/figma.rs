//! Figma.
//!
//! Sources: <https://developers.figma.com/docs/rest-api/webhooks>,
//! <https://developers.figma.com/docs/rest-api/webhooks-security>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::signature::token::SharedToken;
use crate::signature::token_in_body::TokenInBody;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, ProofAt, hours, text};
use crate::source::sample::Sample;
use crate::source::secrets::keys;

/// Figma: a passcode in the body; nothing is signed.
///
/// # Setting it up
/// Make a webhook by the API (`POST /v2/webhooks`) with the URL of your app and `/webhooks/figma` as its `endpoint`, and a
/// long random text as its `passcode`: that is the secret. Figma sends a `PING` at once.
///
/// ```
/// use webhook_runtime::{webhook, Event, Figma, Webhooks};
///
/// #[webhook("FILE_COMMENT", source = "figma")]
/// async fn commented(event: Event<serde_json::Value>) {
///     println!("{} has a new comment", event.payload["file_name"]);
/// }
///
/// let app = Webhooks::new().source("figma", Figma::new("a long random passcode"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `event_type`. The passcode is a part of the payload: keep that out of logs.
///
/// # What is signed
/// Nothing. Figma repeats the passcode in each body, and whoever reads one delivery can send any other.
///
/// # What can be replayed
/// Anything, at any time. A body names the file and the time of what happened, so one that was seen gets its first answer
/// and runs nothing for four hours: that is for the copies that Figma sends, and stops nobody who has the passcode.
///
/// # Retries
/// Three, after 5 minutes, 30 minutes and 3 hours; ids are kept for four hours.
///
/// # Not confirmed
/// From memory of the documentation: that Figma retries three times, after 5 minutes, 30 minutes and 3 hours. That a
/// retry has the same bytes. A request with another passcode is answered 401, and not the 400 that stops a webhook, so
/// that no mistake ends it.
pub struct Figma;

constructors!(Figma, "FIGMA", &FACTS, |secrets| {
    let tokens = keys(secrets, SharedToken::new)?;
    Ok(Arc::new(TokenInBody { list: None, at: "/passcode", tokens }))
});

static FACTS: Facts = Facts {
    name: "figma",
    title: "Figma",
    scheme: "The shared `passcode` in the body; nothing is signed.",
    proof: ProofAt::Body,
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event_type")])),
    identity: IdentityAt::Bytes,
    retry_horizon: hours(4),
    samples: &[Sample::new(
        "FILE_UPDATE",
        r#"{
                "event_type": "FILE_UPDATE",
                "file_key": "eXampleF1leKey",
                "file_name": "Shop",
                "passcode": "",
                "timestamp": "2026-01-15T09:30:00Z",
                "webhook_id": "22"
            }"#,
    )],
    ..COMMON
};
