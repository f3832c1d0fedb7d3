//! How a recipe signs, as data without a key: what a document can show, and a page can sign by.
//!
//! Each recipe of a secret draws its own; one of a private key has none, since only its sender could follow it. Nothing
//! here verifies, and no key, token or digest of one is ever a part of it.

use http::HeaderName;

use crate::signature::Text;
use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::recipe::{Piece, Recipe, SignatureAt, TimestampAt, Unit};

/// How a delivery is made one of its sender.
#[derive(Clone, Debug)]
pub struct Outline {
    /// What is computed; nothing of a sender that only repeats a token.
    pub(crate) code: Option<CodeOutline>,
    /// How the timestamp is written, of a scheme that has one.
    pub(crate) unit: Option<Unit>,
    /// What travels, and where.
    pub(crate) carried: Vec<Carried>,
}

/// A code over parts of the delivery.
#[derive(Clone, Debug)]
pub(crate) struct CodeOutline {
    pub(crate) algorithm: Algorithm,
    /// How a secret becomes the bytes of a key.
    pub(crate) key: KeyForm,
    /// What is signed, in order and without anything between.
    pub(crate) signed: Vec<Part>,
    pub(crate) encoding: Encoding,
}

/// How a secret becomes the bytes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// Its text is the key.
    Text,
    /// The key is base64, behind `whsec_` or without it.
    Base64,
    /// The key is hex, of either case.
    Hex,
}

/// A text that travels with the delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) place: Carrier,
    /// What the text is made of.
    pub(crate) text: Vec<Part>,
}

/// Where a text travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Header(HeaderName),
    Query(Text),
    /// At a JSON Pointer of the body, or of each item of the list that stands at another one.
    Body {
        list: Option<&'static str>,
        at: &'static str,
    },
}

/// A part of a text that is signed or travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(Text),
    Id,
    Timestamp,
    Method,
    Url,
    /// The URL with HubSpot's escapes decoded.
    DecodedUrl,
    Body,
    /// The fields of a form, decoded and sorted by name: name, value, name, value.
    SortedForm,
    /// The same, sorted by value too, with repeated fields taken once.
    DistinctForm,
    /// What stands at this JSON Pointer of an item, as text; nothing of what is not there.
    Field(Text),
    Signature,
    Secret,
    /// The base64 of the secret's text.
    SecretInBase64,
}

impl From<&Piece> for Part {
    fn from(piece: &Piece) -> Self {
        match piece {
            Piece::Text(text) => Self::Text(text.clone()),
            Piece::Id => Self::Id,
            Piece::Timestamp => Self::Timestamp,
            Piece::Method => Self::Method,
            Piece::Url => Self::Url,
            Piece::DecodedUrl => Self::DecodedUrl,
            Piece::Body => Self::Body,
            Piece::SortedForm => Self::SortedForm,
        }
    }
}

impl Recipe {
    /// How it signs, under keys of this form.
    pub(crate) fn outline(&self, key: KeyForm) -> Outline {
        let code = CodeOutline {
            algorithm: self.algorithm,
            key,
            signed: self.signed.iter().map(Part::from).collect(),
            encoding: self.encoding,
        };
        Outline { code: Some(code), unit: self.unit(), carried: self.carried() }
    }

    /// The headers that it signs into, each with what its value is made of.
    pub(crate) fn carried(&self) -> Vec<Carried> {
        let mut carried = Vec::new();
        let mut add = |name: &HeaderName, text: Vec<Part>| carried.push(Carried::header(name.clone(), text));
        if let Some(name) = &self.id {
            add(name, vec![Part::Id]);
        }
        if let Some((name, version)) = &self.version {
            add(name, vec![Part::Text((*version).into())]);
        }
        if let TimestampAt::Header(name, _) = &self.timestamp {
            add(name, vec![Part::Timestamp]);
        }
        match &self.signature {
            SignatureAt::Header { name, label, .. } => add(name, labelled(label.clone())),
            SignatureAt::Fields { name, separator, field } => {
                let mut text = Vec::new();
                if let TimestampAt::Field(of) = self.timestamp {
                    text.extend([Part::Text(format!("{of}=").into()), Part::Timestamp]);
                    text.push(Part::Text(format!("{separator}{field}=").into()));
                } else {
                    text.push(Part::Text(format!("{field}=").into()));
                }
                text.push(Part::Signature);
                add(name, text);
            }
            SignatureAt::Numbered { prefix } => {
                // A header that is numbered from one; a prefix that makes no name belongs to no sender.
                if let Ok(name) = HeaderName::from_bytes(format!("{prefix}1").as_bytes()) {
                    add(&name, vec![Part::Signature]);
                }
            }
        }
        carried
    }

    /// How its timestamp is written, where it has one.
    pub(crate) fn unit(&self) -> Option<Unit> {
        match self.timestamp {
            TimestampAt::Header(_, unit) => Some(unit),
            TimestampAt::Field(_) => Some(Unit::Seconds),
            TimestampAt::Nowhere => None,
        }
    }
}

impl Carried {
    pub(crate) fn header(name: HeaderName, text: Vec<Part>) -> Self {
        Self { place: Carrier::Header(name), text }
    }
}

/// A signature behind its label, where it has one.
fn labelled(label: Text) -> Vec<Part> {
    let label = (!label.is_empty()).then_some(Part::Text(label));
    label.into_iter().chain([Part::Signature]).collect()
}

impl Outline {
    /// A token that is repeated there.
    pub(crate) fn token(place: Carrier) -> Self {
        Self { code: None, unit: None, carried: vec![Carried { place, text: vec![Part::Secret] }] }
    }
}
