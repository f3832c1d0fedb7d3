//! Mandrill, which is Mailchimp Transactional.
//!
//! Source: <https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/>.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt};
use crate::source::facts::{Batch, COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Mandrill (Mailchimp Transactional): HMAC-SHA1 over URL and form.
///
/// # Setting it up
/// Under *Settings › Webhooks* add the URL of your app and `/webhooks/mandrill`. The secret is the key that the webhook
/// has in that list. Mandrill signs the URL as it was entered there, to the last slash: give the same to the source, or
/// what stands before the path to [`public_url`](crate::Webhooks::public_url).
///
/// ```
/// use webhook_runtime::{webhook, Event, Mandrill, Webhooks};
///
/// #[webhook("hard_bounce", source = "mandrill")]
/// async fn bounced(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["msg"]["email"]);
/// }
///
/// let source = Mandrill::new("the key of the webhook").url("https://hooks.example.com/webhooks/mandrill");
/// let app = Webhooks::new().source("mandrill", source);
/// # let _ = app;
/// ```
///
/// A body is a form whose field `mandrill_events` holds a list of events as JSON; each goes to the handler of its type.
/// While a webhook is being added, Mandrill asks with HEAD, and with an empty list under the key `test-webhook`, which
/// everyone knows: both are answered, and reach no handler.
///
/// # What is signed
/// The URL, its query included, and the fields of the form, decoded and sorted by name. Nothing stands between names
/// and values, so bytes could move from one to its neighbour. There is no time, and the hash is SHA-1.
///
/// # What can be replayed
/// A captured delivery, at any time. An event that was seen, in whatever list and however it is escaped, gets its first
/// answer and runs nothing for three days. (`_id` is that of the mail, so the whole event tells.)
///
/// # Retries
/// A hundred, then the webhook is disabled; ids are kept for three days.
///
/// # Not confirmed
/// How long Mandrill retries (a hundred attempts, then the webhook is disabled, is from memory); the three days are
/// this crate's choice. No published example of key and signature was found: the recipe follows the documentation.
pub struct Mandrill;

constructors!(Mandrill, "MANDRILL", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    algorithm: Algorithm::HmacSha1,
    signed: Cow::Borrowed(&[Piece::Url, Piece::SortedForm]),
    signature: SignatureAt::header("x-mandrill-signature", ""),
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "mandrill",
    title: "Mandrill",
    scheme: "The base64 of an HMAC-SHA1 over the URL and each field of the form, sorted by name: name, value.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-mandrill-signature",
        "The signature.",
        "spHWtTn0cMDAdvljHPo73r1Uckg=",
    )]),
    signature_header: text("x-mandrill-signature"),
    signs_url: true,
    content_types: &[ContentType::JsonInForm("mandrill_events")],
    event_type: EventTypeAt::FirstOf(&[
        EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
        EventTypeAt::Body(Cow::Borrowed(&[text("/type"), text("/action")])),
    ]),
    // `_id` is that of the mail, and two of its links can be clicked in one second.
    identity: IdentityAt::Bytes,
    retry_horizon: days(3),
    batch: Some(Batch { at: "", only: None, typed_each: true }),
    handshakes: &[
        Handshake { method: "HEAD", asked: Asked::Method, shown: Shown::Nothing, reply: Reply::Empty },
        // The URL is tested before its key is known: by no event, signed with a key that everyone knows.
        Handshake {
            method: "POST",
            asked: Asked::Form("mandrill_events", "[]"),
            shown: Shown::KnownKey(&RECIPE, "test-webhook"),
            reply: Reply::Empty,
        },
    ],
    samples: &[
        Sample::new(
            "hard_bounce",
            r#"[
                {
                    "event": "hard_bounce",
                    "ts": 1768469400,
                    "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "msg": {
                        "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaaa",
                        "ts": 1768469300,
                        "subject": "Your order",
                        "email": "ada@example.com",
                        "sender": "shop@example.com",
                        "state": "bounced",
                        "bounce_description": "bad_mailbox"
                    }
                }
            ]"#,
        ),
        Sample::new(
            "open",
            r#"[
                {
                    "event": "open",
                    "ts": 1768469400,
                    "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaab",
                    "msg": {
                        "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaab",
                        "ts": 1768469300,
                        "subject": "Your order",
                        "email": "ada@example.com",
                        "sender": "shop@example.com",
                        "state": "sent"
                    }
                }
            ]"#,
        ),
    ],
    ..COMMON
};
