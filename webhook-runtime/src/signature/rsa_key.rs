//! RSA signatures (RFC 8017): PKCS#1 v1.5, and PSS.
//!
//! Padding and digest come from configuration or from the sender's own scheme, so that a key which signs by one padding
//! never verifies by another.

#[cfg(feature = "jwt")]
use rsa::BoxedUint;
use rsa::PublicKey;
#[cfg(feature = "x509")]
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
#[cfg(feature = "rfc9421")]
use rsa::pss;
#[cfg(feature = "rfc9421")]
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
#[cfg(feature = "x509")]
use sha1::Sha1;
use sha2::Sha256;
#[cfg(feature = "x509")]
use sha2::Sha384;
#[cfg(any(feature = "rfc9421", feature = "x509"))]
use sha2::Sha512;

/// A public key that verifies.
#[derive(Clone)]
pub(crate) struct RsaKey(PublicKey);

/// The padding with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaPadding {
    /// RSASSA-PKCS1-v1_5 with SHA-1, for senders that offer nothing better.
    #[cfg(feature = "x509")]
    Pkcs1Sha1,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Pkcs1Sha256,
    /// The same with SHA-384.
    #[cfg(feature = "x509")]
    Pkcs1Sha384,
    /// The same with SHA-512.
    #[cfg(feature = "x509")]
    Pkcs1Sha512,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    #[cfg(feature = "rfc9421")]
    PssSha512,
}

impl RsaKey {
    /// A key from the DER of its SubjectPublicKeyInfo.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, &'static str> {
        Self::of(PublicKey::from_public_key_der(der).ok())
    }

    /// The bare key inside of that.
    #[cfg(feature = "x509")]
    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, &'static str> {
        Self::of(PublicKey::from_pkcs1_der(der).ok())
    }

    /// A key of its modulus and its exponent, each in the bytes of a big number.
    #[cfg(feature = "jwt")]
    pub(crate) fn from_parts(modulus: &[u8], exponent: &[u8]) -> Result<Self, &'static str> {
        if modulus.len() > MOST_BYTES || exponent.len() > MOST_EXPONENT_BYTES {
            return Err(NO_KEY);
        }
        let [modulus, exponent] = [modulus, exponent].map(BoxedUint::from_be_slice_vartime);
        Self::of(PublicKey::new(modulus, exponent).ok())
    }

    fn of(key: Option<PublicKey>) -> Result<Self, &'static str> {
        let key = key.filter(|it| it.size() <= MOST_BYTES).ok_or(NO_KEY)?;
        if key.n().bit_width_vartime() < FEWEST_BITS {
            return Err("is an RSA key of fewer than 2,048 bits, which is not safe");
        }
        Ok(Self(key))
    }

    pub(crate) fn verify(&self, padding: RsaPadding, message: &[u8], signature: &[u8]) -> bool {
        match padding {
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha1 => self.0.pkcs1v15_verify::<Sha1>(message, signature).is_ok(),
            RsaPadding::Pkcs1Sha256 => self.0.pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha384 => self.0.pkcs1v15_verify::<Sha384>(message, signature).is_ok(),
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha512 => self.0.pkcs1v15_verify::<Sha512>(message, signature).is_ok(),
            #[cfg(feature = "rfc9421")]
            RsaPadding::PssSha512 => pss::Signature::try_from(signature)
                .is_ok_and(|it| pss::VerifyingKey::<Sha512>::new(self.0.clone()).verify(message, &it).is_ok()),
        }
    }
}

/// A private key of the testing kit.
#[cfg(feature = "testing")]
pub(crate) struct RsaPrivateKey(rsa::PrivateKey);

#[cfg(feature = "testing")]
impl RsaPrivateKey {
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        use rsa::pkcs8::DecodePrivateKey;
        rsa::PrivateKey::from_pkcs8_pem(pem).ok().map(Self)
    }

    pub(crate) fn is_of(&self, key: &RsaKey) -> bool {
        self.0.as_public_key() == &key.0
    }

    pub(crate) fn public_der(&self) -> Option<Vec<u8>> {
        use rsa::pkcs8::EncodePublicKey;
        Some(self.0.as_public_key().to_public_key_der().ok()?.as_bytes().to_vec())
    }

    /// Modulus and exponent, each in the bytes of a big number.
    #[cfg(feature = "jwt")]
    pub(crate) fn public_parts(&self) -> (Vec<u8>, Vec<u8>) {
        (self.0.n_bytes().to_vec(), self.0.e_bytes().to_vec())
    }

    pub(crate) fn sign(&self, padding: RsaPadding, message: &[u8]) -> Option<Vec<u8>> {
        match padding {
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha1 => self.0.pkcs1v15_sign::<Sha1>(message).ok(),
            RsaPadding::Pkcs1Sha256 => self.0.pkcs1v15_sign::<Sha256>(message).ok(),
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha384 => self.0.pkcs1v15_sign::<Sha384>(message).ok(),
            #[cfg(feature = "x509")]
            RsaPadding::Pkcs1Sha512 => self.0.pkcs1v15_sign::<Sha512>(message).ok(),
            #[cfg(feature = "rfc9421")]
            RsaPadding::PssSha512 => {
                use rsa::signature::{RandomizedSigner, SignatureEncoding};
                let key = pss::SigningKey::<Sha512>::new(self.0.clone());
                Some(key.sign_with_rng(&mut NoChance, message).to_vec())
            }
        }
    }
}

/// The salt of the testing kit: its signatures are the same in every run.
#[cfg(all(feature = "testing", feature = "rfc9421"))]
struct NoChance;

#[cfg(all(feature = "testing", feature = "rfc9421"))]
impl rsa::rand_core::TryRng for NoChance {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0x5a5a_5a5a)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0x5a5a_5a5a_5a5a_5a5a)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(0x5a);
        Ok(())
    }
}

#[cfg(all(feature = "testing", feature = "rfc9421"))]
impl rsa::rand_core::TryCryptoRng for NoChance {}

const NO_KEY: &str = "is no public RSA key of up to 8,192 bits";
/// What NIST SP 800-131A still allows.
const FEWEST_BITS: u32 = 2048;
/// A longer modulus is no sender's, and slow.
const MOST_BYTES: usize = 8192 / 8;
/// Exponents are small; those of nearly all keys have three bytes.
#[cfg(feature = "jwt")]
const MOST_EXPONENT_BYTES: usize = 8;

#[cfg(all(test, feature = "jwt"))]
mod tests {
    use super::RsaKey;

    fn check(modulus: &[u8], exponent: &[u8], expected: bool) {
        let key = RsaKey::from_parts(modulus, exponent);
        assert_eq!(key.is_ok(), expected, "a modulus of {} bytes, {exponent:?}", modulus.len());
    }

    #[test]
    fn a_key_has_2048_to_8192_bits_and_a_small_exponent() {
        let (modulus, exponent) = ([0xff; 256], [1, 0, 1]);
        check(&modulus, &exponent, true);
        check(&modulus[1..], &exponent, false);
        check(&[&[0x7f], &modulus[1..]].concat(), &exponent, false);
        check(&[0xff; 1024], &exponent, true);
        check(&[0xff; 1025], &exponent, false);
        for exponent in [&[][..], &[0], &[1], &[2], &[0xff; 8]] {
            check(&modulus, exponent, false);
        }
    }

    #[test]
    fn a_number_has_no_more_bytes_than_the_largest_one() {
        let padded = |number: &[u8], length: usize| [&vec![0; length - number.len()], number].concat();
        let (modulus, exponent) = ([0xff; 256], [1, 0, 1]);
        check(&padded(&modulus, 1024), &exponent, true);
        check(&padded(&modulus, 1025), &exponent, false);
        check(&modulus, &padded(&exponent, 8), true);
        check(&modulus, &padded(&exponent, 9), false);
    }
}
