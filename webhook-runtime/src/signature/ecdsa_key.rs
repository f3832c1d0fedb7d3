//! ECDSA on P-256 with SHA-256 (FIPS 186-5).

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// A public key that verifies.
#[derive(Clone, Debug)]
pub(crate) struct EcdsaKey(VerifyingKey);

impl EcdsaKey {
    /// A key of the coordinates of its point, 32 bytes each; nothing where it is no point of the curve.
    pub(crate) fn from_parts(x: &[u8], y: &[u8]) -> Option<Self> {
        if x.len() != 32 || y.len() != 32 {
            return None;
        }
        VerifyingKey::from_sec1_bytes(&[&[4], x, y].concat()).ok().map(Self)
    }

    /// A signature in its two numbers, 32 bytes each.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|it| self.0.verify(message, &it).is_ok())
    }
}
