//! Claims in the memory of one process: bounded, and gone with it.
//!
//! Ids are kept as fingerprints of 128 bits under a random key, so that no sender can choose two events that
//! collide. When the store is full, the oldest *settled* id goes, which is counted in the log; a running claim
//! never does. Bodies of kept answers have a budget of their own: beyond it an answer is kept without its body.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::base::ids::IdempotencyKey;
use crate::base::observe::{TARGET, meters};
use crate::store::{Claim, FirstAnswer, Kept, Lease, Store, StoreError, Token};

/// A [`Store`] in memory: what is used unless another one is given.
///
/// It serves one process. After a restart a sender's retry runs again; where an effect must happen exactly once
/// across restarts, the handler's own database has to say so.
#[derive(Debug)]
pub struct MemoryStore {
    fingerprints: [RandomState; 2],
    entries: Mutex<Entries>,
}

impl MemoryStore {
    /// A store of at most this many ids, at least one. A million unless another store is given.
    #[must_use]
    pub fn with_capacity(ids: usize) -> Self {
        Self {
            fingerprints: [RandomState::new(), RandomState::new()],
            entries: Mutex::new(Entries { capacity: ids.max(1), ..Entries::default() }),
        }
    }

    /// How many ids it holds, running and settled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().by_id.len()
    }

    /// How many of them are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.entries().by_id.values().filter(|it| it.answer.is_none()).count()
    }

    /// Does it hold no id?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn fingerprint(&self, key: &IdempotencyKey) -> Fingerprint {
        self.fingerprints.each_ref().map(|state| state.hash_one(key))
    }

    /// Entries are consistent between any two statements, so a panic elsewhere does not spoil them.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::with_capacity(1_000_000)
    }
}

impl Store for MemoryStore {
    async fn claim(&self, key: &IdempotencyKey, lease: Lease) -> Result<Claim, StoreError> {
        let id = self.fingerprint(key);
        Ok(self.entries().claim(id, lease))
    }

    async fn settle(&self, key: &IdempotencyKey, token: Token, kept: Kept) -> Result<bool, StoreError> {
        let id = self.fingerprint(key);
        Ok(self.entries().settle(id, token, kept))
    }

    async fn release(&self, key: &IdempotencyKey, token: Token) -> Result<bool, StoreError> {
        let id = self.fingerprint(key);
        Ok(self.entries().release(id, token))
    }
}

type Fingerprint = [u64; 2];

#[derive(Debug, Default)]
struct Entries {
    capacity: usize,
    by_id: HashMap<Fingerprint, Entry>,
    /// Settled ids in the order of their settling: the front is the next to go.
    settled: VecDeque<(Fingerprint, Token)>,
    kept_bytes: usize,
    last_token: u64,
    evicted: u64,
}

#[derive(Debug)]
struct Entry {
    token: Token,
    until: SystemTime,
    answer: Option<FirstAnswer>,
}

impl Entries {
    fn claim(&mut self, id: Fingerprint, lease: Lease) -> Claim {
        self.forget_expired(lease.now);
        match self.by_id.get(&id) {
            Some(Entry { answer: Some(answer), until, .. }) if *until > lease.now => {
                return Claim::Answered(answer.clone());
            }
            Some(Entry { answer: None, until, .. }) if *until > lease.now => return Claim::Running,
            Some(_) => self.remove(id),
            None => {}
        }
        if self.by_id.len() >= self.capacity && !self.evict(lease.now) {
            return Claim::Full;
        }
        self.last_token += 1;
        let token = Token(self.last_token);
        self.by_id.insert(id, Entry { token, until: lease.until, answer: None });
        Claim::New(token)
    }

    fn settle(&mut self, id: Fingerprint, token: Token, kept: Kept) -> bool {
        let Some(entry) = self.by_id.get_mut(&id).filter(|it| it.token == token && it.answer.is_none()) else {
            return false;
        };
        let mut answer = kept.answer;
        if self.kept_bytes + answer.body.len() > KEPT_BYTES {
            answer.body = bytes::Bytes::new();
        }
        self.kept_bytes += answer.body.len();
        entry.until = kept.until;
        entry.answer = Some(answer);
        self.settled.push_back((id, token));
        true
    }

    fn release(&mut self, id: Fingerprint, token: Token) -> bool {
        let held = self.by_id.get(&id).is_some_and(|it| it.token == token && it.answer.is_none());
        if held {
            self.remove(id);
        }
        held
    }

    fn remove(&mut self, id: Fingerprint) {
        if let Some(Entry { answer: Some(answer), .. }) = self.by_id.remove(&id) {
            self.kept_bytes -= answer.body.len();
        }
    }

    /// Takes what has expired from the front. Sources with a shorter horizon behind one with a longer wait their
    /// turn: the capacity bounds them, and a claim looks at the time itself.
    fn forget_expired(&mut self, now: SystemTime) {
        while let Some(&(id, token)) = self.settled.front() {
            match self.by_id.get(&id) {
                Some(entry) if entry.token == token && entry.until > now => return,
                Some(entry) if entry.token == token => self.remove(id),
                // The id was claimed again since; its newer place in the queue counts.
                Some(_) | None => {}
            }
            self.settled.pop_front();
        }
    }

    /// Makes room for one id; `false` where every id is running. A claim whose lease has ended is of a task that died.
    fn evict(&mut self, now: SystemTime) -> bool {
        while let Some((id, token)) = self.settled.pop_front() {
            if self.by_id.get(&id).is_some_and(|it| it.token == token) {
                self.remove(id);
                self.evicted += 1;
                meters::eviction();
                if self.evicted.is_power_of_two() {
                    tracing::warn!(
                        target: TARGET,
                        capacity = self.capacity,
                        evicted = self.evicted,
                        "the memory store is full: ids are forgotten before their senders stop retrying"
                    );
                }
                return true;
            }
        }
        let before = self.by_id.len();
        self.by_id.retain(|_, entry| entry.answer.is_some() || entry.until > now);
        self.by_id.len() < before
    }
}

/// What the bodies of kept answers may take together: 64 MiB.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests;
