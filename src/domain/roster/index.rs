//! Finds rows that share a key, in constant time whatever the roster's size.

use super::RowId;

/// Rows by a 64-bit key; key 0 means the row takes no part. Equal keys only suggest equal texts: callers compare them.
#[derive(Debug, Clone, Default)]
pub struct KeyIndex {
    keys: Vec<u64>,
    /// First row + 1 of each bucket; 0 for none. The length is a power of two.
    heads: Vec<u32>,
    /// Next row + 1 of the same bucket; 0 for none.
    next: Vec<u32>,
}

impl KeyIndex {
    /// Makes an index with room for a number of rows.
    pub fn with_capacity(rows: usize) -> KeyIndex {
        KeyIndex {
            keys: Vec::with_capacity(rows),
            next: Vec::with_capacity(rows),
            heads: vec![0; (rows * 2).next_power_of_two().max(16)],
        }
    }

    /// Appends a row's key; offers earlier rows with the same key to `same`, latest first, until it accepts one.
    pub fn push(&mut self, key: u64, mut same: impl FnMut(RowId) -> bool) {
        if self.heads.len() < self.keys.len() + 1 {
            self.grow();
        }
        let row = self.keys.len() as u32;
        self.keys.push(key);
        self.next.push(0);
        if key == 0 {
            return;
        }
        let bucket = self.bucket(key);
        let mut at = self.heads[bucket];
        self.next[row as usize] = at;
        self.heads[bucket] = row + 1;
        while at != 0 {
            let earlier = at - 1;
            if self.keys[earlier as usize] == key && same(earlier) {
                break;
            }
            at = self.next[earlier as usize];
        }
    }

    /// Lists the rows with a key, in ascending order.
    pub fn rows(&self, key: u64) -> Vec<RowId> {
        let mut found = Vec::new();
        if key != 0 && !self.heads.is_empty() {
            let mut at = self.heads[self.bucket(key)];
            while at != 0 {
                if self.keys[at as usize - 1] == key {
                    found.push(at - 1);
                }
                at = self.next[at as usize - 1];
            }
        }
        found.sort_unstable();
        found
    }

    /// Gives a row's key.
    pub fn key(&self, row: RowId) -> u64 {
        self.keys.get(row as usize).copied().unwrap_or(0)
    }

    /// Gives a row another key.
    pub fn set(&mut self, row: RowId, key: u64) {
        let old = self.key(row);
        if old == key || self.keys.len() <= row as usize {
            return;
        }
        if old != 0 {
            let bucket = self.bucket(old);
            let link = self.next[row as usize];
            if self.heads[bucket] == row + 1 {
                self.heads[bucket] = link;
            } else {
                let mut at = self.heads[bucket];
                while at != 0 && self.next[at as usize - 1] != row + 1 {
                    at = self.next[at as usize - 1];
                }
                if at != 0 {
                    self.next[at as usize - 1] = link;
                }
            }
        }
        self.keys[row as usize] = key;
        if key != 0 {
            // Each chain runs from the latest row to the first, whatever the order of the edits: `push` counts on it.
            let bucket = self.bucket(key);
            let mut later = 0;
            let mut at = self.heads[bucket];
            while row + 1 < at {
                later = at;
                at = self.next[at as usize - 1];
            }
            self.next[row as usize] = at;
            match later {
                0 => self.heads[bucket] = row + 1,
                later => self.next[later as usize - 1] = row + 1,
            }
        }
    }

    fn bucket(&self, key: u64) -> usize {
        (key >> 20) as usize & (self.heads.len() - 1)
    }

    fn grow(&mut self) {
        self.heads = vec![0; (self.keys.len() * 2).next_power_of_two().max(16)];
        for row in 0..self.keys.len() {
            let key = self.keys[row];
            if key != 0 {
                let bucket = self.bucket(key);
                self.next[row] = self.heads[bucket];
                self.heads[bucket] = row as u32 + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_equal_keys_after_growth_and_change() {
        let mut index = KeyIndex::default();
        for row in 0..1000u64 {
            index.push((row % 100) << 20, |_| true);
        }
        assert_eq!(index.rows(7 << 20), (0..10).map(|i| i * 100 + 7).collect::<Vec<_>>());
        index.set(107, 8 << 20);
        index.set(7, 0);
        assert_eq!(index.rows(7 << 20)[0], 207);
        assert!(index.rows(8 << 20).contains(&107));
        index.set(500, 7 << 20);
        let mut seen = Vec::new();
        index.push(7 << 20, |r| {
            seen.push(r);
            false
        });
        assert_eq!(seen, [907, 807, 707, 607, 507, 500, 407, 307, 207]);
    }
}
