//! Discord: interactions, and webhook events.
//!
//! Source: <https://docs.discord.com/developers/interactions/overview>.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderName;

use crate::signature::encoding::Encoding;
use crate::signature::public_key::PublicKey;
use crate::signature::signed_by_key::{KeyRecipe, SignedBody, SignedByKey};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, hours, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::sample::Sample;
use crate::source::secrets::{Secrets, keys};
use crate::source::{Made, Source};

/// Discord: Ed25519 over the timestamp and the body.
///
/// # Setting it up
/// In the developer portal, under *General Information*, copy the public key, and give the URL of your app and
/// `/webhooks/discord` as the *Interactions Endpoint URL*. Discord asks it at once: with a `PING`, which is answered here,
/// and with a wrong signature, which is refused here.
///
/// ```
/// use axum::Json;
/// use webhook_runtime::{webhook, Discord, Webhooks};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Interaction { id: String, token: String }
///
/// #[webhook("*", source = "discord")]
/// async fn interaction(interaction: Interaction) -> Json<serde_json::Value> {
///     Json(serde_json::json!({ "type": 4, "data": { "content": interaction.id } }))
/// }
///
/// let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
/// let app = Webhooks::new().source("discord", Discord::new(key));
/// # let _ = app;
/// ```
///
/// The type of an interaction is a number in the body, so that all reach the handler of `*`. For the *Webhook Events* of
/// an app take [`events`](Self::events): there the same numbers mean something else.
///
/// # What is signed
/// The timestamp and the body, without anything between them. Signatures and keys are verified strictly: what is not
/// canonical, or of small order, is refused.
///
/// # What can be replayed
/// A captured interaction, within the tolerance; one whose id was seen gets its first answer and runs nothing. A webhook
/// event has no id, and is told by its bytes.
///
/// # Retries
/// An interaction is never sent again. An event is, for some ten minutes; ids are kept for an hour.
///
/// # Not confirmed
/// Discord names no tolerance; five minutes are this crate's. That it waits three seconds for an answer, and sends events
/// again for ten minutes, is from memory of the documentation.
pub struct Discord;

constructors_with_public_keys!(Discord, "DISCORD", &INTERACTIONS, made);

impl Discord {
    /// The *Webhook Events* of an app, by the types that Discord gives them (`APPLICATION_AUTHORIZED`). Its `PING` is
    /// answered as Discord wants it there, with 204.
    ///
    /// ```
    /// use webhook_runtime::{webhook, Discord, Event, Webhooks};
    ///
    /// #[webhook("APPLICATION_AUTHORIZED", source = "discord-events")]
    /// async fn authorized(event: Event<serde_json::Value>) {
    ///     println!("{}", event.payload["event"]["data"]["user"]["id"]);
    /// }
    ///
    /// let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// let app = Webhooks::new().source("discord-events", Discord::events(key));
    /// # let _ = app;
    /// ```
    pub fn events(public_keys: impl Into<Secrets>) -> Source {
        Source::new(Cow::Borrowed(&EVENTS), made, public_keys)
    }
}

fn made(secrets: &Secrets) -> Made {
    let keys = keys(&secrets.words(), PublicKey::ed25519_hex)?;
    Ok(Arc::new(SignedByKey { recipe: &RECIPE, keys }))
}

static RECIPE: KeyRecipe = KeyRecipe {
    signature: HeaderName::from_static("x-signature-ed25519"),
    encoding: Encoding::Hex,
    timestamp: Some(HeaderName::from_static("x-signature-timestamp")),
    body: SignedBody::Bytes,
};

static INTERACTIONS: Facts = Facts {
    name: "discord",
    title: "Discord",
    scheme: SCHEME,
    headers: HEADERS,
    signature_header: text("x-signature-ed25519"),
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Number("/type", 1),
        shown: Shown::Signature,
        reply: Reply::Json(r#"{"type":1}"#),
    }],
    retries: Retries::Never,
    ack_deadline: Some(seconds(3)),
    // Longer than a captured delivery can pass for a fresh one.
    retry_horizon: hours(1),
    samples: &[Sample::new(
        "",
        r#"{
                "id": "1300000000000000001",
                "application_id": "1200000000000000001",
                "type": 2,
                "token": "an-example-token",
                "version": 1,
                "data": { "id": "1250000000000000001", "name": "order", "type": 1 },
                "member": { "user": {"id": "1100000000000000001", "username": "ada"} }
            }"#,
    )],
    ..COMMON
};

static EVENTS: Facts = Facts {
    name: "discord",
    title: "Discord",
    scheme: SCHEME,
    headers: HEADERS,
    signature_header: text("x-signature-ed25519"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event/type")])),
    identity: IdentityAt::Bytes,
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Number("/type", 0),
        shown: Shown::Signature,
        reply: Reply::NoContent,
    }],
    ack_deadline: Some(seconds(3)),
    retry_horizon: hours(1),
    samples: &[Sample::new(
        "APPLICATION_AUTHORIZED",
        r#"{
                "version": 1,
                "application_id": "1200000000000000001",
                "type": 1,
                "event": {
                    "type": "APPLICATION_AUTHORIZED",
                    "timestamp": "2026-01-15T09:30:00.000000",
                    "data": {
                        "integration_type": 1,
                        "scopes": ["applications.commands"],
                        "user": { "id": "1100000000000000001", "username": "ada" }
                    }
                }
            }"#,
    )],
    ..COMMON
};

const SCHEME: &str = "The hex of an Ed25519 signature over the timestamp and the body.";

const HEADERS: Cow<'static, [SignatureHeader]> = Cow::Borrowed(&[
    SignatureHeader::new(
        "x-signature-ed25519",
        "The signature.",
        "b256103c9296992d481a14ae5663b2ae31d94d34e00c010041ed42c90ee0c23cb463147c95974f7233accca88e077066e3ff7f1212bc31d2577a88113c75f302",
    ),
    SignatureHeader::new(
        "x-signature-timestamp",
        "When the delivery was signed, in seconds since the Unix epoch.",
        "1700000000",
    ),
]);
