//! PayPal: a certificate signs the ids, the time, and a CRC-32 of the body.

#[cfg(feature = "testing")]
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderName;
#[cfg(feature = "testing")]
use http::HeaderValue;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::base::error::rejection::Cause;
use crate::base::secret::Secret;
use crate::fetch::{HostRule, PinnedUrl, Post, Wanted};
use crate::format::json;
#[cfg(feature = "testing")]
use crate::signature::CannotSign;
use crate::signature::certificate::{Anchors, Chain};
#[cfg(feature = "testing")]
use crate::signature::draft::Draft;
use crate::signature::encoding::rfc3339;
use crate::signature::fetched::Fetched;
use crate::signature::header::{malformed, once};
use crate::signature::rsa_key::RsaPadding;
#[cfg(feature = "testing")]
use crate::signature::stand_in::{self, RSA};
use crate::signature::{Claimed, Head, Signed};

/// The recipe of one receiver.
pub(crate) struct PayPalSignature {
    pub(crate) webhook_id: String,
    pub(crate) anchors: Anchors,
    /// The credentials with which PayPal itself is asked about each delivery.
    pub(crate) postback: Option<Postback>,
}

/// The credentials of an app at PayPal.
#[derive(Clone)]
pub(crate) struct Postback {
    pub(crate) client_id: String,
    pub(crate) secret: Secret,
}

impl Fetched for PayPalSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        let claim = Claim::read(head)?;
        url(head)?;
        Ok(Claimed { timestamp: Some(claim.seconds), ..Claimed::default() })
    }

    fn wanted(&self, head: &Head<'_>, _: &[u8]) -> Result<Vec<Wanted>, Cause> {
        Ok(vec![url(head)?])
    }

    fn further(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Option<Wanted>, Cause> {
        let Some(postback) = &self.postback else { return Ok(None) };
        match documents {
            [certificate] => {
                // Nobody but PayPal makes PayPal be asked.
                self.by_certificate(head, body, certificate)?;
                postback.for_a_token(head).map(Some)
            }
            [_, token] => self.for_a_verdict(head, body, token).map(Some),
            _ => Ok(None),
        }
    }

    fn prove(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Signed, Cause> {
        let signed = self.by_certificate(head, body, documents.first().ok_or(Cause::KeyNotFetched)?)?;
        if self.postback.is_some() {
            let verdict = documents.get(2).and_then(|it| json::object(it));
            let verdict = verdict.as_ref().and_then(|it| it.get("verification_status")?.as_str());
            if verdict != Some("SUCCESS") {
                return Err(Cause::SignatureMismatch);
            }
        }
        Ok(signed)
    }

    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let time = humantime::format_rfc3339_seconds(draft.time).to_string();
        let signed = format!("{}|{time}|{}|{}", draft.id, self.webhook_id, crc32fast::hash(&draft.body));
        let signature = RSA.as_ref().and_then(|key| key.sign(RsaPadding::Pkcs1Sha256, signed.as_bytes()));
        let signature = STANDARD.encode(signature.ok_or(CannotSign::PublicKeyOnly)?);
        let url = "https://api.paypal.com/v1/notifications/certs/CERT-stand-in";
        let values =
            [(ALGORITHM, "SHA256withRSA"), (CERTIFICATE, url), (ID, &draft.id), (SIGNATURE, &signature), (TIME, &time)];
        for (name, value) in values {
            draft.headers.insert(name, HeaderValue::from_str(value).map_err(|_| CannotSign::Id)?);
        }
        Ok(())
    }

    /// The certificate, and to whoever asks for a verdict on what that has proven, the one of a genuine delivery.
    #[cfg(feature = "testing")]
    fn stand_in_document(&self, url: &PinnedUrl) -> Option<String> {
        let path = url.as_str().split_once(".com").map(|(_, path)| path);
        Some(match path {
            Some("/v1/oauth2/token") => r#"{"access_token":"stand-in"}"#.to_owned(),
            Some("/v1/notifications/verify-webhook-signature") => r#"{"verification_status":"SUCCESS"}"#.to_owned(),
            _ => stand_in::CERTIFICATE.to_owned(),
        })
    }

    #[cfg(feature = "testing")]
    fn believing_the_stand_in(&self) -> Option<Arc<dyn Fetched>> {
        let mut anchors = self.anchors.clone();
        anchors.add(stand_in::CERTIFICATE.as_bytes())?;
        let postback = self.postback.clone();
        Some(Arc::new(Self { webhook_id: self.webhook_id.clone(), anchors, postback }))
    }
}

impl Postback {
    /// The first request: an access token for the credentials.
    fn for_a_token(&self, head: &Head<'_>) -> Result<Wanted, Cause> {
        let credentials = [self.client_id.as_bytes(), b":", self.secret.expose()].concat();
        let basic = format!("Basic {}", STANDARD.encode(Zeroizing::new(credentials)));
        let post = Post::new("application/x-www-form-urlencoded", "grant_type=client_credentials").authorized(basic);
        Ok(Wanted { url: api(head, "/v1/oauth2/token")?, post: Some(post) })
    }
}

impl PayPalSignature {
    /// The second request: PayPal's verdict. The event in it is the body as it came, for PayPal sums up these bytes.
    fn for_a_verdict(&self, head: &Head<'_>, body: &[u8], token: &[u8]) -> Result<Wanted, Cause> {
        let token = json::object(token).ok_or(Cause::Key("is no access token"))?;
        let token = token.get("access_token").and_then(Value::as_str).ok_or(Cause::Key("is no access token"))?;
        json::object(body).ok_or(Cause::MalformedBody("is no JSON object, or has a key twice"))?;
        let headers = &head.parts.headers;
        let fields = serde_json::json!({
            "auth_algo": once(headers, &ALGORITHM)?,
            "cert_url": once(headers, &CERTIFICATE)?,
            "transmission_id": once(headers, &ID)?,
            "transmission_sig": once(headers, &SIGNATURE)?,
            "transmission_time": once(headers, &TIME)?,
            "webhook_id": self.webhook_id,
        });
        let fields = fields.to_string();
        let mut asked = fields.trim_end_matches('}').as_bytes().to_vec();
        asked.extend_from_slice(b",\"webhook_event\":");
        asked.extend_from_slice(body);
        asked.push(b'}');
        let post = Post::new("application/json", asked).authorized(format!("Bearer {token}"));
        Ok(Wanted { url: api(head, "/v1/notifications/verify-webhook-signature")?, post: Some(post) })
    }

    fn by_certificate(&self, head: &Head<'_>, body: &[u8], certificate: &[u8]) -> Result<Signed, Cause> {
        let claim = Claim::read(head)?;
        let chain = Chain::from_pem(certificate).ok_or(Cause::Key("is no certificate"))?;
        if !chain.is_valid_at(head.now) {
            return Err(Cause::Key("is of a certificate that has expired, or is not valid yet"));
        }
        if !chain.common_name().is_some_and(|it| SUBJECTS.contains(&it)) {
            return Err(Cause::Key("is of a certificate that is not for PayPal's messages"));
        }
        if !chain.is_trusted_by(&self.anchors, head.now) {
            return Err(Cause::Key("is of a certificate that no trust anchor vouches for"));
        }
        let key = chain.key().map_err(Cause::Key)?;
        let sum = crc32fast::hash(body);
        let signed = format!("{}|{}|{}|{sum}", claim.id, claim.time, self.webhook_id);
        if !key.verify(RsaPadding::Pkcs1Sha256, signed.as_bytes(), &claim.signature) {
            return Err(Cause::SignatureMismatch);
        }
        Ok(Signed { id: Some(claim.id.into()), timestamp: Some(claim.seconds) })
    }
}

/// What the head claims.
struct Claim<'a> {
    id: &'a str,
    time: &'a str,
    seconds: i64,
    signature: Vec<u8>,
}

impl<'a> Claim<'a> {
    fn read(head: &Head<'a>) -> Result<Self, Cause> {
        let headers = &head.parts.headers;
        if once(headers, &ALGORITHM)? != "SHA256withRSA" {
            return Err(malformed(&ALGORITHM, "is not SHA256withRSA"));
        }
        let (id, time) = (once(headers, &ID)?, once(headers, &TIME)?);
        // A bar would let the ids and the time trade places.
        if id.is_empty() || id.contains('|') {
            return Err(malformed(&ID, "is empty or holds a bar"));
        }
        let seconds = rfc3339(time).ok_or_else(|| malformed(&TIME, "is no time of RFC 3339 in UTC"))?;
        let signature = STANDARD.decode(once(headers, &SIGNATURE)?);
        Ok(Self { id, time, seconds, signature: signature.map_err(|_| malformed(&SIGNATURE, "is not base64"))? })
    }
}

fn url(head: &Head<'_>) -> Result<Wanted, Cause> {
    let url = CERTIFICATES.pin(once(&head.parts.headers, &CERTIFICATE)?);
    Ok(url.ok_or(Cause::ForeignUrl)?.into())
}

/// The interface of the environment that the certificate is of.
fn api(head: &Head<'_>, path: &str) -> Result<PinnedUrl, Cause> {
    let sandbox = url(head)?.url.as_str().contains(".sandbox.paypal.com/");
    let host = if sandbox { "api-m.sandbox.paypal.com" } else { "api-m.paypal.com" };
    INTERFACE.pin(&format!("https://{host}{path}")).ok_or(Cause::ForeignUrl)
}

static INTERFACE: HostRule = HostRule {
    name: "paypal-interface",
    host: |host| HOSTS.contains(&host),
    path: |path| ["/v1/oauth2/token", "/v1/notifications/verify-webhook-signature"].contains(&path),
};

static CERTIFICATES: HostRule = HostRule {
    name: "paypal",
    host: |host| HOSTS.contains(&host),
    path: |path| {
        let name = path.strip_prefix("/v1/notifications/certs/");
        name.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    },
};

const HOSTS: [&str; 4] = ["api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com", "api-m.sandbox.paypal.com"];
const SUBJECTS: [&str; 2] = ["messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"];
const ALGORITHM: HeaderName = HeaderName::from_static("paypal-auth-algo");
const CERTIFICATE: HeaderName = HeaderName::from_static("paypal-cert-url");
const ID: HeaderName = HeaderName::from_static("paypal-transmission-id");
const SIGNATURE: HeaderName = HeaderName::from_static("paypal-transmission-sig");
const TIME: HeaderName = HeaderName::from_static("paypal-transmission-time");

#[cfg(test)]
mod tests {
    use http::Request;

    use super::{CERTIFICATES, Claim, INTERFACE};
    use crate::signature::Head;

    fn check(id: &str, expected: bool) {
        let request = Request::post("/")
            .header("paypal-auth-algo", "SHA256withRSA")
            .header("paypal-transmission-id", id)
            .header("paypal-transmission-time", "2015-05-18T15:45:13Z")
            .header("paypal-transmission-sig", "AAAA");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let claim = Claim::read(&Head::new(&parts, None, std::time::UNIX_EPOCH));
        assert_eq!(claim.is_ok(), expected, "{id}");
    }

    #[test]
    fn an_id_cannot_trade_places_with_the_time() {
        check("dfb3be50-fd74-11e4-8bf3-77339302725b", true);
        check("", false);
        check("|", false);
        check("dfb3be50-fd74-11e4-8bf3-77339302725b|2015-05-18T15:45:13Z", false);
    }

    #[test]
    fn a_certificate_is_fetched_from_paypal_alone() {
        let check = |rest: &str, expected: bool| {
            assert_eq!(CERTIFICATES.pin(&format!("https://{rest}")).is_some(), expected, "{rest}");
        };
        for host in ["api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com", "api-m.sandbox.paypal.com"] {
            for (name, expected) in [("CERT-1", true), ("1", true), ("", false), ("a.b", false), ("a/b", false)] {
                check(&format!("{host}/v1/notifications/certs/{name}"), expected);
            }
            check(&format!("{host}/v1/other/CERT-1"), false);
        }
        for host in ["paypal.com", "evil.paypal.com", "api.paypal.com.evil.test", "evil.test"] {
            check(&format!("{host}/v1/notifications/certs/CERT-1"), false);
        }
    }

    #[test]
    fn paypal_is_asked_for_tokens_and_verdicts_alone() {
        for (rest, expected) in [
            ("api-m.paypal.com/v1/oauth2/token", true),
            ("api-m.sandbox.paypal.com/v1/notifications/verify-webhook-signature", true),
            ("api-m.paypal.com/v1/payments/payment", false),
            ("api-m.paypal.com.evil.test/v1/oauth2/token", false),
        ] {
            assert_eq!(INTERFACE.pin(&format!("https://{rest}")).is_some(), expected, "{rest}");
        }
    }
}
