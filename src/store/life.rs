//! A certificate's whole life, from the audit chain and the change log.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::audit::entry_of;
use super::error::{Result, StoreError};
use super::records::{TABLES, certificate_of, columns};
use super::{StoreReader, packed};
use crate::cause::OwnFileFault;
use crate::domain::code::CertCode;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::life::{CertificateEvent, Fact, Happening, Life};
use crate::domain::ledger::{BatchId, Certificate, SeriesKey};
use crate::domain::roster::CellEdit;

/// How a batch came in.
const CREATED: Happening = Happening::Entry(ActionName::BatchCreate);

/// The changes of a batch, and the cells that a change wrote in a row.
const CHANGES: &str =
    "SELECT id, time, user, title, applied, packed, allocation FROM change WHERE batch = ?1 ORDER BY seq";
const CELLS: &str = "SELECT field, before, after FROM edit WHERE change = ?1 AND row = ?2 ORDER BY number";

/// The columns of an entry, for [`entry_of`].
const ENTRY: &str = "a.seq, a.time, a.user, a.action, a.object, a.before, a.after, a.reason, a.previous, a.hash";

impl StoreReader {
    /// Gives the profile that a series is numbered by.
    pub fn profile_of(&self, series: SeriesKey) -> Result<Option<String>> {
        self.read(|db| {
            db.prepare_cached("SELECT profile FROM series WHERE key = ?1")?
                .query_row([series.as_str()], |r| r.get(0))
                .optional()
        })
    }

    /// Gives what is known of a code; `None` when its number was never taken.
    pub fn certificate(&self, code: CertCode) -> Result<Option<Certificate>> {
        let statement = format!("SELECT {} FROM {TABLES} WHERE c.code = ?1", columns());
        let found =
            self.read(|db| db.prepare_cached(&statement)?.query_row([code.as_str()], certificate_of).optional())?;
        match found {
            Some(None) => Err(StoreError::damaged(&self.path, OwnFileFault::Certificate)),
            found => Ok(found.flatten()),
        }
    }

    /// Tells the whole life of a certificate: how its batch came in, the changes of its row, how its number was taken, what
    /// became of it, its cases. `None` when its number was never taken.
    pub fn life(&self, code: CertCode) -> Result<Option<Life>> {
        let Some(certificate) = self.certificate(code)? else { return Ok(None) };
        let mut events = self.read(|db| {
            let mut events = of_number(db, &certificate)?;
            events.extend(of_cases(db, &certificate)?);
            if let Some((batch, row)) = certificate.row {
                events.extend(of_batch(db, code, batch)?);
                events.extend(of_row(db, batch, row)?);
            }
            Ok(events)
        })?;
        // Entries of one second keep the order of the chain; a change of the row's cells has no place in it.
        let place = |event: &CertificateEvent| event.entry.unwrap_or(u64::MAX);
        events.sort_by(|a, b| (&a.time, place(a)).cmp(&(&b.time, place(b))));
        // The change that an allocation made of the row is told with the allocation.
        let mut told = HashSet::new();
        events.retain(|event| event.entry.is_none_or(|entry| told.insert(entry)));
        Ok(Some(Life { certificate, events }))
    }
}

/// Lists the entries that name the number.
fn of_number(db: &Connection, certificate: &Certificate) -> rusqlite::Result<Vec<CertificateEvent>> {
    let code = certificate.code;
    let event = |row: &rusqlite::Row| Ok(CertificateEvent::of_entry(&entry_of(row)?, code));
    db.prepare_cached(&format!(
        "SELECT DISTINCT {ENTRY} FROM touched t JOIN audit a ON a.seq = t.entry
         WHERE t.series = (SELECT id FROM series WHERE key = ?1) AND t.first <= ?2 AND ?2 <= t.last
         UNION SELECT {ENTRY} FROM audit a WHERE a.object = ?3 OR a.seq = ?4"
    ))?
    .query_map(
        params![
            certificate.series.as_str(),
            certificate.serial,
            format!("certificate:{code}"),
            certificate.taken as i64
        ],
        event,
    )?
    .collect()
}

/// Lists the entries of the certificate's cases.
fn of_cases(db: &Connection, certificate: &Certificate) -> rusqlite::Result<Vec<CertificateEvent>> {
    let code = certificate.code;
    db.prepare_cached(&format!(
        "SELECT {ENTRY} FROM case_file f JOIN certificate c ON c.id = f.certificate
         JOIN audit a ON a.object = 'case:' || f.id WHERE c.code = ?1"
    ))?
    .query_map([code.as_str()], |row| Ok(CertificateEvent::of_entry(&entry_of(row)?, code)))?
    .collect()
}

/// Lists how the batch came in and what was done to all of it; changes of cells stand in the change log, row by row.
fn of_batch(db: &Connection, code: CertCode, batch: BatchId) -> rusqlite::Result<Vec<CertificateEvent>> {
    let mut events: Vec<CertificateEvent> = db
        .prepare_cached(&format!(
            "SELECT {ENTRY} FROM audit a WHERE a.object = 'batch:' || ?1 AND (a.action LIKE 'batch.%' OR a.action IN ('{}', '{}'))
             AND a.action NOT IN ('{}', '{}', '{}', '{}', '{}', '{}')",
            ActionName::EventNote.key(),
            ActionName::FactNote.key(),
            ActionName::BatchChange.key(),
            ActionName::BatchUndo.key(),
            ActionName::BatchRedo.key(),
            // Who had the batch open is nothing that happened to anybody in it.
            ActionName::BatchTakeOver.key(),
            ActionName::BatchClose.key(),
            ActionName::BatchReopen.key(),
        ))?
        .query_map([batch.0], |row| Ok(CertificateEvent::of_entry(&entry_of(row)?, code)))?
        .collect::<rusqlite::Result<_>>()?;
    if events.iter().any(|event| event.action == CREATED) {
        return Ok(events);
    }
    // A batch from before there was a chain.
    let came = db
        .prepare_cached("SELECT created_at, file, coalesce(sha256, '') FROM batch WHERE id = ?1")?
        .query_row([batch.0], |row| {
            let fact = |key: &str, after: String| Fact { key: key.into(), before: String::new(), after };
            let (time, file, sha256) = (row.get(0)?, row.get(1)?, row.get::<_, String>(2)?);
            let mut facts = vec![fact("file", file)];
            facts.extend(Some(sha256).filter(|s| !s.is_empty()).map(|s| fact("sha256", s)));
            Ok(CertificateEvent {
                time,
                user: String::new(),
                entry: None,
                action: CREATED,
                reason: String::new(),
                facts,
            })
        })
        .optional()?;
    events.extend(came);
    Ok(events)
}

/// Lists the changes of the row's cells, those taken back too.
fn of_row(db: &Connection, batch: BatchId, row: u32) -> rusqlite::Result<Vec<CertificateEvent>> {
    let mut events = Vec::new();
    let mut cells = db.prepare_cached(CELLS)?;
    let mut statement = db.prepare_cached(CHANGES)?;
    let mut changes = statement.query([batch.0])?;
    while let Some(change) = changes.next()? {
        let facts: Vec<Fact> = match change.get_ref(5)?.as_blob_or_null()? {
            Some(packed) => packed_facts(packed, row),
            None => {
                let fact = |r: &rusqlite::Row| Ok(Fact { key: r.get(0)?, before: r.get(1)?, after: r.get(2)? });
                cells.query_map(params![change.get::<_, i64>(0)?, row], fact)?.collect::<rusqlite::Result<_>>()?
            }
        };
        if !facts.is_empty() {
            events.push(CertificateEvent {
                time: change.get(1)?,
                user: change.get(2)?,
                entry: change.get::<_, Option<i64>>(6)?.map(|entry| entry as u64),
                action: if change.get(4)? { Happening::RowChange } else { Happening::RowUndone },
                reason: change.get(3)?,
                facts,
            });
        }
    }
    Ok(events)
}

/// Lists what packed cells say of a row; nothing when they are damaged, which the batch itself tells when it is opened.
fn packed_facts(packed: &[u8], row: u32) -> Vec<Fact> {
    let edits = packed::unpack(packed, &mut |text| text.into()).unwrap_or_default();
    let fact =
        |e: &CellEdit| Fact { key: e.field.key().into(), before: e.before.to_string(), after: e.after.to_string() };
    edits.iter().filter(|edit| edit.row == row).map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Status;
    use crate::domain::ledger::action::{
        Act, Action, FileWritten, HeldFrom, SeriesRun, StatusNoted, StatusesBefore, Subject, TakenBy, UploadWritten,
    };
    use crate::domain::roster::Change;
    use crate::domain::sheet::Field;
    use crate::store::batches::samples::{new_batch, open};
    use crate::store::records::samples::{certificate, plan, put};
    use crate::store::{StatePaths, Store};

    fn reader(store: &Store) -> StoreReader {
        StoreReader::open(&StatePaths::at(store.path().parent().unwrap()).unwrap()).unwrap().unwrap()
    }

    #[test]
    fn a_life_is_told_in_order_and_of_one_certificate_only() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "wang");
        let batch = store.create_batch(&new_batch("名册.csv")).unwrap();
        let edit =
            |row, field, before: &str, after: &str| CellEdit { row, field, before: before.into(), after: after.into() };
        let edits = vec![edit(3, Field::Name, "张炜", "张伟"), edit(4, Field::Name, "李那", "李娜")];
        store.record(batch, &Change { title: "改姓名".into(), edits, ..Change::default() }).unwrap();
        let mut all = vec![
            certificate(7, "张伟", "62010219900307123X", Status::Exported),
            certificate(8, "李娜", "620102198805120027", Status::Exported),
        ];
        (all[0].row, all[1].row) = (Some((batch, 3)), Some((batch, 4)));
        let taken = put(&store, &all).unwrap();
        let of_both = |action: Action| {
            store.write(|tx| {
                let entry = store.append(tx, &action, "")?;
                tx.execute("INSERT INTO touched SELECT id, 7, 8, ?1, ?2, 0 FROM series", params![entry as i64, batch.0])
            })
        };
        let noted = |status, on: &str| StatusNoted {
            status,
            on: on.parse().unwrap(),
            count: 2,
            numbers: vec![SeriesRun::new(all[0].series, (7, 8))],
            to: String::new(),
            receipt: String::new(),
            past: String::new(),
            reply: None,
        };
        let now = noted(Status::Exported, "2026-11-21");
        let file = UploadWritten {
            file: "上报.xlsx".into(),
            sha256: "ab".into(),
            rows: 2,
            path: String::new(),
            manifest_sha256: String::new(),
            now,
        };
        let (object, before) = (Subject::Batch(batch), Some(StatusesBefore::new()));
        of_both(Action::LedgerExport(Act { object, before, after: FileWritten::Upload(file) })).unwrap();
        let mark = |object| {
            let after = noted(Status::Submitted, "2026-11-22");
            Action::LedgerMark(Act { object, before: StatusesBefore::new(), after })
        };
        of_both(mark(Subject::Batch(batch))).unwrap();
        // Who had the batch open happened to nobody in it.
        let from = HeldFrom { user: "li".into(), host: "a".into(), since: "2026-11-30T11:55:56Z".into() };
        let after = TakenBy { user: "wang".into(), host: "b".into() };
        let taken_over = Action::BatchTakeOver(Act { object: batch, before: from, after });
        store.write(|tx| store.append(tx, &taken_over, "")).unwrap();
        let other = mark(Subject::Certificate(all[1].code));
        store.write(|tx| store.append(tx, &other, "")).unwrap();
        let reader = reader(&store);
        let life = reader.life(all[0].code).unwrap().unwrap();
        let told: Vec<&str> = life.events.iter().map(|e| e.action.key()).collect();
        let mut sorted = told.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["batch.create", "ledger.export", "ledger.import", "ledger.mark", "row.change"]);
        let at = |action: &str| life.events.iter().find(|e| e.action.key() == action).unwrap();
        assert_eq!(at("ledger.import").entry, Some(taken));
        // Of a number that was reserved first it is told who has it since when.
        assert_eq!(life.given_by(), taken);
        let mut given = life.clone();
        let mut event = at("ledger.mark").clone();
        event.action = Happening::Entry(ActionName::LedgerAllocate);
        given.events.push(event);
        assert_eq!(Some(given.given_by()), at("ledger.mark").entry);
        assert_eq!(at("batch.create").facts[0].after, "名册.csv");
        let change = at("row.change");
        assert_eq!((change.user.as_str(), change.reason.as_str(), change.facts.len()), ("wang", "改姓名", 1));
        assert_eq!(change.facts[0].after, "张伟");
        assert_eq!(
            at("ledger.export").facts.iter().map(|f| f.after.as_str()).collect::<Vec<_>>(),
            ["上报.xlsx", "ab", "2", "exported", "2026-11-21"]
        );
        assert!(life.events.is_sorted_by_key(|e| &e.time));
        let place = |life: &Life, action: &str| life.events.iter().position(|e| e.action.key() == action);
        assert!(place(&life, "batch.create") < place(&life, "row.change"), "{told:?}");
        // The change of the row that the number was written by belongs to the entry that took it.
        store.write(|tx| tx.execute("UPDATE change SET allocation = ?1", [taken as i64])).unwrap();
        let life = reader.life(all[0].code).unwrap().unwrap();
        assert_eq!((life.events.len(), place(&life, "row.change")), (4, None));
        assert!(reader.life(certificate(9, "", "", Status::Void).code).unwrap().is_none());
    }

    /// A ledger of millions has as many edits: what is read must be found, not looked for.
    #[test]
    fn nothing_large_is_read_through() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        for statement in [CHANGES, CELLS] {
            let plan = plan(&store, statement);
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
