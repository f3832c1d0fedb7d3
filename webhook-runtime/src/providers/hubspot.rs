//! HubSpot.
//!
//! Source:
//! <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>, and the
//! code of its SDKs.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, seconds, text};
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, keyed};

/// HubSpot: version 3 of its signature, an HMAC-SHA256 over method, URL, body and time; and the older versions 1 and 2.
///
/// # Setting it up
/// In the settings of the app, under *Webhooks*, enter the URL of your app and `/webhooks/hubspot`. The secret is the
/// client secret of the app. HubSpot signs the URL that it calls: give it to the source, or to the app with
/// [`public_url`](crate::Webhooks::public_url).
///
/// ```
/// use webhook_runtime::{webhook, Event, HubSpot, Webhooks};
///
/// #[webhook("contact.creation", source = "hubspot")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("contact {}", event.payload["objectId"]);
/// }
///
/// let source = HubSpot::new("the client secret of the app").url("https://hooks.example.com/webhooks/hubspot");
/// let app = Webhooks::new().source("hubspot", source);
/// # let _ = app;
/// ```
///
/// One delivery is a list of up to a hundred events; each goes to the handler of its `subscriptionType`.
///
/// # What is signed
/// | | method | URL | body | time |
/// | --- | --- | --- | --- | --- |
/// | [`HubSpot::new`], version 3 | yes | yes | yes | yes |
/// | [`HubSpot::v2`] | yes | yes | yes | |
/// | [`HubSpot::v1`] | | | yes | |
///
/// HubSpot sends several versions in one request. The configured one counts and no other, or a request with the third
/// header taken away would pass for less. Versions 1 and 2 are no HMAC but a hash that begins with the secret: take
/// version 3 wherever HubSpot sends it.
///
/// # What can be replayed
/// A captured delivery: with version 3 for five minutes, with the others at any time. An event
/// that was seen gets its first answer and runs nothing for the 24 hours in which HubSpot retries.
/// A request without a body (a card that fetches data with GET) has nothing to be recognised by, and runs each time.
///
/// An event counts its attempts in the body, so a retry has other bytes: copies are told by `eventId`, `subscriptionId`
/// and `occurredAt`.
///
/// The older versions 1 and 2 are a plain SHA-256 that begins with the secret: who captured a delivery can append bytes
/// to its body and sign the whole. What comes out is no JSON, so only a handler of the bytes would see it: take version 3.
///
/// # Retries
/// Ten, over 24 hours, after every answer but a success.
///
/// # Not confirmed
/// That HubSpot waits 5 s; whether a 4xx is retried too, of which there are two reports; that `eventId` is unique, which
/// HubSpot does not promise; and, from memory, that cards and actions use PUT, PATCH and DELETE besides GET and POST.
pub struct HubSpot;

constructors!(HubSpot, "HUBSPOT", &V3_FACTS, |secrets| keyed(&V3, secrets));

impl HubSpot {
    /// Version 1, a hash over the body: for apps to which HubSpot sends nothing better. From the environment:
    /// `HubSpot::v1(Secrets::from_env("HUBSPOT"))`.
    pub fn v1(secrets: impl Into<Secrets>) -> Source {
        Source::new(Cow::Borrowed(&V1_FACTS), |secrets| keyed(&V1, secrets), secrets)
    }

    /// Version 2, a hash over method, URL and body. From the environment:
    /// `HubSpot::v2(Secrets::from_env("HUBSPOT"))`.
    pub fn v2(secrets: impl Into<Secrets>) -> Source {
        Source::new(Cow::Borrowed(&V2_FACTS), |secrets| keyed(&V2, secrets), secrets)
    }
}

static V3: Recipe = Recipe {
    signed: Cow::Borrowed(&[Piece::Method, Piece::DecodedUrl, Piece::Body, Piece::Timestamp]),
    signature: SignatureAt::header("x-hubspot-signature-v3", ""),
    encoding: Encoding::Base64,
    timestamp: TimestampAt::Header(HeaderName::from_static("x-hubspot-request-timestamp"), Unit::Milliseconds),
    ..OVER_BODY
};

static V2: Recipe = Recipe {
    algorithm: Algorithm::SecretThenSha256,
    signed: Cow::Borrowed(&[Piece::Method, Piece::Url, Piece::Body]),
    signature: SignatureAt::header("x-hubspot-signature", ""),
    version: Some((VERSION, "v2")),
    ..OVER_BODY
};

static V1: Recipe = Recipe {
    algorithm: Algorithm::SecretThenSha256,
    signature: SignatureAt::header("x-hubspot-signature", ""),
    version: Some((VERSION, "v1")),
    ..OVER_BODY
};

const VERSION: HeaderName = HeaderName::from_static("x-hubspot-signature-version");

static V3_FACTS: Facts = Facts {
    scheme: "The base64 of an HMAC-SHA256 over method, URL, body and timestamp.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "x-hubspot-signature-v3",
            "The signature.",
            "RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=",
        ),
        SignatureHeader::new(
            "x-hubspot-request-timestamp",
            "When this attempt was signed, in milliseconds since the Unix epoch.",
            "1700000300000",
        ),
    ]),
    signature_header: text("x-hubspot-signature-v3"),
    ..EACH
};

static V2_FACTS: Facts = Facts {
    scheme: "The hex of a SHA-256 over client secret, method, URL and body.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "x-hubspot-signature",
            "The signature.",
            "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
        ),
        SignatureHeader::new("x-hubspot-signature-version", "Which version the signature is of.", "v2"),
    ]),
    signature_header: text("x-hubspot-signature"),
    ..EACH
};

static V1_FACTS: Facts = Facts {
    scheme: "The hex of a SHA-256 over client secret and body.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "x-hubspot-signature",
            "The signature.",
            "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
        ),
        SignatureHeader::new("x-hubspot-signature-version", "Which version the signature is of.", "v1"),
    ]),
    signature_header: text("x-hubspot-signature"),
    signs_url: false,
    methods: &["POST"],
    ..EACH
};

/// What the versions have in common.
const EACH: Facts = Facts {
    name: "hubspot",
    title: "HubSpot",
    signs_url: true,
    // Webhooks are POST; the cards and actions of an app are signed alike, and use the others.
    methods: &["POST", "GET", "PUT", "PATCH", "DELETE"],
    event_type: EventTypeAt::Body(Cow::Borrowed(&[Cow::Borrowed("/subscriptionType")])),
    // A retry of the same list counts its attempts in it.
    identity: IdentityAt::Body(Cow::Borrowed(&[
        Cow::Borrowed("/eventId"),
        Cow::Borrowed("/subscriptionId"),
        Cow::Borrowed("/occurredAt"),
    ])),
    batch: Some(Batch { at: "", only: None, typed_each: true }),
    ack_deadline: Some(seconds(5)),
    retry_horizon: hours(24),
    samples: &[
        Sample::new(
            "contact.creation",
            r#"[
                {
                    "eventId": 3816279340,
                    "subscriptionId": 25,
                    "portalId": 33,
                    "appId": 1160452,
                    "occurredAt": 1768469400000,
                    "subscriptionType": "contact.creation",
                    "attemptNumber": 0,
                    "objectId": 1246965,
                    "changeSource": "CRM",
                    "changeFlag": "NEW"
                }
            ]"#,
        ),
        Sample::new(
            "contact.propertyChange",
            r#"[
                {
                    "eventId": 3816279340,
                    "subscriptionId": 25,
                    "portalId": 33,
                    "appId": 1160452,
                    "occurredAt": 1768469400000,
                    "subscriptionType": "contact.propertyChange",
                    "attemptNumber": 0,
                    "objectId": 1246965,
                    "changeSource": "CRM",
                    "propertyName": "email",
                    "propertyValue": "ada@example.com"
                }
            ]"#,
        ),
    ],
    ..COMMON
};
