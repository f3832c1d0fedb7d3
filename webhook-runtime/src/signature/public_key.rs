//! Public keys of every algorithm that this build knows, behind one name: they verify, and do not sign.

#[cfg(any(feature = "ecdsa", feature = "rsa", feature = "rfc9421"))]
use crate::signature::armor;
#[cfg(feature = "ecdsa")]
use crate::signature::ecdsa::{EcdsaForm, EcdsaKey};
#[cfg(feature = "rfc9421")]
use crate::signature::ed25519::ED25519_HEAD;
use crate::signature::ed25519::Ed25519Key;
use crate::signature::encoding::Encoding;
#[cfg(feature = "rsa")]
use crate::signature::rsa_key::{RsaKey, RsaPadding};

/// A public key with the algorithm that it verifies by. The algorithm comes from configuration alone.
#[derive(Clone)]
pub(crate) enum PublicKey {
    Ed25519(Box<Ed25519Key>),
    #[cfg(feature = "ecdsa")]
    Ecdsa(Box<EcdsaKey>, EcdsaForm),
    #[cfg(feature = "rsa")]
    Rsa(Box<RsaKey>, RsaPadding),
}

impl PublicKey {
    /// An Ed25519 key in hex.
    pub(crate) fn ed25519_hex(text: &str) -> Result<Self, &'static str> {
        const PROBLEM: &str = "is no Ed25519 public key in hex (64 digits)";
        let bytes = Encoding::Hex.decode(&text.trim().to_ascii_lowercase()).ok_or(PROBLEM)?;
        Ed25519Key::public(bytes.bytes()).map(|key| Self::Ed25519(Box::new(key))).ok_or(PROBLEM)
    }

    /// An Ed25519 key in PEM or as the base64 of its DER.
    #[cfg(feature = "rfc9421")]
    pub(crate) fn ed25519(text: &str) -> Result<Self, &'static str> {
        const PROBLEM: &str = "is no Ed25519 public key";
        let der = armor::der(text)?;
        let bytes = der.strip_prefix(ED25519_HEAD).ok_or(PROBLEM)?;
        Ed25519Key::public(bytes).map(|key| Self::Ed25519(Box::new(key))).ok_or(PROBLEM)
    }

    /// A P-256 key in PEM or as the base64 of its DER.
    #[cfg(feature = "ecdsa")]
    pub(crate) fn ecdsa(text: &str, form: EcdsaForm) -> Result<Self, &'static str> {
        EcdsaKey::from_der(&armor::der(text)?).map(|key| Self::Ecdsa(Box::new(key), form))
    }

    /// An RSA key in PEM or as the base64 of its DER.
    #[cfg(feature = "rsa")]
    pub(crate) fn rsa(text: &str, padding: RsaPadding) -> Result<Self, &'static str> {
        RsaKey::from_der(&armor::der(text)?).map(|key| Self::Rsa(Box::new(key), padding))
    }

    /// Nothing, for want of the private half: only the testing kit has some, of keys of its own.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        #[cfg(feature = "testing")]
        return crate::signature::stand_in::sign(self, message);
        #[cfg(not(feature = "testing"))]
        {
            let _ = message;
            None
        }
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => key.verify(message, signature),
            #[cfg(feature = "ecdsa")]
            Self::Ecdsa(key, form) => key.verify(*form, message, signature),
            #[cfg(feature = "rsa")]
            Self::Rsa(key, padding) => key.verify(*padding, message, signature),
        }
    }
}
