//! Intercom.
//!
//! Source: <https://developers.intercom.com/docs/references/webhooks/webhook-models>.

use std::borrow::Cow;

use crate::signature::hash::Algorithm;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Intercom: HMAC-SHA1 over the body.
///
/// # Setting it up
/// In the developer hub, under *Configure › Webhooks* of your app, enter the URL of your app and `/webhooks/intercom`
/// and choose topics. The secret is the client secret of the app, under *Basic information*. Intercom asks whether the
/// URL is there with a HEAD request.
///
/// ```
/// use webhook_runtime::{webhook, Event, Intercom, Webhooks};
///
/// #[webhook("conversation.user.created", source = "intercom")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]["item"]["id"]);
/// }
///
/// let app = Webhooks::new().source("intercom", Intercom::new("1nt3rc0m-cli3nt-5ecr3t"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `topic`. Answer 410 only where the topic shall be unsubscribed.
///
/// # What is signed
/// The body, with the topic and the id of the notification (`/id`, `notif_…`). There is no time. Intercom offers no
/// other algorithm than SHA-1: as an HMAC it is not broken, and no other sender should be set up so.
///
/// # What can be replayed
/// A captured delivery, at any time; one whose id was seen gets its first answer and runs nothing. Intercom retries
/// once, after a minute; ids are kept for three days, since no time is signed.
///
/// # Retries
/// One, after a minute. An endpoint that fails often is suspended; ids are kept for three days.
///
/// # Not confirmed
/// The five seconds for an answer and the one retry. The scheme is from summaries of the documentation.
pub struct Intercom;

constructors!(Intercom, "INTERCOM", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe =
    Recipe { algorithm: Algorithm::HmacSha1, signature: SignatureAt::header("x-hub-signature", "sha1="), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "intercom",
    title: "Intercom",
    scheme: "`sha1=` and the hex of an HMAC-SHA1 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hub-signature",
        "The signature.",
        "sha1=d0c9fdaced598cf800316104d80c6f4bdc3949e9",
    )]),
    signature_header: text("x-hub-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/topic")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    ack_deadline: Some(seconds(5)),
    handshakes: &[Handshake { method: "HEAD", asked: Asked::Method, shown: Shown::Nothing, reply: Reply::Empty }],
    samples: &[Sample::new(
        "conversation.user.created",
        r#"{
                "type": "notification_event",
                "app_id": "a1b2c3d4",
                "id": "notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3",
                "topic": "conversation.user.created",
                "created_at": 1768469400,
                "data": { "type": "notification_event_data", "item": {"type": "conversation", "id": "1295"} }
            }"#,
    )],
    ..COMMON
};
