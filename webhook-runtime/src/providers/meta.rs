//! Meta: Facebook, Instagram, Messenger, WhatsApp.
//!
//! Source: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, seconds, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Meta (Facebook, Instagram, Messenger, WhatsApp): HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the app's dashboard, under *Webhooks*, subscribe to an object with the URL of your app and `/webhooks/meta`. The
/// secret is the app secret under *App settings › Basic*, 32 hex digits that are used as text.
///
/// ```
/// use webhook_runtime::{webhook, Event, Meta, Webhooks};
///
/// #[webhook("whatsapp_business_account", source = "meta")]
/// async fn received(event: Event<serde_json::Value>) {
///     println!("{}: {}", event.payload["id"], event.payload["changes"]);
/// }
///
/// let app = Webhooks::new().source("meta", Meta::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `object`: `page`, `instagram`, `whatsapp_business_account`. One delivery can carry up
/// to a thousand entries; the handler gets each. The challenge by which Meta asks whether the URL is yours is answered
/// where [`verify_token`](crate::Source::verify_token) is the one that you entered there.
///
/// # What is signed
/// The body alone, as it was sent: Meta escapes what is not ASCII, and slashes too, so a body that was parsed and
/// written again has another signature. `X-Hub-Signature`, with SHA-1, is not looked at.
///
/// # What can be replayed
/// A captured delivery, at any time: no time is signed beside the body. Entries carry times and ids and do not repeat:
/// one that was seen gets its first answer and runs nothing for seven days.
///
/// # Retries
/// At growing intervals: for 36 hours by pages and Messenger, and for up to seven days by WhatsApp.
///
/// # Not confirmed
/// From memory of the documentation: that an answer is awaited for 5 to 10 s; that pages and Messenger retry for 36
/// hours, and WhatsApp for up to seven days, which is how long ids are kept. That a retry has the same bytes is not
/// written anywhere.
pub struct Meta;

constructors!(Meta, "META", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-hub-signature-256", "sha256="), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "meta",
    title: "Meta",
    scheme: "`sha256=` and the hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-hub-signature-256",
        "The signature.",
        "sha256=855f11b247ffffffe5caa52fdab554a7a4de7320c8e55db198feb9501beda1b1",
    )]),
    signature_header: text("x-hub-signature-256"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/object")])),
    identity: IdentityAt::Bytes,
    ack_deadline: Some(seconds(5)),
    // That of WhatsApp, the longest.
    retry_horizon: days(7),
    batch: Some(Batch { at: "/entry", only: None, typed_each: false }),
    handshakes: &[Handshake {
        method: "GET",
        asked: Asked::Query("hub.mode"),
        shown: Shown::VerifyToken("hub.verify_token"),
        reply: Reply::QueryChallenge("hub.challenge", Alphabet::Unreserved),
    }],
    samples: &[
        Sample::new(
            "page",
            r#"{
                "object": "page",
                "entry": [
                    {
                        "id": "102290129340398",
                        "time": 1768469400,
                        "messaging": [
                            {
                                "sender": { "id": "1234" },
                                "recipient": { "id": "102290129340398" },
                                "timestamp": 1768469400000,
                                "message": { "mid": "m_example", "text": "Is the mug blue?" }
                            }
                        ]
                    }
                ]
            }"#,
        ),
        Sample::new(
            "whatsapp_business_account",
            r#"{
                "object": "whatsapp_business_account",
                "entry": [
                    {
                        "id": "102290129340398",
                        "changes": [
                            {
                                "field": "messages",
                                "value": {
                                    "messaging_product": "whatsapp",
                                    "metadata": {
                                        "display_phone_number": "15550100001",
                                        "phone_number_id": "106540352242922"
                                    },
                                    "messages": [
                                        {
                                            "from": "15550100002",
                                            "id": "wamid.EXAMPLE",
                                            "timestamp": "1768469400",
                                            "type": "text",
                                            "text": { "body": "Is the mug blue?" }
                                        }
                                    ]
                                }
                            }
                        ]
                    }
                ]
            }"#,
        ),
    ],
    ..COMMON
};
