//! Asana.
//!
//! Sources: <https://developers.asana.com/docs/webhooks-guide>, <https://developers.asana.com/reference/createwebhook>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Asana: HMAC-SHA256 over the body.
///
/// # Setting it up
/// Make a webhook by the API (`POST /webhooks`) with the URL of your app and `/webhooks/asana` as its `target`. Asana
/// calls the URL before it answers, with a secret of its choice in `X-Hook-Secret`, and wants the same header back: this
/// source echoes it, so it must be running, and believes nothing of it, since anyone can send one. The answer of the
/// API holds the same secret: configure that one. Each webhook has a secret of its own; give all of them.
///
/// ```
/// use webhook_runtime::{webhook, Asana, Event, Webhooks};
///
/// #[webhook("task.changed", source = "asana")]
/// async fn changed(event: Event<serde_json::Value>) {
///     println!("task {} was changed", event.payload["resource"]["gid"]);
/// }
///
/// let secret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
/// let app = Webhooks::new().source("asana", Asana::new(secret));
/// # let _ = app;
/// ```
///
/// A body is a list of events, each of which goes to its own handler: the type is that of the resource and the action,
/// joined. A handler of `task` takes every action that has none of its own. An empty list, by which Asana asks whether
/// the app is there, reaches no handler.
///
/// # What is signed
/// The body alone. There is no time and no id.
///
/// # What can be replayed
/// A captured delivery, at any time. An event holds the resource, the action and a time in milliseconds, so one that was
/// seen gets its first answer and runs nothing for the 24 hours in which Asana retries.
///
/// # Retries
/// For 24 hours, after every answer but a success.
///
/// # Not confirmed
/// That the answer of the API repeats the secret (`X-Hook-Secret` beside `data`) is from memory; where it does not, take
/// the secret from the request of the handshake. That no two events of one millisecond look the same is this crate's
/// reading: an event says what changed and not to what, so a copy more or less is read from the API alike.
pub struct Asana;

constructors!(Asana, "ASANA", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-hook-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "asana",
    title: "Asana",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hook-signature",
        "The signature.",
        "4962915f2a0419e80dd12c49bba69f71aaf7c2d8f3430900d5215aa712d4e384",
    )]),
    signature_header: text("x-hook-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/resource/resource_type"), text("/action")])),
    identity: IdentityAt::Bytes,
    ack_deadline: Some(seconds(10)),
    retry_horizon: hours(24),
    batch: Some(Batch { at: "/events", only: None, typed_each: true }),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Header("x-hook-secret"),
        shown: Shown::Nothing,
        reply: Reply::SameHeader("x-hook-secret", Alphabet::Unreserved),
    }],
    samples: &[
        Sample::new(
            "task.added",
            r#"{
                "events": [
                    {
                        "action": "added",
                        "resource": { "gid": "1201", "resource_type": "task", "name": "Order more mugs" },
                        "parent": { "gid": "1100", "resource_type": "project" },
                        "user": { "gid": "900", "resource_type": "user" },
                        "created_at": "2026-01-15T09:30:00.000Z"
                    }
                ]
            }"#,
        ),
        Sample::new(
            "task.changed",
            r#"{
                "events": [
                    {
                        "action": "changed",
                        "resource": { "gid": "1201", "resource_type": "task" },
                        "change": { "field": "completed", "action": "changed" },
                        "parent": null,
                        "user": { "gid": "900", "resource_type": "user" },
                        "created_at": "2026-01-15T09:31:00.000Z"
                    }
                ]
            }"#,
        ),
    ],
    ..COMMON
};
