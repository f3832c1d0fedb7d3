//! HTTP message signatures: a signature over chosen components of a request.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc9421>. Which components are covered is said by the request, and which have
//! to be is configuration; so are the label, the algorithm and the keys. The body is covered by its `Content-Digest`
//! (<https://www.rfc-editor.org/rfc/rfc9530>), where that is.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use sfv::{BareItem, Dictionary, FieldType, InnerList, Item, Key, KeyRef, ListEntry, Parser};

use crate::base::error::rejection::Cause;
use crate::signature::draft::Draft;
use crate::signature::hash::HashKey;
use crate::signature::header::{malformed, once};
use crate::signature::public_key::PublicKey;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed, Text};

mod base;
mod digest;

/// The scheme with the keys of one source.
pub(crate) struct MessageSignature {
    /// Which signature of a request counts.
    pub(crate) label: Key,
    /// The name of the algorithm, which a request may repeat and not change.
    pub(crate) algorithm: &'static str,
    pub(crate) keys: MessageKeys,
    /// The components that have to be covered.
    pub(crate) required: Vec<Text>,
}

/// The keys of one algorithm, the current one first.
pub(crate) enum MessageKeys {
    Hmac(Vec<HashKey>),
    Public(Vec<PublicKey>),
}

impl Signature for MessageSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        let claim = self.claim(&head.parts.headers)?;
        Ok(Claimed { timestamp: Some(claim.created), expires: claim.expires })
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let headers = &head.parts.headers;
        let claim = self.claim(headers)?;
        let base = base::of(&claim.covered, &head.parts.method, head.url, headers)?;
        if !self.keys.prove(base.as_bytes(), &claim.signature) {
            return Err(Cause::SignatureMismatch);
        }
        if covers(&claim.covered, CONTENT_DIGEST.as_str()) {
            digest::check(headers, body)?;
        }
        Ok(Signed { id: claim.nonce, timestamp: Some(claim.created) })
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        self.sign_with(message, HeaderMap::new())
    }

    /// The headers of the request take part where they are demanded.
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        draft.headers = self.sign_with(&draft.message(), draft.headers.clone())?;
        Ok(())
    }
}

impl MessageSignature {
    /// These headers with the signature over them.
    fn sign_with(&self, message: &Message<'_>, mut headers: HeaderMap) -> Result<HeaderMap, CannotSign> {
        if self.required.iter().any(|it| it == CONTENT_DIGEST.as_str()) {
            headers.insert(CONTENT_DIGEST, value(&digest::of(message.body))?);
        }
        let list = self.covering(message.time)?;
        let base = base::of(&list, message.method, message.url, &headers).map_err(|cause| match cause {
            Cause::NoUrl => CannotSign::NoUrl,
            _ => CannotSign::NoHeader,
        })?;
        let code = self.keys.sign(base.as_bytes())?;
        let member = |entry: ListEntry| Dictionary::from_iter([(self.label.clone(), entry)]);
        let [input, signature] = [member(list.into()), member(BareItem::ByteSequence(code).into())];
        for (name, field) in [(SIGNATURE_INPUT, input), (SIGNATURE, signature)] {
            headers.insert(name, value(&field.serialize().unwrap_or_default())?);
        }
        Ok(headers)
    }
}

/// What the head of a request claims.
struct MessageClaim {
    covered: InnerList,
    signature: Vec<u8>,
    created: i64,
    expires: Option<i64>,
    nonce: Option<Arc<str>>,
}

impl MessageSignature {
    fn claim(&self, headers: &HeaderMap) -> Result<MessageClaim, Cause> {
        let wrong = |problem| malformed(&SIGNATURE_INPUT, problem);
        let Some(ListEntry::InnerList(covered)) = self.member(headers, &SIGNATURE_INPUT)? else {
            return Err(wrong("has no list of components under the configured label"));
        };
        let signature = self.signature(headers)?;
        if covered.items.len() > MOST_COMPONENTS {
            return Err(wrong("covers more components than any sender does"));
        }
        if let Some(missing) = self.required.iter().find(|it| !covers(&covered, it)) {
            return Err(Cause::NotCovered((**missing).into()));
        }
        let seconds = |name: &str| match covered.params.get(name) {
            None => Ok(None),
            Some(BareItem::Integer(seconds)) => Ok(Some(i64::from(*seconds))),
            Some(_) => Err(wrong("has a time that is no integer")),
        };
        let text = |name: &str| match covered.params.get(name) {
            None => Ok(None),
            Some(BareItem::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(wrong("has a parameter that is no string")),
        };
        if text("alg")?.is_some_and(|it| it != self.algorithm) {
            return Err(wrong("names another algorithm than the configured one"));
        }
        let created = seconds("created")?.ok_or_else(|| wrong("does not say when it was created"))?;
        let expires = seconds("expires")?;
        let nonce = text("nonce")?;
        if nonce.is_some_and(|it| !(1..=MOST_NONCE_BYTES).contains(&it.len())) {
            return Err(wrong("has a nonce that is empty or too long"));
        }
        Ok(MessageClaim { created, expires, nonce: nonce.map(Into::into), signature, covered })
    }

    /// The signature under the configured label. The parser passes over stray bits behind the last byte: written so, one
    /// signature would have several spellings.
    fn signature(&self, headers: &HeaderMap) -> Result<Vec<u8>, Cause> {
        let wrong = |problem| malformed(&SIGNATURE, problem);
        let member = self.member(headers, &SIGNATURE)?;
        let Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(signature), .. })) = member else {
            return Err(wrong("has no bytes under the configured label"));
        };
        let canonical = format!(":{}:", STANDARD.encode(&signature));
        if !once(headers, &SIGNATURE)?.contains(&canonical) {
            return Err(wrong("is not in the one spelling of base64"));
        }
        Ok(signature)
    }

    /// The member of a dictionary that has the configured label.
    fn member(&self, headers: &HeaderMap, name: &HeaderName) -> Result<Option<ListEntry>, Cause> {
        let dictionary: Dictionary =
            Parser::new(once(headers, name)?).parse().map_err(|_| malformed(name, "is no dictionary"))?;
        Ok(dictionary.get(&*self.label).cloned())
    }

    /// What has to be covered, at this time.
    fn covering(&self, time: SystemTime) -> Result<InnerList, CannotSign> {
        let since = time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?.as_secs();
        let created = i64::try_from(since).ok().and_then(|it| sfv::Integer::try_from(it).ok());
        let mut list = InnerList::default();
        for name in &self.required {
            let name = sfv::String::from_string((**name).to_owned()).map_err(|_| CannotSign::NoHeader)?;
            list.items.push(Item::new(name));
        }
        list.params.insert(CREATED.to_owned(), BareItem::Integer(created.ok_or(CannotSign::Time)?));
        Ok(list)
    }
}

impl MessageKeys {
    fn sign(&self, base: &[u8]) -> Result<Vec<u8>, CannotSign> {
        match self {
            Self::Hmac(keys) => keys.first().map(|key| key.code(&[base]).bytes().to_vec()).ok_or(CannotSign::NoSecret),
            Self::Public(keys) => keys.first().and_then(|key| key.sign(base)).ok_or(CannotSign::PublicKeyOnly),
        }
    }

    fn prove(&self, base: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(keys) => keys.iter().take(MOST_COMPUTATIONS).any(|key| key.code(&[base]).equals(signature)),
            Self::Public(keys) => keys.iter().take(MOST_COMPUTATIONS).any(|key| key.verify(base, signature)),
        }
    }
}

/// Is this component covered, whole and as it is?
fn covers(list: &InnerList, name: &str) -> bool {
    list.items
        .iter()
        .any(|it| it.params.is_empty() && matches!(&it.bare_item, BareItem::String(of) if of.as_str() == name))
}

fn value(text: &str) -> Result<HeaderValue, CannotSign> {
    HeaderValue::from_str(text).map_err(|_| CannotSign::Id)
}

const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

const CREATED: &KeyRef = KeyRef::constant("created");

/// Senders cover a handful.
const MOST_COMPONENTS: usize = 64;
/// A nonce is random, and so short.
const MOST_NONCE_BYTES: usize = 256;

#[cfg(test)]
mod tests;
