//! What is known of a provider, as data: behaviour and documentation are derived from it.

use std::borrow::Cow;
use std::time::Duration;

use crate::fetch::PinnedUrl;
use crate::signature::Text;
use crate::source::handshake::{Handshake, Reply};
use crate::source::sample::Sample;

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
    /// Where several events of one delivery stand.
    pub(crate) batch: Option<Batch>,
    /// A timestamp that is signed as a part of the body.
    pub(crate) body_timestamp: Option<BodyTimestamp>,
    /// How it asks whether a URL is ours.
    pub(crate) handshakes: &'static [Handshake],
    /// What it wants to read in a success, where that is more than a status.
    pub(crate) acknowledgement: Option<Acknowledgement>,
    /// The URL that confirms a subscription, made of a body that asks for it.
    pub(crate) confirmation: Option<Confirmation>,
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
    /// Payloads as it documents them, the most common one first.
    pub(crate) samples: &'static [Sample],
}

/// The body of a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    pub(crate) content_type: &'static str,
    pub(crate) body: &'static str,
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

/// Makes the URL that confirms what a body asks for; nothing of a body that asks for nothing.
pub(crate) type Confirmation = fn(&[u8]) -> Option<PinnedUrl>;

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
    /// `text/xml`, `application/xml`, and every `+xml`.
    #[cfg(feature = "xml")]
    Xml,
    /// `multipart/form-data`, with the field that names the charset of each text.
    #[cfg(feature = "multipart")]
    #[cfg_attr(not(feature = "ecdsa"), allow(dead_code, reason = "the one sender of it signs by ECDSA"))]
    Multipart(Option<&'static str>),
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
            #[cfg(feature = "xml")]
            Self::Xml => "text/xml",
            #[cfg(feature = "multipart")]
            Self::Multipart(_) => "multipart/form-data",
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
    /// At the first of these places that has one: of a provider whose deliveries have several forms.
    FirstOf(&'static [EventTypeAt]),
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

    /// Is what happened to a thing joined on to the thing? Then a handler of the thing takes all of it.
    pub(crate) fn has_actions(&self) -> bool {
        match self {
            Self::Header(_, action) => action.is_some(),
            Self::Body(pointers) => pointers.len() > 1,
            Self::FirstOf(places) => places.iter().any(Self::has_actions),
            Self::Nowhere | Self::TopLevelKey => false,
        }
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
    /// What stands in the signed body at these JSON Pointers, all of them; else the signed bytes.
    Body(Cow<'static, [Text]>),
    /// The signed bytes themselves: the provider's bodies never repeat legitimately, and a retry sends the same one.
    Bytes,
    /// The signed bytes under the value of this header, which nothing proves: the provider sends one body for several
    /// events. A captured delivery can run once under each event type.
    BytesUnder(Text),
    /// A header that nothing proves, of a sender that signs nothing or whose signed bodies repeat legitimately.
    Hint(Text),
    /// These headers together where the request has the first, else what stands in the body at these JSON Pointers.
    /// Nothing proves either.
    HintsOrBody(&'static [Text], &'static [Text]),
    /// Nothing: equal bodies are different events, and there is no id. Copies are not recognised.
    Nothing,
}

/// A list of events in one delivery. Each goes to its own handler, with an identity of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    /// Where the list stands, as a JSON Pointer: empty for a body that is one. A delivery without a list there is one
    /// event. In XML it is the name of elements, which are a list whether there are several, one or none.
    pub(crate) at: &'static str,
    /// The content type of a batch, where a list of another one is a single event.
    pub(crate) only: Option<&'static str>,
    /// Does the event type stand in each event? Else all have that of the whole body.
    pub(crate) typed_each: bool,
}

/// A timestamp in the signed body, which must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyTimestamp {
    /// Where, as a JSON Pointer.
    pub(crate) pointer: &'static str,
    /// How many of its units are a second, where it is a number. A text is a time of RFC 3339.
    pub(crate) per_second: i64,
}

impl Facts {
    /// Does a handshake sign a text of a stranger's choice, with the key of deliveries? Then no such text is a delivery.
    pub(crate) fn signs_challenges(&self) -> bool {
        self.handshakes.iter().any(|it| matches!(it.reply, Reply::ResponseToken(_)))
    }
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
    batch: None,
    body_timestamp: None,
    handshakes: &[],
    acknowledgement: None,
    confirmation: None,
    success: 200,
    retries: Retries::EveryFailure,
    ack_deadline: None,
    retry_horizon: days(3),
    tolerance: Duration::from_secs(5 * 60),
    samples: &[],
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
