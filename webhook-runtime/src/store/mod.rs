//! Who has seen which event: from a verified event to the right to run it once.
//!
//! [`Accepted`] is made here and nowhere else, of a [`VerifiedEvent`] and a claim. A claim is one atomic step: new,
//! answered before, still running, or no room. It is a lease, so that the claim of a process that died falls back
//! to the sender's retry. Ids are kept for the sender's retry horizon, which is far longer than the tolerance of
//! its signature: a retry carries the same id and a fresh timestamp.

use std::any::Any;
use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderValue;

use crate::base::ids::IdempotencyKey;
use crate::base::observe::meters::HeldClaim;
use crate::verify::VerifiedEvent;

mod memory;

pub use memory::MemoryStore;

/// Where claims and first answers are kept.
///
/// Every method is one atomic step, for any number of processes that share the store. Give another one than the
/// [`MemoryStore`] with [`Webhooks::store`](crate::Webhooks::store).
pub trait Store: Send + Sync + 'static {
    /// Claims the event, unless it is claimed or settled. A claim whose lease has ended is free.
    fn claim(&self, key: &IdempotencyKey, lease: Lease) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Keeps the answer of a claim. `false` where the claim is no longer held under this token: its lease ended
    /// and somebody else took it.
    fn settle(
        &self,
        key: &IdempotencyKey,
        token: Token,
        kept: Kept,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Gives a claim back, so that the next delivery of the event runs. `false` as in [`Store::settle`].
    fn release(&self, key: &IdempotencyKey, token: Token) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// A store that others hold too.
impl<S: Store> Store for Arc<S> {
    async fn claim(&self, key: &IdempotencyKey, lease: Lease) -> Result<Claim, StoreError> {
        (**self).claim(key, lease).await
    }

    async fn settle(&self, key: &IdempotencyKey, token: Token, kept: Kept) -> Result<bool, StoreError> {
        (**self).settle(key, token, kept).await
    }

    async fn release(&self, key: &IdempotencyKey, token: Token) -> Result<bool, StoreError> {
        (**self).release(key, token).await
    }
}

/// For how long a claim is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The time of the claim.
    pub now: SystemTime,
    /// When it ends by itself.
    pub until: SystemTime,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The event is the caller's to run, under this token.
    New(Token),
    /// The event ran before, and this was its answer.
    Answered(FirstAnswer),
    /// The event is running elsewhere.
    Running,
    /// There is no room: every claim that the store holds is running.
    Full,
}

/// Tells one holder of a claim from the next one, so that a holder that lost its lease cannot settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token(pub u64);

/// An answer, and for how long copies of the event get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was answered.
    pub answer: FirstAnswer,
    /// The time of the settling.
    pub now: SystemTime,
    /// Until when it is kept.
    pub until: SystemTime,
}

/// What is kept of an answer for copies of its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The status.
    pub status: u16,
    /// The content type, where there was one.
    pub content_type: Option<HeaderValue>,
    /// The body, or nothing where it was longer than 16 KiB. It may be a part of a larger buffer: a store that keeps it in
    /// memory copies it.
    pub body: Bytes,
}

/// The store could not say. The delivery is answered 503 and its handler does not run.
#[derive(Debug)]
pub struct StoreError(Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// An error of this cause, which goes to the log alone.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for StoreError {}

/// A verified event that is the holder's to run. It is settled or released exactly once.
#[must_use]
pub(crate) struct Accepted<'a> {
    event: VerifiedEvent<'a>,
    claim: Held,
}

impl<'a> Accepted<'a> {
    pub(crate) fn into_parts(self) -> (VerifiedEvent<'a>, Held) {
        (self.event, self.claim)
    }
}

/// The claim of an event, by which it is accepted; none where nothing tells its copies apart.
#[must_use]
pub(crate) struct Held(Option<(IdempotencyKey, Token, HeldClaim)>);

impl Held {
    /// Accepts the event that was claimed.
    pub(crate) fn accept(self, event: VerifiedEvent<'_>) -> Accepted<'_> {
        Accepted { event, claim: self }
    }
}

/// What became of the claim of a verified event.
pub(crate) enum Claimed {
    New(Held),
    Answered(FirstAnswer),
    Running,
    Full,
}

/// The store of an app. The one in memory answers at once; every other one is behind a pointer, and its answers too.
#[derive(Clone)]
pub(crate) enum SharedStore {
    Memory(Arc<MemoryStore>),
    Other(Arc<dyn ErasedStore>),
}

impl SharedStore {
    pub(crate) fn new<S: Store>(store: S) -> Self {
        let store = Arc::new(store);
        let any: Arc<dyn Any + Send + Sync> = store.clone();
        let shared = any.downcast_ref::<Arc<MemoryStore>>().cloned();
        match (shared, any.downcast()) {
            (Some(memory), _) | (None, Ok(memory)) => Self::Memory(memory),
            (None, Err(_)) => Self::Other(store),
        }
    }

    /// Claims an event for its handler.
    pub(crate) async fn claim(&self, event: &VerifiedEvent<'_>, lease: Lease) -> Result<Claimed, StoreError> {
        // Without anything to tell copies by, every delivery is an event of its own.
        let Some(key) = event.key() else { return Ok(Claimed::New(Held(None))) };
        let claim = match self {
            Self::Memory(store) => store.claim_now(&key, lease),
            Self::Other(store) => store.claim(&key, lease).await?,
        };
        Ok(match claim {
            Claim::New(token) => Claimed::New(Held(Some((key, token, HeldClaim::new())))),
            Claim::Answered(answer) => Claimed::Answered(answer),
            Claim::Running => Claimed::Running,
            Claim::Full => Claimed::Full,
        })
    }

    /// Keeps the answer of an event that succeeded.
    pub(crate) fn settle<'a>(&'a self, claim: &'a Held, kept: Kept) -> Said<'a> {
        match (&claim.0, self) {
            (None, _) => Said::now(true),
            (Some((_, token, _)), Self::Memory(store)) => Said::now(store.settle_now(*token, kept)),
            (Some((key, token, _)), Self::Other(store)) => Said::Later(store.settle(key, *token, kept)),
        }
    }

    /// Gives an event that failed back to the sender's retry.
    pub(crate) fn release<'a>(&'a self, claim: &'a Held) -> Said<'a> {
        match (&claim.0, self) {
            (None, _) => Said::now(true),
            (Some((_, token, _)), Self::Memory(store)) => Said::now(store.release_now(*token)),
            (Some((key, token, _)), Self::Other(store)) => Said::Later(store.release(key, *token)),
        }
    }
}

/// What a store says to the end of a claim: at once, or later.
pub(crate) enum Said<'a> {
    Now(Ready<Result<bool, StoreError>>),
    Later(Boxed<'a, bool>),
}

impl Said<'_> {
    fn now(held: bool) -> Self {
        Self::Now(ready(Ok(held)))
    }
}

impl Future for Said<'_> {
    type Output = Result<bool, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Now(said) => Pin::new(said).poll(context),
            Self::Later(saying) => saying.as_mut().poll(context),
        }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`Store`] without the opaque futures that keep it from being a trait object.
pub(crate) trait ErasedStore: Send + Sync {
    fn claim<'a>(&'a self, key: &'a IdempotencyKey, lease: Lease) -> Boxed<'a, Claim>;
    fn settle<'a>(&'a self, key: &'a IdempotencyKey, token: Token, kept: Kept) -> Boxed<'a, bool>;
    fn release<'a>(&'a self, key: &'a IdempotencyKey, token: Token) -> Boxed<'a, bool>;
}

impl<S: Store> ErasedStore for S {
    fn claim<'a>(&'a self, key: &'a IdempotencyKey, lease: Lease) -> Boxed<'a, Claim> {
        Box::pin(Store::claim(self, key, lease))
    }

    fn settle<'a>(&'a self, key: &'a IdempotencyKey, token: Token, kept: Kept) -> Boxed<'a, bool> {
        Box::pin(Store::settle(self, key, token, kept))
    }

    fn release<'a>(&'a self, key: &'a IdempotencyKey, token: Token) -> Boxed<'a, bool> {
        Box::pin(Store::release(self, key, token))
    }
}
