//! Bytes that must never be seen: wiped when dropped, redacted when printed, and not comparable with `==`.

use std::fmt;

use zeroize::Zeroizing;

/// Secret bytes. `Debug` prints `[REDACTED]`; there is no `Display`, no `PartialEq` and no `Serialize`.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes themselves, for a key schedule and for nothing else.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_prints_as_redacted() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "[REDACTED]");
    }
}
