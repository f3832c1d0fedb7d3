//! CloudEvents.
//!
//! Sources: <https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md> and
//! <https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md>.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::AUTHORIZATION;

use crate::signature::token::{SharedToken, Token, TokenAt};
use crate::source::Source;
use crate::source::facts::{Batch, COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::{Secrets, keys};

/// CloudEvents over HTTP: a shared token, and no signature.
///
/// # Setting it up
/// Give the sender the URL of your app and `/webhooks/cloudevents`, and the token that it shall send. The token is the
/// whole value of `Authorization`, `Bearer ` included, or of another header by [`header`](CloudEvents::header).
///
/// ```
/// use webhook_runtime::{webhook, Event, CloudEvents, Webhooks};
///
/// #[webhook("com.example.order.created", source = "cloudevents")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]);
/// }
///
/// let app = Webhooks::new().source("cloudevents", CloudEvents::new("Bearer mF_9.B5f-4.1JqM"));
/// # let _ = app;
/// ```
///
/// In *structured mode* the payload is the whole event, with its `data`; in *binary mode* it is the data alone, and the
/// event is told of by headers. The event type is that of `ce-type`, or else the body's `type`. Of a batch
/// (`application/cloudevents-batch+json`) each event goes to its own handler. The `OPTIONS` request by which a sender asks
/// for consent is answered for the [`allowed_origins`](crate::Source::allowed_origins).
///
/// # What is signed
/// **Nothing.** Whoever sees one request can send any other. Where the sender can sign, by
/// [`HmacSource`](crate::HmacSource) or [`StandardWebhooks`](crate::StandardWebhooks), prefer that.
///
/// # What can be replayed
/// A captured delivery, at any time, with other contents and another id. Honest copies are told by `ce-id` and
/// `ce-source`, or else by the body's `id` and `source`, and get the first answer. When and how long a sender retries
/// is its own matter: ids are kept for three days.
///
/// # Retries
/// When and for how long is the matter of each sender; ids are kept for three days.
pub struct CloudEvents;

constructors!(CloudEvents, "CLOUDEVENTS", &FACTS, |secrets| {
    let tokens = keys(secrets, SharedToken::new)?;
    Ok(Arc::new(Token { at: TokenAt::Header(AUTHORIZATION), tokens }))
});

impl CloudEvents {
    /// A source whose token is the whole value of this header.
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Source {
        TokenSource::header(name, tokens).into_source(&FACTS)
    }
}

static FACTS: Facts = Facts {
    name: "cloudevents",
    title: "CloudEvents",
    scheme: "A shared token, which is the whole value of the header; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("authorization", "The shared token.", "Bearer mF_9.B5f-4.1JqM")]),
    signature_header: text("authorization"),
    delivery_id: Some(text("ce-id")),
    // In binary mode the content type is that of the data.
    content_types: &[ContentType::Json, ContentType::Any],
    event_type: EventTypeAt::FirstOf(&[EventTypeAt::header("ce-type"), EventTypeAt::TYPE]),
    identity: IdentityAt::HintsOrBody(&[text("ce-id"), text("ce-source")], &[text("/id"), text("/source")]),
    batch: Some(Batch { at: "", only: Some("application/cloudevents-batch+json"), typed_each: true }),
    handshakes: &[Handshake {
        method: "OPTIONS",
        asked: Asked::Header("webhook-request-origin"),
        shown: Shown::Origin("webhook-request-origin"),
        reply: Reply::AllowedOrigin,
    }],
    samples: &[Sample::new(
        "com.example.order.paid",
        r#"{
                "specversion": "1.0",
                "type": "com.example.order.paid",
                "source": "https://shop.example.com/orders",
                "id": "A234-1234-1234",
                "time": "2026-01-15T09:30:00Z",
                "datacontenttype": "application/json",
                "data": { "order": 1042, "total": 59.9 }
            }"#,
    )
    .of("application/cloudevents+json")],
    ..COMMON
};
