//! `Content-Digest` (RFC 9530): what lets a signature over headers cover the body.

use http::HeaderMap;
use sfv::{BareItem, Dictionary, FieldType, Item, KeyRef, ListEntry, Parser};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::base::error::rejection::Cause;
use crate::signature::header::{malformed, once};
use crate::signature::message::CONTENT_DIGEST;

/// Every digest that is known must be that of the body, and one has to be known. The old algorithms count for nothing.
pub(super) fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), Cause> {
    let wrong = |problem| malformed(&CONTENT_DIGEST, problem);
    let digests: Dictionary =
        Parser::new(once(headers, &CONTENT_DIGEST)?).parse().map_err(|_| wrong("is no dictionary"))?;
    let mut some_known = false;
    for (algorithm, entry) in &digests {
        let right = match algorithm.as_str() {
            "sha-256" => Sha256::digest(body).to_vec(),
            "sha-512" => Sha512::digest(body).to_vec(),
            _ => continue,
        };
        let ListEntry::Item(Item { bare_item: BareItem::ByteSequence(digest), .. }) = entry else {
            return Err(wrong("has a digest that is no bytes"));
        };
        if !bool::from(right.ct_eq(digest)) {
            return Err(wrong("is not that of the body"));
        }
        some_known = true;
    }
    if some_known { Ok(()) } else { Err(wrong("has neither sha-256 nor sha-512")) }
}

/// The field for this body.
pub(super) fn of(body: &[u8]) -> String {
    let digest = BareItem::ByteSequence(Sha256::digest(body).to_vec());
    Dictionary::from_iter([(SHA_256.to_owned(), digest.into())]).serialize().unwrap_or_default()
}

const SHA_256: &KeyRef = KeyRef::constant("sha-256");

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    fn check(values: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("content-digest", HeaderValue::from_str(value).unwrap());
        }
        let checked = super::check(&headers, br#"{"hello": "world"}"#);
        assert_eq!(checked.map_or_else(|cause| cause.to_string(), |()| "right".into()), expected, "{values:?}");
    }

    #[test]
    fn a_digest_has_to_be_that_of_the_body() {
        let right = super::of(br#"{"hello": "world"}"#);
        let wrong = super::of(b"");
        let sha_512 =
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
        check(&[&right], "right");
        check(&[sha_512], "right");
        check(&[&format!("{sha_512}, {right}, md5=:AAAA:")], "right");
        check(&[&wrong], "the header content-digest is not that of the body");
        check(&[&format!("{sha_512}, {wrong}")], "the header content-digest is not that of the body");
        check(&["md5=:AAAA:"], "the header content-digest has neither sha-256 nor sha-512");
        check(&["sha-256=1"], "the header content-digest has a digest that is no bytes");
        check(&["sha-256"], "the header content-digest has a digest that is no bytes");
        check(&["=="], "the header content-digest is no dictionary");
        check(&[&right, &right], "the header content-digest arrived more than once");
        check(&[], "the header content-digest is missing");
    }
}
