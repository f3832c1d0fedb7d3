//! Recipes as data: which pieces are signed, how the signature is written, and where it stands. Most senders are one
//! of these.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::format::form;
use crate::signature::anatomy::{Anatomy, Reading};
use crate::signature::encoding::{Claim, Encoding, rfc3339};
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::header::{acceptable_id, id, malformed, once, unix_time};
use crate::signature::outline::{Carrier, KeyForm, Outline, Part};
use crate::signature::url::with_hubspot_escapes_decoded;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed, Text};

/// How one sender signs.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) algorithm: Algorithm,
    /// The pieces that are signed, in order and without anything between them.
    pub(crate) signed: Cow<'static, [Piece]>,
    pub(crate) signature: SignatureAt,
    pub(crate) encoding: Encoding,
    pub(crate) timestamp: TimestampAt,
    /// The header whose value is signed as the id.
    pub(crate) id: Option<HeaderName>,
    /// A header that says which version this is: it must be there with this value.
    pub(crate) version: Option<(HeaderName, &'static str)>,
}

/// HMAC-SHA256 over the body, in hex: what most recipes begin from, to say where the signature stands.
pub(crate) const OVER_BODY: Recipe = Recipe {
    algorithm: Algorithm::HmacSha256,
    signed: Cow::Borrowed(&[Piece::Body]),
    signature: SignatureAt::Numbered { prefix: "" },
    encoding: Encoding::Hex,
    timestamp: TimestampAt::Nowhere,
    id: None,
    version: None,
};

/// A piece of the signed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(Text),
    Id,
    /// As the request spells it.
    Timestamp,
    Method,
    Url,
    /// The URL with HubSpot's escapes decoded.
    DecodedUrl,
    Body,
    /// The fields of a form, decoded and sorted: name, value, name, value.
    SortedForm,
}

/// Where the signature stands.
#[derive(Clone, Debug)]
pub(crate) enum SignatureAt {
    /// It is the value of a header, behind a label. Where the header has another name too, the request has one of them.
    Header { name: HeaderName, other: Option<HeaderName>, label: Text },
    /// It is one or several fields of a header such as `t=…,v1=…`. Fields of other names are passed over.
    Fields { name: HeaderName, separator: char, field: &'static str },
    /// It is one of several headers `name1`, `name2` …: one for each active key.
    Numbered { prefix: &'static str },
}

impl SignatureAt {
    /// The value of this header, behind this label.
    pub(crate) const fn header(name: &'static str, label: &'static str) -> Self {
        Self::Header { name: HeaderName::from_static(name), other: None, label: Cow::Borrowed(label) }
    }
}

/// Where the timestamp stands.
#[derive(Clone, Debug)]
pub(crate) enum TimestampAt {
    Nowhere,
    Header(HeaderName, Unit),
    /// In a field of the signature's header.
    Field(&'static str),
}

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    /// RFC 3339 in UTC.
    Rfc3339,
}

impl Recipe {
    pub(crate) fn key(&self, secret: &str) -> Result<HashKey, &'static str> {
        HashKey::new(self.algorithm, &Secret::new(secret)).ok_or("is empty")
    }
}

/// A recipe with the keys of one source, the current one first.
pub(crate) struct Keyed {
    pub(crate) recipe: Cow<'static, Recipe>,
    pub(crate) keys: Vec<HashKey>,
}

impl Clone for Keyed {
    fn clone(&self) -> Self {
        Self { recipe: self.recipe.clone(), keys: self.keys.clone() }
    }
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
        let unit = match &self.timestamp {
            TimestampAt::Header(_, unit) => *unit,
            TimestampAt::Field(_) | TimestampAt::Nowhere => Unit::Seconds,
        };
        let timestamp = unit.spell(message.time)?;
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

/// What the pieces of a signed text stand for in one request.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) id: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) method: &'a str,
    pub(crate) url: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

impl<'a> Values<'a> {
    pub(crate) fn text(&self, pieces: &'a [Piece]) -> Result<Vec<Cow<'a, [u8]>>, Cause> {
        let url = || self.url.ok_or(Cause::NoUrl);
        pieces
            .iter()
            .map(|piece| {
                Ok(match piece {
                    Piece::Text(text) => Cow::Borrowed(text.as_bytes()),
                    Piece::Id => Cow::Borrowed(self.id.as_bytes()),
                    Piece::Timestamp => Cow::Borrowed(self.timestamp.as_bytes()),
                    Piece::Method => Cow::Borrowed(self.method.as_bytes()),
                    Piece::Url => Cow::Borrowed(url()?.as_bytes()),
                    Piece::DecodedUrl => match with_hubspot_escapes_decoded(url()?) {
                        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                    },
                    Piece::Body => Cow::Borrowed(self.body),
                    Piece::SortedForm => Cow::Owned(form::sorted(self.body)),
                })
            })
            .collect()
    }
}

impl Unit {
    /// Seconds since the Unix epoch.
    fn seconds(self, name: &HeaderName, text: &str) -> Result<i64, Cause> {
        match self {
            Self::Seconds => unix_time(name, text),
            Self::Milliseconds => Ok(unix_time(name, text)?.div_euclid(1000)),
            Self::Rfc3339 => Some(text)
                .filter(|it| ends_in_one_way(it))
                .and_then(rfc3339)
                .ok_or_else(|| malformed(name, "is no time of RFC 3339 in UTC")),
        }
    }

    fn spell(self, time: SystemTime) -> Result<String, CannotSign> {
        let since: Duration = time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?;
        Ok(match self {
            Self::Seconds => since.as_secs().to_string(),
            Self::Milliseconds => since.as_millis().to_string(),
            Self::Rfc3339 => humantime::format_rfc3339(time).to_string(),
        })
    }
}

/// A time of RFC 3339 that ends in `Z`, after a fraction of nine digits at most where it has one. Where a body follows
/// without a delimiter, each other ending would let bytes move between them.
fn ends_in_one_way(time: &str) -> bool {
    let fraction = time.strip_suffix('Z').and_then(|it| it.get("2023-11-14T22:13:20".len()..));
    fraction.is_some_and(|it| it.is_empty() || (it.starts_with('.') && (2..=10).contains(&it.len())))
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
    use http::HeaderName;

    use super::Unit;

    fn check(text: &str, expected: Option<i64>) {
        let name = HeaderName::from_static("time");
        assert_eq!(Unit::Rfc3339.seconds(&name, text).ok(), expected, "{text}");
    }

    #[test]
    fn a_time_of_rfc_3339_has_one_spelling_an_end_and_nothing_behind_it() {
        check("2023-11-14T22:13:20Z", Some(1_700_000_000));
        check("2023-11-14T22:13:20.634234626Z", Some(1_700_000_000));
        check("2023-11-14T22:13:20.6Z", Some(1_700_000_000));
        check("1970-01-01T00:00:00Z", Some(0));
        for text in [
            "",
            "1700000000",
            "2023-11-14T22:13:20",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20.634",
            "2023-11-14T22:13:20.6342346261Z",
            "2023-11-14T22:13:20+00:00",
            "2023-11-14T22:13:20.6+00:00",
            "2023-11-14T22:13:20ZZ",
            "2023-11-14T22:13:20.6Z{Z",
            "2023-11-14 22:13:20Z",
            "2023-11-14t22:13:20z",
            "2023-13-14T22:13:20Z",
            "2023-11-31T22:13:20Z",
            "2023-11-14T24:00:00Z",
            "1969-12-31T23:59:59Z",
            " 2023-11-14T22:13:20Z",
            "02023-11-14T22:13:20Z",
        ] {
            check(text, None);
        }
    }
}
