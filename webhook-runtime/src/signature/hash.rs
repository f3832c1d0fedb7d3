//! Codes over bytes under a secret: HMAC (RFC 2104) with the hashes of FIPS 180-4, keyed once a secret and cloned for
//! each delivery; and the plain hash of secret and text that one provider still uses.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::base::secret::Secret;

/// How a code is computed. Chosen by configuration, never by a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    HmacSha1,
    HmacSha256,
    HmacSha384,
    HmacSha512,
    /// SHA-256 over the secret and the text: not an HMAC.
    SecretThenSha256,
}

/// A secret whose key schedule is done.
#[derive(Clone)]
pub(crate) enum HashKey {
    HmacSha1(Hmac<Sha1>),
    HmacSha256(Hmac<Sha256>),
    HmacSha384(Box<Hmac<Sha384>>),
    HmacSha512(Box<Hmac<Sha512>>),
    SecretThenSha256(Secret),
}

/// A code, always whole: a shorter one never compares as equal.
pub(crate) struct Code {
    bytes: [u8; MOST_CODE_BYTES],
    length: usize,
}

impl HashKey {
    /// Nothing for an empty secret, which anyone could sign with.
    pub(crate) fn new(algorithm: Algorithm, secret: &Secret) -> Option<Self> {
        let bytes = secret.expose();
        if bytes.is_empty() {
            return None;
        }
        Some(match algorithm {
            Algorithm::HmacSha1 => Self::HmacSha1(Hmac::new_from_slice(bytes).ok()?),
            Algorithm::HmacSha256 => Self::HmacSha256(Hmac::new_from_slice(bytes).ok()?),
            Algorithm::HmacSha384 => Self::HmacSha384(Box::new(Hmac::new_from_slice(bytes).ok()?)),
            Algorithm::HmacSha512 => Self::HmacSha512(Box::new(Hmac::new_from_slice(bytes).ok()?)),
            Algorithm::SecretThenSha256 => Self::SecretThenSha256(secret.clone()),
        })
    }

    /// The code of these pieces, joined.
    pub(crate) fn code(&self, pieces: &[&[u8]]) -> Code {
        match self {
            Self::HmacSha1(key) => finish(key.clone(), pieces),
            Self::HmacSha256(key) => finish(key.clone(), pieces),
            Self::HmacSha384(key) => finish((**key).clone(), pieces),
            Self::HmacSha512(key) => finish((**key).clone(), pieces),
            Self::SecretThenSha256(secret) => {
                let mut hash = Sha256::new_with_prefix(secret.expose());
                pieces.iter().for_each(|piece| hash.update(piece));
                Code::of(&hash.finalize())
            }
        }
    }
}

fn finish(mut mac: impl Mac, pieces: &[&[u8]]) -> Code {
    pieces.iter().for_each(|piece| mac.update(piece));
    Code::of(&mac.finalize().into_bytes())
}

impl Code {
    fn of(code: &[u8]) -> Self {
        let mut bytes = [0; MOST_CODE_BYTES];
        let length = code.len().min(MOST_CODE_BYTES);
        if let (Some(to), Some(from)) = (bytes.get_mut(..length), code.get(..length)) {
            to.copy_from_slice(from);
        }
        Self { bytes, length }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Compares in constant time. The length of what a sender claims is no secret.
    pub(crate) fn equals(&self, claimed: &[u8]) -> bool {
        if self.length != claimed.len() {
            return false;
        }
        // Eight bytes at a time: of a slice each item is compared by itself.
        let ((ours, our_rest), (theirs, their_rest)) = (self.bytes().as_chunks::<8>(), claimed.as_chunks::<8>());
        let words =
            ours.iter().zip(theirs).map(|(one, other)| u64::from_ne_bytes(*one).ct_eq(&u64::from_ne_bytes(*other)));
        words.fold(our_rest.ct_eq(their_rest), |all, word| all & word).into()
    }

    /// Is the claim the first bytes of the code, and not the whole? In constant time too. It proves nothing to a
    /// verifier, and tells an owner that a signature was cut.
    pub(crate) fn is_cut_to(&self, claimed: &[u8]) -> bool {
        match self.bytes().split_at_checked(claimed.len()) {
            Some((front, rest)) if !rest.is_empty() => front.ct_eq(claimed).into(),
            _ => false,
        }
    }
}

/// The longest code, that of SHA-512.
pub(crate) const MOST_CODE_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::{Algorithm, Code, HashKey};
    use crate::base::ids::hex;
    use crate::base::secret::Secret;

    fn code(algorithm: Algorithm, key: &[u8], pieces: &[&[u8]]) -> Code {
        HashKey::new(algorithm, &Secret::new(key)).unwrap().code(pieces)
    }

    fn check(algorithm: Algorithm, key: &[u8], data: &[u8], expected: &str) {
        assert_eq!(hex(code(algorithm, key, &[data]).bytes()), expected);
        let (front, back) = data.split_at(3);
        assert_eq!(hex(code(algorithm, key, &[front, back]).bytes()), expected, "in two pieces");
    }

    /// RFC 2202 for SHA-1 and RFC 4231 for the others: test cases 1, 2 and 6.
    #[test]
    fn codes_are_those_of_the_rfcs() {
        use Algorithm::{HmacSha1, HmacSha256, HmacSha384, HmacSha512};
        let question = b"what do ya want for nothing?";
        check(HmacSha1, &[0x0b; 20], b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00");
        check(HmacSha1, b"Jefe", question, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        check(HmacSha256, &[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        check(HmacSha256, b"Jefe", question, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        check(
            HmacSha256,
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
        check(
            HmacSha384,
            b"Jefe",
            question,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        );
        check(
            HmacSha512,
            b"Jefe",
            question,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        );
    }

    /// FIPS 180-4's `abc`, split between secret and text.
    #[test]
    fn the_plain_hash_begins_with_the_secret() {
        check(
            Algorithm::SecretThenSha256,
            b"a",
            b"bcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        );
    }

    #[test]
    fn nothing_but_the_whole_code_is_equal_to_it() {
        for algorithm in [Algorithm::HmacSha1, Algorithm::HmacSha256, Algorithm::HmacSha512] {
            let code = code(algorithm, b"key", &[b"data"]);
            let whole = code.bytes().to_vec();
            assert!(code.equals(&whole));
            for length in 0..whole.len() {
                assert!(!code.equals(&whole[..length]), "{length}");
                assert!(code.is_cut_to(&whole[..length]), "{length}");
            }
            for index in 0..whole.len() {
                let mut other = whole.clone();
                other[index] ^= 0x10;
                assert!(!code.equals(&other), "{index}");
            }
            let mut longer = whole;
            assert!(!code.is_cut_to(&longer), "a whole code is not cut");
            assert!(!code.is_cut_to(&longer[1..]));
            longer.push(0);
            assert!(!code.equals(&longer));
        }
    }

    #[test]
    fn an_empty_secret_is_no_key() {
        assert!(HashKey::new(Algorithm::HmacSha256, &Secret::new("")).is_none());
        assert!(HashKey::new(Algorithm::SecretThenSha256, &Secret::new("")).is_none());
    }
}
