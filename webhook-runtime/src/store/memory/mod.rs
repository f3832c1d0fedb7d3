//! Claims in the memory of one process: bounded, and gone with it.
//!
//! Ids are kept as fingerprints of 128 bits under a random key, so that no sender can choose two events that
//! collide. When the store is full, the oldest *settled* id goes, which is counted in the log; a running claim
//! never does. Bodies of kept answers have a budget of their own: beyond it an answer is kept without its body.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::ids::IdempotencyKey;
use crate::store::{Claim, Kept, Lease, Store, StoreError, Token};

mod answers;
mod entries;
mod index;
mod slab;

use entries::Entries;

/// A [`Store`] in memory: what is used unless another one is given.
///
/// It serves one process. After a restart a sender's retry runs again; where an effect must happen exactly once
/// across restarts, the handler's own database has to say so. An id takes some 60 bytes, and an answer that is not the
/// one before it its own.
#[derive(Debug)]
pub struct MemoryStore {
    fingerprints: [RandomState; 2],
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    entries: Entries,
    /// Where keys are written for their fingerprints.
    written: Vec<u8>,
}

impl MemoryStore {
    /// A store of at most this many ids, at least one. A million unless another store is given.
    #[must_use]
    pub fn with_capacity(ids: usize) -> Self {
        Self {
            fingerprints: [RandomState::new(), RandomState::new()],
            state: Mutex::new(State { entries: Entries::with_capacity(ids), written: Vec::new() }),
        }
    }

    /// How many ids it holds, running and settled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().entries.len()
    }

    /// How many of them are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.state().entries.running()
    }

    /// Does it hold no id?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn claim_now(&self, key: &IdempotencyKey, lease: Lease) -> Claim {
        let mut state = self.state();
        state.written.clear();
        key.write(&mut state.written);
        let id = self.fingerprints.each_ref().map(|it| {
            let mut hasher = it.build_hasher();
            hasher.write(&state.written);
            hasher.finish()
        });
        state.entries.claim(id, lease)
    }

    /// The token alone says which claim it is.
    pub(crate) fn settle_now(&self, token: Token, kept: Kept) -> bool {
        self.state().entries.settle(token, kept)
    }

    pub(crate) fn release_now(&self, token: Token) -> bool {
        self.state().entries.release(token)
    }

    /// The state is consistent between any two statements, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::with_capacity(1_000_000)
    }
}

impl Store for MemoryStore {
    async fn claim(&self, key: &IdempotencyKey, lease: Lease) -> Result<Claim, StoreError> {
        Ok(self.claim_now(key, lease))
    }

    async fn settle(&self, _: &IdempotencyKey, token: Token, kept: Kept) -> Result<bool, StoreError> {
        Ok(self.settle_now(token, kept))
    }

    async fn release(&self, _: &IdempotencyKey, token: Token) -> Result<bool, StoreError> {
        Ok(self.release_now(token))
    }
}

/// What is kept of a key.
type Fingerprint = [u64; 2];

#[cfg(test)]
mod tests;
