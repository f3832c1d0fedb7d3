//! Gitea.
//!
//! Source: <https://docs.gitea.com/usage/webhooks>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{
    COMMON, ContentType, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text,
};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Gitea: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings of a repository or an organisation, under *Webhooks*, add one of type Gitea with the URL of your app
/// and `/webhooks/gitea`, and type a long random secret. Without a secret nothing is signed, and all is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Gitea, Webhooks};
///
/// #[webhook("issues.opened", source = "gitea")]
/// async fn opened(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["issue"]["title"]);
/// }
///
/// let app = Webhooks::new().source("gitea", Gitea::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is that of `X-Gitea-Event`, with the body's `action` joined on where there is one: `push`,
/// `issues.opened`. A handler of `issues` takes every action that has none of its own. Bodies are JSON, or JSON in the
/// field `payload` of a form: both are taken.
///
/// # What is signed
/// The body alone. The event and the id of the delivery stand in headers that nothing proves, and there is no time.
///
/// Gitea says the same under more names, such as `X-Gogs-Signature` and the `X-Hub-Signature` of GitHub. None of them
/// is read: one that is right would else make up for `X-Gitea-Signature` where that is wrong.
///
/// # What can be replayed
/// A captured delivery, at any time and under another event or id. Bodies hold the time of the last change, so one that
/// was seen gets its first answer and runs nothing, for three days. Gitea does not retry: what is not taken is lost,
/// unless a person sends it again, and that is answered likewise.
///
/// # Retries
/// None by itself. A person can send a delivery again.
///
/// # Not confirmed
/// The five seconds for an answer, which the server can set (`DELIVER_TIMEOUT`). The scheme is from notes of adapters.
pub struct Gitea;

constructors!(Gitea, "GITEA", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-gitea-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "gitea",
    title: "Gitea",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-gitea-signature",
        "The signature.",
        "8da25e2a12c806e50b8f81354fc17e283a7f089beb5131854b5356647d27f33d",
    )]),
    signature_header: text("x-gitea-signature"),
    delivery_id: Some(text("x-gitea-delivery")),
    content_types: &[ContentType::Json, ContentType::JsonInForm("payload")],
    event_type: EventTypeAt::header_with("x-gitea-event", "/action"),
    identity: IdentityAt::Bytes,
    retries: Retries::Never,
    ack_deadline: Some(seconds(5)),
    samples: SAMPLES,
    ..COMMON
};

/// What it sends; Forgejo, which came of it, sends the same.
pub(super) const SAMPLES: &[Sample] = &[
    Sample::new(
        "push",
        r#"{
            "ref": "refs/heads/main",
            "before": "28e1879d029cb852e4844d9c718537df08844e03",
            "after": "bffeb74224043ba2feb48d137756c8a9331c449a",
            "commits": [
                {
                    "id": "bffeb74224043ba2feb48d137756c8a9331c449a",
                    "message": "Sell mugs",
                    "author": { "name": "Ada Example", "email": "ada@example.com" }
                }
            ],
            "repository": { "id": 140, "full_name": "example/shop", "private": false },
            "pusher": { "login": "ada" }
        }"#,
    ),
    Sample::new(
        "issues.opened",
        r#"{
            "action": "opened",
            "number": 1,
            "issue": {
                "id": 1,
                "number": 1,
                "title": "The mug is broken",
                "state": "open",
                "user": { "login": "ada" }
            },
            "repository": { "id": 140, "full_name": "example/shop" },
            "sender": { "login": "ada" }
        }"#,
    ),
];
