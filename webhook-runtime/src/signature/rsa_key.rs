//! RSA signatures (RFC 8017): PKCS#1 v1.5 with SHA-256, and PSS with SHA-512.
//!
//! Which of them it is comes from configuration, so that a key which signs by one padding never verifies by another.

use rsa::pkcs8::DecodePublicKey;
#[cfg(feature = "rfc9421")]
use rsa::pss;
use rsa::sha2::Sha256;
#[cfg(feature = "rfc9421")]
use rsa::sha2::Sha512;
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{PublicKey, pkcs1v15};

/// A public key, which verifies by one padding.
#[derive(Clone)]
pub(crate) struct RsaKey {
    key: PublicKey,
    padding: RsaPadding,
}

/// The padding with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaPadding {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Pkcs1Sha256,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    #[cfg(feature = "rfc9421")]
    PssSha512,
}

impl RsaKey {
    /// A key from the DER of its SubjectPublicKeyInfo.
    pub(crate) fn from_der(der: &[u8], padding: RsaPadding) -> Result<Self, &'static str> {
        let key = PublicKey::from_public_key_der(der).map_err(|_| "is no public RSA key of up to 8,192 bits")?;
        if key.n().bit_width_vartime() < FEWEST_BITS {
            return Err("is an RSA key of fewer than 2,048 bits, which is not safe");
        }
        Ok(Self { key, padding })
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.padding {
            RsaPadding::Pkcs1Sha256 => pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|it| pkcs1v15::VerifyingKey::<Sha256>::new(self.key.clone()).verify(message, &it).is_ok()),
            #[cfg(feature = "rfc9421")]
            RsaPadding::PssSha512 => pss::Signature::try_from(signature)
                .is_ok_and(|it| pss::VerifyingKey::<Sha512>::new(self.key.clone()).verify(message, &it).is_ok()),
        }
    }
}

/// What NIST SP 800-131A still allows.
const FEWEST_BITS: u32 = 2048;
