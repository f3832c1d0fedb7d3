//! Twilio.
//!
//! Sources: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>, and the code of `twilio-python` and
//! `twilio-node`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::secret::Secret;
use crate::signature::hash::HashKey;
use crate::signature::twilio::{TwilioScheme, TwilioSignature};
use crate::source::facts::{
    COMMON, ContentType, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, hours, seconds,
};
use crate::source::sample::Sample;
use crate::source::secrets::{Secrets, keys};
use crate::source::{Made, Source};

/// Twilio: HMAC-SHA1 under the auth token, or HMAC-SHA256 under a shared key, over URL and form.
///
/// # Setting it up
/// Enter the URL of your app and `/webhooks/twilio` where a number or a service asks for one, and choose POST. The
/// secret of [`Twilio::new`] is the auth token of the account; give the secondary one too while you rotate. Where the
/// account signs with a shared key, take [`Twilio::shared_key`]. Twilio signs the URL that it calls: give it to the
/// source, or to the app with [`public_url`](crate::Webhooks::public_url).
///
/// ```
/// use webhook_runtime::{webhook, Event, Twilio, Webhooks};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(rename_all = "PascalCase")]
/// struct Message { from: String, body: String }
///
/// #[webhook("*", source = "twilio")]
/// async fn received(event: Event<Message>) {
///     println!("{}: {}", event.payload.from, event.payload.body);
/// }
///
/// let source = Twilio::new("the auth token of the account").url("https://hooks.example.com/webhooks/twilio");
/// let app = Webhooks::new().source("twilio", source);
/// # let _ = app;
/// ```
///
/// What a request is about depends on the product that sends it, so its event type is not known: every delivery goes to
/// `*`. Give each product a source of its own. Of a GET the fields stand in the query, and the body is empty.
///
/// # What is signed
/// The URL, and with a form its fields, decoded, sorted and without repetitions; nothing stands between names and
/// values, so bytes could move from one to its neighbour. Another body is signed through its digest, `bodySHA256` in the
/// URL, and refused without it. There is no time.
///
/// The URL is tried as it is configured, and with or without its port. A source of shared keys demands the header that
/// announces them, and a source of auth tokens refuses it: neither takes the place of the other.
///
/// # What can be replayed
/// A captured request, at any time. A call can ask the same twice, so equal requests are not the same event: copies that
/// Twilio itself sends are recognised by `I-Twilio-Idempotency-Token`, which nothing proves. A handler that must not run
/// twice has to know what it did by `MessageSid` and the like.
///
/// # Retries
/// No answer makes Twilio send a request again, unless the URL asks for it in its fragment (`#rc=3`); a connection that
/// breaks does. Ids are kept for a day.
///
/// # Not confirmed
/// From memory of the documentation: the deadline of 15 s, the header with the idempotency token, and the rules of
/// retries. Shared keys are taken from the code of the SDKs. The day is this crate's choice.
pub struct Twilio;

constructors!(Twilio, "TWILIO", &AUTH_TOKEN, |secrets| signature(TwilioScheme::AuthToken, secrets));

impl Twilio {
    /// A source with the secrets of one or several shared keys, the current one first. From the environment:
    /// `Twilio::shared_key(Secrets::from_env("TWILIO"))`.
    pub fn shared_key(secrets: impl Into<Secrets>) -> Source {
        let make = |secrets: &Secrets| signature(TwilioScheme::SharedKey, secrets);
        Source::new(Cow::Borrowed(&SHARED_KEY), make, secrets)
    }
}

fn signature(scheme: TwilioScheme, secrets: &Secrets) -> Made {
    let keys = keys(secrets, |it| HashKey::new(scheme.algorithm(), &Secret::new(it)).ok_or("is empty"))?;
    Ok(Arc::new(TwilioSignature { scheme, keys }))
}

static AUTH_TOKEN: Facts = Facts {
    scheme: "The base64 of an HMAC-SHA1 over the URL and the sorted fields of the form.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-twilio-signature",
        "The signature.",
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    )]),
    ..BOTH
};

static SHARED_KEY: Facts = Facts {
    scheme: "The base64 of an HMAC-SHA256 over the URL and the sorted fields of the form.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new("x-twilio-signature", "The signature.", "E5VnwNBwyz0tCHTP5Dkbb6TefPRbPKoGqFaaypGFqwI="),
        SignatureHeader::new(
            "x-twilio-webhooks-signature-settings",
            "Which key signed, and how.",
            "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256",
        ),
    ]),
    ..BOTH
};

/// What does not depend on the kind of key.
const BOTH: Facts = Facts {
    name: "twilio",
    title: "Twilio",
    signature_header: Cow::Borrowed("x-twilio-signature"),
    delivery_id: Some(Cow::Borrowed("i-twilio-idempotency-token")),
    signs_url: true,
    content_types: &[ContentType::Form, ContentType::Json],
    methods: &["POST", "GET"],
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Hint(Cow::Borrowed("i-twilio-idempotency-token")),
    retries: Retries::Never,
    ack_deadline: Some(seconds(15)),
    retry_horizon: hours(24),
    samples: &[Sample::new(
        "",
        "ToCountry=US&ToState=NY&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&FromZip=10001&SmsSid=SM00000000000000000000000000000001&SmsStatus=received&Body=Is+the+mug+blue%3F&To=%2B15550100001&MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001&From=%2B15550100002&ApiVersion=2010-04-01",
    )],
    ..COMMON
};
