//! AWS SNS.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::env;
use crate::signature::fetched::FetchedSignature;
use crate::signature::sns::{SnsSignature, confirmation};
use crate::source::facts::{
    BodyTimestamp, COMMON, ContentType, EventTypeAt, Facts, IdentityAt, ProofAt, days, hours, seconds, text,
};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::sample::Sample;
use crate::source::secrets::SecretProblem;
use crate::source::{Keys, Source};

/// AWS SNS: RSA with SHA-1 or SHA-256 over fields of the body, by a certificate of AWS.
///
/// It is there with the feature `x509`.
///
/// # Setting it up
/// Subscribe the URL of your app and `/webhooks/sns` to a topic, with the protocol HTTPS and *without* raw message
/// delivery, which AWS does not sign. Set the topic's attribute `SignatureVersion` to `2`, and say so here.
///
/// ```
/// use webhook_runtime::{webhook, Event, Sns, Webhooks};
///
/// #[webhook("Notification", source = "sns")]
/// async fn notified(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["Message"]);
/// }
///
/// let app = Webhooks::new()
///     .source("sns", Sns::new("arn:aws:sns:us-east-1:123456789012:orders").require_version_2());
/// # let _ = app;
/// ```
///
/// The certificate is fetched from the SNS host of an AWS region and from nowhere else, which needs the feature `fetch`
/// or a [`fetcher`](crate::Webhooks::fetcher). That it is AWS's own rests on the TLS of that host, as in AWS's libraries;
/// its dates are checked. The event type is `Type`: `Notification` or `UnsubscribeConfirmation`. What the publisher wrote is a text in `Message`.
///
/// # What is signed
/// `Message`, `MessageId`, `Subject`, `Timestamp`, `TopicArn` and `Type`; of a confirmation `SubscribeURL` and `Token`
/// too. Other fields, message attributes among them, are not. AWS signs for every account, so that a topic which is not
/// listed is refused.
///
/// A `SubscriptionConfirmation` is verified like the rest, reaches no handler, and is confirmed after its answer, by a
/// URL that is made of the signed topic and token; `SubscribeURL` is never fetched. On a hand-written route
/// [`Source::confirm`](crate::Source::confirm) does so.
///
/// # What can be replayed
/// A captured message, for two hours, with other fields that are not signed; it gets its first answer and runs nothing.
/// A retry carries the timestamp of the first try, and the longest delivery policy retries for one hour.
///
/// # Retries
/// For an hour at most, by the delivery policy of the topic; three times within a minute unless it says otherwise. Ids
/// are kept for a day.
///
/// # Not confirmed
/// The fifteen seconds for an answer, and the statuses on which AWS retries.
#[derive(Clone, Debug)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct Sns {
    topics: Vec<String>,
    only_version_2: bool,
}

impl Sns {
    /// A source of the messages of this topic, by its ARN.
    pub fn new(topic_arn: impl Into<String>) -> Self {
        Self { topics: vec![topic_arn.into()], only_version_2: false }
    }

    /// The same with the topics of the environment variable `AWS_SNS_TOPIC_ARN`, separated by white space.
    pub fn from_env() -> Self {
        let topics = env::read("AWS_SNS_TOPIC_ARN").unwrap_or_default();
        Self { topics: topics.split_whitespace().map(str::to_owned).collect(), only_version_2: false }
    }

    /// Takes the messages of a further topic too.
    pub fn topic(mut self, topic_arn: impl Into<String>) -> Self {
        self.topics.push(topic_arn.into());
        self
    }

    /// Refuses signatures of version 1, which hash with SHA-1.
    pub fn require_version_2(mut self) -> Self {
        self.only_version_2 = true;
        self
    }
}

impl From<Sns> for Source {
    fn from(sns: Sns) -> Self {
        let is_missing = sns.topics.is_empty();
        let fit = |topic: &String| topic.starts_with("arn:") && topic.split(':').count() == 6;
        let keys = if !sns.topics.is_empty() && sns.topics.iter().all(fit) {
            let recipe = SnsSignature { topics: sns.topics.into(), only_version_2: sns.only_version_2 };
            Keys::Fetched(Box::new(FetchedSignature::new(recipe)))
        } else {
            let problem = "is missing or no ARN\n   \
                Write it as `arn:aws:sns:<region>:<account>:<topic>`, or set the environment variable AWS_SNS_TOPIC_ARN.";
            Keys::Fixed(Err(vec![SecretProblem::Setting { setting: "topic", problem }]))
        };
        let source = Self::made(Cow::Borrowed(&FACTS), keys);
        if !is_missing {
            return source;
        }
        source.standing_in(move |_| {
            let topics = Arc::new(["arn:aws:sns:eu-central-1:123456789012:orders".to_owned()]);
            Keys::Fetched(Box::new(FetchedSignature::new(SnsSignature { topics, only_version_2: sns.only_version_2 })))
        })
    }
}

static FACTS: Facts = Facts {
    name: "aws-sns",
    title: "AWS SNS",
    scheme: "RSA by a certificate of AWS, over fields of the body; the signature is `Signature` in the body.",
    proof: ProofAt::Body,
    delivery_id: Some(text("x-amz-sns-message-id")),
    content_types: &[ContentType::JsonAsText, ContentType::Json],
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/Type")])),
    identity: IdentityAt::Signed,
    body_timestamp: Some(BodyTimestamp { pointer: "/Timestamp", per_second: 1 }),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Body("/Type", "SubscriptionConfirmation"),
        shown: Shown::Signature,
        reply: Reply::Empty,
    }],
    confirmation: Some(confirmation),
    ack_deadline: Some(seconds(15)),
    retry_horizon: days(1),
    tolerance: hours(2),
    samples: &[
        Sample::new(
            "Notification",
            r#"{
                "Type": "Notification",
                "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
                "TopicArn": "arn:aws:sns:eu-central-1:123456789012:orders",
                "Subject": "A new order",
                "Message": "{\"order\": 1042}",
                "Timestamp": "2026-01-15T09:30:00.000Z",
                "SignatureVersion": "2",
                "Signature": "",
                "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
                "UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe"
            }"#,
        ).with(&[("x-amz-sns-message-type", "Notification")]),
    ],
    ..COMMON
};
