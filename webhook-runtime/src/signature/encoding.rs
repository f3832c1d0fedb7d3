//! How the bytes of a signature are written: in lower-case hex, or in padded base64 of the standard alphabet. Nothing
//! else is read, so that one signature has one spelling.

use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::ids::hex;
use crate::signature::hash::MOST_CODE_BYTES;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Hex,
    Base64,
}

/// The bytes of a signature, of any length up to the longest code's.
#[derive(Clone, Copy)]
pub(crate) struct Claim {
    bytes: [u8; MOST_CODE_BYTES],
    length: usize,
}

impl Claim {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Encoding {
    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex(bytes),
            Self::Base64 => STANDARD.encode(bytes),
        }
    }

    /// The same for signatures by public keys, which are as long as their key.
    pub(crate) fn decode_long(self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = vec![0; text.len()];
        let length = match self {
            _ if text.len() > MOST_SIGNATURE_CHARS => return None,
            Self::Hex => decode_hex(text, &mut bytes)?,
            Self::Base64 => STANDARD.decode_slice(text, &mut bytes).ok()?,
        };
        bytes.truncate(length);
        (length > 0).then_some(bytes)
    }

    /// Nothing for another alphabet, another case, missing padding, or more than any code has.
    pub(crate) fn decode(self, text: &str) -> Option<Claim> {
        let mut bytes = [0; MOST_CODE_BYTES];
        let length = match self {
            Self::Hex => decode_hex(text, &mut bytes)?,
            Self::Base64 => STANDARD.decode_slice(text, &mut bytes).ok()?,
        };
        (length > 0).then_some(Claim { bytes, length })
    }
}

/// A time of RFC 3339 in UTC, in seconds since the Unix epoch.
pub(crate) fn rfc3339(text: &str) -> Option<i64> {
    let since = humantime::parse_rfc3339(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The hex of a signature by the longest key, one of RSA with 8,192 bits.
const MOST_SIGNATURE_CHARS: usize = 2048;

fn decode_hex(text: &str, bytes: &mut [u8]) -> Option<usize> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if !odd.is_empty() || pairs.len() > bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? * 16 + digit(*low)?;
    }
    Some(pairs.len())
}

fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding;

    #[test]
    fn what_is_encoded_decodes_and_nothing_else_does() {
        let bytes = [0x00, 0x1f, 0xfe, 0xff];
        for encoding in [Encoding::Hex, Encoding::Base64] {
            assert_eq!(encoding.decode(&encoding.encode(&bytes)).unwrap().bytes(), bytes);
            let long = vec![0xa5; 1024];
            assert_eq!(encoding.decode_long(&encoding.encode(&long)).unwrap(), long);
            assert!(encoding.decode_long(&encoding.encode(&[0; 2048])).is_none());
        }
        for text in ["", "001FFEFF", "001ffef", "001ffefg", " 001ffeff", &"0".repeat(130)] {
            assert!(Encoding::Hex.decode(text).is_none(), "{text}");
            assert!(text.len() == 130 || Encoding::Hex.decode_long(text).is_none(), "{text}");
        }
        for text in ["", "AB/+/w=", "AB/+/w", "AB_-_w==", "AB/+/x==", " AB/+/w=="] {
            assert!(Encoding::Base64.decode(text).is_none(), "{text}");
            assert!(Encoding::Base64.decode_long(text).is_none(), "{text}");
        }
    }
}
