//! The signed text, piece by piece.

use std::borrow::Cow;

use crate::base::error::rejection::Cause;
use crate::format::form;
use crate::signature::Text;
use crate::signature::url::with_hubspot_escapes_decoded;

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
