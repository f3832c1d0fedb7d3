//! Bitbucket.
//!
//! Source: <https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/>; for Data Center
//! <https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Bitbucket, Cloud and Data Center: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings of a repository, under *Webhooks*, add the URL of your app and `/webhooks/bitbucket`, and type or
/// generate a secret. Without one Bitbucket signs nothing, and is refused here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Bitbucket, Webhooks};
///
/// #[webhook("repo:push", source = "bitbucket")]
/// async fn pushed(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["repository"]["full_name"]);
/// }
///
/// let app = Webhooks::new().source("bitbucket", Bitbucket::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is that of `X-Event-Key`: `repo:push`. Data Center sends `diagnostics:ping` when the connection is
/// tried. Intercom and WebSub have other signatures under the same `X-Hub-Signature`: they are sources of their own.
///
/// # What is signed
/// The body alone. The event and the ids of the request stand in headers that nothing proves, and there is no time.
///
/// # What can be replayed
/// A captured delivery, at any time, under another event and another `X-Request-UUID`: make handlers safe to repeat.
/// Bodies do repeat (a tag that is deleted and pushed again), so that only the id tells a retry, which has the one of
/// the first attempt and gets its first answer. Cloud tries twice more after a 5xx or a time-out; Data Center does not,
/// and where it sends no such id each copy runs. Ids are kept for three days.
///
/// # Retries
/// Bitbucket Cloud tries twice more, after a 5xx or a time-out, and Data Center does not. A 4xx loses the event.
///
/// # Not confirmed
/// The page of the documentation was not seen: header and scheme are those that several open test suites attribute to
/// it. The ten seconds for an answer and the retries are from memory.
pub struct Bitbucket;

constructors!(Bitbucket, "BITBUCKET", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-hub-signature", "sha256="), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "bitbucket",
    title: "Bitbucket",
    scheme: "`sha256=` and the hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hub-signature",
        "The signature.",
        "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
    )]),
    signature_header: text("x-hub-signature"),
    delivery_id: Some(text("x-request-uuid")),
    event_type: EventTypeAt::header("x-event-key"),
    identity: IdentityAt::Hint(text("x-request-uuid")),
    retries: Retries::ServerErrors,
    ack_deadline: Some(seconds(10)),
    samples: &[
        Sample::new(
            "repo:push",
            r#"{
                "actor": { "display_name": "Ada Example", "nickname": "ada" },
                "repository": { "full_name": "example/shop", "name": "shop" },
                "push": {
                    "changes": [
                        {
                            "new": {
                                "type": "branch",
                                "name": "main",
                                "target": { "hash": "9fec847784abb10b2fa567ee63b85bd238955d0e" }
                            },
                            "old": { "type": "branch", "name": "main" },
                            "forced": false
                        }
                    ]
                }
            }"#,
        ),
        Sample::new(
            "pullrequest:created",
            r#"{
                "actor": { "display_name": "Ada Example", "nickname": "ada" },
                "repository": { "full_name": "example/shop" },
                "pullrequest": {
                    "id": 7,
                    "title": "Sell mugs",
                    "state": "OPEN",
                    "source": { "branch": {"name": "mugs"} },
                    "destination": { "branch": {"name": "main"} }
                }
            }"#,
        ),
    ],
    ..COMMON
};
