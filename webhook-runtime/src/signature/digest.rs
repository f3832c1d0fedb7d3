//! SHA-256 (FIPS 180-4), for telling bodies apart.

use sha2::{Digest, Sha256};

/// The digest of these bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
