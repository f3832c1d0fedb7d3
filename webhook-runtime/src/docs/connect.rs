//! What the document says of a source beyond OpenAPI's words: how a delivery is signed (`x-webhook-signature`), and what
//! a developer needs to connect the sender (`x-webhook-source`).
//!
//! Both are drawn from the recipe and the facts of the source, so that they never say another thing than the verifier
//! does. No secret is in them, and no digest of one: of secrets they say where they are.

use serde::Serialize;

use crate::docs::described::{Described, DescribedRoute};
use crate::signature::Text;
use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::outline::{Carried, Carrier, CodeOutline, KeyForm, Part};
use crate::signature::recipe::Unit;
use crate::source::facts::EventTypeAt;
use crate::source::{KeyState, Source};

/// How a delivery of an operation is signed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookSignature {
    /// In a sentence or two of Markdown.
    scheme: &'static str,
    #[serde(flatten)]
    code: Option<Code>,
    /// How the timestamp is written, of a scheme that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'static str>,
    /// What travels, and where. Nothing of a scheme that only its sender can follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sent: Vec<Sent>,
    /// Why nobody but the sender signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_only: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Code {
    algorithm: &'static str,
    /// How the secret becomes a key.
    key: &'static str,
    /// What is signed, in order and without anything between.
    signed: Vec<Piece>,
    encoding: &'static str,
}

/// A text that travels, and where.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "in", rename_all = "camelCase")]
enum Sent {
    Header {
        name: Text,
        value: Vec<Piece>,
    },
    Query {
        name: Text,
        value: Vec<Piece>,
    },
    Body {
        /// The list whose items have it each.
        #[serde(skip_serializing_if = "Option::is_none")]
        each: Option<&'static str>,
        pointer: &'static str,
        value: Vec<Piece>,
    },
}

/// A part of a text: written out, or named.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Piece {
    Text(Text),
    Value(&'static str),
    /// What stands at a JSON Pointer of the item.
    Field(Text),
}

impl WebhookSignature {
    pub(super) fn of(source: &Source) -> Self {
        let scheme = source.facts().scheme;
        let Some(outline) = source.outline() else {
            let why = "Only the sender can sign: with a private key, or by a recipe of the app's own.";
            return Self { scheme, code: None, timestamp: None, sent: Vec::new(), sender_only: Some(why) };
        };
        Self {
            scheme,
            code: outline.code.as_ref().map(Code::of),
            timestamp: outline.unit.map(unit),
            sent: outline.carried.iter().map(Sent::of).collect(),
            sender_only: None,
        }
    }
}

impl Code {
    fn of(code: &CodeOutline) -> Self {
        Self {
            algorithm: match code.algorithm {
                Algorithm::HmacSha1 => "hmac-sha1",
                Algorithm::HmacSha256 => "hmac-sha256",
                Algorithm::HmacSha384 => "hmac-sha384",
                Algorithm::HmacSha512 => "hmac-sha512",
                Algorithm::SecretThenSha256 => "secret-then-sha256",
            },
            key: match code.key {
                KeyForm::Text => "text",
                KeyForm::Base64 => "base64",
                KeyForm::Hex => "hex",
            },
            signed: pieces(&code.signed),
            encoding: match code.encoding {
                Encoding::Hex => "hex",
                Encoding::Base64 => "base64",
            },
        }
    }
}

impl Sent {
    fn of(carried: &Carried) -> Self {
        let value = pieces(&carried.text);
        match &carried.place {
            Carrier::Header(name) => Self::Header { name: name.as_str().to_owned().into(), value },
            Carrier::Query(name) => Self::Query { name: name.clone(), value },
            Carrier::Body { list, at } => Self::Body { each: *list, pointer: at, value },
        }
    }
}

fn pieces(parts: &[Part]) -> Vec<Piece> {
    let piece = |part: &Part| match part {
        Part::Text(text) => Piece::Text(text.clone()),
        Part::Field(pointer) => Piece::Field(pointer.clone()),
        Part::Id => Piece::Value("id"),
        Part::Timestamp => Piece::Value("timestamp"),
        Part::Method => Piece::Value("method"),
        Part::Url => Piece::Value("url"),
        Part::DecodedUrl => Piece::Value("decodedUrl"),
        Part::Body => Piece::Value("body"),
        Part::SortedForm => Piece::Value("sortedForm"),
        Part::DistinctForm => Piece::Value("distinctForm"),
        Part::Signature => Piece::Value("signature"),
        Part::Secret => Piece::Value("secret"),
        Part::SecretInBase64 => Piece::Value("secretInBase64"),
    };
    parts.iter().map(piece).collect()
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Milliseconds => "milliseconds",
        Unit::Rfc3339 => "rfc3339",
    }
}

/// What connects a sender with its route.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookSource {
    /// Its name in the app.
    name: String,
    /// Its sender.
    provider: &'static str,
    /// The event types that have a handler, patterns included.
    events: Vec<&'static str>,
    /// Where the event type stands, of a route that takes several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    event_type: Vec<TypeAt>,
    /// The list whose items have a type each, where a delivery can have one: empty for a body that is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    each: Option<&'static str>,
    /// Is there a secret? Never which.
    secret: &'static str,
    /// The URL that the sender calls, where it is configured, without its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// What stands before the path of that URL, where only this is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
}

/// Where an event type stands: the first of these places that a delivery has.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum TypeAt {
    /// In a header, with what stands at the pointer in the body joined on by a dot.
    Header {
        name: Text,
        #[serde(skip_serializing_if = "Option::is_none")]
        joined: Option<Text>,
    },
    /// In the body, at these JSON Pointers: what is there is joined by dots.
    Body { pointers: Vec<Text> },
    /// It is the first of these keys that the body has.
    TopLevelKey {},
}

impl WebhookSource {
    /// Of a route, and those of its endpoints that an operation is for.
    pub(super) fn of(route: &DescribedRoute<'_>, endpoints: &[Described]) -> Self {
        let source = route.source;
        Self {
            name: source.name().to_owned(),
            provider: source.facts().title,
            events: endpoints.iter().map(|it| it.endpoint.event_type).collect(),
            event_type: if route.shared { places(&source.facts().event_type) } else { Vec::new() },
            each: source.facts().batch.filter(|it| route.shared && it.typed_each).map(|it| it.at),
            secret: match source.key_state() {
                KeyState::Configured => "configured",
                KeyState::Missing => "missing",
                KeyState::Asked => "looked up",
                KeyState::Published => "published",
            },
            url: source.own_url().map(str::to_owned),
            base_url: source.url_of_the_app().filter(|_| source.own_url().is_none()).map(str::to_owned),
        }
    }
}

fn places(at: &EventTypeAt) -> Vec<TypeAt> {
    match at {
        EventTypeAt::Nowhere => Vec::new(),
        EventTypeAt::Body(pointers) => vec![TypeAt::Body { pointers: pointers.to_vec() }],
        EventTypeAt::Header(name, joined) => vec![TypeAt::Header { name: name.clone(), joined: joined.clone() }],
        EventTypeAt::TopLevelKey => vec![TypeAt::TopLevelKey {}],
        EventTypeAt::FirstOf(all) => all.iter().flat_map(places).collect(),
    }
}
