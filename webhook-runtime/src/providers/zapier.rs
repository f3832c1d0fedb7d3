//! Zapier.
//!
//! Source: <https://help.zapier.com/hc/en-us/articles/8496083355661>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, ContentType, Facts, IdentityAt, SignatureHeader, text};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// Zapier, the action *Webhooks by Zapier*: a shared token; nothing is signed.
///
/// # Setting it up
/// Add the action *POST* with the URL of your app and `/webhooks/zapier`, and under *Headers* the name
/// `X-Webhook-Token` with a long random token. The name is this crate's choice, since Zapier has none:
/// [`Zapier::header`] takes another one, [`Zapier::basic_auth`] what the field *Basic Auth* holds, and
/// [`Zapier::query`] a parameter of the URL.
///
/// ```
/// use webhook_runtime::{webhook, Event, Webhooks, Zapier};
///
/// #[webhook("lead.created", source = "zapier")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["email"]);
/// }
///
/// let app = Webhooks::new().source("zapier", Zapier::new("a long random token"));
/// # let _ = app;
/// ```
///
/// What a body holds is up to the Zap. Its field `type` is the event type; without one the event goes to `*`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other.
///
/// # What can be replayed
/// Anything, at any time. Two equal bodies are two events, and there is no id: copies are not recognised, so a handler
/// must bear them.
///
/// # Retries
/// Not known beside replays of a Zap run, and nothing tells a copy.
///
/// # Not confirmed
/// Every fact about how Zapier sends: that it takes each 2xx for a success, whether and for how long it retries (a Zap
/// run can be replayed, by a person or by the plan), and which forms of body it offers (JSON, a form, or anything).
pub struct Zapier;

constructors!(Zapier, "ZAPIER", &FACTS, |secrets| token(TokenAt::Header(HEADER), secrets));

impl Zapier {
    /// The token is the whole value of this header.
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::header(name, tokens).into_source(&FACTS)
    }

    /// The token is `user:password` of basic authentication. (Zapier's field wants `user|password`.)
    pub fn basic_auth(credentials: impl Into<Secrets>) -> Source {
        TokenSource::basic_auth(credentials).into_source(&FACTS)
    }

    /// The token is the value of this query parameter. URLs end up in logs: prefer a header.
    pub fn query(parameter: impl Into<Cow<'static, str>>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::query(parameter, tokens).into_source(&FACTS)
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-webhook-token");

static FACTS: Facts = Facts {
    name: "zapier",
    title: "Zapier",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("x-webhook-token", "The shared token.", "k7Qd0v")]),
    signature_header: text("x-webhook-token"),
    content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
    identity: IdentityAt::Nothing,
    samples: &[Sample::new(
        "order.paid",
        r#"{ "type": "order.paid", "order": 1042, "total": 59.9, "currency": "EUR" }"#,
    )],
    ..COMMON
};
