//! The audit chain (审计链): one entry per change of the state, each carrying the hash of the one before.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::action::{ActionName, ChainAccepted};

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The entry of the audit chain.
    pub entry: u64,
    /// When, UTC.
    pub time: String,
    pub user: String,
    /// Why, in the user's words; may be empty.
    pub reason: String,
}

/// Which entries are wanted; an empty filter wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// The object, such as `batch:3`, or the kind of object, such as `batch`.
    pub object: Option<String>,
    /// The earliest time, UTC, as entries carry it.
    pub since: Option<String>,
    pub user: Option<String>,
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place, from 1 without a gap.
    pub seq: u64,
    /// When, UTC; never before the entry before it.
    pub time: String,
    /// The user's name as the operating system gives it.
    pub user: String,
    /// What was done, such as `ledger.allocate`; an [`Action`](super::action::Action) unless a later release wrote it.
    pub action: String,
    /// What it was done to, such as `batch:3`, `series:S000062010001243J*****`, `certificate:…`, `institution:…`, `case:4`.
    pub object: String,
    /// What stood before, as JSON; empty for something new.
    pub before: String,
    /// What stands now, as JSON.
    pub after: String,
    /// Why, in the user's words; may be empty.
    pub reason: String,
    /// The hash of the entry before; of the first one 64 zeros.
    pub previous: String,
    /// SHA-256 over all of the above, in hexadecimal.
    pub hash: String,
}

/// The end of the chain: how many entries there are and the hash of the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl Head {
    /// Reads `COUNT:HASH` as exports print it; of the hash the first eight digits are enough.
    pub fn read(text: &str) -> Option<Head> {
        let (count, hash) = text.trim().split_once(':')?;
        let hash = hash.to_ascii_lowercase();
        let is_hash = (8..=64).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit());
        is_hash.then_some(Head { count: count.parse().ok()?, hash })
    }

    /// Tells whether a whole hash is the one meant, which may be shortened.
    pub fn means(&self, hash: &str) -> bool {
        hash.starts_with(&self.hash)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.count, self.hash)
    }
}

impl AuditEntry {
    /// Tells whether a clock that was ahead is accepted by it to be set back.
    pub fn sets_clock_back(&self) -> bool {
        self.action == ActionName::AuditAccept.key()
            && serde_json::from_str::<ChainAccepted>(&self.after).is_ok_and(|accepted| accepted.clock.is_some())
    }

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

/// Where the chain is not what it was when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// An entry is not where it should be: one was taken out or put in.
    Place {
        /// Where it should be.
        expected: u64,
        found: u64,
    },
    /// An entry does not carry the hash of the one before.
    Link(u64),
    /// An entry is not as it was when its hash was computed.
    Content(u64),
    /// An entry is earlier than the one before.
    Time(u64),
    /// Entries that were there are missing at the end: it was cut off, or an old copy was put back.
    Missing {
        /// The end as it was noted elsewhere.
        noted: Head,
        /// The end as it is.
        found: Head,
    },
    /// The chain has another entry where an end was noted elsewhere: an old copy was put back and has been worked in.
    Other {
        /// The end as it was noted elsewhere.
        noted: Head,
        /// The hash that stands there now.
        hash: String,
    },
    /// Nothing outside the database tells where the chain ends.
    Unnoted(Head),
    /// A backup of this moment was put back, and nobody knows which numbers were given after it.
    Restored(String),
    /// The last entry was made by a clock that was ahead.
    Ahead {
        /// The time of the last entry, UTC.
        last: String,
        /// The time now, UTC.
        now: String,
    },
    /// The clock says otherwise than what else tells the time.
    Doubted {
        /// What it should say, UTC.
        told: String,
        /// What it says, UTC.
        now: String,
    },
}

/// Follows the chain from its first entry and tells where it is broken.
#[derive(Debug, Default)]
pub struct Chain {
    head: Head,
    time: String,
}

impl Chain {
    /// Takes the next entry; gives what is wrong with it.
    pub fn take(&mut self, entry: &AuditEntry) -> Vec<ChainFault> {
        let expected = self.head.count + 1;
        let mut faults = Vec::new();
        if entry.seq != expected {
            faults.push(ChainFault::Place { expected, found: entry.seq });
        }
        if entry.previous != self.head.hash {
            faults.push(ChainFault::Link(entry.seq));
        }
        if entry.hash != entry.computed_hash() {
            faults.push(ChainFault::Content(entry.seq));
        }
        if entry.time < self.time && !entry.sets_clock_back() {
            faults.push(ChainFault::Time(entry.seq));
        }
        self.head = Head { count: entry.seq, hash: entry.hash.clone() };
        self.time.clone_from(&entry.time);
        faults
    }

    /// Gives the end so far.
    pub fn head(&self) -> &Head {
        &self.head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(count: u64) -> Vec<AuditEntry> {
        let mut all: Vec<AuditEntry> = Vec::new();
        for seq in 1..=count {
            let mut entry = AuditEntry {
                seq,
                time: format!("2026-11-21T08:00:{seq:02}Z"),
                user: "wang".into(),
                action: "batch.change".into(),
                object: "batch:1".into(),
                before: String::new(),
                after: "{}".into(),
                reason: String::new(),
                previous: all.last().map_or(Head::default().hash, |e| e.hash.clone()),
                hash: String::new(),
            };
            entry.hash = entry.computed_hash();
            all.push(entry);
        }
        all
    }

    fn faults(entries: &[AuditEntry]) -> Vec<ChainFault> {
        let mut chain = Chain::default();
        entries.iter().flat_map(|e| chain.take(e)).collect()
    }

    #[test]
    fn every_way_to_bend_a_chain_is_seen() {
        let whole = chain(4);
        assert_eq!(faults(&whole), []);
        let bent = |bend: &dyn Fn(&mut Vec<AuditEntry>)| {
            let mut entries = whole.clone();
            bend(&mut entries);
            faults(&entries)
        };
        assert_eq!(bent(&|e| e[1].reason = "x".into()), [ChainFault::Content(2)]);
        let rehashed = bent(&|e| {
            e[1].reason = "x".into();
            e[1].hash = e[1].computed_hash();
        });
        assert_eq!(rehashed, [ChainFault::Link(3)]);
        assert_eq!(bent(&|e| drop(e.remove(1))), [ChainFault::Place { expected: 2, found: 3 }, ChainFault::Link(3)]);
        let late = bent(&|e| {
            e[2].time = "2026-11-20T08:00:00Z".into();
            e[2].hash = e[2].computed_hash();
            e[3].previous = e[2].hash.clone();
            e[3].hash = e[3].computed_hash();
        });
        assert_eq!(late, [ChainFault::Time(3)]);
    }

    #[test]
    fn a_printed_head_is_read_back_whole_or_shortened() {
        let head = Head { count: 12, hash: "ab12".repeat(16) };
        assert_eq!(Head::read(&head.to_string()), Some(head.clone()));
        let short = Head::read("12:AB12ab12").expect("a head");
        assert!(short.means(&head.hash) && !short.means(&"b".repeat(64)));
        for bad in ["", "12", "12:", "12:ab12", "x:ab12ab12", "12:zz12ab12", "-1:ab12ab12"] {
            assert_eq!(Head::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_part_counts_and_none_reaches_into_the_next() {
        let entry = AuditEntry {
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
        let of = |change: &dyn Fn(&mut AuditEntry)| {
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
