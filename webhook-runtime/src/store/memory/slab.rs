//! The entries of a memory store, side by side: an entry keeps its place until it is removed, and growing moves none, so
//! that no claim waits for others to be moved.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Fingerprint;
use super::answers::Answer;

/// Where an entry stands.
pub(super) type Place = u32;

/// No place.
pub(super) const NOWHERE: Place = Place::MAX;

/// One id.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Fingerprint,
    /// Tells this claim from earlier ones at the same place.
    pub(super) claim: u32,
    /// Its neighbours among the settled ones; of a free place the next free one stands in `newer`.
    pub(super) older: Place,
    pub(super) newer: Place,
    pub(super) until: Time,
    /// Nothing while it runs.
    pub(super) answer: Option<Answer>,
}

/// A time in nanoseconds since 1970, which is half of what a `SystemTime` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time(u64);

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
    }
}

/// Entries in blocks of one size.
#[derive(Debug)]
pub(super) struct Slab {
    blocks: Vec<Vec<Entry>>,
    free: Place,
    length: usize,
}

impl Slab {
    pub(super) fn new() -> Self {
        Self { blocks: Vec::new(), free: NOWHERE, length: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn get(&self, place: Place) -> Option<&Entry> {
        self.blocks.get(place as usize / BLOCK)?.get(place as usize % BLOCK)
    }

    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Entry> {
        self.blocks.get_mut(place as usize / BLOCK)?.get_mut(place as usize % BLOCK)
    }

    /// Every place that was ever used, the free ones too.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let used = self.blocks.iter().map(Vec::len).sum::<usize>();
        0..Place::try_from(used).unwrap_or(NOWHERE)
    }

    /// Adds an entry, and says where it stands. Nowhere where there is no place left.
    pub(super) fn insert(&mut self, entry: Entry) -> Place {
        let free = self.free;
        if let Some(reused) = self.get_mut(free) {
            let next = std::mem::replace(reused, entry).newer;
            self.free = next;
            self.length += 1;
            return free;
        }
        if self.blocks.last().is_none_or(|it| it.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let before = (self.blocks.len() - 1) * BLOCK;
        let Some(block) = self.blocks.last_mut() else { return NOWHERE };
        let place = Place::try_from(before + block.len()).unwrap_or(NOWHERE);
        if place != NOWHERE {
            block.push(entry);
            self.length += 1;
        }
        place
    }

    /// Frees the place of an entry. Its answer is taken before.
    pub(super) fn remove(&mut self, place: Place) {
        let next = self.free;
        if let Some(entry) = self.get_mut(place) {
            // No token tells of this claim any more.
            entry.claim = NO_CLAIM;
            entry.newer = next;
            self.free = place;
            self.length -= 1;
        }
    }
}

/// The claim of a free place.
pub(super) const NO_CLAIM: u32 = 0;

/// How many entries stand in one block.
const BLOCK: usize = 4096;
