//! Twilio: a code over the public URL and the sorted form, or over the URL alone, which then holds the digest of the
//! body.
//!
//! Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};
use subtle::ConstantTimeEq;

use crate::base::error::rejection::Cause;
use crate::base::ids::hex;
use crate::format::form;
use crate::signature::anatomy::{Anatomy, Reading};
use crate::signature::digest::sha256;
use crate::signature::draft::Draft;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::header::{malformed, once};
use crate::signature::outline::{Carried, CodeOutline, KeyForm, Outline, Part};
use crate::signature::recipe::{OVER_BODY, Piece, Recipe, SignatureAt};
use crate::signature::url::with_and_without_port;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// The recipe with the keys of one source: auth tokens, or the secrets of shared keys.
pub(crate) struct TwilioSignature {
    pub(crate) scheme: TwilioScheme,
    pub(crate) keys: Vec<HashKey>,
}

/// Which of Twilio's two kinds of key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TwilioScheme {
    /// HMAC-SHA1 under the account's auth token.
    AuthToken,
    /// HMAC-SHA256 under a shared key, which the settings header announces.
    SharedKey,
}

impl TwilioScheme {
    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            Self::AuthToken => Algorithm::HmacSha1,
            Self::SharedKey => Algorithm::HmacSha256,
        }
    }
}

impl Signature for TwilioSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        self.settings_agree(&head.parts.headers)?;
        once(&head.parts.headers, &SIGNATURE)
            .and_then(|it| Encoding::Base64.decode(it).ok_or_else(|| malformed(&SIGNATURE, "is not base64")))?;
        Ok(Claimed::default())
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        self.head(head)?;
        let claimed = once(&head.parts.headers, &SIGNATURE)?;
        let claimed = Encoding::Base64.decode(claimed).ok_or(Cause::SignatureMismatch)?;
        let fields = signed_body(head, body)?;
        let urls = with_and_without_port(head.url.ok_or(Cause::NoUrl)?);
        let proven =
            self.keys.iter().take(MOST_COMPUTATIONS).any(|key| {
                urls.iter().flatten().any(|url| key.code(&[url.as_bytes(), &fields]).equals(claimed.bytes()))
            });
        if proven { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let key = self.keys.first().ok_or(CannotSign::NoSecret)?;
        let url = message.url.ok_or(CannotSign::NoUrl)?;
        let fields = if message.is_form { form::sorted_without_repeats(message.body) } else { Vec::new() };
        let code = Encoding::Base64.encode(key.code(&[url.as_bytes(), &fields]).bytes());
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE, HeaderValue::from_str(&code).map_err(|_| CannotSign::Id)?);
        if self.scheme == TwilioScheme::SharedKey {
            headers.insert(SETTINGS, HeaderValue::from_static(ANNOUNCED));
        }
        Ok(headers)
    }

    /// A body that is no form is signed through its digest in the URL.
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        if !draft.body.is_empty() && !form::is_form(&draft.headers) {
            draft.set_query(BODY_DIGEST, &hex(&sha256(&draft.body)))?;
        }
        draft.headers.extend(self.sign(&draft.message())?);
        Ok(())
    }

    /// A form that repeats a field is signed a little differently; it is not explained as far as others.
    fn anatomy<'a>(&'a self, head: &Head<'a>) -> Anatomy<'a> {
        let signed: &[Piece] = match form::is_form(&head.parts.headers) {
            true => &[Piece::Url, Piece::SortedForm],
            false => &[Piece::Url],
        };
        let recipe = Recipe {
            algorithm: self.scheme.algorithm(),
            signed: Cow::Borrowed(signed),
            signature: SignatureAt::header("x-twilio-signature", ""),
            encoding: Encoding::Base64,
            ..OVER_BODY
        };
        Anatomy::code(Cow::Owned(recipe), Reading::Text)
    }

    fn outline(&self) -> Option<Outline> {
        let mut carried = vec![Carried::header(SIGNATURE, vec![Part::Signature])];
        if self.scheme == TwilioScheme::SharedKey {
            carried.push(Carried::header(SETTINGS, vec![Part::Text(ANNOUNCED.into())]));
        }
        Some(Outline {
            code: Some(CodeOutline {
                algorithm: self.scheme.algorithm(),
                key: KeyForm::Text,
                signed: vec![Part::Url, Part::DistinctForm],
                encoding: Encoding::Base64,
            }),
            unit: None,
            carried,
        })
    }
}

impl TwilioSignature {
    /// The settings header says which kind of key signed. It must say what is configured: a receiver of shared keys
    /// would otherwise fall back to SHA-1 when somebody takes the header away.
    fn settings_agree(&self, headers: &HeaderMap) -> Result<(), Cause> {
        let announced = match headers.contains_key(&SETTINGS) {
            true => once(headers, &SETTINGS)?.split(',').any(|it| it.trim() == "algorithm=HMAC_SHA256"),
            false => false,
        };
        match self.scheme {
            TwilioScheme::SharedKey if !headers.contains_key(&SETTINGS) => Err(Cause::MissingHeader(SETTINGS)),
            TwilioScheme::SharedKey if !announced => Err(malformed(&SETTINGS, "does not say HMAC_SHA256")),
            TwilioScheme::AuthToken if headers.contains_key(&SETTINGS) => {
                Err(malformed(&SETTINGS, "announces another kind of key than the configured one"))
            }
            TwilioScheme::SharedKey | TwilioScheme::AuthToken => Ok(()),
        }
    }
}

/// What of the body is signed behind the URL. A body that is no form is signed through its digest in the query; one
/// without a digest there must be empty, since nothing would cover it.
fn signed_body(head: &Head<'_>, body: &[u8]) -> Result<Vec<u8>, Cause> {
    let query = head.parts.uri.query().unwrap_or_default();
    let mut digests = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == BODY_DIGEST);
    match (digests.next(), digests.next()) {
        (Some((_, claimed)), None) => {
            let right: bool = hex(&sha256(body)).as_bytes().ct_eq(claimed.as_bytes()).into();
            if right { Ok(Vec::new()) } else { Err(Cause::SignatureMismatch) }
        }
        (Some(_), Some(_)) => Err(Cause::Parameter { name: BODY_DIGEST.into(), problem: "arrived more than once" }),
        (None, _) if body.is_empty() => Ok(Vec::new()),
        (None, _) if form::is_form(&head.parts.headers) => Ok(form::sorted_without_repeats(body)),
        (None, _) => {
            Err(Cause::Parameter { name: BODY_DIGEST.into(), problem: "is missing beside a body that is no form" })
        }
    }
}

const SIGNATURE: HeaderName = HeaderName::from_static("x-twilio-signature");
const SETTINGS: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");
/// What the settings header says of a shared key.
const ANNOUNCED: &str = "key=shared,algorithm=HMAC_SHA256";
const BODY_DIGEST: &str = "bodySHA256";

#[cfg(test)]
mod tests;
