//! The audit chain (审计链): one entry per change of the state, each carrying the hash of the one before.

use sha2::{Digest, Sha256};

/// What was done, before the store gives it its place in the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deed {
    /// What was done, such as `ledger.allocate`; the part before the point is the room it belongs to.
    pub action: &'static str,
    /// What it was done to, such as `batch:3`, `series:S000062010001243J*****`, `certificate:…`, `institution:…`, `case:4`.
    pub object: String,
    /// What stood before, as JSON; empty for something new.
    pub before: String,
    /// What stands now, as JSON.
    pub after: String,
    /// Why, in the user's words; may be empty.
    pub reason: String,
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1 without a gap.
    pub seq: u64,
    /// When, UTC; never before the entry before it.
    pub time: String,
    /// The user's name as the operating system gives it.
    pub user: String,
    /// As [`Deed::action`].
    pub action: String,
    /// As [`Deed::object`].
    pub object: String,
    /// As [`Deed::before`].
    pub before: String,
    /// As [`Deed::after`].
    pub after: String,
    /// As [`Deed::reason`].
    pub reason: String,
    /// The hash of the entry before; of the first one 64 zeros.
    pub previous: String,
    /// SHA-256 over all of the above, in hexadecimal.
    pub hash: String,
}

/// The end of the chain: how many entries there are and the hash of the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub count: u64,
    /// The last one's hash; 64 zeros when there is none.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Head {
        Head { count: 0, hash: "0".repeat(64) }
    }
}

impl Entry {
    /// Computes the hash the entry must carry. Every part goes in with its length, so that no part can reach into the next.
    pub fn computed_hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.seq.to_be_bytes());
        let parts = [
            &self.time,
            &self.user,
            &self.action,
            &self.object,
            &self.before,
            &self.after,
            &self.reason,
            &self.previous,
        ];
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts_and_none_reaches_into_the_next() {
        let entry = Entry {
            seq: 1,
            time: "2026-11-21T08:00:00Z".into(),
            user: "wang".into(),
            action: "ledger.reserve".into(),
            object: "series:x".into(),
            before: String::new(),
            after: "{}".into(),
            reason: "纸质名册".into(),
            previous: Head::default().hash,
            hash: String::new(),
        };
        let of = |change: &dyn Fn(&mut Entry)| {
            let mut other = entry.clone();
            change(&mut other);
            other.computed_hash()
        };
        let all = [
            of(&|_| ()),
            of(&|e| e.seq = 2),
            of(&|e| e.time.push('x')),
            of(&|e| e.user = "wan".into()),
            of(&|e| (e.user, e.action) = ("wan".into(), "gledger.reserve".into())),
            of(&|e| e.object.clear()),
            of(&|e| (e.before, e.after) = ("{}".into(), String::new())),
            of(&|e| e.reason.clear()),
            of(&|e| e.previous = "1".repeat(64)),
        ];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(of(&|e| e.hash = "x".into()), all[0], "the hash itself is no part of it");
    }
}
