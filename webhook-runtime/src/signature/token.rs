//! Shared tokens: the sender repeats a secret, and signs nothing. Whoever sees one request can send any other.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use subtle::ConstantTimeEq;

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::signature::anatomy::Anatomy;
use crate::signature::digest::sha256;
use crate::signature::draft::Draft;
use crate::signature::header::{malformed, once};
use crate::signature::outline::{Carried, Carrier, Outline, Part};
use crate::signature::query;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed, Text};

/// Where a token travels.
#[derive(Clone, Debug)]
pub(crate) enum TokenAt {
    /// It is the whole value of a header.
    Header(HeaderName),
    /// It is `user:password` of HTTP basic authentication (RFC 7617).
    BasicAuth,
    /// It is the value of a query parameter, percent-decoded.
    Query(Text),
}

/// A place with the tokens of one source, the current one first.
pub(crate) struct Token {
    pub(crate) at: TokenAt,
    pub(crate) tokens: Vec<SharedToken>,
}

/// A token, with its digest: comparing digests hides its length too.
pub(crate) struct SharedToken {
    token: Secret,
    digest: [u8; 32],
}

impl SharedToken {
    /// An empty token would let everything pass.
    pub(crate) fn new(token: &str) -> Result<Self, &'static str> {
        if token.trim().is_empty() {
            return Err("is empty");
        }
        Ok(Self { token: Secret::new(token), digest: sha256(token.as_bytes()) })
    }

    pub(crate) fn equals(&self, claimed: &[u8]) -> bool {
        self.digest.ct_eq(&sha256(claimed)).into()
    }

    /// The token itself, for signing and for nothing that is shown.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.token.expose()).unwrap_or_default()
    }
}

impl Signature for Token {
    /// A token needs no body: it is compared before a byte of it is read.
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        let claimed = self.at.claimed(head)?;
        let known = self.tokens.iter().take(MOST_COMPUTATIONS).fold(false, |known, it| known | it.equals(&claimed));
        if known { Ok(Claimed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn prove(&self, head: &Head<'_>, _: &[u8]) -> Result<Signed, Cause> {
        self.head(head).map(|_| Signed::default())
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let token = self.tokens.first().ok_or(CannotSign::NoSecret)?.text();
        let (name, value) = match &self.at {
            TokenAt::Header(name) => (name.clone(), token.to_owned()),
            TokenAt::BasicAuth => (AUTHORIZATION, format!("Basic {}", STANDARD.encode(token))),
            TokenAt::Query(_) => return Err(CannotSign::NotInAHeader),
        };
        let mut value = HeaderValue::from_str(&value).map_err(|_| CannotSign::Id)?;
        value.set_sensitive(true);
        Ok(HeaderMap::from_iter([(name, value)]))
    }

    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let TokenAt::Query(name) = &self.at else {
            draft.headers.extend(self.sign(&draft.message())?);
            return Ok(());
        };
        draft.set_query(name, self.tokens.first().ok_or(CannotSign::NoSecret)?.text())
    }

    fn anatomy<'a>(&'a self, _: &Head<'a>) -> Anatomy<'a> {
        Anatomy::token(&self.at, &self.tokens)
    }

    fn outline(&self) -> Option<Outline> {
        Some(match &self.at {
            TokenAt::Header(name) => Outline::token(Carrier::Header(name.clone())),
            TokenAt::Query(name) => Outline::token(Carrier::Query(name.clone())),
            TokenAt::BasicAuth => {
                let credentials = vec![Part::Text("Basic ".into()), Part::SecretInBase64];
                Outline { code: None, unit: None, carried: vec![Carried::header(AUTHORIZATION, credentials)] }
            }
        })
    }
}

impl TokenAt {
    pub(crate) fn claimed<'a>(&self, head: &Head<'a>) -> Result<Cow<'a, [u8]>, Cause> {
        match self {
            Self::Header(name) => once(&head.parts.headers, name).map(|it| it.as_bytes().into()),
            Self::BasicAuth => {
                let value = once(&head.parts.headers, &AUTHORIZATION)?;
                let (scheme, credentials) = value.split_once(' ').unwrap_or((value, ""));
                if !scheme.eq_ignore_ascii_case("basic") {
                    return Err(malformed(&AUTHORIZATION, "is not of basic authentication"));
                }
                let decoded =
                    STANDARD.decode(credentials.trim()).map_err(|_| malformed(&AUTHORIZATION, "is not base64"))?;
                Ok(decoded.into())
            }
            Self::Query(name) => Ok(match query::once(head.parts, name)? {
                Cow::Borrowed(value) => value.as_bytes().into(),
                Cow::Owned(value) => value.into_bytes().into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, Request};

    use super::{SharedToken, Token, TokenAt};
    use crate::signature::{Head, Signature};

    /// Does a request with this header pass, by its head and with its body?
    fn check(tokens: &[&str], claimed: &str, expected: bool) {
        let tokens = tokens.iter().map(|it| SharedToken::new(it).unwrap()).collect();
        let recipe = Token { at: TokenAt::Header(HeaderName::from_static("x-token")), tokens };
        let (parts, ()) = Request::post("/").header("x-token", claimed).body(()).unwrap().into_parts();
        let head = Head::new(&parts, None, std::time::UNIX_EPOCH);
        assert_eq!(recipe.head(&head).is_ok(), expected, "{claimed}");
        assert_eq!(recipe.prove(&head, b"body").is_ok(), expected, "{claimed}");
    }

    #[test]
    fn each_of_the_tokens_proves_and_nothing_else_does() {
        for claimed in ["a", "b"] {
            check(&["a", "b"], claimed, true);
            // A token that is configured twice is one.
            check(&["a", "b", "a", "b"], claimed, true);
        }
        for claimed in ["", "c", "A", "ab"] {
            check(&["a", "b"], claimed, false);
        }
        check(&[], "", false);
    }
}
