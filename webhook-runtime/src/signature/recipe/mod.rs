//! Recipes as data: which pieces are signed, how the signature is written, and where it stands. Most senders are one
//! of these.

use std::borrow::Cow;

use http::HeaderName;

use crate::base::secret::Secret;
use crate::signature::Text;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};

mod keyed;
mod pieces;
mod time;

pub(crate) use keyed::Keyed;
pub(crate) use pieces::{Piece, Values};
pub(crate) use time::Unit;

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

impl Recipe {
    pub(crate) fn key(&self, secret: &str) -> Result<HashKey, &'static str> {
        HashKey::new(self.algorithm, &Secret::new(secret)).ok_or("is empty")
    }
}
