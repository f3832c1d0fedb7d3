//! Adyen: HMAC-SHA256 over eight fields of each item in a body, with the code beside them.
//!
//! Sources: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures>, and the code
//! of `adyen-python-api-library` and `adyen-php-api-library`.
//!
//! 1. **Accepted** is a body each of whose items holds a code of one of the keys over its own fields, joined by colons.
//! 2. **Refused** is one item without such a code, an empty list, more items than Adyen sends, and a colon in any field
//!    but the merchant's reference: with one more, text could move from a field to its neighbour. So is an item without
//!    `pspReference`, `eventCode` or `success`, which tell it from others.
//! 3. **Trap**: everything else is not signed, and can be anything: `reason`, `paymentMethod`, `eventDate`, `live`, and
//!    all of `additionalData`.

use http::HeaderMap;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::format::json;
use crate::signature::draft::Draft;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::outline::{Carried, Carrier, CodeOutline, KeyForm, Outline, Part};
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// The keys of one source, the current one first.
pub(crate) struct AdyenSignature {
    pub(crate) keys: Vec<HashKey>,
}

impl AdyenSignature {
    /// A key is shown in hex, in upper case.
    pub(crate) fn key(secret: &str) -> Result<HashKey, &'static str> {
        let digits = Zeroizing::new(secret.trim().to_ascii_lowercase());
        let key = Encoding::Hex.decode_long(&digits).ok_or("is not hex")?;
        HashKey::new(Algorithm::HmacSha256, &Secret::new(key)).ok_or("is empty")
    }
}

impl Signature for AdyenSignature {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Ok(Claimed::default())
    }

    fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let body = json::parse(body).ok_or(Cause::MalformedBody("is not JSON"))?;
        let items = body.get("notificationItems").and_then(Value::as_array);
        let items = items.filter(|it| (1..=MOST_ITEMS).contains(&it.len()));
        let items = items.ok_or(Cause::MalformedBody("has no items under `notificationItems`, or too many"))?;
        items
            .iter()
            .try_for_each(|item| self.prove_one(item.get("NotificationRequestItem").unwrap_or(&Value::Null)))?;
        Ok(Signed::default())
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NotInAHeader)
    }

    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let key = self.keys.first().ok_or(CannotSign::NoSecret)?;
        let mut body =
            json::parse(&draft.body).ok_or(CannotSign::Body("is not JSON, in which this signature stands"))?;
        let items = body.get_mut("notificationItems").and_then(Value::as_array_mut);
        let items = items.ok_or(CannotSign::Body("has no list `notificationItems`, each of which is signed"))?;
        for item in items.iter_mut().filter_map(|it| it.get_mut("NotificationRequestItem")) {
            let text = signed(item);
            let text = text.ok_or(CannotSign::Body(
                "has an item without `pspReference`, `eventCode` or `success`, or with a colon in what is signed",
            ))?;
            let code = Encoding::Base64.encode(key.code(&[text.as_bytes()]).bytes());
            json::put(item, "/additionalData/hmacSignature", code.into());
        }
        draft.body = body.to_string().into_bytes();
        Ok(())
    }

    fn outline(&self) -> Option<Outline> {
        let mut signed = Vec::new();
        for (index, (pointer, _)) in FIELDS.iter().enumerate() {
            signed.extend((index > 0).then_some(Part::Text(":".into())));
            signed.push(Part::Field(format!("/NotificationRequestItem{pointer}").into()));
        }
        let at = "/NotificationRequestItem/additionalData/hmacSignature";
        let place = Carrier::Body { list: Some("/notificationItems"), at };
        Some(Outline {
            code: Some(CodeOutline {
                algorithm: Algorithm::HmacSha256,
                key: KeyForm::Hex,
                signed,
                encoding: Encoding::Base64,
            }),
            unit: None,
            carried: vec![Carried { place, text: vec![Part::Signature] }],
        })
    }
}

impl AdyenSignature {
    fn prove_one(&self, item: &Value) -> Result<(), Cause> {
        let claim = item.pointer("/additionalData/hmacSignature").and_then(Value::as_str);
        let claim = claim.and_then(|it| Encoding::Base64.decode(it));
        let claim = claim.ok_or(Cause::MalformedBody("has an item without a signature in base64"))?;
        let text = signed(item).ok_or(Cause::MalformedBody("has an item whose fields are none that Adyen signs"))?;
        let proves = |key: &HashKey| key.code(&[text.as_bytes()]).equals(claim.bytes());
        if self.keys.iter().take(MOST_COMPUTATIONS).any(proves) { Ok(()) } else { Err(Cause::SignatureMismatch) }
    }
}

/// The signed text of an item. A field that is not there is empty.
fn signed(item: &Value) -> Option<String> {
    let fields = FIELDS.map(|(pointer, kind)| {
        let text = match item.pointer(pointer) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => return None,
        };
        let fits = match kind {
            Kind::Needed => !text.is_empty() && !text.contains(':'),
            Kind::Plain => !text.contains(':'),
            Kind::Any => true,
        };
        fits.then_some(text)
    });
    let fields: Option<Vec<String>> = fields.into_iter().collect();
    fields.map(|it| it.join(":"))
}

/// What a field may be.
#[derive(Clone, Copy)]
enum Kind {
    /// It is there, and has no colon.
    Needed,
    /// It has no colon.
    Plain,
    /// It is the one that may have colons, since all the others have none.
    Any,
}

/// In the order in which they are signed.
const FIELDS: [(&str, Kind); 8] = [
    ("/pspReference", Kind::Needed),
    ("/originalReference", Kind::Plain),
    ("/merchantAccountCode", Kind::Plain),
    ("/merchantReference", Kind::Any),
    ("/amount/value", Kind::Plain),
    ("/amount/currency", Kind::Plain),
    ("/eventCode", Kind::Needed),
    ("/success", Kind::Needed),
];

/// Adyen sends one item in JSON, and six where accounts are old.
const MOST_ITEMS: usize = 16;

#[cfg(test)]
mod tests {
    use http::{Method, Request};
    use serde_json::{Value, json};

    use super::{AdyenSignature, Encoding, MOST_ITEMS};
    use crate::signature::{CannotSign, Head, Message, Signature};

    const KEY: &str = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";

    /// The example of Adyen's own PHP library.
    fn item() -> Value {
        json!({
            "pspReference": "7914073381342284",
            "merchantAccountCode": "TestMerchant",
            "merchantReference": "TestPayment-1407325143704",
            "amount": { "value": 1130, "currency": "EUR" },
            "eventCode": "AUTHORISATION",
            "success": "true",
            "additionalData": { "hmacSignature": "Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=" },
        })
    }

    fn takes(items: &[Value]) -> bool {
        let recipe = AdyenSignature { keys: vec![AdyenSignature::key(KEY).unwrap()] };
        let items: Vec<Value> = items.iter().map(|it| json!({ "NotificationRequestItem": it })).collect();
        let body = json!({ "live": "false", "notificationItems": items }).to_string();
        let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        recipe.prove(&Head::new(&parts, None, std::time::SystemTime::UNIX_EPOCH), body.as_bytes()).is_ok()
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut item = item();
        *item.pointer_mut(pointer).unwrap() = value;
        item
    }

    #[test]
    fn every_signed_field_counts() {
        assert!(takes(&[item()]));
        for (pointer, value) in [
            ("/pspReference", json!("7914073381342285")),
            ("/merchantAccountCode", json!("TestMerchant2")),
            ("/merchantReference", json!("")),
            ("/amount/value", json!(1131)),
            ("/amount/currency", json!("USD")),
            ("/eventCode", json!("REFUND")),
            ("/success", json!("false")),
            ("/success", json!(true)),
            ("/additionalData/hmacSignature", json!("")),
            ("/additionalData", json!(null)),
        ] {
            assert!(!takes(&[with(pointer, value.clone())]), "{pointer}: {value}");
        }
    }

    #[test]
    fn no_text_moves_between_fields() {
        let mut moved = with("/merchantAccountCode", json!("TestMerchant:TestPayment-1407325143704"));
        moved["merchantReference"] = json!("1130");
        moved["amount"] = json!({ "value": "EUR", "currency": "AUTHORISATION" });
        moved["eventCode"] = json!("true");
        moved["success"] = json!("");
        assert!(!takes(&[moved]));
        let mut moved = with("/pspReference", json!("7914073381342284:"));
        moved["originalReference"] = json!("TestMerchant");
        moved["merchantAccountCode"] = json!("TestPayment-1407325143704");
        moved["merchantReference"] = json!("1130");
        moved["amount"] = json!({ "value": "EUR", "currency": "AUTHORISATION" });
        moved["eventCode"] = json!("true");
        moved["success"] = json!("");
        assert!(!takes(&[moved]));
    }

    /// The item with the code over this text.
    fn coded(mut item: Value, text: &str) -> Value {
        let code = AdyenSignature::key(KEY).unwrap().code(&[text.as_bytes()]);
        item["additionalData"]["hmacSignature"] = Encoding::Base64.encode(code.bytes()).into();
        item
    }

    #[test]
    fn what_tells_items_apart_has_no_colon() {
        let text = "7914073381342284::TestMerchant:a:b:1130:EUR:AUTHORISATION:true";
        let mut moved = with("/merchantReference", json!("a:b"));
        assert!(takes(&[coded(moved.clone(), text)]));
        moved["pspReference"] = json!("7914073381342284:");
        moved["originalReference"] = json!("TestMerchant");
        moved["merchantAccountCode"] = json!("a");
        moved["merchantReference"] = json!("b");
        assert!(!takes(&[coded(moved, text)]));
    }

    #[test]
    fn what_tells_items_apart_is_not_empty() {
        let rest = "TestMerchant:TestPayment-1407325143704:1130:EUR";
        for (pointer, text) in [
            ("/pspReference", format!("::{rest}:AUTHORISATION:true")),
            ("/eventCode", format!("7914073381342284::{rest}::true")),
            ("/success", format!("7914073381342284::{rest}:AUTHORISATION:")),
        ] {
            assert!(!takes(&[coded(with(pointer, json!("")), &text)]), "{pointer}");
        }
    }

    #[test]
    fn its_code_stands_in_no_header() {
        let recipe = AdyenSignature { keys: vec![AdyenSignature::key(KEY).unwrap()] };
        let time = std::time::SystemTime::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"{}", is_form: false };
        assert_eq!(recipe.sign(&message), Err(CannotSign::NotInAHeader));
    }

    #[test]
    fn one_forged_item_spoils_the_batch() {
        assert!(takes(&[item(), item()]));
        assert!(!takes(&[item(), with("/success", json!("false"))]));
        assert!(!takes(&[]));
        assert!(takes(&vec![item(); MOST_ITEMS]));
        assert!(!takes(&vec![item(); MOST_ITEMS + 1]));
    }

    #[test]
    fn a_key_is_hex() {
        assert!(AdyenSignature::key(&KEY.to_lowercase()).is_ok());
        for key in ["", "DFB1E", "not hex"] {
            assert!(AdyenSignature::key(key).is_err(), "{key}");
        }
    }
}
