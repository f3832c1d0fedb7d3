//! RSA with PKCS#1 v1.5 padding (RFC 8017): keys of 2048 to 4096 bits, hashed as the scheme says.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PublicKey};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// A public key that verifies.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey(PublicKey);

/// What a signature hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "which of them are used depends on the features")]
pub(crate) enum RsaHash {
    /// For senders that offer nothing better.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

#[allow(dead_code, reason = "which spellings are used depends on the features")]
impl RsaKey {
    /// A key in PEM: `-----BEGIN PUBLIC KEY-----`.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        Self::of(PublicKey::from_public_key_pem(pem.trim()).ok()?)
    }

    /// A key as a certificate holds it, a `SubjectPublicKeyInfo`.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        Self::of(PublicKey::from_public_key_der(der).ok()?)
    }

    /// The bare key inside of that.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        Self::of(PublicKey::from_pkcs1_der(der).ok()?)
    }

    /// A key of its modulus and its exponent, each in the bytes of a big number.
    pub(crate) fn from_parts(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8], most: usize| (bytes.len() <= most).then(|| BoxedUint::from_be_slice_vartime(bytes));
        let (modulus, exponent) = (number(modulus, MOST_BYTES)?, number(exponent, 8)?);
        Self::of(PublicKey::new(modulus, exponent).ok()?)
    }

    fn of(key: PublicKey) -> Option<Self> {
        (LEAST_BYTES..=MOST_BYTES).contains(&key.size()).then_some(Self(key))
    }

    pub(crate) fn verify(&self, hash: RsaHash, message: &[u8], signature: &[u8]) -> bool {
        match hash {
            RsaHash::Sha1 => self.0.pkcs1v15_verify::<Sha1>(message, signature),
            RsaHash::Sha256 => self.0.pkcs1v15_verify::<Sha256>(message, signature),
            RsaHash::Sha384 => self.0.pkcs1v15_verify::<Sha384>(message, signature),
            RsaHash::Sha512 => self.0.pkcs1v15_verify::<Sha512>(message, signature),
        }
        .is_ok()
    }
}

/// A shorter modulus has been out of use since 2013 (NIST SP 800-131A).
const LEAST_BYTES: usize = 2048 / 8;
/// A longer one is no sender's, and slow.
const MOST_BYTES: usize = 4096 / 8;
