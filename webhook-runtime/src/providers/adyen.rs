//! Adyen.
//!
//! Sources: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures>, and the code
//! of `adyen-python-api-library` and `adyen-php-api-library`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::signature::adyen::AdyenSignature;
use crate::source::facts::{
    Acknowledgement, Batch, COMMON, EventTypeAt, Facts, IdentityAt, ProofAt, days, seconds, text,
};
use crate::source::sample::Sample;
use crate::source::secrets::keys;

/// Adyen, standard webhooks of payments: HMAC-SHA256 over eight fields of each item; **the rest is not signed**.
///
/// # Setting it up
/// In the customer area, under *Developers › Webhooks*, add a *Standard webhook* with the URL of your app and
/// `/webhooks/adyen`, *JSON* as its method, and generate an *HMAC key* under *Security*: 64 hex digits, which are shown
/// once.
///
/// ```
/// use webhook_runtime::{webhook, Adyen, Event, Webhooks};
///
/// #[webhook("AUTHORISATION", source = "adyen")]
/// async fn authorised(event: Event<serde_json::Value>) {
///     let item = &event.payload["NotificationRequestItem"];
///     println!("{}: {}", item["merchantReference"], item["success"]);
/// }
///
/// let key = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";
/// let app = Webhooks::new().source("adyen", Adyen::new(key));
/// # let _ = app;
/// ```
///
/// A body is a list of items, each of which goes to its own handler by its `eventCode`. A success is answered
/// `[accepted]`.
///
/// # What is signed
/// Of each item `pspReference`, `originalReference`, `merchantAccountCode`, `merchantReference`, the value and the
/// currency of `amount`, `eventCode` and `success`. **Nothing else**: `reason`, `paymentMethod`, `eventDate`, `live` and
/// `additionalData` can be anything. There is no time. Webhooks of platforms and banking, whose signature stands in the
/// header `HmacSignature`, are another scheme: for those see [`HmacSource`](crate::HmacSource).
///
/// # What can be replayed
/// A captured delivery, at any time and with other unsigned fields. One whose reference, code and success were seen gets
/// its first answer and runs nothing for seven days.
///
/// # Retries
/// For seven days, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: the ten seconds for an answer, that Adyen retries for seven days, and `[accepted]`,
/// which newer accounts do not need.
pub struct Adyen;

constructors!(Adyen, "ADYEN", &FACTS, |secrets| {
    let keys = keys(secrets, AdyenSignature::key)?;
    Ok(Arc::new(AdyenSignature { keys }))
});

static FACTS: Facts = Facts {
    name: "adyen",
    title: "Adyen",
    scheme: "`additionalData.hmacSignature` in each item: the base64 of an HMAC-SHA256 over `pspReference`, \
             `originalReference`, `merchantAccountCode`, `merchantReference`, `amount.value`, `amount.currency`, \
             `eventCode` and `success`, joined by colons. The rest is not signed.",
    proof: ProofAt::Body,
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/NotificationRequestItem/eventCode")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[
        text("/NotificationRequestItem/pspReference"),
        text("/NotificationRequestItem/eventCode"),
        text("/NotificationRequestItem/success"),
    ])),
    batch: Some(Batch { at: "/notificationItems", only: None, typed_each: true }),
    acknowledgement: Some(Acknowledgement { content_type: "text/plain", body: "[accepted]" }),
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(7),
    samples: &[
        Sample::new(
            "AUTHORISATION",
            r#"{
                "live": "false",
                "notificationItems": [
                    {
                        "NotificationRequestItem": {
                            "amount": { "currency": "EUR", "value": 5990 },
                            "eventCode": "AUTHORISATION",
                            "eventDate": "2026-01-15T10:30:00+01:00",
                            "merchantAccountCode": "ExampleShopECOM",
                            "merchantReference": "order-1042",
                            "originalReference": "",
                            "paymentMethod": "visa",
                            "pspReference": "QFQTPCQ8HXSKGK82",
                            "reason": "033899:1111:03/2030",
                            "success": "true"
                        }
                    }
                ]
            }"#,
        ),
        Sample::new(
            "REFUND",
            r#"{
                "live": "false",
                "notificationItems": [
                    {
                        "NotificationRequestItem": {
                            "amount": { "currency": "EUR", "value": 5990 },
                            "eventCode": "REFUND",
                            "eventDate": "2026-01-15T10:30:00+01:00",
                            "merchantAccountCode": "ExampleShopECOM",
                            "merchantReference": "order-1042",
                            "originalReference": "QFQTPCQ8HXSKGK82",
                            "paymentMethod": "visa",
                            "pspReference": "RFQTPCQ8HXSKGK83",
                            "reason": "",
                            "success": "true"
                        }
                    }
                ]
            }"#,
        ),
    ],
    ..COMMON
};
