//! Dropbox.
//!
//! Source: <https://www.dropbox.com/developers/reference/webhooks>.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, minutes, seconds, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Dropbox: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the app console, under *Webhooks* of your app, enter the URL of your app and `/webhooks/dropbox`. The secret is
/// the app secret.
///
/// ```
/// use webhook_runtime::{webhook, Event, Dropbox, Webhooks};
///
/// #[webhook("*", source = "dropbox")]
/// async fn changed(event: Event<serde_json::Value>) {
///     for account in event.payload["list_folder"]["accounts"].as_array().into_iter().flatten() {
///         println!("something changed for {account}");
///     }
/// }
///
/// let app = Webhooks::new().source("dropbox", Dropbox::new("dr0pb0x-app-5ecr3t"));
/// # let _ = app;
/// ```
///
/// There is no event type: the catch-all `*` gets every delivery. A body names the accounts in which something changed;
/// what did is asked of the API, with the cursor of the last time.
///
/// # What is signed
/// The body alone. There is no time and no id.
///
/// # What can be replayed
/// A captured delivery, at any time. Two changes in one account have the same body, so copies cannot be told from
/// events and **each one runs**: a handler that asks the API what changed finds nothing the second time, and is safe to
/// repeat. Dropbox retries for some ten minutes.
///
/// # Retries
/// For some ten minutes, after every answer but a success.
///
/// # Not confirmed
/// The ten seconds for an answer and how long it retries.
pub struct Dropbox;

constructors!(Dropbox, "DROPBOX", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-dropbox-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "dropbox",
    title: "Dropbox",
    scheme: "The hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-dropbox-signature",
        "The signature.",
        "17d20e6b1b25f4fed8d0857403163f692c62caa6c079cbe258b88bbe31ca288c",
    )]),
    signature_header: text("x-dropbox-signature"),
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Nothing,
    ack_deadline: Some(seconds(10)),
    retry_horizon: minutes(10),
    handshakes: &[Handshake {
        method: "GET",
        asked: Asked::Query("challenge"),
        shown: Shown::Nothing,
        reply: Reply::QueryChallenge("challenge", Alphabet::Unreserved),
    }],
    samples: &[Sample::new(
        "",
        r#"{
                "list_folder": { "accounts": ["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"] },
                "delta": { "users": [12345678] }
            }"#,
    )],
    ..COMMON
};
