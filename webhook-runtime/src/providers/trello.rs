//! Trello.
//!
//! Source: <https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/>.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Trello: HMAC-SHA1 over body and URL.
///
/// # Setting it up
/// Make a webhook by the API with the URL of your app and `/webhooks/trello` as its `callbackURL`; Trello asks for it
/// with a HEAD request before it answers. The secret is that of your Power-Up, beside its API key. Trello signs the URL
/// as it was given: give the same to the source, or what stands before the path to
/// [`public_url`](crate::Webhooks::public_url).
///
/// ```
/// use webhook_runtime::{webhook, Event, Trello, Webhooks};
///
/// #[webhook("createCard", source = "trello")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["action"]["data"]["card"]["name"]);
/// }
///
/// let source = Trello::new("7r3ll0-p0w3r-up-5ecr3t").url("https://hooks.example.com/webhooks/trello");
/// let app = Webhooks::new().source("trello", source);
/// # let _ = app;
/// ```
///
/// # What is signed
/// The body and the URL behind it, with nothing between them, of which the event type (`/action/type`) and the id of the
/// action (`/action/id`) are a part. There is no time. Trello offers no other algorithm than SHA-1: as an HMAC it is not
/// broken, and no other sender should be set up so.
///
/// # What can be replayed
/// A captured delivery, at any time. One whose action was seen, for the same board, list or card (`/model/id`), gets its
/// first answer and runs nothing for three days.
///
/// # Retries
/// Three, within minutes; ids are kept for three days.
///
/// # Not confirmed
/// How long Trello retries (three times within minutes is from memory); the three days are this crate's choice, since no
/// time is signed. Whether text beyond ASCII is signed as it is sent: the documentation says *the full request body*.
pub struct Trello;

constructors!(Trello, "TRELLO", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    algorithm: Algorithm::HmacSha1,
    signed: Cow::Borrowed(&[Piece::Body, Piece::Url]),
    signature: SignatureAt::header("x-trello-webhook", ""),
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "trello",
    title: "Trello",
    scheme: "The base64 of an HMAC-SHA1 over body and URL.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-trello-webhook",
        "The signature.",
        "9X0/rCnazkYlgMm2UDZLtjPjXSA=",
    )]),
    signature_header: text("x-trello-webhook"),
    signs_url: true,
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/action/type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/action/id"), text("/model/id")])),
    handshakes: &[Handshake { method: "HEAD", asked: Asked::Method, shown: Shown::Nothing, reply: Reply::Empty }],
    samples: &[Sample::new(
        "createCard",
        r#"{
                "action": {
                    "id": "65a4f0c1e1b2c3d4e5f60718",
                    "idMemberCreator": "5f0c1d8a0000000000000001",
                    "type": "createCard",
                    "date": "2026-01-15T09:30:00.000Z",
                    "data": {
                        "card": { "id": "65a4f0c0e1b2c3d4e5f60717", "name": "Order more mugs" },
                        "list": { "id": "65a4f0bfe1b2c3d4e5f60716", "name": "To do" }
                    }
                },
                "model": { "id": "5f0c1d8a0000000000000002", "name": "Shop" }
            }"#,
    )],
    ..COMMON
};
