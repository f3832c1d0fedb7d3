//! X, once Twitter.
//!
//! Sources: <https://docs.x.com/x-api/webhooks/quickstart>, and the code of `twitter-autohook`.

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// X (once Twitter): HMAC-SHA256 over the body.
///
/// # Setting it up
/// Register a webhook through the API with the URL of your app and `/webhooks/x`; the URL must not name a port. The
/// secret is the consumer secret of the app, which the developer portal calls *API key secret*.
///
/// ```
/// use webhook_runtime::{webhook, Event, Webhooks, X};
///
/// #[webhook("tweet_create_events", source = "x")]
/// async fn posted(event: Event<serde_json::Value>) {
///     for post in event.payload["tweet_create_events"].as_array().into_iter().flatten() {
///         println!("{}", post["text"]);
///     }
/// }
///
/// let app = Webhooks::new().source("x", X::new("the consumer secret of the app"));
/// # let _ = app;
/// ```
///
/// The event type is the key of the body whose value is a list, such as `tweet_create_events`. A body without a list
/// goes to `*`.
///
/// The challenge (CRC) by which X asks whether the URL is yours is answered. It is signed with the key of deliveries for
/// whoever asks, so a body that could be a challenge is no delivery here.
///
/// # What is signed
/// The body alone, of which the event type is a part. There is no time.
///
/// # What can be replayed
/// A captured delivery, at any time. What happened has ids and times in the body, so bodies do not repeat, and one that
/// was seen gets its first answer and runs nothing for the four hours in which X retries.
///
/// # Retries
/// For up to four hours, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: that X waits 10 s for an answer, and retries for up to four hours.
pub struct X;

constructors!(X, "X_TWITTER", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signature: SignatureAt::header("x-twitter-webhooks-signature", "sha256="),
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "x-twitter",
    title: "X",
    scheme: "`sha256=` and the base64 of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-twitter-webhooks-signature",
        "The signature.",
        "sha256=25Cu3iwbbiqBTwQRzcKJZwisjf736V2Q8UaTlkfLSoc=",
    )]),
    signature_header: text("x-twitter-webhooks-signature"),
    event_type: EventTypeAt::TopLevelKey,
    identity: IdentityAt::Bytes,
    ack_deadline: Some(seconds(10)),
    retry_horizon: hours(4),
    handshakes: &[Handshake {
        method: "GET",
        asked: Asked::Query("crc_token"),
        shown: Shown::Nothing,
        reply: Reply::ResponseToken("crc_token"),
    }],
    samples: &[Sample::new(
        "tweet_create_events",
        r#"{
                "for_user_id": "2244994945",
                "tweet_create_events": [
                    {
                        "id_str": "1300000000000000001",
                        "created_at": "Thu Jan 15 09:30:00 +0000 2026",
                        "text": "Is the mug blue?",
                        "user": { "id_str": "783214", "screen_name": "ada" }
                    }
                ]
            }"#,
    )],
    ..COMMON
};
