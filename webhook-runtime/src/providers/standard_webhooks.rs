//! Standard Webhooks, the open specification that many senders follow.
//!
//! Source of every fact: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::sync::Arc;
use std::time::Duration;

use crate::signature::standard::{StandardKey, StandardSignature, WEBHOOK};
use crate::signature::{MOST_COMPUTATIONS, Signature};
use crate::source::Source;
use crate::source::facts::{EventTypeAt, Facts, SignatureHeader};
use crate::source::secrets::{SecretProblem, keys};

/// Standard Webhooks: `v1` (HMAC-SHA256) and `v1a` (Ed25519) over id, timestamp and body.
///
/// The id, the timestamp and the body are signed; the event type on a route for several is the body's `type`.
/// A delivery that was captured can be sent again within the tolerance, and is then answered as the first time
/// without running the handler.
pub struct StandardWebhooks;

impl StandardWebhooks {
    /// A source with one or several active secrets, separated by white space, the current one first: `whsec_…` or
    /// bare base64 for `v1`, `whpk_…` for `v1a`. (`whsk_…`, the private half, is for tests that sign.)
    #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
    pub fn new(secrets: impl AsRef<str>) -> Source {
        let recipe = keys(secrets.as_ref(), StandardKey::parse).and_then(|keys| {
            if keys.len() > MOST_COMPUTATIONS {
                let problem = "is one too many: sixteen are the most that a delivery is tried against";
                return Err(vec![SecretProblem::Malformed { position: MOST_COMPUTATIONS + 1, problem }]);
            }
            Ok(Arc::new(StandardSignature::new(&WEBHOOK, keys)) as Arc<dyn Signature>)
        });
        Source::new(&FACTS, recipe)
    }
}

static FACTS: Facts = Facts {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`, or `v1a,` and the base64 of an Ed25519 \
             signature over the same. Several are separated by spaces.",
    headers: &[
        SignatureHeader {
            name: WEBHOOK.id,
            description: "The id of the delivery; a retry carries the same one.",
            example: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        },
        SignatureHeader {
            name: WEBHOOK.timestamp,
            description: "When this attempt was signed, in seconds since the Unix epoch.",
            example: "1614265330",
        },
        SignatureHeader {
            name: WEBHOOK.signature,
            description: "One or several signatures, separated by spaces.",
            example: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
    ],
    signature_header: WEBHOOK.signature,
    delivery_id: Some(WEBHOOK.id),
    content_type: "application/json",
    event_type: EventTypeAt::Body("/type"),
    // The schedule that the specification recommends ends after 75 hours and 35 minutes.
    retry_horizon: Duration::from_secs(76 * 60 * 60),
};
