//! JSON Web Tokens (RFC 7519) in their compact form, signed by a key of a set that their issuer publishes (RFC 7517).
//!
//! 1. **Accepted** is a token of the configured algorithm, by the one key of the set that has its `kid` and is of that
//!    algorithm, in its time, from the configured issuer and for the configured audience.
//! 2. **Refused** is every other algorithm, `none` and those with a shared secret first of all; a `kid` that is no
//!    plain word; a token that names extensions which must be understood.
//! 3. **Trap**: most tokens say nothing of the body. Where they do, the claim with its hash is configured.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::HeaderName;
#[cfg(feature = "testing")]
use http::HeaderValue;
use http::header::AUTHORIZATION;
#[cfg(feature = "testing")]
use serde_json::json;
use serde_json::{Map, Value};

use crate::base::error::rejection::Cause;
use crate::base::ids::hex;
use crate::base::secret::Secret;
use crate::fetch::{HostRule, PinnedUrl, Post, Wanted};
use crate::format::json;
#[cfg(feature = "testing")]
use crate::signature::CannotSign;
use crate::signature::digest::sha256;
#[cfg(feature = "testing")]
use crate::signature::draft::Draft;
use crate::signature::ecdsa::{EcdsaForm, EcdsaKey};
use crate::signature::fetched::Fetched;
use crate::signature::header::{malformed, once};
use crate::signature::rsa_key::{RsaKey, RsaPadding};
#[cfg(feature = "testing")]
use crate::signature::stand_in::{ECDSA, RSA};
use crate::signature::{Claimed, Head, Signed, Text};

/// The recipe of one receiver.
#[derive(Clone)]
pub(crate) struct JwtSignature {
    pub(crate) at: JwtAt,
    pub(crate) algorithm: JwtAlgorithm,
    pub(crate) keys: JwtKeys,
    /// Any of them may have issued it; of none, nothing is asked.
    pub(crate) issuers: Vec<Text>,
    pub(crate) audience: Option<Text>,
    /// The verified address of the account that it was issued to.
    pub(crate) email: Option<Text>,
    /// The claim with the SHA-256 of the body, in hex.
    pub(crate) body_hash: Option<Text>,
    /// Does `exp` have to be there? Otherwise `iat` does, and counts as the signed timestamp.
    pub(crate) expires: bool,
}

/// Where the token stands.
#[derive(Clone, Debug)]
pub(crate) enum JwtAt {
    /// `Authorization: Bearer …`.
    Bearer,
    Header(HeaderName),
}

/// What signs the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JwtAlgorithm {
    Rs256,
    Es256,
}

/// Where the keys are.
#[derive(Clone)]
pub(crate) enum JwtKeys {
    /// In a set at this URL.
    Set(PinnedUrl),
    /// Each is asked for by its `kid`, with the credentials of the receiver.
    Asked { url: PinnedUrl, client_id: String, secret: Secret },
}

impl Fetched for JwtSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.read(head).map(|token| Claimed { timestamp: token.issued, ..Claimed::default() })
    }

    fn wanted(&self, head: &Head<'_>, body: &[u8]) -> Result<Vec<Wanted>, Cause> {
        let token = self.read(head)?;
        self.covers(&token, body)?;
        Ok(vec![match &self.keys {
            JwtKeys::Set(url) => url.clone().into(),
            JwtKeys::Asked { url, client_id, secret } => {
                let secret = String::from_utf8_lossy(secret.expose());
                let asked = serde_json::json!({ "client_id": client_id, "secret": secret, "key_id": token.kid });
                Wanted { url: url.clone(), post: Some(Post::new("application/json", asked.to_string())) }
            }
        }])
    }

    fn is_in(&self, head: &Head<'_>, document: &[u8]) -> bool {
        self.read(head).is_ok_and(|token| key_in(document, &token.kid).is_some())
    }

    fn prove(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Signed, Cause> {
        let token = self.read(head)?;
        self.covers(&token, body)?;
        let key = documents.first().and_then(|it| key_in(it, &token.kid));
        let key = key.ok_or(Cause::Token("is signed by a key that is not among those of its issuer"))?;
        if self.algorithm.proves(&key, token.signed.as_bytes(), &token.signature)? {
            // Of a signature there are two spellings; of what it covers there is one.
            let id = self.body_hash.as_ref().map(|_| hex(&sha256(token.signed.as_bytes())).into());
            Ok(Signed { id, timestamp: token.issued })
        } else {
            Err(Cause::SignatureMismatch)
        }
    }

    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let token = self.stand_in_token(draft)?;
        let (name, value) = match &self.at {
            JwtAt::Bearer => (AUTHORIZATION, format!("Bearer {token}")),
            JwtAt::Header(name) => (name.clone(), token),
        };
        draft.headers.insert(name, HeaderValue::from_str(&value).map_err(|_| CannotSign::Id)?);
        Ok(())
    }

    #[cfg(feature = "testing")]
    fn stand_in_document(&self, _: &PinnedUrl) -> Option<String> {
        let text = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let key = match self.algorithm {
            JwtAlgorithm::Rs256 => {
                let (modulus, exponent) = RSA.as_ref()?.public_parts();
                json!({ "kid": STAND_IN, "kty": "RSA", "alg": "RS256", "n": text(modulus), "e": text(exponent) })
            }
            JwtAlgorithm::Es256 => {
                let (x, y) = ECDSA.as_ref()?.public_parts()?;
                json!({ "kid": STAND_IN, "kty": "EC", "alg": "ES256", "crv": "P-256", "x": text(x), "y": text(y) })
            }
        };
        Some(match &self.keys {
            JwtKeys::Set(_) => json!({ "keys": [key] }).to_string(),
            JwtKeys::Asked { .. } => json!({ "key": key }).to_string(),
        })
    }
}

/// A token that is in its time and for this receiver, not proven yet.
struct Token<'a> {
    kid: String,
    claims: Map<String, Value>,
    issued: Option<i64>,
    signed: &'a str,
    signature: Vec<u8>,
}

impl JwtSignature {
    fn read<'a>(&self, head: &Head<'a>) -> Result<Token<'a>, Cause> {
        let headers = &head.parts.headers;
        let text = match &self.at {
            JwtAt::Header(name) => once(headers, name)?,
            JwtAt::Bearer => once(headers, &AUTHORIZATION)?
                .strip_prefix("Bearer ")
                .ok_or_else(|| malformed(&AUTHORIZATION, "is no bearer token"))?,
        };
        let malformed = || Cause::Token("is no signed token in its compact form");
        let (signed, signature) = text.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
        let object = |part: &str| URL_SAFE_NO_PAD.decode(part).ok().and_then(|it| json::object(&it));
        let (header, claims) = (object(header).ok_or_else(malformed)?, object(claims).ok_or_else(malformed)?);
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
        let kid = self.kid(&header)?.to_owned();
        let issued = self.check(&claims, seconds(head.now))?;
        Ok(Token { kid, claims, issued, signed, signature })
    }

    /// The algorithm is ours; the header may only agree.
    fn kid<'a>(&self, header: &'a Map<String, Value>) -> Result<&'a str, Cause> {
        if header.get("alg").and_then(Value::as_str) != Some(self.algorithm.name()) {
            return Err(Cause::Token("is of another algorithm than the configured one"));
        }
        if header.contains_key("crit") {
            return Err(Cause::Token("names extensions that must be understood"));
        }
        let kid = header.get("kid").and_then(Value::as_str).unwrap_or_default();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
        if kid.is_empty() || kid.len() > MOST_KID_BYTES || !kid.bytes().all(is_word) {
            return Err(Cause::Token("names its key by something that is no plain word"));
        }
        Ok(kid)
    }

    /// Returns when it was issued, where that is what limits its time.
    fn check(&self, claims: &Map<String, Value>, now: i64) -> Result<Option<i64>, Cause> {
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
        let time = |claim: &str| match claims.get(claim) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(Cause::Token("has a time that is no whole number")),
        };
        if !self.issuers.is_empty() && !text("iss").is_some_and(|it| self.issuers.iter().any(|own| own == it)) {
            return Err(Cause::Token("is of another issuer"));
        }
        if let Some(audience) = &self.audience
            && text("aud") != Some(audience)
        {
            return Err(Cause::Token("is for another audience"));
        }
        if let Some(email) = &self.email
            && (text("email") != Some(email) || claims.get("email_verified") != Some(&Value::Bool(true)))
        {
            return Err(Cause::Token("is of another account"));
        }
        if time("nbf")?.is_some_and(|it| it > now.saturating_add(LEEWAY)) {
            return Err(Cause::Token("is not valid yet"));
        }
        let expires = time("exp")?;
        if expires.is_some_and(|it| it < now.saturating_sub(LEEWAY)) || (self.expires && expires.is_none()) {
            return Err(Cause::Token("has expired, or never does"));
        }
        let issued = time("iat")?;
        match (self.expires, issued) {
            (true, _) => Ok(None),
            (false, Some(_)) => Ok(issued),
            (false, None) => Err(Cause::Token("does not say when it was issued")),
        }
    }

    /// Is the token about this body, where it says so?
    fn covers(&self, token: &Token<'_>, body: &[u8]) -> Result<(), Cause> {
        let Some(claim) = &self.body_hash else { return Ok(()) };
        // The hash of a body that anyone can see is no secret.
        if token.claims.get(&**claim).and_then(Value::as_str) == Some(&*hex(&sha256(body))) {
            return Ok(());
        }
        Err(Cause::Token("is about another body"))
    }
}

impl JwtAlgorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    fn proves(self, key: &Map<String, Value>, message: &[u8], signature: &[u8]) -> Result<bool, Cause> {
        let text = |member: &str| key.get(member).and_then(Value::as_str);
        let bytes = |member: &str| URL_SAFE_NO_PAD.decode(text(member)?).ok();
        let other = |member: &str, own: &str| text(member).is_some_and(|it| it != own);
        if other("alg", self.name()) || other("use", "sig") {
            return Err(Cause::Key("is of another algorithm, or of another use"));
        }
        match (self, text("kty"), text("crv")) {
            (Self::Rs256, Some("RSA"), _) => {
                let parts = bytes("n").zip(bytes("e"));
                let (modulus, exponent) = parts.ok_or(Cause::Key("lacks a number of its RSA key"))?;
                let key = RsaKey::from_parts(&modulus, &exponent);
                Ok(key.map_err(Cause::Key)?.verify(RsaPadding::Pkcs1Sha256, message, signature))
            }
            (Self::Es256, Some("EC"), Some("P-256")) => {
                let point = bytes("x").zip(bytes("y"));
                let key = point.and_then(|(x, y)| EcdsaKey::from_parts(&x, &y));
                Ok(key.ok_or(Cause::Key("is no point of P-256"))?.verify(EcdsaForm::Fixed, message, signature))
            }
            _ => Err(Cause::Key("is of another algorithm, or of another use")),
        }
    }
}

/// The key of this name, in a set or alone as `key`. Of two of one name there is none. A key that its issuer says has
/// expired is none either.
fn key_in(document: &[u8], kid: &str) -> Option<Map<String, Value>> {
    let document = json::object(document)?;
    let keys = match (document.get("keys"), document.get("key")) {
        (Some(Value::Array(keys)), None) => keys.as_slice(),
        (None, Some(key)) => std::slice::from_ref(key),
        _ => return None,
    };
    let mut named = keys.iter().filter_map(Value::as_object).filter(|key| {
        key.get("kid").and_then(Value::as_str) == Some(kid) && key.get("expired_at").is_none_or(Value::is_null)
    });
    let (key, None) = (named.next()?, named.next()) else { return None };
    Some(key.clone())
}

#[cfg(feature = "testing")]
impl JwtSignature {
    /// A token of the stand-in key, good for an hour.
    fn stand_in_token(&self, draft: &Draft) -> Result<String, CannotSign> {
        let issued = draft.time.duration_since(std::time::UNIX_EPOCH).map_err(|_| CannotSign::Time)?.as_secs();
        let mut claims = Map::from_iter([
            ("iat".to_owned(), issued.into()),
            ("exp".to_owned(), issued.saturating_add(3600).into()),
            ("jti".to_owned(), draft.id.clone().into()),
        ]);
        let texts = [("iss", self.issuers.first()), ("aud", self.audience.as_ref()), ("email", self.email.as_ref())];
        for (claim, text) in texts {
            claims.extend(text.map(|it| (claim.to_owned(), Value::String(it.to_string()))));
        }
        claims.extend(self.email.as_ref().map(|_| ("email_verified".to_owned(), true.into())));
        claims.extend(self.body_hash.as_ref().map(|it| (it.to_string(), hex(&sha256(&draft.body)).into())));
        let header = json!({ "alg": self.algorithm.name(), "kid": STAND_IN, "typ": "JWT" });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(Value::Object(claims)));
        let signature = match self.algorithm {
            JwtAlgorithm::Rs256 => RSA.as_ref().and_then(|it| it.sign(RsaPadding::Pkcs1Sha256, signed.as_bytes())),
            JwtAlgorithm::Es256 => ECDSA.as_ref().map(|it| it.sign(EcdsaForm::Fixed, signed.as_bytes())),
        };
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.ok_or(CannotSign::PublicKeyOnly)?)))
    }
}

/// The name of the stand-in key.
#[cfg(feature = "testing")]
const STAND_IN: &str = "stand-in";

fn seconds(now: std::time::SystemTime) -> i64 {
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A set of keys that configuration names.
pub(crate) static KEY_SETS: HostRule = HostRule { name: "jwks", host: |_| true, path: |path| path.len() > 1 };

/// How far two clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
const MOST_KID_BYTES: usize = 128;

#[cfg(test)]
mod tests;
