//! WebSub: an HMAC over the body, by an algorithm that the hub chooses among the ones that the app allows.
//!
//! Source: <https://www.w3.org/TR/websub/#authenticated-content-distribution>.
//! The label in the header selects, and it selects among the allowed algorithms alone: each code is a whole one of its
//! own, and one made by a weaker algorithm proves nothing where that is not allowed.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::signature::encoding::{Claim, Encoding};
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::header::{malformed, once};
use crate::signature::outline::{KeyForm, Outline};
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// An algorithm by which a WebSub hub signs what it distributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebSubAlgorithm {
    /// HMAC-SHA1, for hubs that offer nothing better.
    Sha1,
    /// HMAC-SHA256.
    Sha256,
    /// HMAC-SHA384.
    Sha384,
    /// HMAC-SHA512.
    Sha512,
}

impl WebSubAlgorithm {
    /// As it stands in the header.
    fn label(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    fn code(self) -> Algorithm {
        match self {
            Self::Sha1 => Algorithm::HmacSha1,
            Self::Sha256 => Algorithm::HmacSha256,
            Self::Sha384 => Algorithm::HmacSha384,
            Self::Sha512 => Algorithm::HmacSha512,
        }
    }
}

/// The recipe with the keys of one source.
pub(crate) struct WebSubSignature {
    pub(crate) keys: Vec<WebSubKey>,
}

/// A secret, keyed for each algorithm that is allowed.
pub(crate) struct WebSubKey(Vec<(WebSubAlgorithm, HashKey)>);

impl WebSubKey {
    /// A secret of a source that allows these algorithms, the one that signs first.
    pub(crate) fn new(allowed: &[WebSubAlgorithm], secret: &str) -> Result<Self, &'static str> {
        if allowed.is_empty() {
            return Err("belongs to a source that allows no algorithm");
        }
        let secret = Secret::new(secret);
        let keys = allowed.iter().map(|it| Some((*it, HashKey::new(it.code(), &secret)?)));
        keys.collect::<Option<_>>().map(Self).ok_or("is empty")
    }

    fn of(&self, algorithm: WebSubAlgorithm) -> Option<&HashKey> {
        self.0.iter().find(|(of, _)| *of == algorithm).map(|(_, key)| key)
    }
}

impl Signature for WebSubSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.claim(head).map(|_| Claimed::default())
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let (algorithm, claim) = self.claim(head)?;
        let mut keys = self.keys.iter().take(MOST_COMPUTATIONS).filter_map(|it| it.of(algorithm));
        if keys.any(|key| key.code(&[body]).equals(claim.bytes())) {
            Ok(Signed::default())
        } else {
            Err(Cause::SignatureMismatch)
        }
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let (algorithm, key) = self.keys.first().and_then(|it| it.0.first()).ok_or(CannotSign::NoSecret)?;
        let code = Encoding::Hex.encode(key.code(&[message.body]).bytes());
        let value = HeaderValue::from_str(&format!("{}={code}", algorithm.label())).map_err(|_| CannotSign::Id)?;
        Ok(HeaderMap::from_iter([(SIGNATURE, value)]))
    }

    /// By the algorithm that signs first.
    fn outline(&self) -> Option<Outline> {
        let (algorithm, _) = self.keys.first().and_then(|it| it.0.first())?;
        let label = format!("{}=", algorithm.label()).into();
        let signature = SignatureAt::Header { name: SIGNATURE, other: None, label };
        Some(Recipe { algorithm: algorithm.code(), signature, ..OVER_BODY }.outline(KeyForm::Text))
    }
}

impl WebSubSignature {
    fn claim(&self, head: &Head<'_>) -> Result<(WebSubAlgorithm, Claim), Cause> {
        let value = once(&head.parts.headers, &SIGNATURE)?;
        let (label, code) = value.split_once('=').ok_or_else(|| malformed(&SIGNATURE, "lacks its label"))?;
        // Every secret is keyed for the same algorithms.
        let mut allowed = self.keys.first().into_iter().flat_map(|it| &it.0).map(|(algorithm, _)| *algorithm);
        let algorithm = allowed
            .find(|it| it.label() == label)
            .ok_or_else(|| malformed(&SIGNATURE, "is of an algorithm that is not allowed"))?;
        let claim = Encoding::Hex.decode(code).ok_or_else(|| malformed(&SIGNATURE, "is no encoded signature"))?;
        Ok((algorithm, claim))
    }
}

const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method, Request};

    use super::{WebSubAlgorithm, WebSubKey, WebSubSignature};
    use crate::signature::{Claimed, Head, Message, Signature};

    use WebSubAlgorithm::{Sha1, Sha256, Sha384, Sha512};

    fn recipe(allowed: &[WebSubAlgorithm]) -> WebSubSignature {
        WebSubSignature { keys: vec![WebSubKey::new(allowed, "a secret of the subscription").unwrap()] }
    }

    fn signed(algorithm: WebSubAlgorithm) -> HeaderMap {
        let time = std::time::SystemTime::UNIX_EPOCH;
        let message = Message { id: "", time, method: &Method::POST, url: None, body: b"news", is_form: false };
        recipe(&[algorithm]).sign(&message).unwrap()
    }

    fn check(headers: HeaderMap, allowed: &[WebSubAlgorithm], expected: bool) {
        let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        parts.headers = headers;
        let head = Head::new(&parts, None, std::time::UNIX_EPOCH);
        let proven = recipe(allowed).head(&head).is_ok() && recipe(allowed).prove(&head, b"news").is_ok();
        assert_eq!(proven, expected, "{:?} where {allowed:?} is allowed", parts.headers);
    }

    #[test]
    fn the_label_selects_among_the_allowed_algorithms_alone() {
        let all = [Sha1, Sha256, Sha384, Sha512];
        for algorithm in all {
            check(signed(algorithm), &all, true);
            check(signed(algorithm), &[algorithm], true);
            let others: Vec<WebSubAlgorithm> = all.into_iter().filter(|it| *it != algorithm).collect();
            check(signed(algorithm), &others, false);
        }
    }

    #[test]
    fn a_code_under_the_label_of_another_algorithm_proves_nothing() {
        let mut headers = signed(Sha1);
        let code = headers["x-hub-signature"].to_str().unwrap().replace("sha1=", "sha256=");
        headers.insert("x-hub-signature", code.parse().unwrap());
        check(headers, &[Sha1, Sha256], false);
    }

    #[test]
    fn without_an_algorithm_or_a_secret_there_is_no_key() {
        assert!(WebSubKey::new(&[], "a secret of the subscription").is_err());
        assert!(WebSubKey::new(&[Sha256], "").is_err());
    }

    #[test]
    fn a_head_without_a_signature_of_an_allowed_algorithm_is_refused() {
        let check = |headers: HeaderMap, expected: Option<Claimed>| {
            let (mut parts, ()) = Request::post("/").body(()).unwrap().into_parts();
            parts.headers = headers;
            let claimed = recipe(&[Sha256]).head(&Head::new(&parts, None, std::time::UNIX_EPOCH));
            assert_eq!(claimed.ok(), expected, "{:?}", parts.headers);
        };
        check(signed(Sha256), Some(Claimed::default()));
        check(signed(Sha1), None);
        check(HeaderMap::new(), None);
    }

    #[test]
    fn the_outline_is_of_the_algorithm_that_signs() {
        for algorithm in [Sha1, Sha256, Sha384, Sha512] {
            let code = recipe(&[algorithm]).outline().unwrap().code.unwrap();
            assert_eq!(code.algorithm, algorithm.code());
        }
    }
}
