//! WebSub.
//!
//! Source: <https://www.w3.org/TR/websub/>.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use http::request::Parts;

use crate::signature::websub::{WebSubAlgorithm, WebSubKey, WebSubSignature};
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::sample::Sample;
use crate::source::secrets::{Secrets, keys};
use crate::source::{Made, Source};

/// WebSub: an HMAC over the body, by an algorithm that the hub chooses among the ones that you allow.
///
/// # Setting it up
/// Subscribe at the hub of a topic with the URL of your app and `/webhooks/websub` as `hub.callback`, and a long random
/// text of fewer than 200 bytes as `hub.secret`: that is the secret here. Without one the hub signs nothing, and is
/// refused.
///
/// ```
/// use webhook_runtime::{webhook, Event, RawBody, WebSub, Webhooks};
///
/// #[webhook("*", source = "websub")]
/// async fn published(event: Event<RawBody>) {
///     println!("{}", event.payload.text().unwrap_or_default());
/// }
///
/// let app = Webhooks::new().source("websub", WebSub::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The hub's question whether the subscription is meant is answered for [`topics`](crate::Source::topics), where it
/// subscribes; an `unsubscribe` that anybody can ask for is not confirmed.
///
/// There is no event type, and the body is of the topic's content type: the catch-all `*` gets its bytes.
///
/// SHA-256 alone is taken. Hubs that sign otherwise are told by [`allowing`](WebSub::allowing); whatever a hub says, a
/// signature of another algorithm than the allowed ones is refused.
///
/// # What is signed
/// The body alone. There is no time, no id, and nothing of the headers: that a delivery is of this topic (`Link`) is
/// believed because of the secret, so give each subscription one of its own.
///
/// # What can be replayed
/// A captured delivery, at any time. A topic can say the same twice, so copies cannot be told from events and **each
/// one runs**. When and how long a hub retries is its own matter.
///
/// The Recommendation has a subscriber answer 2xx to a wrong signature and pass the content over. It is answered 401
/// here as everywhere, so that a hub with another secret is noticed; nothing of it runs.
///
/// # Retries
/// When and for how long is the matter of each hub; nothing tells a copy.
///
/// # Not confirmed
/// The Recommendation is quoted from memory.
pub struct WebSub;

constructors!(WebSub, "WEBSUB", &FACTS, |secrets| make(&[WebSubAlgorithm::Sha256], secrets));

impl WebSub {
    /// A source that takes signatures of these algorithms and no other. The hub chooses among them.
    ///
    /// ```
    /// use webhook_runtime::{WebSub, WebSubAlgorithm};
    ///
    /// let source = WebSub::allowing([WebSubAlgorithm::Sha512, WebSubAlgorithm::Sha256], "a long random secret");
    /// # let _ = source;
    /// ```
    pub fn allowing(algorithms: impl Into<Vec<WebSubAlgorithm>>, secrets: impl Into<Secrets>) -> Source {
        let algorithms = algorithms.into();
        Source::new(Cow::Borrowed(&FACTS), move |secrets| make(&algorithms, secrets), secrets)
    }

    /// The same with the secrets of a function of each request, as [`with_secrets`](WebSub::with_secrets) takes it: for
    /// a secret a subscription, whose name is in the path.
    pub fn allowing_with_secrets<F, A, S, E>(algorithms: impl Into<Vec<WebSubAlgorithm>>, ask: F) -> Source
    where
        F: Fn(Parts) -> A + Send + Sync + 'static,
        A: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secrets>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let algorithms = algorithms.into();
        Source::asking(Cow::Borrowed(&FACTS), move |secrets| make(&algorithms, secrets), ask)
    }
}

fn make(allowed: &[WebSubAlgorithm], secrets: &Secrets) -> Made {
    let keys = keys(secrets, |secret| WebSubKey::new(allowed, secret))?;
    Ok(Arc::new(WebSubSignature { keys }))
}

static FACTS: Facts = Facts {
    name: "websub",
    title: "WebSub",
    scheme: "The name of an allowed algorithm, `=`, and the hex of an HMAC over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hub-signature",
        "The signature, behind the name of its algorithm.",
        "sha256=090a04da923cfcc9c7698b9edb228679b8e6b16542f9c3fe656ca236de5658e1",
    )]),
    signature_header: text("x-hub-signature"),
    content_types: &[ContentType::Any],
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Nothing,
    handshakes: &[
        Handshake {
            method: "GET",
            asked: Asked::QueryValue("hub.mode", "denied"),
            shown: Shown::Nothing,
            reply: Reply::Empty,
        },
        Handshake {
            method: "GET",
            asked: Asked::QueryValue("hub.mode", "subscribe"),
            shown: Shown::Topic("hub.topic"),
            reply: Reply::QueryChallenge("hub.challenge", Alphabet::Unreserved),
        },
    ],
    samples: &[Sample::new(
        "",
        r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
 <title>Shop</title>
 <id>https://example.com/feed</id>
 <updated>2026-01-15T09:30:00Z</updated>
 <entry>
  <title>A blue mug</title>
  <id>https://example.com/mugs/blue</id>
  <updated>2026-01-15T09:30:00Z</updated>
 </entry>
</feed>"#,
    )
    .of("application/atom+xml")],
    ..COMMON
};
