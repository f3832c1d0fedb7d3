//! One sender: the facts of its provider, its keys, and how far its clock may be off.
//!
//! A source is made by a provider's constructor and given to the builder under a name. Making one never fails:
//! a secret that is empty or malformed is a start-up error, together with every other problem.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::signature::{CannotSign, Signature};

pub(crate) mod facts;
pub(crate) mod secrets;

use facts::Facts;
use secrets::SecretProblem;

/// A configured sender.
///
/// ```
/// use webhook_runtime::{Source, StandardWebhooks};
///
/// let source: Source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
/// let headers = source.sign("msg_1", std::time::SystemTime::now(), b"{}")?;
/// assert!(headers.contains_key("webhook-signature"));
/// # Ok::<(), webhook_runtime::CannotSign>(())
/// ```
#[derive(Clone)]
pub struct Source {
    facts: &'static Facts,
    signature: Result<Arc<dyn Signature>, Vec<SecretProblem>>,
    tolerance: Duration,
    name: Arc<str>,
}

impl Source {
    pub(crate) fn new(facts: &'static Facts, signature: Result<Arc<dyn Signature>, Vec<SecretProblem>>) -> Self {
        Self { facts, signature, tolerance: TOLERANCE, name: Arc::from(facts.name) }
    }

    /// How far the signed timestamp may lie from now, to either side. Five minutes unless set, as in the Standard
    /// Webhooks libraries. A shorter one refuses the deliveries of a sender with a slow queue; zero is a start-up
    /// error, since it would refuse everything.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The headers with which the sender would sign this delivery.
    ///
    /// # Errors
    /// Where the source has no secret that signs, or the id or the time does not fit its scheme.
    pub fn sign(&self, id: &str, time: SystemTime, body: &[u8]) -> Result<HeaderMap, CannotSign> {
        self.recipe().ok_or(CannotSign::NoSecret)?.sign(id, time, body)
    }

    /// The name that the source was registered under, or its provider's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        self.name = Arc::from(name);
        self
    }

    pub(crate) fn facts(&self) -> &'static Facts {
        self.facts
    }

    /// The recipe with its keys; nothing where a secret is missing or malformed.
    pub(crate) fn recipe(&self) -> Option<&dyn Signature> {
        self.signature.as_deref().ok()
    }

    /// The tolerance in seconds.
    pub(crate) fn tolerance_seconds(&self) -> u64 {
        self.tolerance.as_secs()
    }

    /// What is wrong with its secrets.
    pub(crate) fn secret_problems(&self) -> &[SecretProblem] {
        self.signature.as_ref().err().map_or(&[], Vec::as_slice)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("provider", &self.facts.name)
            .field("secrets", &"[REDACTED]")
            .field("tolerance", &self.tolerance)
            .finish()
    }
}

/// The default of [`Source::tolerance`].
const TOLERANCE: Duration = Duration::from_secs(5 * 60);
