//! Recipes whose signature stands in a header and is proven by a public key: Discord, SendGrid, Adobe Commerce.
//!
//! Timestamp and body are signed without anything between them, so that digits could move from one to the other: hence
//! a timestamp is plain digits, and has to lie near now.

use std::time::UNIX_EPOCH;

#[cfg(feature = "rsa")]
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::error::rejection::Cause;
use crate::signature::encoding::Encoding;
use crate::signature::header::{malformed, once, unix_time};
use crate::signature::public_key::PublicKey;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// How one sender signs.
#[derive(Clone, Debug)]
pub(crate) struct KeyRecipe {
    pub(crate) signature: HeaderName,
    pub(crate) encoding: Encoding,
    /// The header with the time, which is signed before the body.
    pub(crate) timestamp: Option<HeaderName>,
    pub(crate) body: SignedBody,
}

/// What of the body is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedBody {
    /// Its bytes.
    Bytes,
    /// The text of its base64.
    #[cfg(feature = "rsa")]
    Base64,
}

/// A recipe with the keys of one source, the current one first.
pub(crate) struct SignedByKey {
    pub(crate) recipe: &'static KeyRecipe,
    pub(crate) keys: Vec<PublicKey>,
}

impl Signature for SignedByKey {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        let claim = self.recipe.claim(head)?;
        Ok(Claimed { timestamp: claim.seconds, ..Claimed::default() })
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let claim = self.recipe.claim(head)?;
        let message = self.recipe.message(claim.timestamp, body);
        let proven = self.keys.iter().take(MOST_COMPUTATIONS).any(|key| key.verify(&message, &claim.signature));
        if proven { Ok(Signed { id: None, timestamp: claim.seconds }) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let key = self.keys.first().ok_or(CannotSign::NoSecret)?;
        let timestamp = match &self.recipe.timestamp {
            Some(_) => message.time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?.as_secs().to_string(),
            None => String::new(),
        };
        let signature = key.sign(&self.recipe.message(&timestamp, message.body)).ok_or(CannotSign::PublicKeyOnly)?;
        let signature = self.recipe.encoding.encode(&signature);
        let timestamp = self.recipe.timestamp.as_ref().map(|name| (name, timestamp));
        let values = timestamp.into_iter().chain([(&self.recipe.signature, signature)]);
        values
            .map(|(name, value)| Ok((name.clone(), HeaderValue::from_str(&value).map_err(|_| CannotSign::Id)?)))
            .collect()
    }
}

/// What the head of a request claims.
struct KeyClaim<'a> {
    signature: Vec<u8>,
    timestamp: &'a str,
    seconds: Option<i64>,
}

impl KeyRecipe {
    fn claim<'a>(&self, head: &Head<'a>) -> Result<KeyClaim<'a>, Cause> {
        let headers = &head.parts.headers;
        let text = once(headers, &self.signature)?;
        let signature = self.encoding.decode_long(text);
        let signature = signature.ok_or_else(|| malformed(&self.signature, "is no encoded signature"))?;
        let timestamp = self.timestamp.as_ref().map(|name| Ok((name, once(headers, name)?))).transpose()?;
        let seconds = timestamp.map(|(name, text)| unix_time(name, text)).transpose()?;
        Ok(KeyClaim { signature, timestamp: timestamp.map_or("", |(_, text)| text), seconds })
    }

    fn message(&self, timestamp: &str, body: &[u8]) -> Vec<u8> {
        match self.body {
            SignedBody::Bytes => [timestamp.as_bytes(), body].concat(),
            #[cfg(feature = "rsa")]
            SignedBody::Base64 => [timestamp.as_bytes(), STANDARD.encode(body).as_bytes()].concat(),
        }
    }
}
