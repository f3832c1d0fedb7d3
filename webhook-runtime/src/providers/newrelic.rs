//! New Relic.
//!
//! Source: <https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// New Relic, a destination of the kind *Webhook*: a shared token; nothing is signed.
///
/// # Setting it up
/// Under *Alerts › Destinations* add a webhook with the URL of your app and `/webhooks/newrelic`, and among its custom
/// headers `X-Webhook-Token` with a long random token. The name is this crate's choice, since New Relic has none:
/// [`NewRelic::header`] takes another one, [`NewRelic::basic_auth`] a user and a password. For its *Bearer token* write
/// `NewRelic::header("Authorization", "Bearer …")`.
///
/// ```
/// use webhook_runtime::{webhook, Event, NewRelic, Webhooks};
///
/// #[webhook("ACTIVATED", source = "newrelic")]
/// async fn activated(event: Event<serde_json::Value>) {
///     println!("{} is {}", event.payload["issueId"], event.payload["priority"]);
/// }
///
/// let app = Webhooks::new().source("newrelic", NewRelic::new("a long random token"));
/// # let _ = app;
/// ```
///
/// The payload is a template of yours. The event type is its `state`; without one the event goes to `*`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other. A header of the destination wins over one of the same name that a
/// workflow's channel sets.
///
/// # What can be replayed
/// Anything, at any time. An issue is sent whenever it changes, under one id: equal bodies are different events, and
/// copies are not recognised. A handler must bear them.
///
/// # Retries
/// Not known, and nothing tells a copy.
///
/// # Not confirmed
/// How long New Relic waits for an answer, and whether it retries: neither was found.
pub struct NewRelic;

constructors!(NewRelic, "NEWRELIC", &FACTS, |secrets| token(TokenAt::Header(HEADER), secrets));

impl NewRelic {
    /// The token is the whole value of this header. (`Bearer ` is a part of the token.)
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::header(name, tokens).into_source(&FACTS)
    }

    /// The token is `user:password` of basic authentication.
    pub fn basic_auth(credentials: impl Into<Secrets>) -> Source {
        TokenSource::basic_auth(credentials).into_source(&FACTS)
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-webhook-token");

static FACTS: Facts = Facts {
    name: "newrelic",
    title: "New Relic",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("x-webhook-token", "The shared token.", "nr-token-1")]),
    signature_header: text("x-webhook-token"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/state")])),
    identity: IdentityAt::Nothing,
    samples: &[Sample::new(
        "ACTIVATED",
        r#"{
                "issueId": "4b1f9c3e-0000-4000-8000-000000000001",
                "state": "ACTIVATED",
                "priority": "CRITICAL",
                "title": "Orders are slow",
                "issueUrl": "https://example.com/issues/1",
                "createdAt": 1768469400000
            }"#,
    )],
    ..COMMON
};
