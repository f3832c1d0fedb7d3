//! Forgejo.
//!
//! Source: <https://forgejo.org/docs/latest/user/webhooks/>.

use std::borrow::Cow;

use crate::providers::gitea::SAMPLES;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{
    COMMON, ContentType, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text,
};
use crate::source::keyed;

/// Forgejo: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings of a repository or an organisation, under *Webhooks*, add one of type Forgejo with the URL of your
/// app and `/webhooks/forgejo`, and type a long random secret. Without a secret nothing is signed, and all is refused
/// here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Forgejo, Webhooks};
///
/// #[webhook("issues.opened", source = "forgejo")]
/// async fn opened(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["issue"]["title"]);
/// }
///
/// let app = Webhooks::new().source("forgejo", Forgejo::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is that of `X-Forgejo-Event`, with the body's `action` joined on where there is one: `push`,
/// `issues.opened`. A handler of `issues` takes every action that has none of its own. Bodies are JSON, or JSON in the
/// field `payload` of a form: both are taken.
///
/// # What is signed
/// The body alone. The event and the id of the delivery stand in headers that nothing proves, and there is no time.
///
/// Forgejo says the same under more names, such as `X-Gitea-Signature`, `X-Gogs-Signature` and the `X-Hub-Signature` of
/// GitHub. None of them is read: one that is right would else make up for `X-Forgejo-Signature` where that is wrong.
///
/// # What can be replayed
/// A captured delivery, at any time and under another event or id. Bodies hold the time of the last change, so one that
/// was seen gets its first answer and runs nothing, for three days. Forgejo does not retry: what is not taken is lost,
/// unless a person sends it again, and that is answered likewise.
///
/// # Retries
/// None by itself. A person can send a delivery again.
///
/// # Not confirmed
/// The five seconds for an answer, which the server can set (`DELIVER_TIMEOUT`). The scheme is from notes of adapters.
pub struct Forgejo;

constructors!(Forgejo, "FORGEJO", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-forgejo-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "forgejo",
    title: "Forgejo",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-forgejo-signature",
        "The signature.",
        "d4060cf1ae26eb5c304eb2d5a22a9884a0b33eaccf4146143b6b4e1c7c61423e",
    )]),
    signature_header: text("x-forgejo-signature"),
    delivery_id: Some(text("x-forgejo-delivery")),
    content_types: &[ContentType::Json, ContentType::JsonInForm("payload")],
    event_type: EventTypeAt::header_with("x-forgejo-event", "/action"),
    identity: IdentityAt::Bytes,
    retries: Retries::Never,
    ack_deadline: Some(seconds(5)),
    samples: SAMPLES,
    ..COMMON
};
