//! Handshakes as data: how a provider asks whether a URL is ours, and what it wants to hear.
//!
//! What is answered before anything is proven echoes text of a stranger, so such a challenge has an alphabet and a
//! length: those of the provider's challenges. Nothing outside of them is reflected.

use std::sync::Arc;

use crate::signature::Text;
use crate::signature::recipe::Recipe;
use crate::signature::token::SharedToken;

/// One kind of proof-of-ownership request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handshake {
    /// The method that it comes with.
    pub(crate) method: &'static str,
    /// What tells it from a delivery.
    pub(crate) asked: Asked,
    /// What it must show before it is answered.
    pub(crate) shown: Shown,
    /// What it is answered.
    pub(crate) reply: Reply,
}

/// What tells a handshake from a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Its method alone.
    Method,
    /// A query parameter of this name.
    Query(&'static str),
    /// A query parameter with this value.
    QueryValue(&'static str, &'static str),
    /// A header of this name.
    Header(&'static str),
    /// A header with this value.
    HeaderValue(&'static str, &'static str),
    /// A text in the body, at this JSON Pointer.
    Body(&'static str, &'static str),
    /// Anything at this JSON Pointer of a body that no header of a signature comes with.
    #[cfg_attr(not(feature = "rsa"), allow(dead_code, reason = "Adobe I/O alone asks so"))]
    UnsignedBody(&'static str),
    /// A field of the body, a form, with this value.
    Form(&'static str, &'static str),
    /// A number in the body, at this JSON Pointer.
    Number(&'static str, i64),
}

/// What a handshake must show before it is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown {
    /// Nothing: the answer tells nobody anything.
    Nothing,
    /// The signature of a delivery.
    Signature,
    /// What the head of a delivery shows: the token of a source whose token travels there.
    HeadProof,
    /// The signature of this recipe with a key that everyone knows: the answer tells nobody anything.
    KnownKey(&'static Recipe, &'static str),
    /// The configured token, in this query parameter; else 403.
    VerifyToken(&'static str),
    /// One of the configured topics, in this query parameter; else 404.
    Topic(&'static str),
    /// One of the configured origins, in this header; else 405.
    Origin(&'static str),
}

/// What a handshake is answered, with 200 where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Nothing.
    Empty,
    /// Nothing, with 204.
    NoContent,
    /// This JSON.
    Json(&'static str),
    /// The challenge of this query parameter, as text.
    QueryChallenge(&'static str, Alphabet),
    /// The challenge at this JSON Pointer of the signed body, as text.
    BodyChallenge(&'static str),
    /// X: the code of the token in this query parameter, as JSON.
    ResponseToken(&'static str),
    /// Zoom: the code of the token in the signed body, as JSON.
    EncryptedToken,
    /// The challenge of this header, in the same header.
    SameHeader(&'static str, Alphabet),
    /// The challenge of this header, as a field of JSON with this name.
    HeaderAsJson(&'static str, &'static str, Alphabet),
    /// CloudEvents: the origin and the rate that are allowed, as headers.
    AllowedOrigin,
}

/// What a challenge may consist of before anything is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Unreserved characters of a URL, at most 256.
    Unreserved,
    /// A sentence of letters, digits, spaces and plain punctuation, at most 512: Microsoft Graph's tokens.
    Sentence,
}

impl Alphabet {
    /// Is this one of the provider's challenges, as far as its form tells?
    pub(crate) fn admits(self, challenge: &str) -> bool {
        let (most, punctuation) = match self {
            Self::Unreserved => (256, "-._~"),
            Self::Sentence => (512, "-._~ :,/+="),
        };
        let admitted = |it: char| it.is_ascii_alphanumeric() || punctuation.contains(it);
        (1..=most).contains(&challenge.len()) && challenge.chars().all(admitted)
    }
}

/// What an app allows handshakes, beside its secrets.
#[derive(Clone, Default)]
pub(crate) struct Allowed {
    pub(crate) verify_token: Option<Arc<SharedToken>>,
    pub(crate) topics: Vec<Text>,
    pub(crate) origins: Vec<Text>,
    /// Deliveries a minute, or `*`.
    pub(crate) rate: Option<Text>,
}

#[cfg(test)]
mod tests {
    use super::Alphabet;

    #[test]
    fn a_challenge_has_an_alphabet_and_a_length() {
        assert!(Alphabet::Unreserved.admits("1158201444"));
        assert!(Alphabet::Unreserved.admits(&"a".repeat(256)));
        assert!(
            Alphabet::Sentence
                .admits("Validation: Testing client application reachability for subscription Request-Id: 5a8")
        );
        for challenge in ["", "<script>", "a b", "a\r\nb", "é", "a%0d", &"a".repeat(257)] {
            assert!(!Alphabet::Unreserved.admits(challenge), "{challenge:?}");
        }
        for challenge in ["", "<b>", "a\r\nb", "a\"b", "a&b", &"a".repeat(513)] {
            assert!(!Alphabet::Sentence.admits(challenge), "{challenge:?}");
        }
    }
}
