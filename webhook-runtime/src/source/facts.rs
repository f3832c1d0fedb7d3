//! What is known of a provider, as data: behaviour and documentation are derived from it.

use std::borrow::Cow;
use std::time::Duration;

use crate::fetch::PinnedUrl;
use crate::signature::Text;

/// The facts of one provider, or of one of its schemes.
#[derive(Clone)]
pub(crate) struct Facts {
    /// Its name in routes and configuration.
    pub(crate) name: &'static str,
    /// Its name in sentences.
    pub(crate) title: &'static str,
    /// How it signs, in a sentence or two of Markdown.
    pub(crate) scheme: &'static str,
    /// The headers that carry the proof.
    pub(crate) headers: Cow<'static, [SignatureHeader]>,
    /// Which of them is the signature itself; of a token in the query, its parameter.
    pub(crate) signature_header: Text,
    /// Where the proof stands.
    pub(crate) proof: ProofAt,
    /// The header with the id of the delivery, if there is one. Nothing is decided by it unless it is signed.
    pub(crate) delivery_id: Option<Text>,
    /// Does it sign the public URL? Then the app must configure one.
    pub(crate) signs_url: bool,
    /// The content types of its bodies. A request without one counts as the first.
    pub(crate) content_types: &'static [ContentType],
    /// The methods that it sends.
    pub(crate) methods: &'static [&'static str],
    /// Where the event type stands, on a route that takes several.
    pub(crate) event_type: EventTypeAt,
    /// What tells one event from another.
    pub(crate) identity: IdentityAt,
    /// A timestamp that is signed as a part of the body.
    pub(crate) body_timestamp: Option<BodyTimestamp>,
    /// The URL that confirms a subscription, made of a proven body that asks for it.
    pub(crate) confirmation: Option<fn(&[u8]) -> Option<PinnedUrl>>,
    /// The status that it takes for a success. An event that no handler wants is answered so.
    pub(crate) success: u16,
    /// Which answers make it send a delivery again.
    pub(crate) retries: Retries,
    /// How long it waits for an answer, where it says so.
    pub(crate) ack_deadline: Option<Duration>,
    /// For how long it sends a failed delivery again: as long as ids are kept.
    pub(crate) retry_horizon: Duration,
    /// How far its signed timestamp may lie from now, unless the app says otherwise.
    pub(crate) tolerance: Duration,
}

/// Which answers make a sender send a delivery again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retries {
    /// Everything but a success.
    EveryFailure,
    /// 5xx, and no answer at all. A 4xx loses the event.
    ServerErrors,
    /// None: what is not taken at once is lost, unless a person sends it again.
    Never,
}

/// Where the proof of a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProofAt {
    Header,
    Query,
    BasicAuth,
    Body,
}

/// A header that takes part in verification.
#[derive(Clone)]
pub(crate) struct SignatureHeader {
    /// Its name, in lower case.
    pub(crate) name: Text,
    /// What it carries.
    pub(crate) description: Text,
    /// A value of the right form.
    pub(crate) example: Text,
}

impl SignatureHeader {
    pub(crate) const fn new(name: &'static str, description: &'static str, example: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), description: Cow::Borrowed(description), example: Cow::Borrowed(example) }
    }
}

/// The content type of a body, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentType {
    /// `application/json`, and every `+json`.
    Json,
    /// JSON that calls itself `text/plain`.
    #[cfg_attr(not(feature = "x509"), allow(dead_code, reason = "only AWS SNS sends it"))]
    JsonAsText,
    /// `application/x-www-form-urlencoded`, whose fields are the payload.
    Form,
    /// A form with one field that holds the payload as JSON.
    JsonInForm(&'static str),
    /// Anything, for handlers of the bytes.
    Any,
}

impl ContentType {
    /// As it stands in a header.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonAsText => "text/plain",
            Self::Form | Self::JsonInForm(_) => "application/x-www-form-urlencoded",
            Self::Any => "*/*",
        }
    }
}

/// Where an event type stands.
#[derive(Clone, Debug)]
pub(crate) enum EventTypeAt {
    /// The provider has none: every event goes to the catch-all.
    Nowhere,
    /// In the body, at these JSON Pointers: what is there is joined by dots.
    Body(Cow<'static, [Text]>),
    /// In a header, which no signature covers, with what stands at the pointer in the body joined on by a dot.
    Header(Text, Option<Text>),
    /// It is the first of these keys that the body has.
    TopLevelKey,
}

impl EventTypeAt {
    /// In the body, at this pointer.
    pub(crate) const TYPE: Self = Self::Body(Cow::Borrowed(&[Cow::Borrowed("/type")]));

    /// In this header.
    pub(crate) const fn header(name: &'static str) -> Self {
        Self::Header(Cow::Borrowed(name), None)
    }

    /// In this header, with what stands at the pointer in the body.
    pub(crate) const fn header_with(name: &'static str, pointer: &'static str) -> Self {
        Self::Header(Cow::Borrowed(name), Some(Cow::Borrowed(pointer)))
    }

    /// In the body, at these pointers.
    pub(crate) const fn body(pointers: &'static [Text]) -> Self {
        Self::Body(Cow::Borrowed(pointers))
    }
}

/// A text that is known at compile time.
pub(crate) const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}

/// What tells one event from another.
#[derive(Clone, Debug)]
pub(crate) enum IdentityAt {
    /// An id that the recipe signs beside the body.
    Signed,
    /// What stands in the signed body at these JSON Pointers.
    Body(Cow<'static, [Text]>),
    /// The signed bytes themselves: the provider's bodies never repeat legitimately, and a retry sends the same one.
    Bytes,
    /// A header that nothing proves, of a sender that signs nothing.
    Hint(Text),
    /// Nothing: equal bodies are different events, and there is no id. Copies are not recognised.
    Nothing,
}

/// A timestamp in the signed body, which must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyTimestamp {
    /// Where, as a JSON Pointer.
    pub(crate) pointer: &'static str,
    /// How many of its units are a second, where it is a number. A text is a time of RFC 3339.
    pub(crate) per_second: i64,
}

/// What most providers have in common. A provider's facts begin from this and say what differs.
pub(crate) const COMMON: Facts = Facts {
    name: "",
    title: "",
    scheme: "",
    headers: Cow::Borrowed(&[]),
    signature_header: Cow::Borrowed(""),
    proof: ProofAt::Header,
    delivery_id: None,
    signs_url: false,
    content_types: &[ContentType::Json],
    methods: &["POST"],
    event_type: EventTypeAt::TYPE,
    identity: IdentityAt::Bytes,
    body_timestamp: None,
    confirmation: None,
    success: 200,
    retries: Retries::EveryFailure,
    ack_deadline: None,
    retry_horizon: days(3),
    tolerance: Duration::from_secs(5 * 60),
};

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

pub(crate) const fn hours(hours: u64) -> Duration {
    minutes(hours * 60)
}

pub(crate) const fn days(days: u64) -> Duration {
    hours(days * 24)
}
