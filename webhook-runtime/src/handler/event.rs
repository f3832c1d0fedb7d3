//! A payload together with what is known of its delivery.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;

use crate::handler::call::{Call, Facts};

/// A payload and the facts of its delivery.
///
/// ```
/// use webhook_runtime::{webhook, Event};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Order { id: u64 }
///
/// #[webhook("order.paid")]
/// async fn paid(event: Event<Order>) -> String {
///     format!("order {} by delivery {}", event.payload.id, event.delivery_id())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Event<T> {
    /// What the body says.
    pub payload: T,
    facts: Facts,
    hints: Hints,
    body: Bytes,
}

impl<T> Event<T> {
    pub(crate) fn new(payload: T, call: Call) -> Self {
        Self { payload, facts: call.facts, hints: Hints(call.parts.headers), body: call.body }
    }

    /// An event of this payload that no sender sent, for calling a handler in a unit test. Its delivery id is `test`,
    /// its source `default`, its event type and its body are empty.
    #[must_use]
    pub fn of(payload: T) -> Self {
        let facts = Facts {
            delivery_id: "test".into(),
            event_type: Arc::from(""),
            source: Arc::from(crate::handler::endpoint::DEFAULT_SOURCE),
            timestamp: None,
        };
        Self { payload, facts, hints: Hints(HeaderMap::new()), body: Bytes::new() }
    }

    /// The id of the delivery: the one that the sender signed or sent, or else the hex digest of the signed bytes.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        &self.facts.delivery_id
    }

    /// The event type that selected this handler.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.facts.event_type
    }

    /// The name of the source; `default` for the one that needs no configuration.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.facts.source
    }

    /// When the sender signed the delivery, where its scheme says so.
    #[must_use]
    pub fn timestamp(&self) -> Option<SystemTime> {
        self.facts.timestamp
    }

    /// The headers of the request. The signature does not cover them: they are hints.
    #[must_use]
    pub fn headers(&self) -> &Hints {
        &self.hints
    }

    /// The body as it was received and verified.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// Headers that came with a delivery. No signature covers them: anyone on the way can have changed them, so they
/// may be looked at and must not decide anything.
///
/// `Debug` shows the names alone, since a shared token is such a header.
#[derive(Clone)]
pub struct Hints(HeaderMap);

impl fmt::Debug for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Hints {
    /// The first header of this name, where it is visible ASCII. Names are compared without regard to case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }
}
