//! AWS SNS: everything stands in the JSON body, the signature and the URL of its certificate too.
//!
//! The signed text is made of the values as JSON decodes them, so that a body in which a key stands twice is refused:
//! its signature and its handler could read two different values.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderName;
#[cfg(feature = "testing")]
use http::HeaderValue;
use serde_json::{Map, Value};

use crate::base::error::rejection::Cause;
use crate::fetch::{HostRule, PinnedUrl, Wanted};
use crate::format::json;
#[cfg(feature = "testing")]
use crate::signature::CannotSign;
use crate::signature::certificate::Chain;
#[cfg(feature = "testing")]
use crate::signature::draft::Draft;
use crate::signature::encoding::rfc3339;
use crate::signature::fetched::Fetched;
use crate::signature::header::once;
use crate::signature::rsa_key::RsaPadding;
#[cfg(feature = "testing")]
use crate::signature::stand_in::{CERTIFICATE, RSA};
use crate::signature::{Claimed, Head, Signed};

/// The recipe of one receiver.
pub(crate) struct SnsSignature {
    pub(crate) topics: Arc<[String]>,
    /// SHA-1 is refused.
    pub(crate) only_version_2: bool,
}

impl Fetched for SnsSignature {
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause> {
        // Nothing signs the header: it is looked at once more beside the signed type.
        once(&head.parts.headers, &MESSAGE_TYPE)?;
        Ok(Claimed::default())
    }

    fn wanted(&self, head: &Head<'_>, body: &[u8]) -> Result<Vec<Wanted>, Cause> {
        let message = Notice::read(body)?;
        self.check(head, &message)?;
        let url = CERTIFICATES.pin(message.text("SigningCertURL")?).ok_or(Cause::ForeignUrl)?;
        Ok(vec![url.into()])
    }

    fn prove(&self, head: &Head<'_>, body: &[u8], documents: &[Bytes]) -> Result<Signed, Cause> {
        let message = Notice::read(body)?;
        let padding = self.check(head, &message)?;
        let chain = documents.first().and_then(|it| Chain::from_pem(it)).ok_or(Cause::Key("is no certificate"))?;
        if !chain.is_valid_at(head.now) {
            return Err(Cause::Key("is of a certificate that has expired, or is not valid yet"));
        }
        let key = chain.key().map_err(Cause::Key)?;
        let signature = STANDARD.decode(message.text("Signature")?);
        let signature = signature.map_err(|_| Cause::MalformedBody("has a signature that is not base64"))?;
        if !key.verify(padding, message.signed()?.as_bytes(), &signature) {
            return Err(Cause::SignatureMismatch);
        }
        let id = Some(message.text("MessageId")?.into());
        Ok(Signed { id, timestamp: rfc3339(message.text("Timestamp")?) })
    }

    /// What a payload lacks of a message is written into it.
    #[cfg(feature = "testing")]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        const NO_MESSAGE: CannotSign = CannotSign::Body("is no message of SNS: give a JSON object like its sample");
        let mut message = Notice(json::object(&draft.body).ok_or(NO_MESSAGE)?);
        let mut set = |key: &str, new: &str, keeps: &dyn Fn(&str) -> bool| {
            let own = message.0.get(key).and_then(Value::as_str).is_some_and(|it| !it.is_empty() && keeps(it));
            if !own {
                message.0.insert(key.to_owned(), new.into());
            }
        };
        set("Type", "Notification", &|_| true);
        set("MessageId", &draft.id, &|_| true);
        set("TopicArn", self.topics.first().map_or("", |it| it), &|it| self.topics.iter().any(|own| own == it));
        set("Message", "", &|_| true);
        set("Timestamp", &humantime::format_rfc3339_millis(draft.time).to_string(), &|it| rfc3339(it).is_some());
        set("SignatureVersion", "2", &|_| false);
        let url = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-standin.pem";
        set("SigningCertURL", url, &|it| CERTIFICATES.pin(it).is_some());
        let signed = message.signed().map_err(|_| NO_MESSAGE)?;
        let signature = RSA.as_ref().and_then(|key| key.sign(RsaPadding::Pkcs1Sha256, signed.as_bytes()));
        let signature = STANDARD.encode(signature.ok_or(CannotSign::PublicKeyOnly)?);
        message.0.insert("Signature".to_owned(), signature.into());
        let kind = message.text("Type").map_err(|_| NO_MESSAGE)?;
        draft.headers.insert(MESSAGE_TYPE, HeaderValue::from_str(kind).map_err(|_| CannotSign::EventType)?);
        draft.body = Value::Object(message.0).to_string().into_bytes();
        Ok(())
    }

    #[cfg(feature = "testing")]
    fn stand_in_document(&self, _: &PinnedUrl) -> Option<String> {
        Some(CERTIFICATE.to_owned())
    }
}

impl SnsSignature {
    /// Everything that can be told without the key. Returns what the signature is padded and hashed by.
    fn check(&self, head: &Head<'_>, message: &Notice) -> Result<RsaPadding, Cause> {
        if once(&head.parts.headers, &MESSAGE_TYPE)? != message.text("Type")? {
            return Err(Cause::MalformedBody("is of another type than its header says"));
        }
        let topic = message.text("TopicArn")?;
        if !self.topics.iter().any(|it| it == topic) {
            return Err(Cause::OtherRecipient);
        }
        match message.text("SignatureVersion")? {
            "2" => Ok(RsaPadding::Pkcs1Sha256),
            "1" if !self.only_version_2 => Ok(RsaPadding::Pkcs1Sha1),
            _ => Err(Cause::NoSignatureOfScheme { scheme: "SignatureVersion 2" }),
        }
    }
}

/// The body, whose keys stand there once each.
struct Notice(Map<String, Value>);

impl Notice {
    fn read(body: &[u8]) -> Result<Self, Cause> {
        json::object(body).map(Self).ok_or(Cause::MalformedBody("is no JSON object, or has a key twice"))
    }

    fn text(&self, key: &str) -> Result<&str, Cause> {
        self.0.get(key).and_then(Value::as_str).ok_or(Cause::MalformedBody("lacks a text that takes part in its proof"))
    }

    /// The signed text: key and value, each on a line of its own, in the order of the keys.
    fn signed(&self) -> Result<String, Cause> {
        let keys: &[&str] = match self.text("Type")? {
            "Notification" if self.0.get("Subject").is_none_or(Value::is_null) => {
                &["Message", "MessageId", "Timestamp", "TopicArn", "Type"]
            }
            "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
            "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
                &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
            }
            _ => return Err(Cause::MalformedBody("is of no type that SNS signs")),
        };
        let mut signed = String::new();
        for key in keys {
            signed.extend([key, "\n", self.text(key)?, "\n"]);
        }
        Ok(signed)
    }
}

/// The URL that confirms the subscription which this proven body asks for. It is made here of the topic and the token:
/// that of the body is not used.
pub(crate) fn confirmation(body: &[u8]) -> Option<PinnedUrl> {
    let message = Notice::read(body).ok()?;
    if message.text("Type").ok()? != "SubscriptionConfirmation" {
        return None;
    }
    let (topic, token) = (message.text("TopicArn").ok()?, message.text("Token").ok()?);
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let mut parts = topic.split(':');
    let (Some("arn"), partition, Some("sns"), Some(region)) = (parts.next(), parts.next()?, parts.next(), parts.next())
    else {
        return None;
    };
    let end = if partition == "aws-cn" { ".cn" } else { "" };
    let url =
        format!("https://sns.{region}.amazonaws.com{end}/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}");
    CONFIRMATIONS.pin(&url)
}

/// `sns.<region>.amazonaws.com`, or the same in China.
fn is_host(host: &str) -> bool {
    let region = host
        .strip_prefix("sns.")
        .and_then(|rest| rest.strip_suffix(".amazonaws.com").or_else(|| rest.strip_suffix(".amazonaws.com.cn")));
    region.is_some_and(|it| it.len() >= 3 && !it.contains('.'))
}

static CERTIFICATES: HostRule = HostRule {
    name: "aws-sns",
    host: is_host,
    path: |path| {
        let name = path.strip_prefix("/SimpleNotificationService").and_then(|it| it.strip_suffix(".pem"));
        name.is_some_and(|it| match it.strip_prefix('-') {
            Some(id) => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            None => it.is_empty(),
        })
    },
};

static CONFIRMATIONS: HostRule = HostRule {
    name: "aws-sns-confirmation",
    host: is_host,
    path: |path| path.starts_with("/?Action=ConfirmSubscription&TopicArn=arn:") && path.matches('&').count() == 2,
};

const MESSAGE_TYPE: HeaderName = HeaderName::from_static("x-amz-sns-message-type");

#[cfg(test)]
mod tests {
    use http::Request;
    use serde_json::{Value, json};

    use super::{CERTIFICATES, CONFIRMATIONS, Notice, SnsSignature, confirmation};
    use crate::base::error::rejection::Cause;
    use crate::signature::fetched::Fetched;
    use crate::signature::{Claimed, Head};

    const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:orders";

    fn recipe() -> SnsSignature {
        SnsSignature { topics: [TOPIC.to_owned()].into(), only_version_2: true }
    }

    #[test]
    fn a_request_without_its_type_is_refused_by_its_head() {
        let check = |request: http::request::Builder, expected: Result<Claimed, Cause>| {
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(recipe().head(&Head::new(&parts, None, std::time::UNIX_EPOCH)), expected);
        };
        check(Request::post("/").header("x-amz-sns-message-type", "Notification"), Ok(Claimed::default()));
        check(Request::post("/"), Err(Cause::MissingHeader(super::MESSAGE_TYPE)));
    }

    /// The lines that are signed of a message of this type with these members more; nothing where it is none.
    fn check(kind: &str, more: &[(&str, Value)], expected: Option<&str>) {
        let mut message = json!({ "Type": kind, "Message": "m", "MessageId": "i", "Timestamp": "t", "TopicArn": "a" });
        for (key, value) in more {
            message[key] = value.clone();
        }
        let signed = Notice::read(message.to_string().as_bytes()).unwrap().signed();
        assert_eq!(signed.ok().map(|it| it.lines().collect::<Vec<_>>().join(" ")).as_deref(), expected, "{message}");
    }

    #[test]
    fn a_subject_is_signed_where_there_is_one() {
        let without = "Message m MessageId i Timestamp t TopicArn a Type Notification";
        let with = "Message m MessageId i Subject s Timestamp t TopicArn a Type Notification";
        check("Notification", &[], Some(without));
        check("Notification", &[("Subject", json!(null))], Some(without));
        check("Notification", &[("Subject", json!("s"))], Some(with));
        check("Notification", &[("Subject", json!(1))], None);
    }

    #[test]
    fn a_confirmation_is_signed_with_its_token() {
        let more = [("SubscribeURL", json!("u")), ("Token", json!("k"))];
        for kind in ["SubscriptionConfirmation", "UnsubscribeConfirmation"] {
            let signed = format!("Message m MessageId i SubscribeURL u Timestamp t Token k TopicArn a Type {kind}");
            check(kind, &more, Some(&signed));
            check(kind, &more[..1], None);
        }
        check("Other", &more, None);
    }

    /// What the kit makes of a member that a payload has.
    #[cfg(feature = "testing")]
    #[test]
    fn a_payload_keeps_what_a_message_may_have() {
        let check = |key: &str, own: &str, expected: &str| {
            let mut draft = super::Draft {
                id: "id".to_owned(),
                time: std::time::UNIX_EPOCH,
                method: http::Method::POST,
                target: http::Uri::from_static("/"),
                url: None,
                headers: http::HeaderMap::new(),
                body: json!({ key: own }).to_string().into_bytes(),
            };
            recipe().complete(&mut draft).unwrap();
            assert_eq!(Notice::read(&draft.body).unwrap().text(key), Ok(expected), "{key} {own:?}");
        };
        check("MessageId", "own", "own");
        check("MessageId", "", "id");
        check("TopicArn", TOPIC, TOPIC);
        check("TopicArn", "arn:aws:sns:us-east-1:123456789012:other", TOPIC);
        check("Timestamp", "2026-11-24T00:00:00Z", "2026-11-24T00:00:00Z");
        check("Timestamp", "yesterday", "1970-01-01T00:00:00.000Z");
        check("SignatureVersion", "1", "2");
    }

    #[test]
    fn a_certificate_is_fetched_from_sns_alone() {
        let check = |rest: &str, expected: bool| {
            assert_eq!(CERTIFICATES.pin(&format!("https://{rest}")).is_some(), expected, "{rest}");
        };
        let host = "sns.us-east-1.amazonaws.com";
        for (name, expected) in
            [("", true), ("-a1", true), ("-", false), ("-a.b", false), ("-a-b", false), ("a", false)]
        {
            check(&format!("{host}/SimpleNotificationService{name}.pem"), expected);
        }
        check(&format!("{host}/Other.pem"), false);
        check("sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService.pem", true);
        for host in
            ["s3.us-east-1.amazonaws.com", "sns.amazonaws.com", "sns.a.b.amazonaws.com", "sns.us-east-1.evil.test"]
        {
            check(&format!("{host}/SimpleNotificationService.pem"), false);
        }
    }

    #[test]
    fn a_subscription_is_confirmed_by_its_topic_and_its_token_alone() {
        let check = |topic: &str, token: &str, expected: Option<&str>| {
            let message = json!({ "Type": "SubscriptionConfirmation", "TopicArn": topic, "Token": token });
            let url = confirmation(message.to_string().as_bytes());
            assert_eq!(url.as_ref().map(|it| it.as_str()), expected, "{topic} {token}");
        };
        let url = format!("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=a1");
        check(TOPIC, "a1", Some(&url));
        check(TOPIC, "a1&b=2", None);
        check(&format!("{TOPIC}&b=2"), "a1", None);
        check("arn:aws:s3:us-east-1:123456789012:orders", "a1", None);
        check("arn:aws:sns:evil.test/:123456789012:orders", "a1", None);
    }

    #[test]
    fn a_confirmation_does_nothing_else() {
        for (path, expected) in [
            ("/?Action=ConfirmSubscription&TopicArn=arn:a&Token=b", true),
            ("/?Action=ConfirmSubscription&TopicArn=arn:a", false),
            ("/?Action=ConfirmSubscription&TopicArn=arn:a&Token=b&c=d", false),
            ("/?Action=DeleteTopic&TopicArn=arn:a&Token=b", false),
        ] {
            let url = CONFIRMATIONS.pin(&format!("https://sns.us-east-1.amazonaws.com{path}"));
            assert_eq!(url.is_some(), expected, "{path}");
        }
    }
}
