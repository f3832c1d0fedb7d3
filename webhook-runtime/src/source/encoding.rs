//! Which bytes of an encoded body are signed.

/// Which bytes a sender signs of a body that it sends with a `Content-Encoding`: see
/// [`Source::accept_encoding`](crate::Source::accept_encoding).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedBytes {
    /// The bytes that are sent. They are verified before they are inflated.
    Encoded,
    /// The bytes that they inflate to. A stranger's body is inflated too, up to the limit of a body.
    Decoded,
}
