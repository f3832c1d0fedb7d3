//! Tables over the headers of Standard Webhooks. The published vectors run in the integration tests.

use std::time::{Duration, SystemTime};

use http::Request;
use http::request::Parts;

use base64::Engine;
use http::Method;

use super::{STANDARD, Signature, StandardKey, StandardSignature, WEBHOOK, random_secret};
use crate::signature::anatomy::Parts as Shown;
use crate::signature::{Head, Message};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY: &[u8] = br#"{"test": 2432232314}"#;

fn recipe(secrets: &[&str]) -> StandardSignature {
    StandardSignature::new(&WEBHOOK, secrets.iter().map(|it| StandardKey::parse(it).unwrap()).collect())
}

fn signed_with(secrets: &[&str]) -> Parts {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_614_265_330);
    let headers = recipe(secrets)
        .sign(&Message { id: "msg_1", time, method: &Method::POST, url: None, body: BODY, is_form: false })
        .unwrap();
    let mut request = Request::post("/").body(()).unwrap();
    *request.headers_mut() = headers;
    request.into_parts().0
}

fn signature_of(parts: &Parts) -> String {
    parts.headers["webhook-signature"].to_str().unwrap().to_owned()
}

/// Does a delivery pass with this signature header?
fn passes(recipe: &StandardSignature, signature: &str) -> bool {
    let mut parts = signed_with(&[SECRET]);
    parts.headers.insert("webhook-signature", signature.parse().unwrap());
    recipe.head(&Head::new(&parts, None, std::time::UNIX_EPOCH)).is_ok()
        && recipe.prove(&Head::new(&parts, None, std::time::UNIX_EPOCH), BODY).is_ok()
}

#[test]
fn any_active_secret_proves_in_every_order() {
    for active in [vec![SECRET], vec![SECRET, OTHER], vec![OTHER, SECRET]] {
        assert!(passes(&recipe(&active), &signature_of(&signed_with(&[SECRET]))));
    }
    assert!(!passes(&recipe(&[OTHER]), &signature_of(&signed_with(&[SECRET]))));
}

#[test]
fn any_signature_of_the_list_proves_in_every_order() {
    let (good, other) = (signature_of(&signed_with(&[SECRET])), signature_of(&signed_with(&[OTHER])));
    let recipe = recipe(&[SECRET]);
    for list in [format!("{good} {other}"), format!("{other} {good}"), format!("v9,x {good}"), format!("{good}  v1,")] {
        assert!(passes(&recipe, &list), "{list}");
    }
}

#[test]
fn every_other_form_of_a_signature_is_refused() {
    let good = signature_of(&signed_with(&[SECRET]));
    let encoded = good.strip_prefix("v1,").unwrap();
    let bytes = STANDARD.decode(encoded).unwrap();
    let url_safe = base64::engine::general_purpose::URL_SAFE.encode(&bytes);
    let mut forms = vec![
        String::new(),
        "v1,".into(),
        encoded.into(),
        format!("V1,{encoded}"),
        format!("v1 ,{encoded}"),
        format!("v1,,{encoded}"),
        format!("v1,{encoded},"),
        format!("v1={encoded}"),
        format!("v1a,{encoded}"),
        format!("v0,{encoded}"),
        format!("v1,{}", encoded.trim_end_matches('=')),
        format!("v1,{}", crate::base::ids::hex(&bytes)),
        format!("v1,{encoded}="),
        format!("v1,{encoded}\tv1,{encoded}"),
    ];
    forms.extend((0..encoded.len()).map(|length| format!("v1,{}", &encoded[..length])));
    if url_safe != encoded {
        forms.push(format!("v1,{url_safe}"));
    }
    for form in forms {
        assert!(!passes(&recipe(&[SECRET]), &form), "{form}");
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_refused() {
    let good = signature_of(&signed_with(&[SECRET]));
    let bytes = STANDARD.decode(good.strip_prefix("v1,").unwrap()).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!passes(&recipe(&[SECRET]), &format!("v1,{}", STANDARD.encode(flipped))), "bit {bit}");
    }
}

#[test]
fn a_signature_behind_sixteen_others_is_not_reached() {
    let (good, other) = (signature_of(&signed_with(&[SECRET])), signature_of(&signed_with(&[OTHER])));
    let recipe = recipe(&[SECRET]);
    assert!(passes(&recipe, &format!("{}{good}", format!("{other} ").repeat(15))));
    assert!(!passes(&recipe, &format!("{}{good}", format!("{other} ").repeat(16))));
}

#[test]
fn bytes_do_not_move_between_id_timestamp_and_body() {
    let mut parts = signed_with(&[SECRET]);
    parts.headers.insert("webhook-id", "msg_1.1614265330".parse().unwrap());
    assert!(recipe(&[SECRET]).head(&Head::new(&parts, None, std::time::UNIX_EPOCH)).is_err());
}

#[test]
fn a_repeated_header_is_refused_whatever_its_values() {
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut parts = signed_with(&[SECRET]);
        let value = parts.headers[name].clone();
        parts.headers.append(name, value);
        assert!(recipe(&[SECRET]).head(&Head::new(&parts, None, std::time::UNIX_EPOCH)).is_err(), "{name}");
        assert!(recipe(&[SECRET]).prove(&Head::new(&parts, None, std::time::UNIX_EPOCH), BODY).is_err(), "{name}");
    }
}

#[test]
fn an_asymmetric_source_refuses_a_code_made_with_its_public_key() {
    let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    let as_secret = public.replace("whpk_", "whsec_");
    let mut parts = signed_with(&[&as_secret]);
    assert!(recipe(&[public]).head(&Head::new(&parts, None, std::time::UNIX_EPOCH)).is_err());
    let renamed = signature_of(&parts).replace("v1,", "v1a,");
    parts.headers.insert("webhook-signature", renamed.parse().unwrap());
    assert!(recipe(&[public]).head(&Head::new(&parts, None, std::time::UNIX_EPOCH)).is_err());
}

#[test]
fn a_secret_that_is_no_key_is_refused() {
    for secret in ["", "whsec_", "whsec_...", "changeme!", "whpk_", "whpk_AAAA", "whsk_AAAA", "whsec_MfKQ9r8G KYqr"] {
        assert!(StandardKey::parse(secret).is_err(), "{secret:?}");
    }
    assert!(StandardKey::parse(SECRET.strip_prefix("whsec_").unwrap()).is_ok());
}

#[test]
fn a_recipe_shows_its_parts_where_it_shares_a_secret() {
    let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    let parts = signed_with(&[SECRET]);
    let check = |secrets: &[&str], expected: bool| {
        let recipe = recipe(secrets);
        let anatomy = recipe.anatomy(&Head::new(&parts, None, std::time::UNIX_EPOCH));
        assert_eq!(matches!(anatomy.0, Shown::Code { .. }), expected, "{secrets:?}");
    };
    check(&[SECRET], true);
    check(&[public, SECRET], true);
    check(&[public], false);
}

#[test]
fn a_random_secret_is_32_bytes_that_no_other_has() {
    let secret = random_secret().unwrap();
    assert_eq!(STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap().len(), 32);
    assert!(StandardKey::parse(&secret).is_ok());
    assert_ne!(secret, random_secret().unwrap());
}
