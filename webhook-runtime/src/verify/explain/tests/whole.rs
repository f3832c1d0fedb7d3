//! Recipes that show nothing of themselves, or whose secrets are not at hand.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;

use super::{BODY, Case, SECRET, UNKNOWN, check, delivery, now, shop};
use crate::base::secret::Secret;
use crate::signature::hash::HashKey;
use crate::signature::recipe::{Keyed, OVER_BODY, Recipe, SignatureAt};
use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};
use crate::{Cause, Source};

/// A recipe of one's own: such a body was signed.
struct Own(fn(&[u8]) -> bool);

impl Signature for Own {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Ok(Claimed::default())
    }

    fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        if self.0(body) { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Ok(HeaderMap::new())
    }
}

fn signed(is_right: fn(&[u8]) -> bool, received: impl Into<Bytes>) -> Case {
    delivery(Source::custom(Own(is_right)), "").with_body(received)
}

#[test]
fn each_change_of_the_body_is_tried() {
    check(&signed(|it| it == b"[1]\n", "[1]"), &["proven: the last line end of the body was taken away"]);
    // The length divides what is tried.
    let empty = signed(<[u8]>::is_empty, "a".repeat(64));
    check(&empty, &["proven: the signature was made over an empty body"]);
    check(&signed(|_| false, "[1]"), &[UNKNOWN]);
}

#[test]
fn of_a_long_body_not_every_change_is_tried_and_that_is_said() {
    // No text, so that the few changes that are tried copy it alone.
    let long = |mebibytes: usize| signed(|it| it.starts_with(b"\xef\xbb\xbf"), vec![0xff; mebibytes << 20]);
    check(&long(8), &["proven: the byte order mark before the body was taken away"]);
    check(
        &long(16),
        &["likely: nothing makes the signature fit (of such a long body not everything was tried): the secret is \
           another one, or the body is not what was signed"],
    );
}

#[test]
fn a_recipe_whose_secrets_are_not_at_hand_is_tried_as_a_whole() {
    let recipe = Recipe { signature: SignatureAt::header("x-shop-signature", ""), ..OVER_BODY };
    let key = HashKey::new(recipe.algorithm, &Secret::new(SECRET)).unwrap();
    let keyed = Source::custom(Keyed { recipe: Cow::Owned(recipe), keys: vec![key] });
    let case = delivery(shop(SECRET), BODY).received_by(keyed);
    assert!(case.source.explain(&case.parts, &case.body, now()).is_verified());
    check(&case.with_body(format!("{BODY}\n")), &["proven: white space was added around the body"]);
}
