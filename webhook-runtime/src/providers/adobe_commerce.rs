//! Adobe Commerce (Magento) webhooks.
//!
//! Source: <https://developer.adobe.com/commerce/extensibility/webhooks/signature-verification/>.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderName;

use crate::signature::encoding::Encoding;
use crate::signature::public_key::PublicKey;
use crate::signature::rsa_key::RsaPadding;
use crate::signature::signed_by_key::{KeyRecipe, SignedBody, SignedByKey};
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, text};
use crate::source::sample::Sample;
use crate::source::secrets::keys;

/// Adobe Commerce: RSA (PKCS#1 v1.5, SHA-256) over the base64 of the body.
///
/// # Setting it up
/// Under *Stores › Configuration › Adobe Services › Webhooks* turn on the signature, which is off at first, generate the
/// key pair, and copy the public key in PEM. Then register a hook with the URL of your app and
/// `/webhooks/adobe-commerce`. A regenerated pair replaces the old one at once: give both keys for the change.
///
/// ```
/// use axum::Json;
/// use webhook_runtime::{webhook, AdobeCommerce, Webhooks};
///
/// #[derive(serde::Serialize, schemars::JsonSchema)]
/// struct Operation { op: &'static str }
///
/// /// Asks before a product is put into a cart.
/// #[webhook("*", source = "adobe-commerce")]
/// async fn ask(call: serde_json::Value) -> Json<Vec<Operation>> {
///     println!("{}", call["product"]["sku"]);
///     Json(vec![Operation { op: "success" }])
/// }
///
/// const KEY: &str = "-----BEGIN PUBLIC KEY-----
/// MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqjPPcPL64/c8RUf2XDBU
/// 9uIjUvvNvAy6739EFxcxoqUyhWUhTNIrQYbZbuWn6nSgzwQB/DqTkVppmSnhh9+F
/// +gPanhYgPHnN7W73ti6QDMNIlwXbK8Hb7QrrshS6d3EWoGwoKfkleUvMG16KNwJb
/// JKqHJv5BcZBf/bmagCtRLF4febOU1K2YLLU+tXJ0bkhDdQLGwPLWZSDyIxR46uYL
/// papRdEy/Vssu6+tDwOd6e9ATrP2OXK9AP6hfuJt9DfclXAotKY/+H3qaP5Ob156w
/// G4qrwDzkeAiZ2uLTmJ+eTpjP2Av/MIi69JRtpAA8HybQuTMNw9FVDltW2yW6hMvR
/// MwIDAQAB
/// -----END PUBLIC KEY-----";
/// let app = Webhooks::new().source("adobe-commerce", AdobeCommerce::new(KEY));
/// # let _ = app;
/// ```
///
/// The hook is synchronous: the shop waits for the answer, a list of operations, and does what it says. There is no event
/// type: give each hook a source of its own, or tell them apart by their payload in the handler of `*`.
///
/// # What is signed
/// The body, as the text of its base64. (Adobe's sample writes the parsed body anew and verifies that; the bytes as they
/// arrive are what is signed.)
///
/// # What can be replayed
/// A captured delivery, at any time: nothing in it says when it was sent or which one it is. Two shoppers can make equal
/// calls, and each waits for an answer, so copies are not recognised here: a hook should answer, and change nothing.
///
/// # Retries
/// None: the call is synchronous, and a shopper waits for its answer.
///
/// # Not confirmed
/// The page says "HMAC SHA256" in a sentence; its code verifies RSA with a public key, which is what is done here. The
/// time-outs are configured for each hook, and their defaults were not read.
pub struct AdobeCommerce;

constructors_with_public_keys!(AdobeCommerce, "ADOBE_COMMERCE", &FACTS, |secrets| {
    let keys = keys(&secrets.blocks(), |text| PublicKey::rsa(text, RsaPadding::Pkcs1Sha256))?;
    Ok(Arc::new(SignedByKey { recipe: &RECIPE, keys }))
});

static RECIPE: KeyRecipe = KeyRecipe {
    signature: HeaderName::from_static("x-adobe-commerce-webhook-signature"),
    encoding: Encoding::Base64,
    timestamp: None,
    body: SignedBody::Base64,
};

static FACTS: Facts = Facts {
    name: "adobe-commerce",
    title: "Adobe Commerce",
    scheme: "The base64 of an RSA signature (PKCS#1 v1.5, SHA-256) over the base64 of the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-adobe-commerce-webhook-signature",
        "The signature.",
        "knYY7aDJq8YOsrik+fGJ3UqDZdfNNj…",
    )]),
    signature_header: text("x-adobe-commerce-webhook-signature"),
    event_type: EventTypeAt::Nowhere,
    identity: IdentityAt::Nothing,
    retries: Retries::Never,
    samples: &[Sample::new(
        "",
        r#"{
                "order": {
                    "increment_id": "000000123",
                    "grand_total": 59.9,
                    "order_currency_code": "EUR",
                    "customer_email": "ada@example.com"
                }
            }"#,
    )],
    ..COMMON
};
