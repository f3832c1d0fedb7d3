//! Okta event hooks.
//!
//! Sources: <https://developer.okta.com/docs/concepts/event-hooks/>,
//! <https://developer.okta.com/docs/reference/hooks-best-practices/>.

use std::borrow::Cow;

use http::header::AUTHORIZATION;

use crate::signature::token::TokenAt;
use crate::source::facts::{
    Batch, COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, hours, seconds, text,
};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// Okta event hooks: a shared token; nothing is signed.
///
/// # Setting it up
/// In the admin console, under *Workflow › Event Hooks*, add the URL of your app and `/webhooks/okta`, with
/// `Authorization` as *Authentication field* and a long random token as *Authentication secret*: the whole value is the
/// token, so that `Basic …` or `Bearer ` would be a part of it. [`Okta::header`] takes another field. Then choose
/// *Verify*: Okta sends a challenge, which this source answers.
///
/// ```
/// use webhook_runtime::{webhook, Event, Okta, Webhooks};
///
/// #[webhook("user.session.start", source = "okta")]
/// async fn signed_in(event: Event<serde_json::Value>) {
///     println!("{} signed in", event.payload["actor"]["alternateId"]);
/// }
///
/// let app = Webhooks::new().source("okta", Okta::new("a long random token"));
/// # let _ = app;
/// ```
///
/// A body is a list of events under `data.events`, each of which goes to its own handler by its `eventType`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other.
///
/// # What can be replayed
/// Anything, at any time. An event whose `uuid` was seen gets its first answer and runs nothing for an hour: that is for
/// the copies that Okta sends, and stops nobody who has the token.
///
/// # Retries
/// One, where Okta gets no answer within three seconds or a 5xx. A 4xx loses the events.
///
/// # Not confirmed
/// The one retry and the three seconds are from memory of the documentation; the hour is this crate's choice. Whether
/// the challenge comes with the token is not clear there, so it is answered without.
pub struct Okta;

constructors!(Okta, "OKTA", &FACTS, |secrets| token(TokenAt::Header(AUTHORIZATION), secrets));

impl Okta {
    /// The token is the whole value of this header.
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::header(name, tokens).into_source(&FACTS)
    }
}

static FACTS: Facts = Facts {
    name: "okta",
    title: "Okta",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("authorization", "The shared token.", "0kt4-h00k-t0k3n")]),
    signature_header: text("authorization"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/eventType")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/uuid")])),
    retries: Retries::ServerErrors,
    ack_deadline: Some(seconds(3)),
    retry_horizon: hours(1),
    batch: Some(Batch { at: "/data/events", only: None, typed_each: true }),
    handshakes: &[Handshake {
        method: "GET",
        asked: Asked::Header("x-okta-verification-challenge"),
        shown: Shown::Nothing,
        reply: Reply::HeaderAsJson("x-okta-verification-challenge", "verification", Alphabet::Unreserved),
    }],
    samples: &[Sample::new(
        "user.lifecycle.create",
        r#"{
                "eventType": "com.okta.event_hook",
                "eventTypeVersion": "1.0",
                "cloudEventsVersion": "0.1",
                "eventId": "b5a188b9-5ece-4636-b041-482ffda96311",
                "eventTime": "2026-01-15T09:30:00.000Z",
                "source": "https://example.okta.com/api/v1/eventHooks/who",
                "data": {
                    "events": [
                        {
                            "uuid": "7d9b9f3e-0000-11f0-8000-000000000001",
                            "published": "2026-01-15T09:30:00.000Z",
                            "eventType": "user.lifecycle.create",
                            "version": "0",
                            "displayMessage": "Create okta user",
                            "severity": "INFO",
                            "actor": {
                                "id": "00uttidj01jqL21aM1d6",
                                "type": "User",
                                "alternateId": "ada@example.com",
                                "displayName": "Ada Example"
                            }
                        }
                    ]
                }
            }"#,
    )],
    ..COMMON
};
