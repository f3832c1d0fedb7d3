//! What a signature has to cover, and how much it may.

use std::time::{SystemTime, UNIX_EPOCH};

use http::{Method, Request};

use super::{CannotSign, Head, KeyRef, Message, MessageKeys, MessageSignature, Signature};
use crate::base::secret::Secret;
use crate::signature::hash::{Algorithm, HashKey};

fn recipe(required: &[&'static str]) -> MessageSignature {
    MessageSignature {
        label: KeyRef::constant("sig").to_owned(),
        algorithm: "hmac-sha256",
        keys: MessageKeys::Hmac(vec![HashKey::new(Algorithm::HmacSha256, &Secret::new("secret")).unwrap()]),
        required: required.iter().map(|it| (*it).into()).collect(),
    }
}

#[test]
fn what_a_signature_covers_is_what_is_demanded() {
    /// Does the signed message have a digest of its body?
    fn check(required: &[&'static str], expected: Result<bool, CannotSign>) {
        let time = SystemTime::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"{}", is_form: false };
        let headers = recipe(required).sign(&message);
        assert_eq!(headers.map(|it| it.contains_key("content-digest")), expected, "{required:?}");
    }
    check(&[], Ok(false));
    check(&["@method"], Ok(false));
    check(&["content-digest"], Ok(true));
    check(&["@method", "content-digest"], Ok(true));
    check(&["@authority"], Err(CannotSign::NoUrl));
    check(&["x-field"], Err(CannotSign::NoHeader));
}

/// Does a head pass that covers these components?
fn covers(required: &[&'static str], components: &str) -> bool {
    let request = Request::post("/")
        .header("signature-input", format!("sig=({components});created=1"))
        .header("signature", "sig=:AAAA:");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    recipe(required).head(&Head::new(&parts, None, UNIX_EPOCH)).is_ok()
}

#[test]
fn no_more_components_are_covered_than_senders_have() {
    for (count, expected) in [(0, true), (1, true), (64, true), (65, false), (66, false)] {
        let components: Vec<String> = (0..count).map(|it| format!("\"x-{it}\"")).collect();
        assert_eq!(covers(&[], &components.join(" ")), expected, "{count}");
    }
}

#[test]
fn what_is_demanded_is_covered_whole() {
    assert!(covers(&["x-a"], r#""x-b" "x-a""#));
    for components in ["", r#""x-b""#, r#""x-a";req"#, "x-a"] {
        assert!(!covers(&["x-a"], components), "{components}");
    }
}
