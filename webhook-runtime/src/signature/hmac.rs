//! HMAC-SHA256 (RFC 2104, FIPS 180-4), keyed once a secret and cloned for each delivery.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::base::secret::Secret;

/// A secret whose key schedule is done.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

/// An HMAC-SHA256, always whole: a shorter one never compares as equal.
pub(crate) struct Code([u8; CODE_BYTES]);

/// The length of an HMAC-SHA256 in bytes.
pub(crate) const CODE_BYTES: usize = 32;

impl HmacKey {
    /// Nothing for an empty secret, which anyone could sign with.
    pub(crate) fn new(secret: &Secret) -> Option<Self> {
        if secret.expose().is_empty() {
            return None;
        }
        Hmac::new_from_slice(secret.expose()).ok().map(Self)
    }

    /// The code of these parts, joined.
    pub(crate) fn code(&self, parts: &[&[u8]]) -> Code {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        Code(mac.finalize().into_bytes().into())
    }
}

impl Code {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Compares in constant time. The length of what a sender claims is no secret.
    pub(crate) fn equals(&self, claimed: &[u8]) -> bool {
        self.0.ct_eq(claimed).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, HmacKey};
    use crate::base::ids::hex;
    use crate::base::secret::Secret;

    fn code(key: &[u8], parts: &[&[u8]]) -> Code {
        HmacKey::new(&Secret::new(key)).unwrap().code(parts)
    }

    /// RFC 4231, test cases 1, 2 and 6.
    #[test]
    fn codes_are_those_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, data, expected) in cases {
            assert_eq!(hex(code(key, &[data]).bytes()), expected);
            let (front, back) = data.split_at(3);
            assert_eq!(hex(code(key, &[front, back]).bytes()), expected, "in two parts");
        }
    }

    #[test]
    fn no_prefix_of_a_code_is_equal_to_it() {
        let code = code(b"key", &[b"data"]);
        let whole = code.bytes().to_vec();
        assert!(code.equals(&whole));
        for length in 0..whole.len() {
            assert!(!code.equals(&whole[..length]), "{length}");
        }
        let mut longer = whole;
        longer.push(0);
        assert!(!code.equals(&longer));
    }

    #[test]
    fn an_empty_secret_is_no_key() {
        assert!(HmacKey::new(&Secret::new("")).is_none());
    }
}
