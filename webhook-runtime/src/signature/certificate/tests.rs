//! Chains and dates, with certificates made for the tests and with PayPal's own.

use std::time::{Duration, SystemTime};

use x509_cert::Certificate;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Decode, Encode, EncodePem};

use super::{Anchors, Chain};

const NOW: u64 = 1_800_000_000;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

macro_rules! pem {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/keys/", $name, ".pem"))
    };
}

fn check(pem: &[u8], anchor: &[u8], now: u64, trusted: bool) {
    let mut anchors = Anchors::public();
    anchors.add(anchor).unwrap();
    assert_eq!(Chain::from_pem(pem).unwrap().is_trusted_by(&anchors, at(now)), trusted);
}

#[test]
fn a_chain_leads_to_its_own_issuer_and_to_no_other() {
    check(pem!("valid"), pem!("issuer"), NOW, true);
    check(pem!("valid"), pem!("stranger"), NOW, false);
    check(pem!("foreign"), pem!("issuer"), NOW, false);
    // Another key under the name of the issuer.
    check(pem!("forged"), pem!("issuer"), NOW, false);
    check(pem!("valid"), pem!("issuer"), 4_000_000_000, false);
    // An issuer that the text itself brings along vouches for nothing.
    check(&[pem!("foreign").as_slice(), pem!("stranger")].concat(), pem!("issuer"), NOW, false);
}

#[test]
fn the_public_roots_vouch_for_a_chain_of_the_web() {
    let check = |pem: &[u8], now: u64, trusted: bool| {
        assert_eq!(Chain::from_pem(pem).unwrap().is_trusted_by(&Anchors::public(), at(now)), trusted);
    };
    check(pem!("public-chain"), 1_700_000_000, true);
    check(pem!("public-chain"), NOW, false);
    check(pem!("valid"), NOW, false);
}

#[test]
fn a_certificate_that_is_itself_trusted_needs_no_issuer() {
    check(pem!("foreign"), pem!("foreign"), NOW, true);
}

#[test]
fn a_certificate_is_valid_between_its_dates() {
    let chain = Chain::from_pem(pem!("valid")).unwrap();
    assert!(chain.is_valid_at(at(NOW)));
    assert!(!chain.is_valid_at(at(4_000_000_000)));
    assert!(!chain.is_valid_at(at(1_700_000_000)));
    assert_eq!(chain.common_name(), Some("messageverificationcerts.paypal.com"));
}

#[test]
fn a_common_name_is_read_in_each_kind_of_text_that_holds_it() {
    let leaf = Chain::from_pem(pem!("valid")).unwrap().leaf.to_der().unwrap();
    let name = "messageverificationcerts.paypal.com";
    let place = leaf.windows(name.len()).position(|it| it == name.as_bytes()).unwrap();
    let check = |tag: u8, expected: Option<&str>| {
        let mut leaf = leaf.clone();
        // Before a text stand its kind and its length.
        leaf[place - 2] = tag;
        let pem = Certificate::from_der(&leaf).unwrap().to_pem(LineEnding::LF).unwrap();
        assert_eq!(Chain::from_pem(pem.as_bytes()).unwrap().common_name(), expected, "{tag:#x}");
    };
    check(0x0c, Some(name));
    check(0x13, Some(name));
    check(0x14, Some(name));
    // Of ASCII for mail addresses, and of bits.
    check(0x16, None);
    check(0x03, None);
}

#[test]
fn the_issuer_that_is_shipped_vouches_for_certificates_of_paypal() {
    let records = include_bytes!("../../../../tests/vectors/paypal.json");
    let records = crate::format::json::parse(records).unwrap();
    let mut anchors = Anchors::public();
    anchors.add(include_bytes!("../../providers/paypal_issuer.pem")).unwrap();
    for case in ["sandbox-2015", "live-simulator-2025"] {
        let record = records.as_array().unwrap().iter().find(|it| it["case"] == case).unwrap();
        let chain = Chain::from_pem(record["certificate_pem"].as_str().unwrap().as_bytes()).unwrap();
        let now = at(record["now"].as_u64().unwrap());
        assert!(chain.is_valid_at(now) && chain.is_trusted_by(&anchors, now), "{case}");
        assert!(!chain.is_trusted_by(&Anchors::public(), now), "{case}");
    }
}

#[test]
fn what_is_no_certificate_is_none() {
    for text in [&b""[..], b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Chain::from_pem(text).is_none());
    }
    assert!(Chain::from_pem(&pem!("valid").repeat(8)).is_some());
    assert!(Chain::from_pem(&pem!("valid").repeat(9)).is_none());
}
