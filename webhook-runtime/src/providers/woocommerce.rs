//! WooCommerce.
//!
//! Sources: <https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks>, and the code of WooCommerce
//! (`class-wc-webhook.php`).

use std::borrow::Cow;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::keyed;
use crate::source::sample::Sample;

/// WooCommerce: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the shop, under *WooCommerce › Settings › Advanced › Webhooks*, add a webhook with the URL of your app and
/// `/webhooks/woocommerce`, and a long random secret.
///
/// ```
/// use webhook_runtime::{webhook, Event, Webhooks, WooCommerce};
///
/// #[webhook("order.created", source = "woocommerce")]
/// async fn ordered(event: Event<serde_json::Value>) {
///     println!("{} for {}", event.payload["number"], event.payload["total"]);
/// }
///
/// let app = Webhooks::new().source("woocommerce", WooCommerce::new("a long random secret"));
/// # let _ = app;
/// ```
///
/// The event type is the topic, in `X-WC-Webhook-Topic`: `order.created`, `product.deleted`, `action.…`. When a webhook
/// is switched on, WooCommerce sends a form that is not signed, and wants a 200: it gets one, and no handler sees it.
///
/// # What is signed
/// The body alone. The topic stands in a header that nothing proves: what must not be confused is told by the body.
///
/// # What can be replayed
/// A captured delivery, at any time and under another topic, and **each one runs**. Nothing tells copies from events:
/// what was deleted is only an `id`, which an order and a customer can share, and the id of a delivery is the same for
/// all that a webhook sends in one second. WooCommerce itself sends nothing twice.
///
/// # Retries
/// None: what is not taken at once is lost, and a webhook is switched off after more than five failures in a row.
///
/// # Not confirmed
/// The content type of that first form: it is what WordPress sends where none is said.
pub struct WooCommerce;

constructors!(WooCommerce, "WOOCOMMERCE", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe =
    Recipe { signature: SignatureAt::header("x-wc-webhook-signature", ""), encoding: Encoding::Base64, ..OVER_BODY };

/// The form that a webhook begins with. Its answer tells nobody anything.
const fn ping(content_type: &'static str) -> Handshake {
    Handshake {
        method: "POST",
        asked: Asked::HeaderValue("content-type", content_type),
        shown: Shown::Nothing,
        reply: Reply::Empty,
    }
}

static FACTS: Facts = Facts {
    name: "woocommerce",
    title: "WooCommerce",
    scheme: "The base64 of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-wc-webhook-signature",
        "The signature.",
        "XLkEf7BGln8UJFo25F4zeIBJJmbzhtci0Hxm6FXDzTI=",
    )]),
    signature_header: text("x-wc-webhook-signature"),
    delivery_id: Some(text("x-wc-webhook-delivery-id")),
    event_type: EventTypeAt::header("x-wc-webhook-topic"),
    identity: IdentityAt::Nothing,
    retries: Retries::Never,
    ack_deadline: Some(seconds(60)),
    handshakes: &[ping("application/x-www-form-urlencoded"), ping("application/x-www-form-urlencoded; charset=UTF-8")],
    samples: &[Sample::new(
        "order.created",
        r#"{
                "id": 727,
                "number": "727",
                "status": "processing",
                "currency": "EUR",
                "total": "59.90",
                "date_created": "2026-01-15T09:30:00",
                "billing": {
                    "first_name": "Ada",
                    "last_name": "Example",
                    "email": "ada@example.com",
                    "phone": "555-0100"
                },
                "line_items": [{"id": 315, "name": "Blue mug", "quantity": 2, "total": "59.90"}]
            }"#,
    )],
    ..COMMON
};
