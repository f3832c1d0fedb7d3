//! Standard Webhooks, the open specification that many senders follow.
//!
//! Source of every fact: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::borrow::Cow;

use crate::signature::standard::WEBHOOK;
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::sample::Sample;
use crate::source::standard;

/// Standard Webhooks: `v1` (HMAC-SHA256) and `v1a` (Ed25519) over id, timestamp and body.
///
/// # Setting it up
/// Give the sender the URL of your app and `/webhooks/` with the name of the source, and copy the secret that it shows:
/// `whsec_…` or bare base64 for `v1`, `whpk_…` for `v1a`. (`whsk_…`, the private half, is for tests that sign.) Several
/// may stand in one text, separated by white space.
///
/// ```
/// use webhook_runtime::{webhook, Event, StandardWebhooks, Webhooks};
///
/// #[webhook("invoice.paid", source = "billing")]
/// async fn paid(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["data"]);
/// }
///
/// let app = Webhooks::new().source("billing", StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
/// # let _ = app;
/// ```
///
/// The event type is the body's `type`. Endpoints without a `source` are verified by this scheme, under the secrets of
/// [`Webhooks::secret`](crate::Webhooks::secret).
///
/// # What is signed
/// The id, the timestamp and the body.
///
/// # What can be replayed
/// A captured delivery, for five minutes; it gets its first answer and runs nothing. A retry is signed anew under the same
/// id.
///
/// # Retries
/// In the schedule that the specification recommends, for 75 hours and 35 minutes; ids are kept for 76 hours.
pub struct StandardWebhooks;

constructors!(StandardWebhooks, "STANDARD_WEBHOOKS", &FACTS, |secrets| standard(&WEBHOOK, secrets));

static FACTS: Facts = Facts {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`, or `v1a,` and the base64 of an Ed25519 \
             signature over the same. Several are separated by spaces.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "webhook-id",
            "The id of the delivery; a retry carries the same one.",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
        ),
        SignatureHeader::new(
            "webhook-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1614265330",
        ),
        SignatureHeader::new(
            "webhook-signature",
            "One or several signatures, separated by spaces.",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ]),
    signature_header: text("webhook-signature"),
    delivery_id: Some(text("webhook-id")),
    identity: IdentityAt::Signed,
    // The schedule that the specification recommends ends after 75 hours and 35 minutes.
    retry_horizon: hours(76),
    samples: &[
        Sample::new(
            "user.created",
            r#"{
                "type": "user.created",
                "timestamp": "2026-01-15T09:30:00Z",
                "data": { "id": "usr_1f6cc8ab", "email": "ada@example.com" }
            }"#,
        ),
        Sample::new(
            "invoice.paid",
            r#"{
                "type": "invoice.paid",
                "timestamp": "2026-01-15T09:30:00Z",
                "data": { "id": "inv_1042", "amount": 5990, "currency": "EUR" }
            }"#,
        ),
    ],
    ..COMMON
};

#[cfg(test)]
mod tests {
    use super::FACTS;
    use crate::source::facts::ContentType;

    #[test]
    fn the_default_source_sends_what_its_handlers_are_compiled_for() {
        // `handler::formats::JsonAlone`
        assert_eq!(FACTS.content_types, [ContentType::Json]);
    }
}
