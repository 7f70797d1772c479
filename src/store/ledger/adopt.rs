//! Taking over numbers that were issued before, from the files they were handed in with.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{CachedStatement, OptionalExtension, Transaction};

use super::super::Store;
use super::super::error::Result;
use super::certificates::{Inserter, NamedHolder, NewCertificate, update_holder};
use super::mark::set_status;
use super::{Runs, id_of, make_ahead, runs_of, series, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, NumbersAdopted, SeriesRun, SeriesTerms, TheLedger};
use crate::domain::ledger::adopt::{self, AdoptLeave, Adopted, AdoptedNumber, Adoption, Issued, KnownNumber};
use crate::domain::ledger::{Holder, Marking, SeriesKey, Status, TextsDigest, runs};
use crate::domain::profile::Profile;

/// Tells what the row of a place among the rows of a file says of its holder.
pub type HolderOf<'a> = dyn Fn(u32) -> Holder + Sync + 'a;

/// A file whose numbers are adopted.
#[derive(Debug, Clone, Copy)]
pub struct AdoptFile<'a> {
    /// Its name without its folder.
    pub name: &'a str,
    /// Its SHA-256 in hexadecimal.
    pub sha256: &'a str,
    /// The notice its codes were read with.
    pub profile: &'a Profile,
    /// What became of its certificates.
    pub status: Status,
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What files that were only tried would leave in the ledger: the next one is judged as if they had been adopted.
#[derive(Debug, Default)]
pub struct TriedFiles {
    numbers: BTreeMap<CertCode, KnownNumber>,
    series: Vec<(SeriesTerms, Vec<u32>)>,
}

impl Store {
    /// Adopts the numbers of a file, all or none. What is not to be done, or not so far, is only told, and nothing is stored.
    ///
    /// Serials that are skipped become gaps explained by the file's name; a number in a gap fills it.
    /// `holder` tells what the row of a place among the rows says; it is asked for one row at a time, so that a large file does
    /// not stand in memory a second time.
    pub fn adopt<'a>(
        &self,
        file: &AdoptFile<'_>,
        rows: impl Iterator<Item = Issued<'a>>,
        holder: &HolderOf<'_>,
        leave: AdoptLeave,
    ) -> Result<Adopted> {
        let keep = |(adopted, _): &(Adopted, Vec<AdoptedNumber>)| leave.allows(adopted);
        let (mut adopted, _) =
            self.take_numbers(keep, |tx| self.adopt_after(tx, file, rows, holder, &TriedFiles::default()))?;
        if !leave.allows(&adopted) {
            adopted.entry = None;
        }
        Ok(adopted)
    }

    /// Tells what would come of adopting a file after those that were tried before it, and stores nothing.
    pub fn try_adopt<'a>(
        &self,
        file: &AdoptFile<'_>,
        rows: impl Iterator<Item = Issued<'a>>,
        holder: &HolderOf<'_>,
        tried: &mut TriedFiles,
    ) -> Result<Adopted> {
        let (mut adopted, new) = self.take_numbers(|_| false, |tx| self.adopt_after(tx, file, rows, holder, tried))?;
        adopted.entry = None;
        if adopted.conflicts.is_empty() {
            tried.add(file, &new, holder);
        }
        Ok(adopted)
    }

    fn adopt_after<'a>(
        &self,
        tx: &Transaction,
        file: &AdoptFile<'_>,
        rows: impl Iterator<Item = Issued<'a>>,
        holder: &HolderOf<'_>,
        tried: &TriedFiles,
    ) -> Result<(Adopted, Vec<AdoptedNumber>)> {
        let entry = Store::next_entry(tx).map_err(|e| self.error(&e))?;
        if !tried.series.is_empty() {
            // Their entries are in no chain, and nothing of this is kept.
            tx.pragma_update(None, "defer_foreign_keys", true).map_err(|e| self.error(&e))?;
        }
        for (terms, serials) in &tried.series {
            let (id, state) = self.series_to_take(tx, terms.series, &terms.profile, (terms.first, terms.last))?;
            series::take(tx, (id, &state), serials, entry, file.name).map_err(|e| self.error(&e))?;
        }
        let mut adopted = Adopted::default();
        let adoption = {
            let mut known = NumberLookup::new(tx).map_err(|e| self.error(&e))?;
            let look_up =
                |code| tried.numbers.get(&code).map_or_else(|| known.find(code), |number| Ok(Some(number.clone())));
            adopt::adopt(file.profile, rows, holder, look_up).map_err(|e| self.error(&e))?
        };
        adopted.same = adoption.same;
        adopted.new = adoption.new.len() as u32;
        if adoption.conflicts.is_empty() && !adoption.new.is_empty() {
            self.take_over_numbers(tx, file, &adoption, holder, &mut adopted)?;
        }
        adopted.conflicts = adoption.conflicts;
        Ok((adopted, adoption.new))
    }

    fn take_over_numbers(
        &self,
        tx: &Transaction,
        file: &AdoptFile<'_>,
        adoption: &Adoption,
        holder: &HolderOf<'_>,
        adopted: &mut Adopted,
    ) -> Result<()> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let mut serials: BTreeMap<SeriesKey, Vec<u32>> = BTreeMap::new();
        for new in &adoption.new {
            serials.entry(new.series).or_default().push(new.serial);
        }
        let numbers =
            serials.iter().flat_map(|(key, list)| runs(list).into_iter().map(|run| SeriesRun::new(*key, run)));
        let range = SeriesKey::range(file.profile);
        let mut found = BTreeMap::new();
        for key in serials.keys() {
            found.insert(*key, self.series_to_take(tx, *key, &file.profile.id, range)?);
        }
        let ids = found.iter().map(|(key, (id, _))| (*key, *id)).collect();
        // The entry tells the digest of what is written, so that it comes after.
        let entry = Store::next_entry(tx).map_err(sql)?;
        let digest = write_adopted(tx, file, adoption, holder, entry, &ids).map_err(sql)?;
        let after = NumbersAdopted {
            file: file.name.to_string(),
            sha256: file.sha256.to_string(),
            profile: file.profile.id.clone(),
            status: file.status,
            count: adoption.new.len() as u64,
            same: adoption.same,
            numbers: numbers.collect(),
            records_sha256: Some(digest),
            on: Some(file.on),
            terms: serials.keys().map(|key| SeriesTerms::new(*key, &file.profile.id, range)).collect(),
        };
        let action = Action::LedgerImport(Act { object: TheLedger, before: (), after });
        self.append(tx, &action, file.reason).map_err(sql)?;
        adopted.entry = Some(entry);
        let mut all = Runs::new();
        for (key, list) in &serials {
            let Some((id, state)) = found.get(key) else { continue };
            let skipped = series::take(tx, (*id, state), list, entry, file.name).map_err(sql)?;
            let (first, last) = (list.first().copied().unwrap_or(0), list.last().copied().unwrap_or(0));
            adopted.series.push((*key, first, last, list.len() as u32, skipped));
            all.insert(*id, runs(list));
        }
        touch(tx, &all, entry, None, false).map_err(sql)
    }
}

impl TriedFiles {
    /// Adds the numbers of a file that would be adopted, in the order of series and serial.
    fn add(&mut self, file: &AdoptFile<'_>, new: &[AdoptedNumber], holder: &HolderOf<'_>) {
        let range = SeriesKey::range(file.profile);
        for of_one in new.chunk_by(|a, b| a.series == b.series) {
            let serials = of_one.iter().map(|number| number.serial).collect();
            self.series.push((SeriesTerms::new(of_one[0].series, &file.profile.id, range), serials));
        }
        self.numbers.extend(new.iter().map(|number| {
            let Holder { name, id_number, .. } = holder(number.row);
            (number.code, KnownNumber { status: file.status, name, id_number })
        }));
    }
}

/// Writes the certificates of a file; returns the digest of their records.
fn write_adopted(
    tx: &Transaction,
    file: &AdoptFile<'_>,
    adoption: &Adoption,
    holder: &HolderOf<'_>,
    entry: u64,
    ids: &HashMap<SeriesKey, i64>,
) -> rusqlite::Result<String> {
    let mut inserter = Inserter::new(tx)?;
    let mut records = TextsDigest::default();
    make_ahead(
        &adoption.new,
        |new: &AdoptedNumber| {
            let named = NamedHolder::new(holder(new.row));
            named.digest(new.code, &mut records);
            named
        },
        |new, named| {
            let id = id_of(ids.get(&new.series).copied().unwrap_or_default(), new.serial);
            if new.was_reserved {
                update_holder(tx, new.code, &named.holder)?;
                let marking = Marking::new(file.status, file.on, "");
                return set_status(tx, &runs_of([id]), &marking);
            }
            inserter.insert(&NewCertificate {
                id,
                code: new.code,
                status: file.status,
                on: file.on,
                row: None,
                taken: entry,
                named,
            })
        },
    )?;
    Ok(records.finish())
}

struct NumberLookup<'a>(CachedStatement<'a>);

impl<'a> NumberLookup<'a> {
    fn new(tx: &'a Transaction) -> rusqlite::Result<NumberLookup<'a>> {
        tx.prepare_cached("SELECT status, name, id_number FROM certificate WHERE code = ?1").map(NumberLookup)
    }

    fn find(&mut self, code: CertCode) -> rusqlite::Result<Option<KnownNumber>> {
        let read = |r: &rusqlite::Row| {
            let status = Status::read(r.get_ref(0)?.as_str()?).unwrap_or(Status::Void);
            Ok(KnownNumber { status, name: r.get(1)?, id_number: r.get(2)? })
        };
        self.0.query_row([code.as_str()], read).optional()
    }
}
