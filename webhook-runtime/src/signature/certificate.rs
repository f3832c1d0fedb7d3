//! Certificates (RFC 5280): a key, the days on which it counts, its subject, and who vouches for it.
//!
//! 1. **Accepted** is the first certificate of a PEM text, on a day on which it is valid, for a subject that the
//!    recipe names, when it is itself among the anchors or a chain leads from it to one of them.
//! 2. **Refused** is a chain over any signature but RSA with SHA-2, and a certificate that is not for servers.
//! 3. **Trap**: nothing is asked about revocation. A fetched certificate comes from its owner's own host at most a day
//!    before it is used.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
    alg_id,
};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::der::asn1::{PrintableStringRef, TeletexStringRef, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Encode, Tag, Tagged};

use crate::signature::rsa_key::{RsaKey, RsaPadding};

/// A certificate and what stands behind it in its text.
pub(crate) struct Chain {
    leaf: Certificate,
    /// The certificate and its issuers, as bytes.
    list: Vec<Vec<u8>>,
}

impl Chain {
    /// Reads a PEM text of one to eight certificates.
    pub(crate) fn from_pem(text: &[u8]) -> Option<Self> {
        let list = Certificate::load_pem_chain(text).ok()?;
        if list.len() > MOST_CERTIFICATES {
            return None;
        }
        let bytes = list.iter().map(|it| it.to_der().ok()).collect::<Option<_>>()?;
        Some(Self { leaf: list.into_iter().next()?, list: bytes })
    }

    /// Is this moment between its two dates, both of them included?
    pub(crate) fn is_valid_at(&self, now: SystemTime) -> bool {
        let validity = self.leaf.tbs_certificate().validity();
        let Ok(now) = now.duration_since(UNIX_EPOCH) else { return false };
        // Certificates count in whole seconds.
        let now = Duration::from_secs(now.as_secs());
        (validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration()).contains(&now)
    }

    /// Its subject's common name; nothing where it has two.
    pub(crate) fn common_name(&self) -> Option<&str> {
        let mut names = self.leaf.tbs_certificate().subject().iter().filter(|it| it.oid == COMMON_NAME);
        let (name, None) = (names.next()?, names.next()) else { return None };
        match name.value.tag() {
            Tag::Utf8String => Some(name.value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str()),
            Tag::PrintableString => Some(name.value.decode_as::<PrintableStringRef<'_>>().ok()?.as_str()),
            Tag::TeletexString => Some(name.value.decode_as::<TeletexStringRef<'_>>().ok()?.as_str()),
            _ => None,
        }
    }

    pub(crate) fn key(&self) -> Result<RsaKey, &'static str> {
        let key = self.leaf.tbs_certificate().subject_public_key_info().to_der();
        RsaKey::from_der(&key.map_err(|_| "is no key of a certificate")?)
    }

    /// Does one of these anchors vouch for it?
    pub(crate) fn is_trusted_by(&self, anchors: &Anchors, now: SystemTime) -> bool {
        let Some((leaf, issuers)) = self.list.split_first() else { return false };
        if anchors.certificates.iter().any(|it| it == leaf) {
            return true;
        }
        let leaf = CertificateDer::from(leaf.as_slice());
        let issuers: Vec<_> = issuers.iter().map(|it| CertificateDer::from(it.as_slice())).collect();
        let own: Vec<_> = anchors.certificates.iter().map(|it| CertificateDer::from(it.as_slice())).collect();
        let mut trusted: Vec<TrustAnchor<'_>> = own.iter().filter_map(|it| anchor_from_trusted_cert(it).ok()).collect();
        trusted.extend_from_slice(anchors.roots);
        let Ok(since) = now.duration_since(UNIX_EPOCH) else { return false };
        EndEntityCert::try_from(&leaf).is_ok_and(|it| {
            let now = UnixTime::since_unix_epoch(since);
            it.verify_for_usage(&ALGORITHMS, &trusted, &issuers, now, KeyUsage::server_auth(), None, None).is_ok()
        })
    }
}

/// Who is believed when it vouches for a certificate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchors {
    /// Each in DER. A chain ends at one of them, whoever has signed that.
    certificates: Vec<Vec<u8>>,
    roots: &'static [TrustAnchor<'static>],
}

impl Anchors {
    /// The roots that Mozilla trusts.
    pub(crate) fn public() -> Self {
        Self { certificates: Vec::new(), roots: webpki_roots::TLS_SERVER_ROOTS }
    }

    /// Adds the certificates of a PEM text, of which there is at least one.
    pub(crate) fn add(&mut self, pem: &[u8]) -> Option<()> {
        let list = Certificate::load_pem_chain(pem).ok().filter(|it| !it.is_empty())?;
        for certificate in list {
            self.certificates.push(certificate.to_der().ok()?);
        }
        Some(())
    }
}

/// The algorithms of RustCrypto, for the chains of webpki.
#[derive(Debug)]
struct Rsa {
    padding: RsaPadding,
    id: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = RsaKey::from_pkcs1(key).map_err(|_| InvalidSignature)?;
        if key.verify(self.padding, message, signature) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.id
    }
}

static ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 3] = [
    &Rsa { padding: RsaPadding::Pkcs1Sha256, id: alg_id::RSA_PKCS1_SHA256 },
    &Rsa { padding: RsaPadding::Pkcs1Sha384, id: alg_id::RSA_PKCS1_SHA384 },
    &Rsa { padding: RsaPadding::Pkcs1Sha512, id: alg_id::RSA_PKCS1_SHA512 },
];

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// A chain of the public web has three.
const MOST_CERTIFICATES: usize = 8;

#[cfg(test)]
mod tests;
