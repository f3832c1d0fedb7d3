//! GitHub.
//!
//! Source: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// GitHub: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings of a repository or an organisation, under *Webhooks*, add the URL of your app and
/// `/webhooks/github`, and type a long random secret. Without a secret GitHub signs nothing, and is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Event, GitHub, Webhooks};
///
/// #[webhook("issues.opened", source = "github")]
/// async fn opened(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["issue"]["title"]);
/// }
///
/// let app = Webhooks::new().source("github", GitHub::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is that of `X-GitHub-Event`, with the body's `action` joined on where there is one: `push`,
/// `issues.opened`. A handler of `issues` takes every action that has none of its own. Bodies are JSON, or JSON in the
/// field `payload` of a form: both are taken.
///
/// # What is signed
/// The body alone. The event and the id of the delivery stand in headers that nothing proves, and there is no time.
///
/// # What can be replayed
/// A captured delivery, at any time and under another event or id. Bodies of GitHub do not repeat, so one that was
/// seen gets its first answer and runs nothing, whatever its headers say, for as long as GitHub redelivers it.
///
/// # Retries
/// None by itself. A person or the API can send a delivery again, for three days.
///
/// # Not confirmed
/// That a delivery can be sent again for three days is from memory of the documentation.
pub struct GitHub;

constructors!(GitHub, "GITHUB", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-hub-signature-256", "sha256="), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "github",
    title: "GitHub",
    scheme: "`sha256=` and the hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hub-signature-256",
        "The signature.",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    )]),
    signature_header: text("x-hub-signature-256"),
    delivery_id: Some(text("x-github-delivery")),
    content_types: &[ContentType::Json, ContentType::JsonInForm("payload")],
    event_type: EventTypeAt::header_with("x-github-event", "/action"),
    identity: IdentityAt::Bytes,
    retry_horizon: days(3),
    samples: &[
        Sample::new(
            "push",
            r#"{
                "ref": "refs/heads/main",
                "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
                "after": "59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5",
                "created": false,
                "deleted": false,
                "forced": false,
                "commits": [
                    {
                        "id": "59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5",
                        "message": "Sell mugs",
                        "author": { "name": "Ada Example", "email": "ada@example.com" }
                    }
                ],
                "pusher": { "name": "ada", "email": "ada@example.com" },
                "repository": { "id": 186853002, "full_name": "example/shop", "default_branch": "main" },
                "sender": { "login": "ada", "id": 21031067 }
            }"#,
        ),
        Sample::new(
            "issues.opened",
            r#"{
                "action": "opened",
                "issue": {
                    "id": 444500041,
                    "number": 1,
                    "title": "The mug is broken",
                    "state": "open",
                    "user": { "login": "ada", "id": 21031067 }
                },
                "repository": { "id": 186853002, "full_name": "example/shop" },
                "sender": { "login": "ada", "id": 21031067 }
            }"#,
        ),
        Sample::new(
            "pull_request.opened",
            r#"{
                "action": "opened",
                "number": 2,
                "pull_request": {
                    "id": 279147437,
                    "number": 2,
                    "title": "Mend the mug",
                    "state": "open",
                    "merged": false,
                    "head": { "ref": "mugs" },
                    "base": { "ref": "main" }
                },
                "repository": { "id": 186853002, "full_name": "example/shop" },
                "sender": { "login": "ada", "id": 21031067 }
            }"#,
        ),
        Sample::new(
            "ping",
            r#"{
                "zen": "Keep it logically awesome.",
                "hook_id": 109948940,
                "hook": { "type": "Repository", "active": true, "events": ["push"] },
                "repository": { "id": 186853002, "full_name": "example/shop" },
                "sender": { "login": "ada", "id": 21031067 }
            }"#,
        ),
    ],
    ..COMMON
};
