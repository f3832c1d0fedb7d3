//! Ed25519 (RFC 8032), verified strictly: small-order points and non-canonical encodings are refused, so that no
//! signature passes under two keys and no key passes every signature.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::base::secret::Secret;

/// A public key that verifies, with the private half where it is known.
#[derive(Clone)]
pub(crate) struct Ed25519Key {
    public: VerifyingKey,
    private: Option<SigningKey>,
}

impl Ed25519Key {
    /// A public key of 32 bytes; nothing where they are no point, or one of small order.
    pub(crate) fn public(bytes: &[u8]) -> Option<Self> {
        let public = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!public.is_weak()).then_some(Self { public, private: None })
    }

    /// A private key: the seed of 32 bytes, with the public key behind it or without.
    pub(crate) fn private(secret: &Secret) -> Option<Self> {
        let (seed, public) = secret.expose().split_at_checked(32)?;
        let private = SigningKey::from_bytes(seed.try_into().ok()?);
        let matches = public.is_empty() || public == private.verifying_key().as_bytes();
        matches.then(|| Self { public: private.verifying_key(), private: Some(private) })
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|it| self.public.verify_strict(message, &it).is_ok())
    }

    /// The public half.
    #[cfg(feature = "testing")]
    pub(crate) fn public_bytes(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// The public half as a SubjectPublicKeyInfo (RFC 8410).
    #[cfg(all(feature = "testing", feature = "rfc9421"))]
    pub(crate) fn public_der(&self) -> Vec<u8> {
        [ED25519_HEAD, self.public.as_bytes()].concat()
    }

    /// The signature, where the private half is known.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        self.private.as_ref().map(|key| key.sign(message).to_bytes())
    }
}

/// What stands before the key in its DER, the same for every key: the algorithm has no parameters (RFC 8410, section 4).
#[cfg(feature = "rfc9421")]
pub(crate) const ED25519_HEAD: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

#[cfg(test)]
mod tests {
    use super::Ed25519Key;
    use crate::base::secret::Secret;

    #[test]
    fn what_the_private_half_signs_the_public_half_verifies() {
        let key = Ed25519Key::private(&Secret::new([7; 32])).unwrap();
        let signature = key.sign(b"message").unwrap();
        let public = Ed25519Key::public(key.public.as_bytes()).unwrap();
        assert!(public.verify(b"message", &signature));
        assert!(!public.verify(b"massage", &signature));
        assert!(!public.verify(b"message", &signature[..63]));
        assert!(public.sign(b"message").is_none());
    }

    #[test]
    fn a_point_of_small_order_is_no_key() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert!(Ed25519Key::public(&neutral).is_none());
        assert!(Ed25519Key::public(&[0; 32]).is_none());
        assert!(Ed25519Key::public(&[1; 31]).is_none());
    }

    #[test]
    fn a_private_key_with_a_foreign_public_half_is_no_key() {
        let mut pair = [7; 64];
        assert!(Ed25519Key::private(&Secret::new(pair)).is_none());
        let key = Ed25519Key::private(&Secret::new([7; 32])).unwrap();
        pair[32..].copy_from_slice(key.public.as_bytes());
        assert!(Ed25519Key::private(&Secret::new(pair)).is_some());
    }
}
