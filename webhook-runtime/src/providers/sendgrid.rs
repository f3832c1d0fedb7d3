//! SendGrid (Twilio): the Event Webhook and the Inbound Parse Webhook.
//!
//! Source: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderName;

use crate::signature::ecdsa::EcdsaForm;
use crate::signature::encoding::Encoding;
use crate::signature::public_key::PublicKey;
use crate::signature::signed_by_key::{KeyRecipe, SignedBody, SignedByKey};
use crate::source::Made;
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, text};
#[cfg(feature = "multipart")]
use crate::source::facts::{ContentType, Retries, days};
use crate::source::sample::Sample;
use crate::source::secrets::{Secrets, keys};

/// SendGrid: ECDSA over the timestamp and the body, with the curve P-256 and SHA-256.
///
/// # Setting it up
/// Under *Settings › Mail Settings › Event Webhook* add the URL of your app and `/webhooks/sendgrid`, turn on *Signed
/// Event Webhook*, and copy its verification key: the base64 that begins with `MFkw`. Each webhook has a key of its own,
/// and gets another one when signing is turned off and on. Without signing SendGrid is refused here.
///
/// ```
/// use webhook_runtime::{webhook, SendGrid, Webhooks};
///
/// /// A mail came back.
/// #[webhook("bounce", source = "sendgrid")]
/// async fn bounced(event: serde_json::Value) {
///     println!("{} {}", event["email"], event["reason"]);
/// }
///
/// const KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
/// let app = Webhooks::new().source("sendgrid", SendGrid::new(KEY));
/// # let _ = app;
/// ```
///
/// A body is a list of events of several types; each goes to its own handler. For mails that arrive see `SendGrid::inbound_parse`, which the feature `multipart` adds.
///
/// # What is signed
/// The timestamp and the body, line break at its end included, without anything between them. Of each signature there
/// is a second form that anyone can make; both are accepted, since SendGrid sends either, and neither is an identity.
///
/// # What can be replayed
/// A captured delivery, within the tolerance. An event whose id (`sg_event_id`) was seen gets its first answer and runs
/// nothing.
///
/// # Retries
/// At growing intervals, for 24 hours, after every answer but a success.
///
/// # Not confirmed
/// SendGrid names no tolerance; five minutes are this crate's. That a failed delivery is sent again for 24 hours is from
/// memory of the documentation, and whether each attempt is signed anew is not known: where deliveries are refused as too
/// old, set a longer [`tolerance`](crate::Source::tolerance).
pub struct SendGrid;

constructors_with_public_keys!(SendGrid, "SENDGRID", &EVENTS, made);

#[cfg(feature = "multipart")]
impl SendGrid {
    /// The Inbound Parse Webhook: mails that arrive, as multipart forms, signed as the Event Webhook is.
    ///
    /// # Setting it up
    /// Create a security policy with a signature (`POST /v3/user/webhooks/security/policies`), attach it to the parse
    /// setting, and give its public key here. Without a policy nothing is signed, and everything is refused.
    ///
    /// ```
    /// use webhook_runtime::{webhook, FilePart, SendGrid, Webhooks};
    ///
    /// #[derive(serde::Deserialize, schemars::JsonSchema)]
    /// struct Mail {
    ///     from: String,
    ///     subject: String,
    ///     text: Option<String>,
    ///     attachment1: Option<FilePart>,
    /// }
    ///
    /// #[webhook("*", source = "mails")]
    /// async fn mail(mail: Mail) {
    ///     println!("{}: {}", mail.from, mail.subject);
    /// }
    ///
    /// const KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    /// let app = Webhooks::new().source("mails", SendGrid::inbound_parse(KEY));
    /// # let _ = app;
    /// ```
    ///
    /// Texts are read in the charsets that the form's field `charsets` names. Mails with attachments are larger than a
    /// webhook most often: raise [`Limits::body`](crate::Limits::body) for them.
    ///
    /// # Not confirmed
    /// The names of the headers and what is signed are from two implementations of others, not from SendGrid. The same
    /// holds for its retries: for three days after a 5xx, and none after a 4xx, which loses the mail.
    pub fn inbound_parse(public_keys: impl Into<Secrets>) -> crate::source::Source {
        crate::source::Source::new(Cow::Borrowed(&MAILS), made, public_keys)
    }
}

fn made(secrets: &Secrets) -> Made {
    let keys = keys(&secrets.blocks(), |text| PublicKey::ecdsa(text, EcdsaForm::Der))?;
    Ok(Arc::new(SignedByKey { recipe: &RECIPE, keys }))
}

static RECIPE: KeyRecipe = KeyRecipe {
    signature: HeaderName::from_static("x-twilio-email-event-webhook-signature"),
    encoding: Encoding::Base64,
    timestamp: Some(HeaderName::from_static("x-twilio-email-event-webhook-timestamp")),
    body: SignedBody::Bytes,
};

static EVENTS: Facts = Facts {
    name: "sendgrid",
    title: "SendGrid",
    scheme: SCHEME,
    headers: HEADERS,
    signature_header: text("x-twilio-email-event-webhook-signature"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/sg_event_id")])),
    batch: Some(Batch { at: "", only: None, typed_each: true }),
    retry_horizon: hours(24),
    samples: &[
        Sample::new(
            "bounce",
            r#"[
                {
                    "email": "ada@example.com",
                    "timestamp": 1768469400,
                    "smtp-id": "<14c5d75ce93.dfd.64b469@example.com>",
                    "event": "bounce",
                    "category": ["orders"],
                    "sg_event_id": "Ym91bmNlLTAtMQ",
                    "sg_message_id": "14c5d75ce93.dfd.64b469",
                    "reason": "500 unknown recipient",
                    "status": "5.0.0",
                    "type": "bounce"
                }
            ]"#,
        ),
        Sample::new(
            "delivered",
            r#"[
                {
                    "email": "ada@example.com",
                    "timestamp": 1768469400,
                    "smtp-id": "<14c5d75ce93.dfd.64b470@example.com>",
                    "event": "delivered",
                    "category": ["orders"],
                    "sg_event_id": "ZGVsaXZlcmVkLTA",
                    "sg_message_id": "14c5d75ce93.dfd.64b470",
                    "response": "250 OK"
                }
            ]"#,
        ),
    ],
    ..COMMON
};

#[cfg(feature = "multipart")]
static MAILS: Facts = Facts {
    name: "sendgrid-inbound-parse",
    title: "SendGrid Inbound Parse",
    scheme: SCHEME,
    headers: HEADERS,
    signature_header: text("x-twilio-email-event-webhook-signature"),
    event_type: EventTypeAt::Nowhere,
    content_types: &[ContentType::Multipart(Some("charsets"))],
    retries: Retries::ServerErrors,
    retry_horizon: days(3),
    samples: &[Sample::new(
        "",
        "--xYzZY\r\n\
             Content-Disposition: form-data; name=\"from\"\r\n\
             \r\n\
             Ada <ada@example.com>\r\n\
             --xYzZY\r\n\
             Content-Disposition: form-data; name=\"to\"\r\n\
             \r\n\
             orders@example.com\r\n\
             --xYzZY\r\n\
             Content-Disposition: form-data; name=\"subject\"\r\n\
             \r\n\
             Is the mug blue?\r\n\
             --xYzZY\r\n\
             Content-Disposition: form-data; name=\"text\"\r\n\
             \r\n\
             I would like a blue one.\r\n\
             --xYzZY\r\n\
             Content-Disposition: form-data; name=\"charsets\"\r\n\
             \r\n\
             {\"to\":\"UTF-8\",\"from\":\"UTF-8\",\"subject\":\"UTF-8\",\"text\":\"UTF-8\"}\r\n\
             --xYzZY--\r\n",
    )
    .of("multipart/form-data; boundary=xYzZY")],
    ..COMMON
};

const SCHEME: &str = "The base64 of an ECDSA signature in DER (P-256, SHA-256) over the timestamp and the body.";

const HEADERS: Cow<'static, [SignatureHeader]> = Cow::Borrowed(&[
    SignatureHeader::new(
        "x-twilio-email-event-webhook-signature",
        "The signature.",
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
    ),
    SignatureHeader::new(
        "x-twilio-email-event-webhook-timestamp",
        "When the delivery was signed, in seconds since the Unix epoch.",
        "1600112502",
    ),
]);
