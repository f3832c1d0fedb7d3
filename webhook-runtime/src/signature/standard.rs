//! Standard Webhooks: `v1` (HMAC-SHA256) and `v1a` (Ed25519) over `id.timestamp.body`.
//!
//! Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
//! The signature header is a list separated by spaces; an entry counts where its version has a key, and entries of
//! other versions are passed over, so that senders can introduce some.

use std::borrow::Cow;
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use zeroize::Zeroizing;

use crate::base::error::rejection::Cause;
use crate::base::error::startup::{Error, Problem};
use crate::base::secret::Secret;
use crate::signature::anatomy::{Anatomy, Reading};
use crate::signature::ed25519::Ed25519Key;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::outline::{Carried, KeyForm, Outline, Part};
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed, Texts, header};

/// The recipe with the keys of one source.
pub(crate) struct StandardSignature {
    /// The spellings of the headers. The first of which a request has a header counts.
    names: &'static [Names],
    hmac: Vec<HashKey>,
    ed25519: Vec<Ed25519Key>,
}

/// The three headers of the scheme.
pub(crate) struct Names {
    pub(crate) id: HeaderName,
    pub(crate) timestamp: HeaderName,
    pub(crate) signature: HeaderName,
}

/// The spelling of the specification.
pub(crate) static WEBHOOK: [Names; 1] = [Names::spelled("webhook-id", "webhook-timestamp", "webhook-signature")];

/// The spelling of Svix, and that of the specification, which its unbranded deliveries have.
pub(crate) static SVIX: [Names; 2] = [
    Names::spelled("svix-id", "svix-timestamp", "svix-signature"),
    Names::spelled("webhook-id", "webhook-timestamp", "webhook-signature"),
];

impl Names {
    pub(crate) const fn spelled(id: &'static str, timestamp: &'static str, signature: &'static str) -> Self {
        Self {
            id: HeaderName::from_static(id),
            timestamp: HeaderName::from_static(timestamp),
            signature: HeaderName::from_static(signature),
        }
    }
}

impl Names {
    /// `v1` as a recipe that is data: it signs the same text, and its header is a list too.
    fn as_data(&self) -> Recipe {
        const DOT: Piece = Piece::Text(Cow::Borrowed("."));
        Recipe {
            signed: Cow::Borrowed(&[Piece::Id, DOT, Piece::Timestamp, DOT, Piece::Body]),
            signature: SignatureAt::Fields { name: self.signature.clone(), separator: ' ', field: V1 },
            encoding: Encoding::Base64,
            timestamp: TimestampAt::Header(self.timestamp.clone(), Unit::Seconds),
            id: Some(self.id.clone()),
            ..OVER_BODY
        }
    }
}

impl StandardSignature {
    /// A recipe with these keys, the current one first.
    pub(crate) fn new(names: &'static [Names], keys: Vec<StandardKey>) -> Self {
        let mut recipe = Self { names, hmac: Vec::new(), ed25519: Vec::new() };
        for key in keys {
            match key {
                StandardKey::Hmac(key) => recipe.hmac.push(key),
                StandardKey::Ed25519(key) => recipe.ed25519.push(*key),
            }
        }
        recipe
    }
}

impl Signature for StandardSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.read(head.parts, head).map(|(claimed, _)| claimed)
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        self.prove_texts(&self.texts(head.parts)?, body)
    }

    fn read<'a>(&self, parts: &'a Parts, _: &Head<'_>) -> Result<(Claimed, Option<Texts<'a>>), Cause> {
        let texts = self.texts(parts)?;
        self.require_a_signature(texts.signatures)?;
        Ok((Claimed { timestamp: Some(texts.seconds), ..Claimed::default() }, Some(texts)))
    }

    fn prove_read(&self, head: &Head<'_>, texts: Option<&Texts<'_>>, body: &[u8]) -> Result<Signed, Cause> {
        texts.map_or_else(|| self.prove(head, body), |texts| self.prove_texts(texts, body))
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let Message { id, time, body, .. } = *message;
        if !header::acceptable_id(id) {
            return Err(CannotSign::Id);
        }
        let timestamp = time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?.as_secs().to_string();
        let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
        let signature = match (self.hmac.first(), self.ed25519.first()) {
            (Some(key), _) => format!("{V1},{}", STANDARD.encode(key.code(&message).bytes())),
            (None, Some(key)) => {
                let signature = key.sign(&message.concat()).ok_or(CannotSign::PublicKeyOnly)?;
                format!("{V1A},{}", STANDARD.encode(signature))
            }
            (None, None) => return Err(CannotSign::NoSecret),
        };
        let names = self.names.first().ok_or(CannotSign::NotInAHeader)?;
        let values = [(&names.id, id), (&names.timestamp, &*timestamp), (&names.signature, &*signature)];
        values
            .into_iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_str(value).map_err(|_| CannotSign::Id)?;
                Ok((name.clone(), value))
            })
            .collect()
    }

    fn anatomy<'a>(&'a self, head: &Head<'a>) -> Anatomy<'a> {
        match self.names(&head.parts.headers) {
            Some(names) if !self.hmac.is_empty() => Anatomy::code(Cow::Owned(names.as_data()), Reading::Base64),
            _ => Anatomy::opaque(),
        }
    }

    /// That of `v1`: a private key of `v1a` is never typed into a page.
    fn outline(&self) -> Option<Outline> {
        let names = self.names.first().filter(|_| !self.hmac.is_empty())?;
        // The list has a comma behind each version, where a recipe that is data has an equals sign.
        let signature = vec![Part::Text(format!("{V1},").into()), Part::Signature];
        Some(Outline {
            carried: vec![
                Carried::header(names.id.clone(), vec![Part::Id]),
                Carried::header(names.timestamp.clone(), vec![Part::Timestamp]),
                Carried::header(names.signature.clone(), signature),
            ],
            ..names.as_data().outline(KeyForm::Base64)
        })
    }
}

impl StandardSignature {
    /// The three headers, each there once and well formed.
    fn texts<'a>(&self, parts: &'a Parts) -> Result<Texts<'a>, Cause> {
        let headers = &parts.headers;
        let names = self.names(headers).ok_or(Cause::SignatureMismatch)?;
        let id = header::id(&names.id, header::once(headers, &names.id)?)?;
        let timestamp = header::once(headers, &names.timestamp)?;
        let seconds = header::unix_time(&names.timestamp, timestamp)?;
        let signatures = header::once(headers, &names.signature)?;
        Ok(Texts { id, timestamp, seconds, signatures })
    }

    fn prove_texts(&self, texts: &Texts<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let message = [texts.id.as_bytes(), b".", texts.timestamp.as_bytes(), b".", body];
        if self.hmac_proves(texts.signatures, &message) || self.ed25519_proves(texts.signatures, &message) {
            Ok(Signed { id: Some(texts.id.into()), timestamp: Some(texts.seconds) })
        } else {
            Err(Cause::SignatureMismatch)
        }
    }

    fn names(&self, headers: &HeaderMap) -> Option<&'static Names> {
        let has = |names: &Names| {
            [&names.id, &names.timestamp, &names.signature].into_iter().any(|it| headers.contains_key(it))
        };
        match self.names {
            [only] => Some(only),
            several => several.iter().find(|names| has(names)).or(several.first()),
        }
    }

    /// Refuses, before the body is read, a list in which nothing could prove anything: by the length alone, since what has
    /// it is decoded when it is compared.
    fn require_a_signature(&self, signatures: &str) -> Result<(), Cause> {
        let usable = (!self.hmac.is_empty() && encoded::<CODE_BYTES>(signatures, V1).next().is_some())
            || (!self.ed25519.is_empty() && encoded::<64>(signatures, V1A).next().is_some());
        let scheme = if self.hmac.is_empty() { V1A } else { V1 };
        if usable { Ok(()) } else { Err(Cause::NoSignatureOfScheme { scheme }) }
    }

    /// One code a key, compared with each signature of the list.
    fn hmac_proves(&self, signatures: &str, message: &[&[u8]]) -> bool {
        self.hmac.iter().take(MOST_COMPUTATIONS).any(|key| {
            let code = key.code(message);
            of_version::<CODE_BYTES>(signatures, V1).any(|claimed| code.equals(&claimed))
        })
    }

    fn ed25519_proves(&self, signatures: &str, message: &[&[u8]]) -> bool {
        if self.ed25519.is_empty() {
            return false;
        }
        let message = message.concat();
        self.ed25519
            .iter()
            .flat_map(|key| of_version::<64>(signatures, V1A).map(move |claimed| (key, claimed)))
            .take(MOST_COMPUTATIONS)
            .any(|(key, claimed)| key.verify(&message, &claimed))
    }
}

/// The first signatures of the list that have this version and this length. The rest of a list that is longer than
/// any sender's is not looked at.
fn of_version<const BYTES: usize>(list: &str, version: &'static str) -> impl Iterator<Item = [u8; BYTES]> {
    encoded::<BYTES>(list, version).filter_map(decode)
}

fn encoded<'a, const BYTES: usize>(list: &'a str, version: &'static str) -> impl Iterator<Item = &'a str> {
    let length = BYTES.div_ceil(3) * 4;
    // A list as long as one entry, as most are, is one: were there a space in it, it would be no base64.
    let most = if list.len() == version.len() + 1 + length { 1 } else { usize::MAX };
    list.splitn(most, ' ')
        .filter_map(move |entry| entry.strip_prefix(version)?.strip_prefix(','))
        .take(MOST_COMPUTATIONS)
        .filter(move |it| it.len() == length)
}

/// Base64 in the standard alphabet, padded, of exactly this many bytes.
fn decode<const BYTES: usize>(signature: &str) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    let length = STANDARD.decode_slice(signature, &mut bytes).ok()?;
    (length == BYTES).then_some(bytes)
}

/// One key of the scheme.
pub(crate) enum StandardKey {
    Hmac(HashKey),
    Ed25519(Box<Ed25519Key>),
}

impl StandardKey {
    /// Reads a secret as users copy it: `whsec_…` or bare base64 for `v1`, `whpk_…` (public) or `whsk_…` (private)
    /// for `v1a`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(public) = text.strip_prefix("whpk_") {
            let bytes = STANDARD.decode(public).map_err(|_| "is not base64 after `whpk_`")?;
            let key = Ed25519Key::public(&bytes).ok_or("is no Ed25519 public key (32 bytes) after `whpk_`")?;
            return Ok(Self::Ed25519(Box::new(key)));
        }
        if let Some(private) = text.strip_prefix("whsk_") {
            let secret = Secret::new(STANDARD.decode(private).map_err(|_| "is not base64 after `whsk_`")?);
            let key = Ed25519Key::private(&secret).ok_or("is no Ed25519 private key after `whsk_`")?;
            return Ok(Self::Ed25519(Box::new(key)));
        }
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        if encoded.is_empty() {
            return Err("is empty");
        }
        let secret = Secret::new(STANDARD.decode(encoded).map_err(|_| "is not base64, with or without `whsec_`")?);
        HashKey::new(Algorithm::HmacSha256, &secret).map(Self::Hmac).ok_or("is empty")
    }
}

/// A fresh secret for `v1`: `whsec_` and the base64 of 32 random bytes.
///
/// ```
/// let secret = webhook_runtime::random_secret()?;
/// assert!(secret.starts_with("whsec_"));
/// # Ok::<(), webhook_runtime::Error>(())
/// ```
///
/// # Errors
/// Where the operating system has no randomness to give.
pub fn random_secret() -> Result<String, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|said| Problem::Io { tried: "read random bytes".to_owned(), said: said.to_string() })?;
    Ok(format!("whsec_{}", STANDARD.encode(*bytes)))
}

/// The length of an HMAC-SHA256 in bytes.
const CODE_BYTES: usize = 32;
/// The version of symmetric signatures.
const V1: &str = "v1";
/// The version of asymmetric signatures.
const V1A: &str = "v1a";

#[cfg(test)]
mod tests;
