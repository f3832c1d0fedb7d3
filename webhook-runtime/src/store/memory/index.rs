//! Where the entry of a fingerprint stands: many small tables, so that no claim waits for a large one to grow.

use hashbrown::HashTable;

use super::Fingerprint;
use super::slab::{Place, Slab};

/// The places of all entries, by their fingerprints.
#[derive(Debug)]
pub(super) struct Index(Vec<HashTable<Place>>);

impl Index {
    /// An index for at most so many entries.
    pub(super) fn of(capacity: usize) -> Self {
        let tables = (capacity / OF_ONE_TABLE).clamp(1, MOST_TABLES).next_power_of_two();
        Self((0..tables).map(|_| HashTable::new()).collect())
    }

    pub(super) fn find(&self, id: Fingerprint, slab: &Slab) -> Option<Place> {
        let table = self.0.get(self.table(id))?;
        table.find(hash(id), |place| slab.get(*place).is_some_and(|it| it.id == id)).copied()
    }

    pub(super) fn insert(&mut self, id: Fingerprint, place: Place, slab: &Slab) {
        let table = self.table(id);
        if let Some(table) = self.0.get_mut(table) {
            table.insert_unique(hash(id), place, |place| slab.get(*place).map_or(0, |it| hash(it.id)));
        }
    }

    pub(super) fn remove(&mut self, id: Fingerprint, place: Place) {
        let table = self.table(id);
        if let Some(table) = self.0.get_mut(table)
            && let Ok(found) = table.find_entry(hash(id), |it| *it == place)
        {
            found.remove();
        }
    }

    /// The halves of a fingerprint are independent: one chooses the table, the other the place in it.
    fn table(&self, id: Fingerprint) -> usize {
        let [_, chooses] = id;
        usize::try_from(chooses % self.0.len() as u64).unwrap_or(0)
    }
}

/// A fingerprint is as random as a hash can be.
fn hash(id: Fingerprint) -> u64 {
    let [hash, _] = id;
    hash
}

/// How many entries one table has in a full store.
const OF_ONE_TABLE: usize = 2048;
const MOST_TABLES: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::{Index, hash};

    #[test]
    fn tables_stay_small_in_a_store_of_any_size() {
        let check = |capacity, tables| assert_eq!(Index::of(capacity).0.len(), tables, "{capacity}");
        check(1, 1);
        check(2048 * 3, 4);
        check(1_000_000, 512);
        check(usize::MAX, 1 << 16);
    }

    #[test]
    fn one_half_of_a_fingerprint_chooses_the_table_and_the_other_the_place_in_it() {
        let index = Index::of(2048 * 8);
        let fingerprints = (0..16).map(|it| [1000 - it, it]);
        let chosen: Vec<(usize, u64)> = fingerprints.map(|it| (index.table(it), hash(it))).collect();
        let expected: Vec<(usize, u64)> = (0..16).map(|it| (it % 8, 1000 - it as u64)).collect();
        assert_eq!(chosen, expected);
    }
}
