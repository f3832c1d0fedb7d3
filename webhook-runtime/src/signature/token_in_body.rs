//! A shared token in the body: at a JSON Pointer, or at the same one in every item of a list.
//!
//! 1. **Accepted** is a body with one of the configured tokens in each place where one belongs.
//! 2. **Refused** is what is not JSON, lacks the list, has an empty one, or an item with another token or none.
//! 3. **Trap**: nothing is signed. One item without the token makes the whole batch a forgery, and the token reaches
//!    handlers as a part of their payload.

use http::HeaderMap;
use serde_json::Value;

use crate::base::error::rejection::Cause;
use crate::format::json;
use crate::signature::draft::Draft;
use crate::signature::outline::{Carrier, Outline};
use crate::signature::token::SharedToken;
use crate::signature::{CannotSign, Claimed, Head, MOST_COMPUTATIONS, Message, Signature, Signed};

/// A place with the tokens of one source.
pub(crate) struct TokenInBody {
    /// The list whose items have the token each, as a JSON Pointer; nothing where the body itself has it.
    pub(crate) list: Option<&'static str>,
    /// Where the token stands in that, as a JSON Pointer.
    pub(crate) at: &'static str,
    pub(crate) tokens: Vec<SharedToken>,
}

impl Signature for TokenInBody {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Ok(Claimed::default())
    }

    fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let body = json::parse(body).ok_or(Cause::MalformedBody("is not JSON"))?;
        let known = match self.list {
            None => self.knows(&body),
            Some(list) => {
                let items = body.pointer(list).and_then(Value::as_array).filter(|items| !items.is_empty());
                let items = items.ok_or(Cause::MalformedBody("has no items"))?;
                items.iter().all(|item| self.knows(item))
            }
        };
        if known { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NotInAHeader)
    }

    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let token = self.tokens.first().ok_or(CannotSign::NoSecret)?.text();
        let mut body = json::parse(&draft.body).ok_or(CannotSign::Body("is not JSON, in which this token stands"))?;
        let put = match self.list {
            None => json::put(&mut body, self.at, token.into()),
            Some(list) => {
                let items = body.pointer_mut(list).and_then(Value::as_array_mut).filter(|items| !items.is_empty());
                let items = items.ok_or(CannotSign::Body("has no list of items, each of which has this token"))?;
                items.iter_mut().all(|item| json::put(item, self.at, token.into()))
            }
        };
        draft.body = body.to_string().into_bytes();
        if put { Ok(()) } else { Err(CannotSign::Body("is no JSON object, in which this token stands")) }
    }

    fn outline(&self) -> Option<Outline> {
        Some(Outline::token(Carrier::Body { list: self.list, at: self.at }))
    }
}

impl TokenInBody {
    fn knows(&self, holder: &Value) -> bool {
        let Some(claimed) = holder.pointer(self.at).and_then(Value::as_str) else { return false };
        self.tokens.iter().take(MOST_COMPUTATIONS).fold(false, |known, it| known | it.equals(claimed.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::TokenInBody;
    use crate::signature::token::SharedToken;
    use crate::signature::{CannotSign, Head, Message, Signature};

    fn recipe(tokens: &[&str]) -> TokenInBody {
        let tokens = tokens.iter().map(|it| SharedToken::new(it).unwrap()).collect();
        TokenInBody { list: Some("/items"), at: "/token", tokens }
    }

    fn check(tokens: &[&str], body: &str, expected: bool) {
        let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        let head = Head::new(&parts, None, std::time::UNIX_EPOCH);
        assert_eq!(recipe(tokens).prove(&head, body.as_bytes()).is_ok(), expected, "{tokens:?} {body}");
    }

    #[test]
    fn each_item_has_one_of_the_tokens() {
        let body = r#"{"items":[{"token":"a"},{"token":"b"}]}"#;
        check(&["a", "b"], body, true);
        check(&["b", "a"], body, true);
        // A token that is configured twice is one.
        check(&["a", "b", "a", "b"], body, true);
        check(&["a"], body, false);
        check(&["a"], r#"{"items":[]}"#, false);
        check(&["a"], r#"{"items":[{}]}"#, false);
    }

    #[test]
    fn it_stands_in_no_header() {
        let time = std::time::UNIX_EPOCH;
        let message = Message { id: "id", time, method: &Method::POST, url: None, body: b"{}", is_form: false };
        assert_eq!(recipe(&["a"]).sign(&message), Err(CannotSign::NotInAHeader));
    }
}
