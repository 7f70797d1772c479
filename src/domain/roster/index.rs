//! Finds rows that share a key.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::RowId;

/// Rows by a 64-bit key; key 0 means the row takes no part. Equal keys only suggest equal texts: callers compare them.
///
/// Which rows share a key is found once, when all are there; rows whose key changes later are kept in a small map beside.
#[derive(Debug, Clone, Default)]
pub struct KeyIndex {
    keys: Vec<u64>,
    /// Made when rows are first asked for by a key: a roster that is only checked never asks.
    by_key: OnceLock<RowsByKey>,
    /// Rows that shared a key when the index was built, group after group, and where each group ends.
    grouped: Vec<RowId>,
    group_ends: Vec<u32>,
    /// A bit for each row that shared a key then.
    shares: Vec<u64>,
    moved: HashMap<u64, Vec<RowId>, RandomState>,
}

/// Rows in the order of their keys, then of their numbers.
#[derive(Debug, Clone, Default)]
struct RowsByKey {
    rows: Vec<RowId>,
    /// For each value of a key's first bits, where its rows begin.
    starts: Vec<u32>,
}

impl RowsByKey {
    fn of(keys: &[u64]) -> RowsByKey {
        let (rows, starts) = sorted(keys.len(), keyed(keys));
        RowsByKey { rows: rows.into_iter().map(|(_, row)| row).collect(), starts }
    }

    /// Gives the rows whose keys have the first bits of this one.
    fn near(&self, key: u64) -> &[RowId] {
        let bits = (self.starts.len() - 1).trailing_zeros();
        let bucket = (key >> (64 - bits)) as usize;
        &self.rows[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// Sorts about so many rows by their keys, and gives where those begin whose keys have the same first bits. Linear in their number.
fn sorted(count: usize, keyed: impl Iterator<Item = (u64, RowId)> + Clone) -> (Vec<(u64, RowId)>, Vec<u32>) {
    // Few to a bucket are sorted at once; more buckets would no longer stay in the cache while they are filled.
    let bits = (count / 4).next_power_of_two().trailing_zeros().clamp(1, 18);
    let bucket = |key: u64| (key >> (64 - bits)) as usize;
    let mut starts = vec![0u32; (1 << bits) + 1];
    keyed.clone().for_each(|(key, _)| starts[bucket(key) + 1] += 1);
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut rows = vec![(0u64, 0u32); starts.last().map_or(0, |n| *n as usize)];
    for (key, row) in keyed {
        let place = &mut next[bucket(key)];
        rows[*place as usize] = (key, row);
        *place += 1;
    }
    for range in starts.windows(2) {
        rows[range[0] as usize..range[1] as usize].sort_unstable();
    }
    (rows, starts)
}

/// Lists rows with their keys, those without one left out.
fn keyed(keys: &[u64]) -> impl Iterator<Item = (u64, RowId)> + Clone {
    keys.iter().copied().zip(0..).filter(|(key, _)| *key != 0)
}

/// Lists the rows whose key another may have, too, and some by chance: by a bit for the first bits of each key, eight times as many
/// as there are rows. That takes a fraction of the time of sorting all of them.
fn perhaps_shared(keys: &[u64]) -> Vec<(u64, RowId)> {
    let bits = (8 * keys.len()).next_power_of_two().trailing_zeros().clamp(6, 32);
    let place = |key: u64| ((key >> (64 - bits)) as usize / 64, 1u64 << (key >> (64 - bits) & 63));
    // Met once, and met again.
    let mut met = vec![[0u64; 2]; 1 << (bits - 6)];
    for (key, _) in keyed(keys) {
        let (at, bit) = place(key);
        let [once, again] = &mut met[at];
        *again |= *once & bit;
        *once |= bit;
    }
    let is_met_again = |key: u64| {
        let (at, bit) = place(key);
        met[at][1] & bit != 0
    };
    keyed(keys).filter(|(key, _)| is_met_again(*key)).collect()
}

/// Of so many rows that moved to a key one that leaves is looked for; of more it is passed over when they are listed.
const LOOKED_FOR: usize = 64;

impl KeyIndex {
    /// Finds which rows share a key; `keys` holds one key per row. Linear in the number of rows.
    pub fn build(keys: Vec<u64>) -> KeyIndex {
        let some = perhaps_shared(&keys);
        let (some, _) = sorted(some.len(), some.iter().copied());
        let (mut grouped, mut group_ends) = (Vec::new(), Vec::new());
        for group in some.chunk_by(|a, b| a.0 == b.0).filter(|group| 1 < group.len()) {
            grouped.extend(group.iter().map(|(_, row)| *row));
            group_ends.push(grouped.len() as u32);
        }
        let mut shares = vec![0u64; keys.len().div_ceil(64)];
        grouped.iter().for_each(|row| shares[*row as usize / 64] |= 1 << (row % 64));
        KeyIndex { keys, by_key: OnceLock::new(), grouped, group_ends, shares, moved: HashMap::default() }
    }

    /// Lists the groups of rows that shared a key when the index was built, each in ascending order.
    pub fn groups(&self) -> impl Iterator<Item = &[RowId]> {
        let starts = std::iter::once(0).chain(self.group_ends.iter().copied());
        starts.zip(&self.group_ends).map(|(from, to)| &self.grouped[from as usize..*to as usize])
    }

    /// Lists the rows with a key, in ascending order.
    pub fn rows(&self, key: u64) -> Vec<RowId> {
        if key == 0 {
            return Vec::new();
        }
        let by_key = self.by_key.get_or_init(|| RowsByKey::of(&self.keys));
        // Rows that moved in since are in the map, rows that moved away no longer have the key.
        let mut found: Vec<RowId> = by_key.near(key).iter().copied().filter(|row| self.key(*row) == key).collect();
        found.extend(self.moved.get(&key).into_iter().flatten().filter(|row| self.key(**row) == key));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Gives a row's key.
    pub fn key(&self, row: RowId) -> u64 {
        self.keys.get(row as usize).copied().unwrap_or(0)
    }

    /// Tells whether no other row has the key of a row, as far as that is seen at once; else it says no.
    pub fn is_surely_alone(&self, row: RowId) -> bool {
        let key = self.key(row);
        let shared = || self.shares.get(row as usize / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1);
        key == 0 || (!shared() && (self.moved.is_empty() || !self.moved.contains_key(&key)))
    }

    /// Gives a row another key, and leaves it to [`KeyIndex::build_again`] that it is found by it.
    pub fn put(&mut self, row: RowId, key: u64) {
        if let Some(place) = self.keys.get_mut(row as usize) {
            *place = key;
        }
    }

    /// Sorts the rows anew by the keys they have now: that takes less than very many single moves.
    pub fn build_again(&mut self) {
        *self = KeyIndex::build(std::mem::take(&mut self.keys));
    }

    /// Gives a row another key.
    pub fn set(&mut self, row: RowId, key: u64) {
        let Some(place) = self.keys.get_mut(row as usize) else { return };
        let old = std::mem::replace(place, key);
        if old == key {
            return;
        }
        if let Some(rows) = self.moved.get_mut(&old).filter(|rows| rows.len() < LOOKED_FOR) {
            rows.retain(|r| *r != row);
        }
        if key != 0 {
            self.moved.entry(key).or_default().push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_equal_keys_after_changes() {
        let spread = |n: u64| (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut index =
            KeyIndex::build((0..100_000).map(|row| if row % 1000 == 5 { 0 } else { spread(row % 10_000) }).collect());
        assert_eq!(index.rows(spread(7)), (0..10).map(|i| i * 10_000 + 7).collect::<Vec<_>>());
        assert_eq!(index.groups().count(), 9_990);
        assert!(index.groups().all(|g| g.len() == 10 && g.is_sorted()));
        assert!(!index.is_surely_alone(7) && index.is_surely_alone(5), "5 has no key");
        index.set(10_007, spread(8));
        index.set(7, 0);
        assert_eq!(index.rows(spread(7))[0], 20_007);
        assert!(index.rows(spread(8)).contains(&10_007));
        index.set(10_007, spread(7));
        index.set(10_007, spread(8));
        index.set(10_007, spread(7));
        assert_eq!(index.rows(spread(7))[..2], [10_007, 20_007]);
        assert!(index.rows(0).is_empty());
    }

    #[test]
    fn a_row_is_alone_until_another_comes_to_its_key() {
        let mut index = KeyIndex::build(vec![5 << 60, 6 << 60, 7 << 60, 7 << 60]);
        let alone = |index: &KeyIndex| (0..4).map(|row| index.is_surely_alone(row)).collect::<Vec<_>>();
        assert_eq!(alone(&index), [true, true, false, false]);
        index.set(1, 5 << 60);
        assert_eq!(alone(&index), [false, false, false, false]);
        assert_eq!(index.rows(5 << 60), [0, 1]);
    }

    #[test]
    fn very_many_rows_move_to_one_key_and_back() {
        let mut index = KeyIndex::build((1..=100_000).map(|row| row << 40).collect());
        for to in [1u64 << 62, 0] {
            (0..100_000).for_each(|row| index.set(row, if to == 0 { (u64::from(row) + 1) << 40 } else { to }));
            assert_eq!(index.rows(1 << 62).len(), if to == 0 { 0 } else { 100_000 });
        }
        index.put(9, 7 << 40);
        index.build_again();
        assert_eq!((index.rows(7 << 40), index.groups().count()), (vec![6, 9], 1));
        index.put(9, 10 << 40);
        index.build_again();
        assert_eq!(index.rows(7 << 40), [6]);
    }
}
