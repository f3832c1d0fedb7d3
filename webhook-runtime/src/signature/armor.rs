//! Public keys as providers show them: PEM, the base64 of DER, or hex. What is read here is configuration.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The DER of a `PUBLIC KEY` in PEM (RFC 7468), or of its bare base64. Line breaks and spaces count for nothing.
pub(crate) fn der(text: &str) -> Result<Vec<u8>, &'static str> {
    let text = text.trim();
    let encoded = match text.strip_prefix(BEGIN) {
        Some(rest) => rest.strip_suffix(END).ok_or("is no PEM of a public key: its last line is missing")?,
        None if text.starts_with("-----BEGIN") => return Err("is PEM of something else than a `PUBLIC KEY`"),
        None => text,
    };
    let encoded: String = encoded.split_ascii_whitespace().collect();
    match STANDARD.decode(encoded) {
        Ok(der) if der.is_empty() => Err("is empty"),
        Ok(der) => Ok(der),
        Err(_) => Err("is neither PEM nor base64 of a public key"),
    }
}

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

#[cfg(test)]
mod tests {
    use super::der;

    #[test]
    fn a_key_is_read_from_pem_or_from_its_base64_and_from_nothing_else() {
        for text in [
            "AQID",
            " AQ\nID ",
            "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\r\nAQ\r\nID\r\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(der(text), Ok(vec![1, 2, 3]), "{text:?}");
        }
        for text in [
            "",
            "AQI",
            "AQ_D",
            "-----BEGIN PUBLIC KEY-----\nAQID",
            "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----",
        ] {
            assert!(der(text).is_err(), "{text:?}");
        }
    }
}
