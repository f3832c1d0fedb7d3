//! Datadog.
//!
//! Source: <https://docs.datadoghq.com/integrations/webhooks/>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::token::TokenAt;
use crate::source::facts::{
    COMMON, ContentType, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text,
};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// Datadog, the integration *Webhooks*: a shared token; nothing is signed.
///
/// # Setting it up
/// In the integration *Webhooks* add one with the URL of your app and `/webhooks/datadog`, and as custom headers
/// `{"X-Webhook-Token": "…"}` with a long random token. The name is this crate's choice, since Datadog has none:
/// [`Datadog::header`] takes another one, and [`Datadog::basic_auth`] a user and a password.
///
/// The payload is a template of yours. To have an event type, and to tell copies apart by yourself, put
/// `"event_type": "$EVENT_TYPE"` and `"id": "$ID"` into it.
///
/// ```
/// use webhook_runtime::{webhook, Datadog, Event, Webhooks};
///
/// #[webhook("metric_alert_monitor", source = "datadog")]
/// async fn alerted(event: Event<serde_json::Value>) {
///     println!("{} {}", event.payload["id"], event.payload["title"]);
/// }
///
/// let app = Webhooks::new().source("datadog", Datadog::new("a long random token"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `event_type`; without one the event goes to `*`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other.
///
/// # What can be replayed
/// Anything, at any time. Two alerts may have equal bodies, and the template alone decides whether there is an id:
/// copies are not recognised, so a handler must bear them.
///
/// # Retries
/// Five at most, after a 5xx or a broken connection. A 4xx loses the event.
///
/// # Not confirmed
/// Over how long the five retries are spread. (Nothing is kept for them, as there is no id.)
pub struct Datadog;

constructors!(Datadog, "DATADOG", &FACTS, |secrets| token(TokenAt::Header(HEADER), secrets));

impl Datadog {
    /// The token is the whole value of this header.
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
    name: "datadog",
    title: "Datadog",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("x-webhook-token", "The shared token.", "dd-token-1")]),
    signature_header: text("x-webhook-token"),
    content_types: &[ContentType::Json, ContentType::Form],
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event_type")])),
    identity: IdentityAt::Nothing,
    retries: Retries::ServerErrors,
    ack_deadline: Some(seconds(15)),
    samples: &[Sample::new(
        "metric_alert_monitor",
        r#"{
                "id": "7231",
                "event_type": "metric_alert_monitor",
                "title": "[Triggered] Orders are slow",
                "body": "The p99 of checkout is above 2 s.",
                "alert_transition": "Triggered",
                "date": "1768469400000"
            }"#,
    )],
    ..COMMON
};
