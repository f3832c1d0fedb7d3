//! ECDSA over P-256 with SHA-256 (FIPS 186-5).
//!
//! For each signature `(r, s)` there is a second one, `(r, n - s)`, which anyone can compute. Both are accepted: senders
//! make either, since their libraries do not choose the lower half. So a signature identifies nothing, and nothing here
//! takes it for an identity: copies are told by what is signed.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;

/// A public key.
#[derive(Clone)]
pub(crate) struct EcdsaKey(VerifyingKey);

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EcdsaForm {
    /// As ASN.1 DER, in the one way in which DER writes it.
    Der,
    /// As `r` and `s`, 32 bytes each.
    #[cfg_attr(
        not(any(feature = "jwt", feature = "rfc9421")),
        allow(dead_code, reason = "tokens and message signatures alone are written so")
    )]
    Fixed,
}

impl EcdsaKey {
    /// A key from the DER of its SubjectPublicKeyInfo. A key of another curve is none.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, &'static str> {
        VerifyingKey::from_public_key_der(der).map(Self).map_err(|_| "is no public key of the curve P-256")
    }

    /// A key of the coordinates of its point, 32 bytes each; nothing where it is no point of the curve.
    #[cfg(feature = "jwt")]
    pub(crate) fn from_parts(x: &[u8], y: &[u8]) -> Option<Self> {
        let [x, y]: [[u8; 32]; 2] = [x.try_into().ok()?, y.try_into().ok()?];
        VerifyingKey::from_sec1_bytes(&[&[4], &x[..], &y[..]].concat()).ok().map(Self)
    }

    pub(crate) fn verify(&self, form: EcdsaForm, message: &[u8], signature: &[u8]) -> bool {
        let signature = match form {
            EcdsaForm::Der => Signature::from_der(signature),
            EcdsaForm::Fixed => Signature::from_slice(signature),
        };
        signature.is_ok_and(|it| self.0.verify(message, &it).is_ok())
    }
}

/// A private key of the testing kit.
#[cfg(feature = "testing")]
pub(crate) struct EcdsaPrivateKey(p256::ecdsa::SigningKey);

#[cfg(feature = "testing")]
impl EcdsaPrivateKey {
    pub(crate) fn of_bytes(bytes: &[u8; 32]) -> Option<Self> {
        p256::ecdsa::SigningKey::from_slice(bytes).ok().map(Self)
    }

    pub(crate) fn is_of(&self, key: &EcdsaKey) -> bool {
        *self.0.verifying_key() == key.0
    }

    pub(crate) fn public_der(&self) -> Option<Vec<u8>> {
        use p256::pkcs8::EncodePublicKey;
        Some(self.0.verifying_key().to_public_key_der().ok()?.as_bytes().to_vec())
    }

    /// The coordinates of the public point, 32 bytes each.
    #[cfg(feature = "jwt")]
    pub(crate) fn public_parts(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let point = self.0.verifying_key().to_sec1_point(false);
        Some((point.x()?.to_vec(), point.y()?.to_vec()))
    }

    pub(crate) fn sign(&self, form: EcdsaForm, message: &[u8]) -> Vec<u8> {
        use p256::ecdsa::signature::Signer;
        let signature: Signature = self.0.sign(message);
        match form {
            EcdsaForm::Der => signature.to_der().as_bytes().to_vec(),
            EcdsaForm::Fixed => signature.to_bytes().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;
    use p256::pkcs8::EncodePublicKey;

    use super::{EcdsaForm, EcdsaKey, Signature};

    fn keys() -> (SigningKey, EcdsaKey) {
        let private = SigningKey::from_slice(&[7; 32]).unwrap();
        let der = private.verifying_key().to_public_key_der().unwrap();
        (private, EcdsaKey::from_der(der.as_bytes()).unwrap())
    }

    #[test]
    fn both_halves_of_s_are_accepted_and_no_other_message_is() {
        let (private, key) = keys();
        let low: Signature = private.sign(b"message");
        let high = Signature::from_scalars(low.r(), -low.s()).unwrap();
        assert_ne!(low, high);
        for signature in [low, high] {
            assert!(key.verify(EcdsaForm::Der, b"message", signature.to_der().as_bytes()));
            assert!(key.verify(EcdsaForm::Fixed, b"message", &signature.to_bytes()));
            assert!(!key.verify(EcdsaForm::Der, b"massage", signature.to_der().as_bytes()));
            assert!(!key.verify(EcdsaForm::Fixed, b"message", signature.to_der().as_bytes()));
            assert!(!key.verify(EcdsaForm::Der, b"message", &signature.to_bytes()));
        }
    }

    #[test]
    fn a_signature_in_der_has_one_spelling() {
        let (private, key) = keys();
        let signature: Signature = private.sign(b"message");
        let der = signature.to_der().as_bytes().to_vec();
        let mut long_length = der.clone();
        long_length.splice(1..2, [0x81, der[1]]);
        let mut padded = der.clone();
        // One more zero before r.
        padded.splice(2..4, [0x02, der[3] + 1, 0x00]);
        padded[1] += 1;
        let trailing = [&der[..], &[0]].concat();
        for other in [long_length, padded, trailing, Vec::new()] {
            assert!(!key.verify(EcdsaForm::Der, b"message", &other), "{other:02x?}");
        }
    }

    #[test]
    fn zero_proves_nothing() {
        let (_, key) = keys();
        assert!(!key.verify(EcdsaForm::Fixed, b"message", &[0; 64]));
        assert!(!key.verify(EcdsaForm::Der, b"message", &[0x30, 6, 2, 1, 0, 2, 1, 0]));
    }

    #[test]
    fn a_key_of_another_kind_is_no_key() {
        let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        der.extend([7; 32]);
        assert!(EcdsaKey::from_der(&der).is_err());
        assert!(EcdsaKey::from_der(b"").is_err());
    }

    #[cfg(feature = "jwt")]
    #[test]
    fn each_coordinate_of_a_point_has_32_bytes() {
        let point = keys().0.verifying_key().to_sec1_point(false).as_bytes()[1..].to_vec();
        for (length, expected) in [(32, true), (31, false), (33, false), (0, false), (64, false)] {
            let (x, y) = point.split_at(length);
            assert_eq!(EcdsaKey::from_parts(x, y).is_some(), expected, "{length}");
        }
    }
}
