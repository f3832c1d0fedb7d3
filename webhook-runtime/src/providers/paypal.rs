//! PayPal.
//!
//! Sources: <https://developer.paypal.com/api/rest/webhooks/rest/>, and the code of PayPal's SDKs. The issuer in
//! `paypal_issuer.pem` is DigiCert's *SHA2 Extended Validation Server CA*, which signed the certificates that PayPal's
//! live and sandbox deliveries name, and which the *High Assurance EV Root* signed.

use std::borrow::Cow;

use crate::base::env;
use crate::base::secret::Secret;
use crate::signature::certificate::Anchors;
use crate::signature::fetched::FetchedSignature;
use crate::signature::paypal::{PayPalSignature, Postback};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, hours, text};
use crate::source::sample::Sample;
use crate::source::secrets::SecretProblem;
use crate::source::{Keys, Source};

/// PayPal: RSA with SHA-256 over ids, time and a CRC-32 of the body, by a certificate of PayPal.
///
/// It is there with the feature `x509`.
///
/// # Setting it up
/// In the developer dashboard, in your app under *Webhooks*, add the URL of your app and `/webhooks/paypal`. The id of
/// the webhook that is shown there is what this source needs.
///
/// ```
/// use webhook_runtime::{webhook, Event, PayPal, Webhooks};
///
/// #[webhook("PAYMENT.CAPTURE.COMPLETED", source = "paypal")]
/// async fn captured(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["resource"]["id"]);
/// }
///
/// let app = Webhooks::new().source("paypal", PayPal::new("4JH86294D6297924G"));
/// # let _ = app;
/// ```
///
/// The certificate is fetched from PayPal's own hosts and from nowhere else, which needs the feature `fetch` or a
/// [`fetcher`](crate::Webhooks::fetcher). It must be valid at the time of the receipt, be issued to
/// `messageverificationcerts.paypal.com` or its sandbox, and lead to a public root or to the issuer of PayPal's
/// certificates, which is inside of this crate until 2028; [`trust_anchor_pem`](Self::trust_anchor_pem) adds another.
///
/// # What is signed
/// The id of the transmission, its time, the id of the webhook, and a CRC-32 of the body. **A CRC-32 is no hash**:
/// whoever has one genuine delivery can make another body of the same sum, which passes. Before money moves, ask PayPal
/// for the resource, or switch on [`postback`](Self::postback).
///
/// # What can be replayed
/// A captured delivery, for three days and an hour, also with another body of the same sum. The event is known by its
/// transmission, which is signed, and not by its own id, which could be another one in such a body: a copy gets its
/// first answer and runs nothing.
///
/// # Retries
/// Up to 25, over three days, after every answer but a success; ids are kept for four days.
///
/// # Not confirmed
/// Whether a retry has the id and the time of its first try. PayPal names no tolerance; it retries for three days. The
/// simulator of the dashboard signs with the text `WEBHOOK_ID` as the id of the webhook.
#[derive(Clone, Debug)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct PayPal {
    webhook_id: String,
    anchors: Anchors,
    malformed: bool,
    postback: Option<(String, Secret)>,
}

impl PayPal {
    /// A source of the deliveries of the webhook with this id.
    pub fn new(webhook_id: impl Into<String>) -> Self {
        let this = Self { webhook_id: webhook_id.into(), anchors: Anchors::public(), malformed: false, postback: None };
        this.trust_anchor_pem(include_str!("paypal_issuer.pem"))
    }

    /// The same with the id of the environment variable `PAYPAL_WEBHOOK_ID`.
    pub fn from_env() -> Self {
        Self::new(env::read("PAYPAL_WEBHOOK_ID").unwrap_or_default().trim())
    }

    /// Believes these certificates too, in PEM: each of them itself, and what it has issued.
    pub fn trust_anchor_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.malformed |= self.anchors.add(pem.as_ref()).is_none();
        self
    }

    /// Asks PayPal for its own verdict on each delivery that the certificate proves, with the credentials of your app:
    /// then a body that only has the right sum is refused. It costs two requests to PayPal a delivery, and PayPal
    /// answers nothing for the events of its simulator.
    pub fn postback(mut self, client_id: impl Into<String>, secret: impl AsRef<str>) -> Self {
        self.postback = Some((client_id.into(), Secret::new(secret.as_ref())));
        self
    }
}

impl From<PayPal> for Source {
    fn from(paypal: PayPal) -> Self {
        let is_missing = paypal.webhook_id.is_empty() && !paypal.malformed;
        let setting = |setting, problem| Keys::Fixed(Err(vec![SecretProblem::Setting { setting, problem }]));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'|');
        let blank = |(id, secret): &(String, Secret)| id.is_empty() || secret.expose().is_empty();
        let keys = if !plain(&paypal.webhook_id) {
            setting(
                "id of the webhook",
                "is missing or holds what no id does\n   \
                 Copy it from the dashboard, or set the environment variable PAYPAL_WEBHOOK_ID.",
            )
        } else if paypal.malformed {
            setting("trust anchor", "is no certificate\n   Write it in PEM: `-----BEGIN CERTIFICATE-----` …")
        } else if paypal.postback.as_ref().is_some_and(blank) {
            setting("postback", "has no client id or no secret\n   Copy both from the app in the dashboard.")
        } else {
            let postback = paypal.postback.map(|(client_id, secret)| Postback { client_id, secret });
            let recipe = PayPalSignature { webhook_id: paypal.webhook_id, anchors: paypal.anchors, postback };
            Keys::Fetched(Box::new(FetchedSignature::new(recipe)))
        };
        let source = Self::made(Cow::Borrowed(&FACTS), keys);
        if !is_missing {
            return source;
        }
        source.standing_in(|_| {
            let recipe =
                PayPalSignature { webhook_id: "WH-EXAMPLE".to_owned(), anchors: Anchors::default(), postback: None };
            Keys::Fetched(Box::new(FetchedSignature::new(recipe)))
        })
    }
}

static FACTS: Facts = Facts {
    name: "paypal",
    title: "PayPal",
    scheme: "RSA with SHA-256 by a certificate of PayPal, over `id|time|webhook id|CRC-32 of the body`.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "paypal-transmission-sig",
            "The signature, in base64.",
            "thy4/U002quzxFavHPwbfJGcc46E8rc5…",
        ),
        SignatureHeader::new("paypal-transmission-id", "The id.", "dfb3be50-fd74-11e4-8bf3-77339302725b"),
        SignatureHeader::new("paypal-transmission-time", "The time.", "2015-05-18T15:45:13Z"),
        SignatureHeader::new("paypal-auth-algo", "The algorithm.", "SHA256withRSA"),
        SignatureHeader::new(
            "paypal-cert-url",
            "The certificate.",
            "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-b0d12406",
        ),
    ]),
    signature_header: text("paypal-transmission-sig"),
    delivery_id: Some(text("paypal-transmission-id")),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/event_type")])),
    identity: IdentityAt::Signed,
    retry_horizon: days(4),
    tolerance: hours(73),
    samples: &[Sample::new(
        "PAYMENT.CAPTURE.COMPLETED",
        r#"{
                "id": "WH-58D329510W468432D-8HN650336L201105X",
                "event_version": "1.0",
                "create_time": "2026-01-15T09:30:00.000Z",
                "resource_type": "capture",
                "event_type": "PAYMENT.CAPTURE.COMPLETED",
                "summary": "Payment completed for EUR 59.9 EUR",
                "resource": {
                    "id": "42311647XV020574X",
                    "status": "COMPLETED",
                    "amount": { "value": "59.90", "currency_code": "EUR" }
                }
            }"#,
    )],
    ..COMMON
};
