//! Mailgun: HMAC-SHA256 over a time and a token, all of which stand in the body.
//!
//! Source: <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>.
//!
//! 1. **Accepted** is a JSON body whose `signature` holds a code of one of the keys over `timestamp` and `token`.
//! 2. **Refused** is a time of other than ten digits, a token with a dot, a quote or white space, and a signature in
//!    anything but lower-case hex. Nothing stands between time and token, so the length of the first keeps digits from
//!    moving into the second.
//! 3. **Trap**: `event-data` is not signed. Whoever sees one delivery can send any other event under its signature until
//!    the time is too old; the token, which is the identity, is what lets that run only once.

use std::time::UNIX_EPOCH;

use http::HeaderMap;
use serde_json::{Value, json};

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::format::json;
use crate::signature::draft::Draft;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::header::acceptable_id;
use crate::signature::outline::{Carried, Carrier, CodeOutline, KeyForm, Outline, Part};
use crate::signature::recipe::Unit;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// The signing keys of one source, the current one first.
pub(crate) struct MailgunSignature {
    pub(crate) keys: Vec<HashKey>,
}

impl MailgunSignature {
    pub(crate) fn key(secret: &str) -> Result<HashKey, &'static str> {
        HashKey::new(Algorithm::HmacSha256, &Secret::new(secret)).ok_or("is empty")
    }
}

impl Signature for MailgunSignature {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Ok(Claimed::default())
    }

    fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let body = json::parse(body).ok_or(Cause::MalformedBody("is not JSON"))?;
        let text = |name: &str| body.get("signature")?.get(name)?.as_str();
        let timestamp = body.get("signature").and_then(|it| it.get("timestamp")).and_then(spelled);
        let timestamp = timestamp.filter(|it| is_time(it)).ok_or(Cause::MalformedBody("has no time of ten digits"))?;
        let token = text("token").filter(|it| acceptable_id(it)).ok_or(Cause::MalformedBody("has no token"))?;
        let claim = text("signature").and_then(|it| Encoding::Hex.decode(it));
        let claim = claim.ok_or(Cause::MalformedBody("has no signature in hex"))?;
        let message: [&[u8]; 2] = [timestamp.as_bytes(), token.as_bytes()];
        if self.keys.iter().take(MOST_COMPUTATIONS).any(|key| key.code(&message).equals(claim.bytes())) {
            Ok(Signed { id: Some(token.into()), timestamp: timestamp.parse().ok() })
        } else {
            Err(Cause::SignatureMismatch)
        }
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NotInAHeader)
    }

    /// The token is the id of the delivery, unless the body has one.
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let key = self.keys.first().ok_or(CannotSign::NoSecret)?;
        let mut body =
            json::parse(&draft.body).ok_or(CannotSign::Body("is not JSON, in which this signature stands"))?;
        let since = draft.time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?;
        let timestamp = since.as_secs().to_string();
        if !is_time(&timestamp) {
            return Err(CannotSign::Time);
        }
        let own = body.pointer("/signature/token").and_then(Value::as_str).filter(|it| acceptable_id(it));
        let token = own.unwrap_or(&draft.id);
        if !acceptable_id(token) {
            return Err(CannotSign::Id);
        }
        let signature = Encoding::Hex.encode(key.code(&[timestamp.as_bytes(), token.as_bytes()]).bytes());
        let proof = json!({ "timestamp": timestamp, "token": token, "signature": signature });
        let put = json::put(&mut body, "/signature", proof);
        draft.body = body.to_string().into_bytes();
        if put { Ok(()) } else { Err(CannotSign::Body("is no JSON object, in which this signature stands")) }
    }

    fn outline(&self) -> Option<Outline> {
        let carried = |at, part| Carried { place: Carrier::Body { list: None, at }, text: vec![part] };
        Some(Outline {
            code: Some(CodeOutline {
                algorithm: Algorithm::HmacSha256,
                key: KeyForm::Text,
                signed: vec![Part::Timestamp, Part::Id],
                encoding: Encoding::Hex,
            }),
            unit: Some(Unit::Seconds),
            carried: vec![
                carried("/signature/timestamp", Part::Timestamp),
                carried("/signature/token", Part::Id),
                carried("/signature/signature", Part::Signature),
            ],
        })
    }
}

/// A time is a text in Mailgun's deliveries, and a number in its documentation.
fn spelled(time: &Value) -> Option<String> {
    match time {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Ten digits are every second from 2001 to 2286.
fn is_time(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::{Encoding, MailgunSignature};
    use crate::signature::{CannotSign, Head, Message, Signature};

    fn takes(timestamp: &str, token: &str, signature: &str) -> bool {
        let recipe = MailgunSignature { keys: vec![MailgunSignature::key("key-1").unwrap()] };
        let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        let body =
            format!(r#"{{"signature":{{"timestamp":"{timestamp}","token":"{token}","signature":"{signature}"}}}}"#);
        recipe.prove(&Head::new(&parts, None, std::time::SystemTime::UNIX_EPOCH), body.as_bytes()).is_ok()
    }

    #[test]
    fn time_and_token_keep_their_digits() {
        let key = MailgunSignature::key("key-1").unwrap();
        let signature = Encoding::Hex.encode(key.code(&[b"17000000001a2b"]).bytes());
        assert!(takes("1700000000", "1a2b", &signature));
        for (timestamp, token) in [("170000000", "01a2b"), ("17000000001", "a2b"), ("", "17000000001a2b")] {
            assert!(!takes(timestamp, token, &signature), "{timestamp} {token}");
        }
    }

    #[test]
    fn what_is_no_time_token_or_code_is_refused() {
        let key = MailgunSignature::key("key-1").unwrap();
        for (timestamp, token) in
            [("+700000000", "a"), ("1700000000", ""), ("1700000000", "a.b"), ("1700000000", "a b")]
        {
            let signed = format!("{timestamp}{token}");
            let signature = Encoding::Hex.encode(key.code(&[signed.as_bytes()]).bytes());
            assert!(!takes(timestamp, token, &signature), "{timestamp} {token}");
        }
        let signature = Encoding::Hex.encode(key.code(&[b"1700000000a"]).bytes());
        assert!(takes("1700000000", "a", &signature));
        for signature in ["", &signature.to_uppercase(), &signature[..62], &signature[1..]] {
            assert!(!takes("1700000000", "a", signature), "{signature}");
        }
    }

    #[test]
    fn its_code_stands_in_no_header() {
        let recipe = MailgunSignature { keys: vec![MailgunSignature::key("key-1").unwrap()] };
        let time = std::time::SystemTime::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"{}", is_form: false };
        assert_eq!(recipe.sign(&message), Err(CannotSign::NotInAHeader));
    }
}
