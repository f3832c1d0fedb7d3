//! Chains and dates, with certificates made for the tests and with PayPal's own.

use std::time::{Duration, SystemTime};

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
    check(pem!("valid"), pem!("issuer"), 4_000_000_000, false);
    // An issuer that the text itself brings along vouches for nothing.
    check(&[pem!("foreign").as_slice(), pem!("stranger")].concat(), pem!("issuer"), NOW, false);
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
    assert!(Chain::from_pem(&pem!("valid").repeat(9)).is_none());
}
