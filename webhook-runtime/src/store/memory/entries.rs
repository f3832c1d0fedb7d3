//! The states of all claims: running, settled in the order of their settling, or free again.

use super::Fingerprint;
use super::answers::Answers;
use super::index::Index;
use super::slab::{Entry, NO_CLAIM, NOWHERE, Place, Slab, Time};
use crate::base::observe::{TARGET, meters};
use crate::store::{Claim, Kept, Lease, Token};

/// At most so many claims.
#[derive(Debug)]
pub(super) struct Entries {
    capacity: usize,
    slab: Slab,
    index: Index,
    answers: Answers,
    /// The ends of the list of the settled ones: the oldest is the next to go.
    oldest: Place,
    newest: Place,
    running: usize,
    last_claim: u32,
    evicted: u64,
}

impl Entries {
    pub(super) fn with_capacity(ids: usize) -> Self {
        let capacity = ids.clamp(1, NOWHERE as usize);
        Self {
            capacity,
            slab: Slab::new(),
            index: Index::of(capacity),
            answers: Answers::default(),
            oldest: NOWHERE,
            newest: NOWHERE,
            running: 0,
            last_claim: NO_CLAIM,
            evicted: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(super) fn running(&self) -> usize {
        self.running
    }

    pub(super) fn claim(&mut self, id: Fingerprint, lease: Lease) -> Claim {
        let now = Time::from(lease.now);
        self.forget_expired(now);
        let found = self.index.find(id, &self.slab);
        if let Some((place, entry)) = found.and_then(|place| Some((place, self.slab.get(place)?))) {
            match &entry.answer {
                Some(answer) if entry.until > now => return Claim::Answered((**answer).clone()),
                None if entry.until > now => return Claim::Running,
                _ => self.remove(place),
            }
        }
        if self.len() >= self.capacity && !self.evict(now) {
            return Claim::Full;
        }
        let claim = self.next_claim();
        let entry = Entry { id, claim, older: NOWHERE, newer: NOWHERE, until: lease.until.into(), answer: None };
        let place = self.slab.insert(entry);
        if place == NOWHERE {
            return Claim::Full;
        }
        self.index.insert(id, place, &self.slab);
        self.running += 1;
        Claim::New(token(place, claim))
    }

    pub(super) fn settle(&mut self, token: Token, kept: Kept) -> bool {
        let Some(place) = self.running_at(token) else { return false };
        let answer = self.answers.keep(kept.answer);
        let newest = std::mem::replace(&mut self.newest, place);
        if let Some(entry) = self.slab.get_mut(place) {
            entry.until = kept.until.into();
            entry.answer = Some(answer);
            entry.older = newest;
        }
        match self.slab.get_mut(newest) {
            Some(before) => before.newer = place,
            None => self.oldest = place,
        }
        self.running -= 1;
        true
    }

    pub(super) fn release(&mut self, token: Token) -> bool {
        let Some(place) = self.running_at(token) else { return false };
        self.remove(place);
        true
    }

    /// The place of a claim that still runs.
    fn running_at(&self, token: Token) -> Option<Place> {
        let (place, claim) = place_and_claim(token);
        let entry = self.slab.get(place)?;
        (entry.claim == claim && claim != NO_CLAIM && entry.answer.is_none()).then_some(place)
    }

    fn remove(&mut self, place: Place) {
        let Some(entry) = self.slab.get_mut(place) else { return };
        let (id, older, newer, answer) = (entry.id, entry.older, entry.newer, entry.answer.take());
        match answer {
            Some(answer) => {
                self.answers.forget(answer);
                match self.slab.get_mut(older) {
                    Some(it) => it.newer = newer,
                    None => self.oldest = newer,
                }
                match self.slab.get_mut(newer) {
                    Some(it) => it.older = older,
                    None => self.newest = older,
                }
            }
            None => self.running -= 1,
        }
        self.index.remove(id, place);
        self.slab.remove(place);
    }

    /// Takes what has expired from the front. Sources with a shorter horizon behind one with a longer wait their
    /// turn: the capacity bounds them, and a claim looks at the time itself.
    fn forget_expired(&mut self, now: Time) {
        while self.slab.get(self.oldest).is_some_and(|it| it.until <= now) {
            self.remove(self.oldest);
        }
    }

    /// Makes room for one id; `false` where every id is running. A claim whose lease has ended is of a task that died.
    fn evict(&mut self, now: Time) -> bool {
        if self.oldest == NOWHERE {
            return self.forget_dead(now);
        }
        self.remove(self.oldest);
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
        true
    }

    /// Forgets what runs longer than its lease, where nothing is settled.
    fn forget_dead(&mut self, now: Time) -> bool {
        let before = self.len();
        for place in self.slab.places() {
            let dead = |it: &Entry| it.claim != NO_CLAIM && it.until <= now;
            if self.slab.get(place).is_some_and(dead) {
                self.remove(place);
            }
        }
        self.len() < before
    }

    fn next_claim(&mut self) -> u32 {
        self.last_claim = self.last_claim.wrapping_add(1).max(NO_CLAIM + 1);
        self.last_claim
    }
}

/// A token says where its claim stands, so that settling it needs no search.
fn token(place: Place, claim: u32) -> Token {
    Token((u64::from(claim) << 32) + u64::from(place))
}

fn place_and_claim(token: Token) -> (Place, u32) {
    let low = u32::try_from(token.0 & u64::from(u32::MAX)).unwrap_or(NOWHERE);
    (low, u32::try_from(token.0 >> 32).unwrap_or(NO_CLAIM))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use bytes::Bytes;

    use super::Entries;
    use crate::store::{Claim, FirstAnswer, Kept, Lease};

    #[test]
    fn no_claim_is_numbered_as_none_is_when_numbers_begin_again() {
        let mut entries = Entries::with_capacity(2);
        entries.last_claim = u32::MAX;
        let now = SystemTime::UNIX_EPOCH;
        let Claim::New(token) = entries.claim([1, 1], Lease { now, until: now }) else { panic!("an empty store") };
        let answer = FirstAnswer { status: 200, content_type: None, body: Bytes::new() };
        assert!(entries.settle(token, Kept { answer, now, until: now }));
    }
}
