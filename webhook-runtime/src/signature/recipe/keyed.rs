//! A recipe with its keys: what a head claims, whether the bytes prove it, and how a delivery is signed.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Recipe, SignatureAt, TimestampAt, Unit, Values};
use crate::base::error::rejection::Cause;
use crate::signature::anatomy::{Anatomy, Reading};
use crate::signature::draft::Draft;
use crate::signature::encoding::Claim;
use crate::signature::hash::HashKey;
use crate::signature::header::{acceptable_id, id, malformed, once};
use crate::signature::outline::{Carrier, KeyForm, Outline, Part};
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// A recipe with the keys of one source, the current one first.
#[derive(Clone)]
pub(crate) struct Keyed {
    pub(crate) recipe: Cow<'static, Recipe>,
    pub(crate) keys: Vec<HashKey>,
}

impl Signature for Keyed {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        let claim = self.recipe.claim(head)?;
        Ok(Claimed { timestamp: claim.seconds, ..Claimed::default() })
    }

    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let claim = self.recipe.claim(head)?;
        let text = self.recipe.text(&claim, head.parts.method.as_str(), head.url, body)?;
        let text: Vec<&[u8]> = text.iter().map(|it| &**it).collect();
        for key in self.keys.iter().take(MOST_COMPUTATIONS) {
            let code = key.code(&text);
            if claim.signatures.iter().any(|it| code.equals(it.bytes())) {
                return Ok(Signed { id: claim.id.map(Into::into), timestamp: claim.seconds });
            }
        }
        Err(Cause::SignatureMismatch)
    }

    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        self.recipe.sign(self.keys.first().ok_or(CannotSign::NoSecret)?, message)
    }

    /// A delivery that is signed again loses what its other signatures were.
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        match &self.recipe.signature {
            SignatureAt::Header { other: Some(other), .. } => drop(draft.headers.remove(other)),
            SignatureAt::Numbered { prefix } => {
                let others: Vec<HeaderName> =
                    draft.headers.keys().filter(|it| is_numbered(it, prefix)).cloned().collect();
                for other in others {
                    draft.headers.remove(other);
                }
            }
            SignatureAt::Header { other: None, .. } | SignatureAt::Fields { .. } => {}
        }
        draft.headers.extend(self.sign(&draft.message())?);
        Ok(())
    }

    fn anatomy<'a>(&'a self, _: &Head<'a>) -> Anatomy<'a> {
        Anatomy::code(Cow::Borrowed(&*self.recipe), Reading::Text)
    }

    fn outline(&self) -> Option<Outline> {
        Some(self.recipe.outline(KeyForm::Text))
    }
}

/// What the head of a request claims.
struct RecipeClaim<'a> {
    id: Option<&'a str>,
    timestamp: &'a str,
    seconds: Option<i64>,
    signatures: Vec<Claim>,
}

impl Recipe {
    fn claim<'a>(&'a self, head: &Head<'a>) -> Result<RecipeClaim<'a>, Cause> {
        let headers = &head.parts.headers;
        if let Some((name, version)) = &self.version
            && once(headers, name)? != *version
        {
            return Err(malformed(name, "is not the configured version"));
        }
        let id = self.id.as_ref().map(|name| id(name, once(headers, name)?)).transpose()?;
        let (signatures, field) = self.signatures(headers)?;
        let (timestamp, seconds) = match &self.timestamp {
            TimestampAt::Nowhere => ("", None),
            TimestampAt::Header(name, unit) => {
                let text = once(headers, name)?;
                (text, Some(unit.seconds(name, text)?))
            }
            TimestampAt::Field(_) => {
                let (name, text) = field.ok_or(Cause::MalformedBody("has no timestamp field"))?;
                (text, Some(Unit::Seconds.seconds(name, text)?))
            }
        };
        Ok(RecipeClaim { id, timestamp, seconds, signatures })
    }

    /// The signatures that the head claims, and the timestamp where it stands among them.
    #[allow(clippy::type_complexity, reason = "a pair that is taken apart where it is returned")]
    fn signatures<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> Result<(Vec<Claim>, Option<(&'a HeaderName, &'a str)>), Cause>
    where
        Self: 'a,
    {
        match &self.signature {
            SignatureAt::Header { name, other, label } => {
                let name = present(headers, name, other.as_ref())?;
                let value = once(headers, name)?;
                let digits = value.strip_prefix(&**label).ok_or_else(|| malformed(name, "lacks its label"))?;
                let claim = self.encoding.decode(digits).ok_or_else(|| malformed(name, "is no encoded signature"))?;
                Ok((vec![claim], None))
            }
            SignatureAt::Fields { name, separator, field } => {
                let value = once(headers, name)?;
                let mut timestamp = None;
                let mut claims = Vec::new();
                for (key, value) in value.split(*separator).filter_map(|it| it.trim().split_once('=')) {
                    if matches!(self.timestamp, TimestampAt::Field(of) if of == key)
                        && timestamp.replace((name, value)).is_some()
                    {
                        return Err(malformed(name, "has two timestamps"));
                    }
                    if key == *field && claims.len() < MOST_COMPUTATIONS {
                        claims.extend(self.encoding.decode(value));
                    }
                }
                if matches!(self.timestamp, TimestampAt::Field(_)) && timestamp.is_none() {
                    return Err(malformed(name, "has no timestamp"));
                }
                if claims.is_empty() {
                    return Err(Cause::NoSignatureOfScheme { scheme: field });
                }
                Ok((claims, timestamp))
            }
            SignatureAt::Numbered { prefix } => {
                let mut claims = Vec::new();
                for name in headers.keys().filter(|it| is_numbered(it, prefix)).take(MOST_NUMBERED) {
                    claims.extend(self.encoding.decode(once(headers, name)?));
                }
                if claims.is_empty() { Err(Cause::NoSignatureOfScheme { scheme: prefix }) } else { Ok((claims, None)) }
            }
        }
    }

    /// The pieces of the signed text.
    fn text<'a>(
        &'a self,
        claim: &RecipeClaim<'a>,
        method: &'a str,
        url: Option<&'a str>,
        body: &'a [u8],
    ) -> Result<Vec<Cow<'a, [u8]>>, Cause> {
        let values = Values { id: claim.id.unwrap_or_default(), timestamp: claim.timestamp, method, url, body };
        values.text(&self.signed)
    }

    fn sign(&self, key: &HashKey, message: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        let timestamp = self.unit().unwrap_or(Unit::Seconds).spell(message.time)?;
        let claim = RecipeClaim {
            id: self.id.as_ref().map(|_| message.id),
            timestamp: &timestamp,
            seconds: None,
            signatures: Vec::new(),
        };
        let text =
            self.text(&claim, message.method.as_str(), message.url, message.body).map_err(|_| CannotSign::NoUrl)?;
        let text: Vec<&[u8]> = text.iter().map(|it| &**it).collect();
        let signature = self.encoding.encode(key.code(&text).bytes());

        if self.id.is_some() && !acceptable_id(message.id) {
            return Err(CannotSign::Id);
        }
        let mut headers = HeaderMap::new();
        for carried in self.carried() {
            let Carrier::Header(name) = carried.place else { return Err(CannotSign::NotInAHeader) };
            let spelled = |part: &Part| match part {
                Part::Text(text) => text.to_string(),
                Part::Id => message.id.to_owned(),
                Part::Timestamp => timestamp.clone(),
                // Nothing else travels in the headers of a recipe.
                _ => signature.clone(),
            };
            let value: String = carried.text.iter().map(spelled).collect();
            headers.insert(name, HeaderValue::from_str(&value).map_err(|_| CannotSign::Id)?);
        }
        Ok(headers)
    }
}

/// The one of two names that the request has. Both could disagree.
fn present<'a>(
    headers: &HeaderMap,
    name: &'a HeaderName,
    other: Option<&'a HeaderName>,
) -> Result<&'a HeaderName, Cause> {
    let other = other.filter(|it| headers.contains_key(*it));
    match (headers.contains_key(name), other) {
        (true, Some(other)) => Err(Cause::RepeatedHeader(other.clone())),
        (false, Some(other)) => Ok(other),
        (_, None) => Ok(name),
    }
}

fn is_numbered(name: &HeaderName, prefix: &str) -> bool {
    let number = name.as_str().strip_prefix(prefix).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compared with one code a key, so that many cost little: a sender with this many active keys sends a header for each.
const MOST_NUMBERED: usize = 100;

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use http::{HeaderName, Request};

    use super::{Cause, Head, Keyed, MOST_COMPUTATIONS, Recipe, Signature, SignatureAt};
    use crate::signature::Signed;
    use crate::signature::recipe::OVER_BODY;

    const BODY: &[u8] = b"body";

    fn keyed(signature: SignatureAt) -> Keyed {
        let recipe = Recipe { signature, ..OVER_BODY };
        Keyed { keys: vec![recipe.key("secret").unwrap()], recipe: Cow::Owned(recipe) }
    }

    fn check(signature: SignatureAt, header: &str, value: &str, expected: Result<(), Cause>) {
        let (parts, ()) = Request::post("/").header(header, value).body(()).unwrap().into_parts();
        let proven = keyed(signature).prove(&Head::new(&parts, None, std::time::UNIX_EPOCH), BODY);
        assert_eq!(proven, expected.map(|()| Signed::default()), "{header}: {value}");
    }

    /// The code of the body, and one of as many digits that is none.
    fn codes() -> (String, String) {
        let recipe = keyed(SignatureAt::header("x-signature", ""));
        (recipe.recipe.encoding.encode(recipe.keys[0].code(&[BODY]).bytes()), "0".repeat(64))
    }

    #[test]
    fn a_signature_behind_as_many_others_as_are_compared_is_not_reached() {
        let (good, other) = codes();
        let check = |others: usize, expected: Result<(), Cause>| {
            let name = HeaderName::from_static("x-signature");
            let list = format!("{}v1={good}", format!("v1={other},").repeat(others));
            check(SignatureAt::Fields { name, separator: ',', field: "v1" }, "x-signature", &list, expected);
        };
        check(0, Ok(()));
        check(MOST_COMPUTATIONS - 1, Ok(()));
        check(MOST_COMPUTATIONS, Err(Cause::SignatureMismatch));
    }

    #[test]
    fn a_numbered_header_ends_in_digits() {
        let (good, _) = codes();
        let check = |header: &str, expected: Result<(), Cause>| {
            check(SignatureAt::Numbered { prefix: "x-signature-" }, header, &good, expected);
        };
        for header in ["x-signature-1", "x-signature-01", "x-signature-99"] {
            check(header, Ok(()));
        }
        for header in ["x-signature-", "x-signature", "x-signature-a", "x-signature-1a", "x-other-1", "1"] {
            check(header, Err(Cause::NoSignatureOfScheme { scheme: "x-signature-" }));
        }
    }
}
