//! Adobe I/O Events: two signatures by two keys, whose paths stand in headers. One that is right suffices.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
#[cfg(feature = "testing")]
use http::HeaderValue;
use http::{HeaderMap, HeaderName};

use crate::base::error::rejection::Cause;
use crate::fetch::{HostRule, PinnedUrl, Wanted};
use crate::format::json;
#[cfg(feature = "testing")]
use crate::signature::CannotSign;
#[cfg(feature = "testing")]
use crate::signature::draft::Draft;
use crate::signature::fetched::Fetched;
use crate::signature::header::{malformed, once};
use crate::signature::public_key::PublicKey;
use crate::signature::rsa_key::RsaPadding;
#[cfg(feature = "testing")]
use crate::signature::stand_in::RSA;
use crate::signature::{Claimed, Head, Signed};

/// The recipe of one receiver.
pub(crate) struct AdobeIoSignature {
    pub(crate) recipient: String,
}

impl Fetched for AdobeIoSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        pairs(&head.parts.headers)?;
        Ok(Claimed::default())
    }

    fn wanted(&self, head: &Head<'_>, body: &[u8]) -> Result<Vec<Wanted>, Cause> {
        self.is_recipient(body)?;
        Ok(pairs(&head.parts.headers)?.into_iter().map(|(_, url)| url.into()).collect())
    }

    fn prove(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Signed, Cause> {
        self.is_recipient(body)?;
        let pairs = pairs(&head.parts.headers)?;
        let proven = pairs.iter().zip(documents).any(|((signature, _), document)| {
            let key = std::str::from_utf8(document).map(|text| PublicKey::rsa(text, RsaPadding::Pkcs1Sha256));
            key.is_ok_and(|key| key.is_ok_and(|it| it.verify(body, signature)))
        });
        if proven { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let mut body =
            json::parse(&draft.body).ok_or(CannotSign::Body("is not JSON, in which the recipient stands"))?;
        if body.get("recipient_client_id").and_then(|it| it.as_str()) != Some(&self.recipient) {
            json::put(&mut body, "/recipient_client_id", self.recipient.clone().into());
            draft.body = body.to_string().into_bytes();
        }
        let signature = RSA.as_ref().and_then(|key| key.sign(RsaPadding::Pkcs1Sha256, &draft.body));
        let signature = STANDARD.encode(signature.ok_or(CannotSign::PublicKeyOnly)?);
        let [(name, path), _] = &HEADERS;
        draft.headers.insert(name, HeaderValue::from_str(&signature).map_err(|_| CannotSign::Id)?);
        draft.headers.insert(path, HeaderValue::from_static("/prod/keys/stand-in.pem"));
        Ok(())
    }

    #[cfg(feature = "testing")]
    fn stand_in_document(&self, _: &PinnedUrl) -> Option<String> {
        Some(STANDARD.encode(RSA.as_ref()?.public_der()?))
    }
}

impl AdobeIoSignature {
    /// One pair of keys signs for every customer of Adobe: only the body says whose event it is.
    fn is_recipient(&self, body: &[u8]) -> Result<(), Cause> {
        let body = json::object(body).ok_or(Cause::MalformedBody("is no JSON object, or has a key twice"))?;
        match body.get("recipient_client_id").and_then(|it| it.as_str()) {
            Some(recipient) if recipient == self.recipient => Ok(()),
            _ => Err(Cause::OtherRecipient),
        }
    }
}

/// The signatures, each with the URL of its key: both, or the one that is there.
fn pairs(headers: &HeaderMap) -> Result<Vec<(Vec<u8>, PinnedUrl)>, Cause> {
    let mut pairs = Vec::new();
    for (signature, path) in &HEADERS {
        if !headers.contains_key(signature) && !headers.contains_key(path) {
            continue;
        }
        let bytes = STANDARD.decode(once(headers, signature)?).map_err(|_| malformed(signature, "is not base64"))?;
        let url = KEYS.pin(&format!("https://static.adobeioevents.com{}", once(headers, path)?));
        pairs.push((bytes, url.ok_or(Cause::ForeignUrl)?));
    }
    let [(first, _), _] = &HEADERS;
    if pairs.is_empty() { Err(Cause::MissingHeader(first.clone())) } else { Ok(pairs) }
}

/// The URL whose fetching tells Adobe that the receiver of this body is there.
pub(crate) fn validation(body: &[u8]) -> Option<PinnedUrl> {
    VALIDATIONS.pin(json::object(body)?.get("validationUrl")?.as_str()?)
}

static VALIDATIONS: HostRule = HostRule {
    name: "adobe-io-validation",
    host: |host| {
        let name = host.strip_suffix(".adobe.io");
        name.is_some_and(|it| it.starts_with("csm") && !it.contains('.'))
    },
    path: |path| path.starts_with("/csm/"),
};

static KEYS: HostRule = HostRule {
    name: "adobe-io-events",
    host: |host| host == "static.adobeioevents.com",
    path: |path| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte)) && path.len() > 1,
};

static HEADERS: [(HeaderName, HeaderName); 2] = [
    (HeaderName::from_static("x-adobe-digital-signature-1"), HeaderName::from_static("x-adobe-public-key1-path")),
    (HeaderName::from_static("x-adobe-digital-signature-2"), HeaderName::from_static("x-adobe-public-key2-path")),
];

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{KEYS, VALIDATIONS, pairs};

    /// How many signatures these headers hold, or what is wrong.
    fn check(headers: &[(&'static str, &'static str)], expected: Result<usize, &str>) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let found = pairs(&headers).map(|it| it.len()).map_err(|cause| cause.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{headers:?}");
    }

    #[test]
    fn a_signature_and_the_path_of_its_key_are_there_together() {
        let first = [("x-adobe-digital-signature-1", "AAAA"), ("x-adobe-public-key1-path", "/prod/keys/1.pem")];
        let second = [("x-adobe-digital-signature-2", "AAAA"), ("x-adobe-public-key2-path", "/prod/keys/2.pem")];
        check(&first, Ok(1));
        check(&second, Ok(1));
        check(&[first, second].concat(), Ok(2));
        check(&[first[0], first[1], second[0]], Err("the header x-adobe-public-key2-path is missing"));
        check(&[first[0], first[1], second[1]], Err("the header x-adobe-digital-signature-2 is missing"));
        check(&[first[0], second[1]], Err("the header x-adobe-public-key1-path is missing"));
        check(&[], Err("the header x-adobe-digital-signature-1 is missing"));
    }

    #[test]
    fn a_key_is_fetched_from_adobe_alone() {
        let check = |rest: &str, expected: bool| {
            assert_eq!(KEYS.pin(&format!("https://{rest}")).is_some(), expected, "{rest}");
        };
        for path in ["/prod/keys/pub-key_1.pem", "/k"] {
            check(&format!("static.adobeioevents.com{path}"), true);
            for host in ["adobeioevents.com", "static.adobeioevents.com.evil.test", "evil.test"] {
                check(&format!("{host}{path}"), false);
            }
        }
        for path in ["", "/", "/k?x=1", "/k=", "/~k"] {
            check(&format!("static.adobeioevents.com{path}"), false);
        }
    }

    #[test]
    fn a_receiver_is_validated_at_adobe_alone() {
        let check = |rest: &str, expected: bool| {
            assert_eq!(VALIDATIONS.pin(&format!("https://{rest}")).is_some(), expected, "{rest}");
        };
        for host in ["csm.adobe.io", "csm-va7.adobe.io"] {
            check(&format!("{host}/csm/webhooks/validate?id=1"), true);
            check(&format!("{host}/other"), false);
        }
        for host in ["adobe.io", "www.adobe.io", "csm.evil.adobe.io", "csm.evil.test", "csm.adobe.io.evil.test"] {
            check(&format!("{host}/csm/webhooks/validate?id=1"), false);
        }
    }
}
