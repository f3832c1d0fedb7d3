//! Shopify.
//!
//! Source: <https://shopify.dev/docs/apps/build/webhooks/subscribe/https>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::encoding::Encoding;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Shopify: HMAC-SHA256 over the body.
///
/// # Setting it up
/// Subscribe to a topic with the URL of your app and `/webhooks/shopify`. The secret is the client secret of the app,
/// one for all shops, or the one that a shop shows under *Settings › Notifications*.
///
/// ```
/// use webhook_runtime::{webhook, Event, Shopify, Webhooks};
///
/// #[webhook("orders/create", source = "shopify")]
/// async fn created(event: Event<serde_json::Value>) {
///     println!("{} at {:?}", event.payload["id"], event.headers().get("x-shopify-shop-domain"));
/// }
///
/// let app = Webhooks::new().source("shopify", Shopify::new("hush5ecr3t0fTh3App"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The body alone. Topic, shop, ids and times stand in headers that nothing proves: with the secret of one app a
/// delivery of one shop can be sent on in the name of another.
///
/// # What can be replayed
/// A captured delivery, at any time, and once under each other topic: Shopify sends one body under several, so the bytes
/// alone are no identity. Under a topic that was seen it gets its first answer and runs nothing, for the four hours in
/// which Shopify retries.
///
/// # Retries
/// Eight, over four hours, after every answer but a success; then a subscription that was made by the API is deleted.
pub struct Shopify;

constructors!(Shopify, "SHOPIFY", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe {
    signature: SignatureAt::Header {
        name: HeaderName::from_static("x-shopify-hmac-sha256"),
        other: Some(HeaderName::from_static("shopify-hmac-sha256")),
        label: text(""),
    },
    encoding: Encoding::Base64,
    ..OVER_BODY
};

static FACTS: Facts = Facts {
    name: "shopify",
    title: "Shopify",
    scheme: "The base64 of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-shopify-hmac-sha256",
        "The signature.",
        "XWmrwMey6OsLMeiZKwP4FppHH3cmAiiJJAweH5Jo4bM=",
    )]),
    signature_header: text("x-shopify-hmac-sha256"),
    delivery_id: Some(text("x-shopify-webhook-id")),
    event_type: EventTypeAt::header("x-shopify-topic"),
    // An order that is paid at once is told under several topics, with one body.
    identity: IdentityAt::BytesUnder(text("x-shopify-topic")),
    retry_horizon: hours(4),
    samples: &[
        Sample::new(
            "orders/create",
            r##"{
                "id": 820982911946154508,
                "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
                "created_at": "2026-01-15T09:30:00+01:00",
                "currency": "EUR",
                "email": "ada@example.com",
                "name": "#1042",
                "total_price": "59.90",
                "line_items": [{"id": 866550311766439020, "title": "Blue mug", "quantity": 2, "price": "29.95"}]
            }"##,
        )
        .with(&[("x-shopify-shop-domain", "example.myshopify.com"), ("x-shopify-api-version", "2026-01")]),
        Sample::new(
            "orders/paid",
            r##"{
                "id": 820982911946154508,
                "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
                "created_at": "2026-01-15T09:30:00+01:00",
                "currency": "EUR",
                "email": "ada@example.com",
                "financial_status": "paid",
                "name": "#1042",
                "total_price": "59.90"
            }"##,
        )
        .with(&[("x-shopify-shop-domain", "example.myshopify.com"), ("x-shopify-api-version", "2026-01")]),
        Sample::new(
            "app/uninstalled",
            r#"{
                "id": 548380009,
                "name": "Example Shop",
                "domain": "example.myshopify.com",
                "email": "ada@example.com",
                "plan_name": "basic"
            }"#,
        )
        .with(&[("x-shopify-shop-domain", "example.myshopify.com"), ("x-shopify-api-version", "2026-01")]),
    ],
    ..COMMON
};
