//! From a request to a proof: [`Verified`] is made here and nowhere else.
//!
//! 1. **Accepted** is a delivery whose source's recipe proves it, and whose signed timestamp lies within the
//!    tolerance, in the past and in the future alike.
//! 2. **Refused** is everything else, with one public text; the cause goes to the log alone.
//! 3. **Trap**: only what the signature covers may decide anything. `Verified` holds nothing else; the other
//!    headers travel beside it as hints.
//!
//! The head is verified before the body is read, so that a request without a proof costs no memory.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use crate::base::error::rejection::{Cause, Rejection};
use crate::base::limits::Limits;
use crate::base::raw::Raw;
use crate::fetch::{FetchError, Fetcher, PinnedUrl};
use crate::format::json;
use crate::signature::encoding::rfc3339;
use crate::signature::recipe::{Keyed, Recipe};
use crate::signature::{Head, Signature, Signed, Texts};
use crate::source::Source;
use crate::source::facts::{BodyTimestamp, Facts};
use crate::source::handshake::Alphabet;

mod encoded;
mod explain;
mod unpack;

use encoded::Proven;
pub(crate) use encoded::{forget as forget_encoding, refuse_others as refuse_other_encodings};
pub(crate) use explain::hint;
pub use explain::{Explanation, Fault, Finding, Step};
pub(crate) use unpack::{Unpacked, VerifiedEvent, unpack, unpack_as};

/// A delivery that its signature proves: the body, and what is signed beside it.
///
/// It can only be made by verifying, so that a function that takes one never sees an unverified delivery.
#[derive(Clone)]
#[must_use]
pub struct Verified {
    source: Source,
    signed: Signed,
    /// The bytes that the signature covers: the body before it was inflated, where the encoded one is signed.
    bytes: Bytes,
    body: Bytes,
}

/// Of the body the length alone is shown.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("source", &self.source())
            .field("id", &self.id())
            .field("timestamp", &self.signed.timestamp)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

impl Verified {
    /// The name of the source that proved it.
    #[must_use]
    pub fn source(&self) -> &str {
        self.source.name()
    }

    /// The id of the delivery, where it is signed.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.signed.id.as_deref()
    }

    /// When it was signed, where that is signed too.
    #[must_use]
    pub fn timestamp(&self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.signed.timestamp?).ok()?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// The body, byte for byte as it was signed; of one that was signed as it was encoded, what it decodes to.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The URL whose fetching confirms the subscription that this delivery asks for; nothing for other deliveries. Its
    /// host and its path are the provider's own.
    #[must_use]
    pub fn confirmation(&self) -> Option<PinnedUrl> {
        self.facts().confirmation.and_then(|it| it(&self.body))
    }

    pub(crate) fn shared_source(&self) -> Arc<str> {
        self.source.shared_name()
    }

    pub(crate) fn facts(&self) -> &Facts {
        self.source.facts()
    }
}

impl Source {
    /// Verifies a delivery that was received elsewhere: in a hand-written route, a serverless function, a queue.
    ///
    /// `body` must be the bytes as they were received, and `now` the time of the receipt. One with a `Content-Encoding`
    /// is refused, unless the source takes it; then it may inflate to a mebibyte.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{axum::http::Request, StandardWebhooks};
    ///
    /// let source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    /// let (mut parts, ()) = Request::post("/hook").body(())?.into_parts();
    /// parts.headers = source.sign("msg_1", SystemTime::now(), b"{}")?;
    ///
    /// let verified = source.verify(&parts, &"{}".into(), SystemTime::now())?;
    /// assert_eq!(verified.id(), Some("msg_1"));
    /// assert!(source.verify(&parts, &"{ }".into(), SystemTime::now()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Rejection::Unverified`], whose `Display` is for the log and not for the sender.
    pub fn verify(&self, parts: &Parts, body: &Bytes, now: SystemTime) -> Result<Verified, Rejection> {
        let head = head(self, parts, now)?;
        prove(self, &head, parts, body.clone(), now, Limits::default().body)
    }

    /// The source with everything that it needs for this one delivery: the secrets that it asks for, as with
    /// [`resolve`](Self::resolve), and the keys that its sender publishes, which are fetched or were before. It comes
    /// before [`verify`](Self::verify) where a provider says that its keys are fetched; for all others it costs nothing.
    ///
    /// Nothing is fetched for a request whose head alone is refused, nor from a URL that is not the sender's own.
    ///
    /// # Errors
    /// [`Rejection::Unverified`] for such a request; [`Rejection::KeyUnavailable`] or
    /// [`Rejection::SecretsUnavailable`] where something could not be had.
    pub async fn resolve_with_body(&self, parts: &Parts, body: &Bytes, now: SystemTime) -> Result<Self, Rejection> {
        let source = self.resolve(parts).await?;
        let head = head(&source, parts, now)?;
        fetch(source, &head, parts, body, now).await
    }
}

impl Source {
    /// Confirms the subscription that a verified delivery asks for, by fetching [`Verified::confirmation`]. Nothing is
    /// fetched for another delivery.
    ///
    /// # Errors
    /// [`Rejection::KeyUnavailable`] where the sender could not be reached.
    pub async fn confirm(&self, delivery: &Verified) -> Result<(), Rejection> {
        let Some(url) = delivery.confirmation() else { return Ok(()) };
        fetcher(self)?.once(&url.into()).await.map(drop).map_err(unavailable)
    }
}

impl Source {
    /// Fetches a URL that an unsigned request asks for: counted as a key is, and kept, so that a stranger costs little.
    pub(crate) async fn confirm_unproven(&self, url: &PinnedUrl) -> Result<(), Rejection> {
        fetcher(self)?.document(&url.clone().into(), |_| true).await.map(drop).map_err(unavailable)
    }
}

fn fetcher(source: &Source) -> Result<Fetcher, Rejection> {
    let nothing = || Rejection::KeyUnavailable("nothing fetches: see `Source::fetcher`".to_owned());
    source.own_fetcher().ok_or_else(nothing)
}

#[allow(clippy::needless_pass_by_value, reason = "an error that is turned into another")]
fn unavailable(error: FetchError) -> Rejection {
    Rejection::KeyUnavailable(error.to_string())
}

/// Fetches the keys that a delivery calls for, after its head was verified.
pub(crate) async fn fetch(
    source: Source,
    verified: &VerifiedHead<'_>,
    parts: &Parts,
    body: &[u8],
    now: SystemTime,
) -> Result<Source, Rejection> {
    let Some(unfetched) = source.fetched().cloned() else { return Ok(source) };
    let fetcher = fetcher(&source)?;
    let recipe = Arc::clone(&unfetched.recipe);
    let head = Head::new(parts, verified.url.as_deref(), now);
    let mut documents = Vec::new();
    for wanted in recipe.wanted(&head, body).map_err(Rejection::Unverified)? {
        let document = fetcher.document(&wanted, |document| recipe.is_in(&head, document)).await;
        documents.push(document.map_err(unavailable)?);
    }
    while let Some(wanted) = recipe.further(&head, body, &documents).map_err(Rejection::Unverified)? {
        documents.push(fetcher.once(&wanted).await.map_err(unavailable)?);
    }
    Ok(source.with_recipe(unfetched.with(documents)))
}

/// A head that shows nothing against its delivery. No bytes are verified before it.
pub(crate) struct VerifiedHead<'a> {
    /// The public URL, for a recipe that signs it.
    url: Option<String>,
    /// What was read, for a recipe that need not read it again.
    texts: Option<Texts<'a>>,
}

/// Verifies what the head alone can show: the headers are there, once and well formed, and the timestamp is near.
pub(crate) fn head<'a>(source: &Source, parts: &'a Parts, now: SystemTime) -> Result<VerifiedHead<'a>, Rejection> {
    let url = signed_url(source, parts);
    let (claimed, texts) =
        recipe(source)?.read(parts, &Head::new(parts, url.as_deref(), now)).map_err(Rejection::Unverified)?;
    if let Some(expires) = claimed.expires {
        not_expired(expires, now)?;
    }
    claimed.timestamp.map_or(Ok(()), |timestamp| within_tolerance(source, timestamp, now))?;
    Ok(VerifiedHead { url, texts })
}

/// Verifies the bytes, after the head.
pub(crate) fn body(
    source: &Source,
    head: &VerifiedHead<'_>,
    raw: &Raw<'_>,
    now: SystemTime,
    limit: usize,
) -> Result<Verified, Rejection> {
    prove(source, head, raw.parts, raw.body.clone(), now, limit)
}

fn prove(
    source: &Source,
    head: &VerifiedHead<'_>,
    parts: &Parts,
    body: Bytes,
    now: SystemTime,
    limit: usize,
) -> Result<Verified, Rejection> {
    let recipe = recipe(source)?;
    let Proven { claim: mut signed, bytes, body } =
        encoded::of(source, &parts.headers, body)?.prove(limit, |bytes| {
            let read = Head::new(parts, head.url.as_deref(), now);
            recipe.prove_read(&read, head.texts.as_ref(), bytes).map_err(Rejection::Unverified)
        })?;
    if source.facts().signs_challenges() && std::str::from_utf8(&body).is_ok_and(|it| Alphabet::Unreserved.admits(it)) {
        return Err(Rejection::Unverified(Cause::MalformedBody(
            "could be a challenge, which this source signs for anyone",
        )));
    }
    if let Some(at) = source.facts().body_timestamp {
        let timestamp = timestamp_in(&body, at).map_err(Rejection::Unverified)?;
        within_tolerance(source, timestamp, now)?;
        signed.timestamp = Some(timestamp);
    }
    Ok(Verified { source: source.clone(), signed, bytes, body })
}

/// Is a request signed by this recipe with a key that everyone knows? That proves nothing of its sender.
pub(crate) fn is_signed_with(
    source: &Source,
    recipe: &'static Recipe,
    key: &str,
    raw: &Raw<'_>,
    now: SystemTime,
) -> bool {
    let url = signed_url(source, raw.parts);
    let Ok(key) = recipe.key(key) else { return false };
    let keyed = Keyed { recipe: Cow::Borrowed(recipe), keys: vec![key] };
    keyed.prove(&Head::new(raw.parts, url.as_deref(), now), &raw.body).is_ok()
}

/// The public URL, for a recipe that signs it.
fn signed_url(source: &Source, parts: &Parts) -> Option<String> {
    source.facts().signs_url.then(|| source.public_url(parts)).flatten()
}

/// A timestamp that is signed as a part of the body.
fn timestamp_in(body: &[u8], at: BodyTimestamp) -> Result<i64, Cause> {
    let body = json::parse(body).ok_or(Cause::MalformedBody("is not JSON"))?;
    let seconds = match body.pointer(at.pointer) {
        // One sender writes its number as a text.
        Some(Value::String(text)) => {
            rfc3339(text).or_else(|| Some(text.parse::<i64>().ok()?.div_euclid(at.per_second)))
        }
        Some(units) => units.as_i64().map(|it| it.div_euclid(at.per_second)),
        None => None,
    };
    seconds.ok_or(Cause::MalformedBody("has no timestamp"))
}

/// A source that does not start has no recipe; in a hand-written route it refuses everything.
fn recipe(source: &Source) -> Result<&dyn Signature, Rejection> {
    source.recipe().ok_or(Rejection::Unverified(Cause::NoSecret))
}

fn within_tolerance(source: &Source, timestamp: i64, now: SystemTime) -> Result<(), Rejection> {
    let now = unix_seconds(now);
    let tolerance = source.tolerance_seconds();
    if now.abs_diff(timestamp) <= tolerance {
        return Ok(());
    }
    let age = now.saturating_sub(timestamp);
    Err(Rejection::Unverified(Cause::TimestampOutsideTolerance { age, tolerance }))
}

/// The last second still counts.
fn not_expired(expires: i64, now: SystemTime) -> Result<(), Rejection> {
    let now = unix_seconds(now);
    if expires >= now { Ok(()) } else { Err(Rejection::Unverified(Cause::Expired { since: now.abs_diff(expires) })) }
}

fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        // A clock before 1970 proves nothing: every timestamp of a sender lies far in its future.
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests;
