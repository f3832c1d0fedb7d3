//! The keys of the testing kit, in place of those that only a sender has. Everyone knows them: they prove nothing outside
//! of a test, and no source has them but those of a [`TestApp`](crate::testing::TestApp).
//!
//! `rsa.pem` was made by `openssl genpkey`, and `certificate.pem` of it by `openssl ca -selfsign`, for the name that
//! PayPal's certificates have.
//!
//! Verification knows nothing of them. A recipe whose public key is one of these can sign, as its sender does.

use std::sync::LazyLock;

#[cfg(any(feature = "ecdsa", feature = "rsa", feature = "rfc9421"))]
use base64::Engine;
#[cfg(any(feature = "ecdsa", feature = "rsa", feature = "rfc9421"))]
use base64::engine::general_purpose::STANDARD;

use crate::base::ids::hex;
use crate::base::secret::Secret;
#[cfg(feature = "ecdsa")]
use crate::signature::ecdsa::EcdsaPrivateKey;
use crate::signature::ed25519::Ed25519Key;
use crate::signature::public_key::PublicKey;
#[cfg(feature = "rsa")]
use crate::signature::rsa_key::RsaPrivateKey;

/// Secrets and public keys in every spelling that a scheme may want: each scheme takes one of them.
pub(crate) fn secrets() -> Vec<String> {
    let ed25519 = ED25519.iter().map(|key| hex(&key.public_bytes()));
    let symmetric = std::iter::once(SECRET.to_owned());
    let secrets = symmetric.chain(ed25519);
    #[cfg(feature = "rfc9421")]
    let secrets = secrets.chain(ED25519.iter().map(|key| STANDARD.encode(key.public_der())));
    #[cfg(feature = "ecdsa")]
    let secrets = secrets.chain(ECDSA.iter().filter_map(|key| Some(STANDARD.encode(key.public_der()?))));
    #[cfg(feature = "rsa")]
    let secrets = secrets.chain(RSA.iter().filter_map(|key| Some(STANDARD.encode(key.public_der()?))));
    secrets.collect()
}

/// The signature that belongs to a public key of these.
pub(crate) fn sign(key: &PublicKey, message: &[u8]) -> Option<Vec<u8>> {
    match key {
        PublicKey::Ed25519(key) => {
            let own = ED25519.as_ref().filter(|own| own.public_bytes() == key.public_bytes())?;
            own.sign(message).map(Vec::from)
        }
        #[cfg(feature = "ecdsa")]
        PublicKey::Ecdsa(key, form) => ECDSA.as_ref().filter(|own| own.is_of(key)).map(|own| own.sign(*form, message)),
        #[cfg(feature = "rsa")]
        PublicKey::Rsa(key, padding) => RSA.as_ref().filter(|own| own.is_of(key))?.sign(*padding, message),
    }
}

/// The secret of schemes that share one.
pub(crate) const SECRET: &str = "whsec_c3RhbmQtaW4tb2YtdGhlLXRlc3Rpbmcta2l0LTAwMDE=";

/// What the private keys of curves are made of.
const SEED: &[u8; 32] = b"stand-in key of the testing kit!";

static ED25519: LazyLock<Option<Ed25519Key>> = LazyLock::new(|| Ed25519Key::private(&Secret::new(*SEED)));

#[cfg(feature = "ecdsa")]
pub(crate) static ECDSA: LazyLock<Option<EcdsaPrivateKey>> = LazyLock::new(|| EcdsaPrivateKey::of_bytes(SEED));

#[cfg(feature = "rsa")]
pub(crate) static RSA: LazyLock<Option<RsaPrivateKey>> =
    LazyLock::new(|| RsaPrivateKey::from_pem(include_str!("rsa.pem")));

/// A certificate of the RSA key, which vouches for itself from the year 2000 to 2099.
#[cfg(feature = "x509")]
pub(crate) const CERTIFICATE: &str = include_str!("certificate.pem");

#[cfg(test)]
mod tests {
    use super::{PublicKey, secrets, sign};

    /// Is there a secret that is such a key, and does its private half sign?
    fn check(read: impl Fn(&str) -> Result<PublicKey, &'static str>) {
        let keys: Vec<PublicKey> = secrets().iter().filter_map(|it| read(it).ok()).collect();
        let [key] = &*keys else { panic!("{} keys", keys.len()) };
        let signature = sign(key, b"message").unwrap();
        assert!(key.verify(b"message", &signature));
        assert!(!key.verify(b"massage", &signature));
    }

    #[test]
    fn each_public_key_of_the_kit_has_its_private_half() {
        check(PublicKey::ed25519_hex);
        #[cfg(feature = "rfc9421")]
        check(PublicKey::ed25519);
        #[cfg(feature = "ecdsa")]
        for form in [crate::signature::ecdsa::EcdsaForm::Der, crate::signature::ecdsa::EcdsaForm::Fixed] {
            check(|text| PublicKey::ecdsa(text, form));
        }
        #[cfg(feature = "rsa")]
        check(|text| PublicKey::rsa(text, crate::signature::rsa_key::RsaPadding::Pkcs1Sha256));
        #[cfg(all(feature = "rsa", feature = "rfc9421"))]
        check(|text| PublicKey::rsa(text, crate::signature::rsa_key::RsaPadding::PssSha512));
    }
}
