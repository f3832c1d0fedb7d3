//! What a recipe is made of, for telling its owner which part of a request does not fit it.
//!
//! Nothing here verifies: a recipe decides by itself, and what its parts look like changes no decision.

use std::borrow::Cow;

use crate::signature::recipe::Recipe;
use crate::signature::token::{SharedToken, TokenAt};

/// The parts of a recipe, as far as it shows them. A recipe of one's own shows none.
pub struct Anatomy<'a>(pub(crate) Parts<'a>);

#[allow(clippy::large_enum_variant, reason = "one is made for an explanation, and none for a delivery")]
pub(crate) enum Parts<'a> {
    /// A code over pieces: the recipe itself, or one that signs the same text.
    Code {
        recipe: Cow<'a, Recipe>,
        /// How a secret becomes the bytes of a key.
        secrets: Reading,
    },
    /// A token that is repeated.
    Token { at: &'a TokenAt, tokens: &'a [SharedToken] },
    /// It decides, and shows nothing.
    Opaque,
}

/// How a secret becomes the bytes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Its text is the key.
    Text,
    /// The key is base64, behind `whsec_` or without it.
    Base64,
}

impl<'a> Anatomy<'a> {
    pub(crate) fn code(recipe: Cow<'a, Recipe>, secrets: Reading) -> Self {
        Self(Parts::Code { recipe, secrets })
    }

    pub(crate) fn token(at: &'a TokenAt, tokens: &'a [SharedToken]) -> Self {
        Self(Parts::Token { at, tokens })
    }

    pub(crate) fn opaque() -> Self {
        Self(Parts::Opaque)
    }
}
