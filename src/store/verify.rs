//! The whole ledger checked (台账核验): the file, its tables and triggers, the chain, and every number.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreReader;
use super::audit::{ENTRY_COLUMNS, entry_of};
use super::error::{Result, StoreError};
use super::ledger::ROOMY_CACHE;
use super::records::record;
use super::registry;
use super::schema::MIGRATIONS;
use super::stock;
use super::{batch_counts, events, facts, shares};
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::verify::{
    CaseRow, CertificateRow, GapFacts, ProblemKind, Replay, SeriesCheck, SeriesFacts, VerifyReport,
};
use crate::domain::ledger::{BatchId, Holder, SeriesKey};

/// How many of the damages that `SQLite` finds are told.
const DAMAGES: u32 = 100;

impl StoreReader {
    /// Checks everything; takes about a second for each 100,000 certificates, some ten bytes of memory for each, and room for
    /// the pages of the file that are looked at again and again.
    ///
    /// Returns the end of the chain and what is wrong.
    ///
    /// # Errors
    /// A file that is so damaged that it cannot be read to its end.
    pub fn verify(&self) -> Result<(Head, VerifyReport)> {
        let mut report = VerifyReport::default();
        // Every certificate is looked up in every index: without room the same pages would be read a million times.
        let room = self.db.pragma_update(None, "cache_size", -ROOMY_CACHE);
        room.map_err(|e| StoreError::from_sql(&self.path, &e))?;
        // One view of the file: what somebody else adds meanwhile is not half seen.
        let tx = Transaction::new_unchecked(&self.db, TransactionBehavior::Deferred)
            .map_err(|e| StoreError::from_sql(&self.path, &e))?;
        let mut check = || -> rusqlite::Result<Head> {
            file(&tx, &mut report)?;
            let is_whole = schema(&tx, &mut report)?;
            let replay = chain(&tx, &mut report)?;
            touched(&tx, &replay, &mut report)?;
            institutions(&tx, &replay, &mut report)?;
            replay.compare_cases(&cases(&tx)?, &mut report);
            replay.compare_events(&events::rows(&tx)?, &mut report);
            replay.compare_facts(&facts::rows(&tx)?, &mut report);
            replay.compare_shares(&shares::rows(&tx)?, &mut report);
            stock::tables(&tx)?.compare(replay.stock(), &mut report);
            batch_counts::compare(&tx, &mut report)?;
            codes(&tx, &mut report)?;
            numbers(&tx, is_whole, &replay, &mut report)?;
            Ok(replay.head().clone())
        };
        let head = check().map_err(|e| StoreError::from_sql(&self.path, &e))?;
        Ok((head, report))
    }
}

/// Has `SQLite` look at the file and at what rows name each other.
fn file(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = db.prepare(&format!("PRAGMA integrity_check({DAMAGES})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let found: String = row.get(0)?;
        if found != "ok" {
            report.add(ProblemKind::Damaged, "file", found);
        }
    }
    let mut statement = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        report.add(ProblemKind::Reference, table, format!("{} -> {parent}", id.unwrap_or_default()));
    }
    Ok(())
}

/// Compares tables, indexes and triggers with those that the migrations up to the file's version make, for a backup may be of an
/// earlier one; tells whether the table of certificates is ours.
fn schema(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<bool> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    // A file that says of itself to be older than the ledger is held to what there is now.
    let version = if version < 2 { MIGRATIONS.len() } else { (version as usize).min(MIGRATIONS.len()) };
    let (expected, found) = (objects(&fresh(version)?)?, objects(db)?);
    for (kind, name, what) in differences(&expected, &found) {
        report.add(kind, name, what);
    }
    let table = "table certificate";
    Ok(found.get(table) == expected.get(table))
}

/// Names what in a file, which its migrations did not make or made otherwise, is wrong first; nothing where all is as made.
pub(super) fn foreign_object(db: &Connection, version: i64) -> rusqlite::Result<Option<String>> {
    let (expected, found) = (objects(&fresh(version.max(0) as usize)?)?, objects(db)?);
    let first = differences(&expected, &found).next().map(|(_, name, _)| name.to_string());
    Ok(first)
}

/// Makes a file of a version in memory.
fn fresh(version: usize) -> rusqlite::Result<Connection> {
    let fresh = Connection::open_in_memory()?;
    fresh.pragma_update(None, "foreign_keys", false)?;
    MIGRATIONS.iter().take(version).try_for_each(|migration| fresh.execute_batch(migration))?;
    Ok(fresh)
}

type Objects = BTreeMap<String, String>;

/// Lists in what two files differ that are made of such objects.
fn differences<'a>(
    expected: &'a Objects,
    found: &'a Objects,
) -> impl Iterator<Item = (ProblemKind, &'a str, &'static str)> + 'a {
    let ours = expected.iter().filter_map(|(name, made)| match found.get(name) {
        None => Some((ProblemKind::SchemaMissing, name.as_str(), "")),
        Some(other) if other != made => Some((ProblemKind::SchemaChanged, name.as_str(), "")),
        Some(_) => None,
    });
    let others = found.keys().filter(|name| !expected.contains_key(*name));
    ours.chain(others.map(|name| (ProblemKind::SchemaChanged, name.as_str(), "+")))
}

/// Lists what a file is made of: kind and name, and the statement that makes it. Left out is only what `SQLite` makes itself:
/// under a name like its own somebody may have put in something else, such as a trigger.
fn objects(db: &Connection) -> rusqlite::Result<Objects> {
    db.prepare(
        "SELECT type, name, sql FROM sqlite_schema
         WHERE NOT (type = 'table' AND (name = 'sqlite_sequence' OR name GLOB 'sqlite_stat[1-4]'))
           AND NOT (type = 'index' AND name GLOB 'sqlite_autoindex_*' AND sql IS NULL)",
    )?
    .query_map([], |r| {
        let (kind, name, sql): (String, String, Option<String>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok((format!("{kind} {name}"), sql.unwrap_or_default()))
    })?
    .collect()
}

/// Follows the audit chain.
fn chain(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<Replay> {
    let mut replay = Replay::default();
    let mut statement = db.prepare(&format!("SELECT {ENTRY_COLUMNS} FROM audit ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        replay.take(&entry_of(row)?, report);
    }
    Ok(replay)
}

/// Compares the numbers that entries name with those noted beside them.
fn touched(db: &Connection, replay: &Replay, report: &mut VerifyReport) -> rusqlite::Result<()> {
    type Touched = (String, i64, i64, Option<i64>, bool);
    let mut noted: BTreeMap<u64, BTreeSet<Touched>> = BTreeMap::new();
    let mut statement = db.prepare(
        "SELECT t.entry, coalesce(s.key, ''), t.first, t.last, t.batch, t.gives
         FROM touched t LEFT JOIN series s ON s.id = t.series",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let run = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        noted.entry(row.get::<_, i64>(0)? as u64).or_default().insert(run);
    }
    for (seq, told) in replay.entries() {
        let (batch, gives) = (told.batch.map(|batch| batch.0), told.gives());
        let run = |(key, first, last): &(SeriesKey, u32, u32)| {
            (key.to_string(), i64::from(*first), i64::from(*last), batch, gives)
        };
        let told: BTreeSet<_> = told.numbers.iter().map(run).collect();
        if noted.remove(&seq).unwrap_or_default() != told {
            report.add(ProblemKind::Count, format!("entry:{seq}"), "touched");
        }
    }
    noted.keys().for_each(|seq| report.add(ProblemKind::Count, format!("entry:{seq}"), "touched"));
    Ok(())
}

/// The tables of the registry, each with the column that numbers the rows of an institution.
const REGISTRY: [(&str, &str); 4] = [
    ("institution", "0"),
    ("institution_name", "number"),
    ("institution_seal", "number"),
    ("institution_scope", "number"),
];

/// The rows of a table of the registry, by prefix and number; of each column its name and what stands there.
type Rows = BTreeMap<(String, i64), Vec<(String, String)>>;

/// Compares the registry with the one that the chain leads to, which is written by the same function into a file in memory.
fn institutions(db: &Connection, replay: &Replay, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let expected = fresh(MIGRATIONS.len())?;
    let tx = expected.unchecked_transaction()?;
    replay.institutions().try_for_each(|institution| registry::write(&tx, institution))?;
    for (table, number) in REGISTRY {
        let (told, mut stands) = (rows_of(&tx, table, number)?, rows_of(db, table, number)?);
        let mut differ = |prefix: &str, what: &str| {
            report.add(ProblemKind::InstitutionDiffers, registry::object_of(prefix), format!("{table} {what}"));
        };
        for (key, told) in told {
            match stands.remove(&key) {
                None => differ(&key.0, "-"),
                Some(row) => {
                    let differing = told.iter().zip(&row).filter(|(told, stands)| told != stands);
                    differing.for_each(|((column, _), _)| differ(&key.0, column));
                }
            }
        }
        stands.keys().for_each(|(prefix, _)| differ(prefix, "+"));
    }
    Ok(())
}

/// Reads every column of a table of the registry as a text.
fn rows_of(db: &Connection, table: &str, number: &str) -> rusqlite::Result<Rows> {
    let columns: Vec<String> = db
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    db.prepare(&format!("SELECT prefix, {number}, {} FROM {table}", quoted.join(", ")))?
        .query_map([], |r| {
            let texts = columns.iter().enumerate().map(|(at, column)| Ok((column.clone(), r.get(at + 2)?)));
            Ok(((r.get(0)?, r.get(1)?), texts.collect::<rusqlite::Result<_>>()?))
        })?
        .collect()
}

/// Reads the cases in the order of their numbers.
fn cases(db: &Connection) -> rusqlite::Result<Vec<CaseRow>> {
    let number = |r: &rusqlite::Row, at: usize| r.get::<_, Option<i64>>(at).map(|seq| seq.map(|seq| seq as u64));
    db.prepare(
        "SELECT f.id, coalesce(c.code, ''), f.kind, f.state, f.snapshot, f.request, f.applied_on, f.reason, f.opened,
                f.approval, f.approved_on, f.approved, f.withdrawn_on, f.ended
         FROM case_file f LEFT JOIN certificate c ON c.id = f.certificate ORDER BY f.id",
    )?
    .query_map([], |r| {
        Ok(CaseRow {
            id: CaseId(r.get(0)?),
            certificate: r.get(1)?,
            kind: r.get(2)?,
            state: r.get(3)?,
            snapshot: r.get(4)?,
            request: r.get(5)?,
            applied_on: r.get(6)?,
            reason: r.get(7)?,
            opened: number(r, 8)?.unwrap_or_default(),
            approval: r.get(9)?,
            approved_on: r.get(10)?,
            approved: number(r, 11)?,
            withdrawn_on: r.get(12)?,
            ended: number(r, 13)?,
        })
    })?
    .collect()
}

/// Looks for codes that stand twice.
fn codes(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement = db.prepare("SELECT code, count(*) FROM certificate GROUP BY code HAVING 1 < count(*)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (code, count): (String, i64) = (row.get(0)?, row.get(1)?);
        report.add(ProblemKind::CodeTwice, format!("certificate:{code}"), count.to_string());
    }
    Ok(())
}

/// Checks every series with its certificates and gaps.
fn numbers(db: &Connection, is_whole: bool, replay: &Replay, report: &mut VerifyReport) -> rusqlite::Result<()> {
    let mut statement =
        db.prepare("SELECT c.code FROM certificate c WHERE NOT EXISTS (SELECT 1 FROM series s WHERE s.id = c.series)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.add(ProblemKind::NoSeries, format!("certificate:{}", row.get::<_, String>(0)?), "");
    }
    let batches: HashSet<BatchId> = db
        .prepare("SELECT id FROM batch")?
        .query_map([], |r| r.get(0).map(BatchId))?
        .collect::<rusqlite::Result<_>>()?;
    let mut gone = BTreeSet::new();
    let mut digests = BTreeMap::new();
    let all = series(db, report)?;
    let there: HashSet<SeriesKey> = all.iter().map(|(_, facts)| facts.key).collect();
    for key in replay.series().filter(|key| !there.contains(*key)) {
        report.add(ProblemKind::NoSeries, format!("series:{key}"), "");
    }
    for (id, facts) in &all {
        let mut check = SeriesCheck::new(facts, replay, report, &mut digests);
        // The id tells series and serial, unless somebody made another table in place of ours.
        let which = if is_whole {
            "c.id BETWEEN ?1 << 30 AND (?1 << 30 | 1073741823) ORDER BY c.id"
        } else {
            "c.series = ?1 ORDER BY c.serial"
        };
        let mut statement = db.prepare(&format!(
            "SELECT c.code, c.serial, c.status, c.taken, c.batch, c.reissued_on, c.pinyin, c.status_on, c.row, {}
             FROM certificate c LEFT JOIN assessment a ON a.id = c.assessment WHERE {which}",
            record()
        ))?;
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let text = |column: usize| row.get_ref(column).map(|value| value.as_str().unwrap_or_default());
            let mut record = [""; Holder::COUNT];
            for (column, cell) in (9..).zip(&mut record) {
                *cell = text(column)?;
            }
            let batch = row.get::<_, Option<i64>>(4)?.map(BatchId);
            if let Some(missing) = batch.filter(|batch| !batches.contains(batch)) {
                gone.insert(missing);
            }
            check.take(&CertificateRow {
                code: text(0)?,
                serial: row.get(1)?,
                status: text(2)?,
                status_on: text(7)?,
                taken: row.get::<_, i64>(3)? as u64,
                batch,
                // What is no number of a row is another one than the chain's.
                row: row.get::<_, Option<i64>>(8)?.map(|row| row.try_into().unwrap_or(u32::MAX)),
                record,
                letters: text(6)?,
                reissued_on: text(5)?,
            });
        }
        check.finish();
    }
    gone.iter().for_each(|batch| report.add(ProblemKind::Reference, "certificate", format!("{batch} -> batch")));
    SeriesCheck::compare(replay, digests, report);
    Ok(())
}

/// Reads the series in the order of their keys, each with its id.
fn series(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<Vec<(i64, SeriesFacts)>> {
    let mut gaps = db.prepare("SELECT first, last, entry, reason FROM gap WHERE series = ?1 ORDER BY first")?;
    let mut statement = db.prepare(
        "SELECT s.id, s.key, s.first, s.last, s.high, i.retired_on, s.profile FROM series s
         LEFT JOIN institution i ON i.prefix = substr(s.key, 1, 13) ORDER BY s.key",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, key): (i64, String) = (row.get(0)?, row.get(1)?);
        let Some(key) = SeriesKey::read(&key) else {
            report.add(ProblemKind::Shape, format!("series:{key}"), "");
            continue;
        };
        let gaps = gaps
            .query_map([id], |r| {
                let entry = r.get::<_, i64>(2)? as u64;
                Ok(GapFacts { first: r.get(0)?, last: r.get(1)?, entry, reason: r.get(3)? })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let (first, last, high) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let retired_on = row.get::<_, Option<String>>(5)?.and_then(|day| day.parse().ok());
        let profile = row.get(6)?;
        all.push((id, SeriesFacts { key, profile, first, last, high, retired_on, gaps }));
    }
    Ok(all)
}
