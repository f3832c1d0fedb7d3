//! IFTTT.
//!
//! Source: <https://ifttt.com/docs/api_reference>, and public implementations of its service API.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// IFTTT: a shared token; nothing is signed.
///
/// # Setting it up
/// A service of your own on the IFTTT platform sends its service key in `IFTTT-Service-Key`, which is what
/// [`IFTTT::new`] takes. The action *Make a web request* of an applet has no key: put a long random token into its URL
/// for [`IFTTT::query`], or into one of its headers for [`IFTTT::header`], and choose POST.
///
/// ```
/// use webhook_runtime::{webhook, Event, Webhooks, IFTTT};
///
/// #[webhook("*", source = "ifttt")]
/// async fn requested(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["value1"]);
/// }
///
/// let app = Webhooks::new().source("ifttt", IFTTT::query("token", "a long random token"));
/// # let _ = app;
/// ```
///
/// Events have no type: the platform tells triggers and actions apart by path, and an applet by whatever its maker
/// writes. Give each a source of its own.
///
/// # What is signed
/// Nothing. Who sees one request can send any other. The old name of the header, `IFTTT-Channel-Key`, is not looked at.
///
/// # What can be replayed
/// Anything, at any time. Copies that IFTTT itself sends are recognised by `X-Request-ID`, where there is one; nothing
/// proves it, and equal bodies are different events.
///
/// # Retries
/// Not known; ids are kept for three days.
///
/// # Not confirmed
/// That `X-Request-ID` is sent, and is the same one on a second attempt; whether and for how long requests are repeated.
pub struct IFTTT;

constructors!(IFTTT, "IFTTT", &FACTS, |secrets| token(TokenAt::Header(HEADER), secrets));

impl IFTTT {
    /// The token is the whole value of this header.
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::header(name, tokens).into_source(&FACTS)
    }

    /// The token is the value of this query parameter. URLs end up in logs: prefer a header.
    pub fn query(parameter: impl Into<Cow<'static, str>>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::query(parameter, tokens).into_source(&FACTS)
    }
}

const HEADER: HeaderName = HeaderName::from_static("ifttt-service-key");

static FACTS: Facts = Facts {
    name: "ifttt",
    title: "IFTTT",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "ifttt-service-key",
        "The service key.",
        "vFRqPGZBmZjB8JPp3mBFqOdt",
    )]),
    signature_header: text("ifttt-service-key"),
    delivery_id: Some(text("x-request-id")),
    content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Hint(text("x-request-id")),
    samples: &[Sample::new("", r#"{ "value1": "1042", "value2": "59.90", "value3": "EUR" }"#)],
    ..COMMON
};
