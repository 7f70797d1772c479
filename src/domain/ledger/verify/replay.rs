//! What the audit chain says must stand in the ledger.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::{ProblemKind, Report};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::{Entry, Head};
use crate::domain::ledger::{SeriesKey, Status};

/// No code has more digits for its serial: larger numbers in an entry were put there by hand.
const LARGEST: u64 = 9_999_999;

/// A number as the chain leaves it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slot {
    /// What became of it; `None` where no entry took it.
    pub status: Option<Status>,
    /// The entry that took it.
    pub taken: u64,
    /// The entry that gave it its status.
    pub at: u64,
}

/// What an entry of the ledger says of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub action: String,
    /// The day, UTC.
    pub day: String,
    /// The numbers: series, first and last serial.
    pub numbers: Vec<(SeriesKey, u32, u32)>,
    /// The digest over the records that were taken, for an allocation.
    pub digest: Option<String>,
}

impl Told {
    /// Tells whether the entry gave numbers of our own, rather than taking over old ones.
    pub fn gives(&self) -> bool {
        matches!(self.action.as_str(), "ledger.allocate" | "ledger.reserve")
    }
}

/// Texts of a record by column.
pub(super) type Texts = BTreeMap<String, String>;

/// The chain, followed entry by entry.
#[derive(Debug, Default)]
pub struct Replay {
    head: Head,
    time: String,
    entries: BTreeMap<u64, Told>,
    series: BTreeMap<SeriesKey, Vec<Slot>>,
    /// The entries that gave reserved numbers to rows of a batch.
    filled: HashMap<(SeriesKey, u32), u64>,
    /// What records said before the chain first changed them, and what they say since it last did.
    pub(super) first: HashMap<CertCode, Texts>,
    pub(super) last: HashMap<CertCode, Texts>,
    /// The status a case left, and the entry of its end.
    cases: HashMap<CertCode, (Status, u64)>,
    /// The certificate of each case, by the object its entries name.
    files: HashMap<String, CertCode>,
}

impl Replay {
    /// Takes the next entry.
    pub fn take(&mut self, entry: &Entry, report: &mut Report) {
        self.follow(entry, report);
        let known = match entry.action.as_str() {
            "ledger.allocate" | "ledger.reserve" | "ledger.import" | "ledger.mark" | "ledger.void"
            | "ledger.export" => self.take_numbers(entry, report),
            "ledger.sync" => self.take_records(entry),
            action if action.starts_with("case.") => self.take_case(entry),
            _ => Some(()),
        };
        if known.is_none() {
            report.add(ProblemKind::Entry, format!("entry:{}", entry.seq), entry.action.clone());
        }
    }

    /// Gives the end of the chain so far.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Gives what an entry of the ledger says; `None` for one about something else.
    pub fn told(&self, seq: u64) -> Option<&Told> {
        self.entries.get(&seq)
    }

    /// Lists the entries of the ledger that name numbers.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &Told)> {
        self.entries.iter().map(|(seq, told)| (*seq, told))
    }

    /// Lists the series that numbers were taken of.
    pub fn series(&self) -> impl Iterator<Item = &SeriesKey> {
        self.series.keys()
    }

    pub(super) fn slot(&self, key: SeriesKey, serial: u32) -> Slot {
        self.series.get(&key).and_then(|slots| slots.get(serial as usize)).copied().unwrap_or_default()
    }

    /// Gives the entry that gave a reserved number to a row of a batch.
    pub(super) fn filled(&self, key: SeriesKey, serial: u32) -> Option<u64> {
        self.filled.get(&(key, serial)).copied()
    }

    /// Gives the largest serial that an entry took; 0 where none did.
    pub(super) fn largest(&self, key: SeriesKey) -> u32 {
        self.series.get(&key).map_or(0, |slots| slots.len().saturating_sub(1) as u32)
    }

    /// Gives the status a certificate must have: its number's, or a later one of a case.
    pub(super) fn status(&self, code: Option<CertCode>, slot: Slot) -> Option<Status> {
        match code.and_then(|code| self.cases.get(&code)) {
            Some((status, at)) if slot.at < *at => Some(*status),
            _ => slot.status,
        }
    }

    fn follow(&mut self, entry: &Entry, report: &mut Report) {
        let object = || format!("entry:{}", entry.seq);
        if entry.seq != self.head.count + 1 {
            report.add(ProblemKind::Chain, object(), format!("{} -> {}", self.head.count, entry.seq));
        }
        if entry.previous != self.head.hash {
            report.add(ProblemKind::Chain, object(), "previous");
        }
        if entry.hash != entry.computed_hash() {
            report.add(ProblemKind::Chain, object(), "hash");
        }
        if entry.time < self.time {
            report.add(ProblemKind::Chain, object(), "time");
        }
        self.head = Head { count: entry.seq, hash: entry.hash.clone() };
        self.time.clone_from(&entry.time);
    }

    /// Takes an entry that names runs of numbers; `None` when it cannot be read.
    fn take_numbers(&mut self, entry: &Entry, report: &mut Report) -> Option<()> {
        let after: Map<String, Value> = serde_json::from_str(&entry.after).ok()?;
        let numbers = match entry.action.as_str() {
            "ledger.allocate" => runs_of(after.get("series")?)?,
            "ledger.reserve" => {
                let key = SeriesKey::read(entry.object.strip_prefix("series:")?)?;
                vec![run_of(key, &after)?]
            }
            // A list of the ledger that was written names none.
            "ledger.export" if !after.contains_key("numbers") => return Some(()),
            _ => runs_of(after.get("numbers")?)?,
        };
        let status = match entry.action.as_str() {
            "ledger.allocate" => Status::Allocated,
            "ledger.reserve" => Status::Reserved,
            _ => Status::read(after.get("status")?.as_str()?)?,
        };
        let fills = entry.action == "ledger.allocate" && after.get("reserved") == Some(&Value::Bool(true));
        let takes = matches!(entry.action.as_str(), "ledger.allocate" | "ledger.reserve" | "ledger.import");
        for (key, first, last) in &numbers {
            let slots = self.series.entry(*key).or_default();
            if slots.len() <= *last as usize {
                slots.resize(*last as usize + 1, Slot::default());
            }
            for (serial, slot) in slots.iter_mut().enumerate().take(*last as usize + 1).skip(*first as usize) {
                let is_free = slot.status.is_none();
                // Only what was reserved is taken a second time: by the file in which it was used, or for a batch.
                let may_take = match slot.status {
                    None => !fills,
                    Some(status) => status == Status::Reserved && (fills || entry.action == "ledger.import"),
                };
                if takes && !may_take {
                    let detail = format!("{serial}: {}, {}", slot.taken, entry.seq);
                    report.add(ProblemKind::SerialTwice, format!("series:{key}"), detail);
                }
                let taken = if is_free { entry.seq } else { slot.taken };
                if fills {
                    self.filled.insert((*key, serial as u32), entry.seq);
                }
                *slot = Slot { status: Some(status), taken, at: entry.seq };
            }
        }
        let count: u64 = numbers.iter().map(|(_, first, last)| u64::from(last - first) + 1).sum();
        if after.get("count").is_some_and(|told| told.as_u64() != Some(count)) {
            report.add(ProblemKind::Count, format!("entry:{}", entry.seq), count.to_string());
        }
        let digest = after.get("records-sha256").and_then(Value::as_str).map(String::from);
        let day = entry.time.get(..10).unwrap_or_default().to_string();
        self.entries.insert(entry.seq, Told { action: entry.action.clone(), day, numbers, digest });
        Some(())
    }

    /// Takes an entry that changes records.
    fn take_records(&mut self, entry: &Entry) -> Option<()> {
        let before: Value = serde_json::from_str(&entry.before).ok()?;
        let after: Value = serde_json::from_str(&entry.after).ok()?;
        let numbers = runs_of(after.get("numbers")?)?;
        for (records, is_before) in [(&before, true), (&after, false)] {
            for (code, texts) in records.get("records")?.as_object()? {
                self.note(CertCode::new(code)?, texts.as_object()?, is_before);
            }
        }
        let day = entry.time.get(..10).unwrap_or_default().to_string();
        self.entries.insert(entry.seq, Told { action: entry.action.clone(), day, numbers, digest: None });
        Some(())
    }

    /// Takes a step of a case: it is about the certificate that its first one names.
    fn take_case(&mut self, entry: &Entry) -> Option<()> {
        if entry.action == "case.open" {
            let after: Value = serde_json::from_str(&entry.after).ok()?;
            self.files.insert(entry.object.clone(), CertCode::new(after.get("certificate")?.as_str()?)?);
        }
        let code = *self.files.get(&entry.object)?;
        let number = |key: &SeriesKey| key.serial_of(code).map(|serial| (*key, serial, serial));
        let numbers = self.series.keys().filter_map(number).collect();
        let day = entry.time.get(..10).unwrap_or_default().to_string();
        self.entries.insert(entry.seq, Told { action: entry.action.clone(), day, numbers, digest: None });
        if entry.action == "case.close" { self.take_effect(entry) } else { Some(()) }
    }

    /// Takes the end of a case that had an effect.
    fn take_effect(&mut self, entry: &Entry) -> Option<()> {
        let before: Map<String, Value> = serde_json::from_str(&entry.before).ok()?;
        let after: Map<String, Value> = serde_json::from_str(&entry.after).ok()?;
        let code = CertCode::new(after.get("certificate")?.as_str()?)?;
        for (told, is_before) in [(&before, true), (&after, false)] {
            let mut texts = told.get("record")?.as_object()?.clone();
            texts.extend(told.get("reissued-on").map(|day| ("reissued-on".to_string(), day.clone())));
            self.note(code, &texts, is_before);
        }
        self.cases.insert(code, (Status::read(after.get("status")?.as_str()?)?, entry.seq));
        Some(())
    }

    fn note(&mut self, code: CertCode, texts: &Map<String, Value>, is_before: bool) {
        let known = if is_before { &mut self.first } else { &mut self.last }.entry(code).or_default();
        for (column, text) in texts.iter().filter_map(|(column, text)| Some((column, text.as_str()?))) {
            if is_before {
                known.entry(column.clone()).or_insert_with(|| text.to_string());
            } else {
                known.insert(column.clone(), text.to_string());
            }
        }
    }
}

fn runs_of(list: &Value) -> Option<Vec<(SeriesKey, u32, u32)>> {
    let run = |value: &Value| {
        let run = value.as_object()?;
        run_of(SeriesKey::read(run.get("series")?.as_str()?)?, run)
    };
    list.as_array()?.iter().map(run).collect()
}

fn run_of(key: SeriesKey, run: &Map<String, Value>) -> Option<(SeriesKey, u32, u32)> {
    let serial = |name: &str| run.get(name)?.as_u64().filter(|serial| *serial <= LARGEST);
    let (first, last) = (serial("first")?, serial("last")?);
    (first <= last).then_some((key, first as u32, last as u32))
}
