//! Microsoft Graph's `clientState`: a shared token in every item of a batch.
//!
//! Source: <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>.

use http::HeaderMap;
use serde_json::Value;

use crate::base::error::rejection::Cause;
use crate::format::json;
use crate::signature::token::SharedToken;
use crate::signature::{CannotSign, Claimed, Head, Message, Signature, Signed};

/// The client states of one source.
pub(crate) struct ClientState {
    pub(crate) states: Vec<SharedToken>,
}

impl Signature for ClientState {
    fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
        Ok(Claimed::default())
    }

    /// One item without it makes the whole batch a forgery.
    fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
        let body = json::parse(body).ok_or(Cause::MalformedBody("is not JSON"))?;
        let items = body.get("value").and_then(Value::as_array).filter(|items| !items.is_empty());
        let items = items.ok_or(Cause::MalformedBody("has no items under `value`"))?;
        if items.iter().all(|item| self.knows(item)) { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
    }

    fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
        Err(CannotSign::NotInAHeader)
    }
}

impl ClientState {
    fn knows(&self, item: &Value) -> bool {
        let claimed = item.get("clientState").and_then(Value::as_str);
        claimed.is_some_and(|claimed| self.states.iter().fold(false, |known, it| known | it.equals(claimed.as_bytes())))
    }
}
