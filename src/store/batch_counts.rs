//! How the certificates of each batch stand (批次计数): counted in the transaction that changes them, and read by whatever asks of
//! thousands of batches at once.

use rusqlite::{Connection, Transaction, params};

use crate::domain::ledger::verify::{ProblemKind, VerifyReport};

const WITH_COUNTS: i64 = 12;

/// The certificates of the batches from `?1` to `?2`, counted: first by assessment, from the index alone.
const COUNTED: &str = "
    SELECT g.batch, g.status, g.series, a.issue_date, min(g.since), sum(g.certificates), min(g.first), max(g.last)
    FROM (SELECT batch, status, id >> 30 AS series, assessment, min(status_on) AS since, count(*) AS certificates,
                 min(id) & 1073741823 AS first, max(id) & 1073741823 AS last
          FROM certificate WHERE ?1 <= batch AND batch <= ?2 GROUP BY batch, status, assessment, id >> 30) g
    JOIN assessment a ON a.id = g.assessment GROUP BY g.batch, g.status, g.series, a.issue_date";

/// Counts the batches anew of which certificates were changed.
pub(super) fn count_changed(tx: &Transaction) -> rusqlite::Result<()> {
    let changed: Vec<i64> = tx
        .prepare_cached("SELECT batch FROM batch_to_count")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if changed.is_empty() {
        return Ok(());
    }
    for batch in changed {
        tx.prepare_cached("DELETE FROM batch_count WHERE batch = ?1")?.execute([batch])?;
        tx.prepare_cached(&format!("INSERT INTO batch_count {COUNTED}"))?.execute(params![batch, batch])?;
    }
    tx.execute("DELETE FROM batch_to_count", []).map(drop)
}

/// Looks for batches that are not counted as their certificates stand; a file from before they were counted has none.
pub(super) fn compare(db: &Connection, report: &mut VerifyReport) -> rusqlite::Result<()> {
    if db.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0))? < WITH_COUNTS {
        return Ok(());
    }
    let mut statement = db.prepare(&format!(
        "WITH counted AS MATERIALIZED ({COUNTED}),
              differing AS (SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM batch_count)
                            UNION ALL SELECT * FROM (SELECT * FROM batch_count EXCEPT SELECT * FROM counted))
         SELECT batch FROM differing UNION SELECT batch FROM batch_to_count ORDER BY 1"
    ))?;
    let mut rows = statement.query(params![i64::MIN, i64::MAX])?;
    while let Some(row) = rows.next()? {
        report.add(ProblemKind::Count, format!("batch:{}", row.get::<_, i64>(0)?), "batch_count");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::{Certificate, Status};
    use crate::store::Store;
    use crate::store::batches::samples::{new_batch, open};
    use crate::store::records::samples::{certificate, put};

    /// Puts a batch of 40 certificates into a store, of two issue dates and two statuses.
    fn filled(dir: &tempfile::TempDir) -> Store {
        let store = open(dir.path(), "wang");
        let batch = store.create_batch(&new_batch("名册.csv")).unwrap();
        let one = |serial: u32| {
            let status = if serial <= 10 { Status::Exported } else { Status::Allocated };
            let one = certificate(serial, "张伟", &format!("62010219900307{serial:04}"), status);
            Certificate { row: Some((batch, serial + 1)), ..one }
        };
        let all: Vec<Certificate> = (1..=40).map(one).collect();
        for of_status in all.chunk_by(|a, b| a.status == b.status) {
            put(&store, of_status).unwrap();
        }
        store
            .write(|tx| {
                tx.execute("INSERT INTO assessment SELECT 3, occupation, work_type, level, '2024-12-01', institution, issuing_body FROM assessment WHERE id = 2", [])?;
                tx.execute("UPDATE certificate SET assessment = 3, status_on = '2024-12-02' WHERE serial % 4 = 0", [])
            })
            .unwrap();
        store
    }

    fn counted(store: &Store) -> Vec<(String, String, String, u32, u32, u32)> {
        let all = "SELECT status, issue_date, since, certificates, first, last FROM batch_count ORDER BY batch, status, series, issue_date";
        let read = |r: &rusqlite::Row| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?));
        store.db.prepare(all).unwrap().query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn report(store: &Store) -> Vec<(String, String)> {
        let mut report = VerifyReport::default();
        compare(&store.db, &mut report).unwrap();
        report.problems().iter().map(|p| (p.object.clone(), p.detail.clone())).collect()
    }

    #[test]
    fn what_is_changed_is_counted_when_it_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(&dir);
        let row = |status: &str, issued: &str, since: &str, ends: (u32, u32, u32)| {
            (status.to_string(), issued.to_string(), since.to_string(), ends.0, ends.1, ends.2)
        };
        let wanted = vec![
            row("allocated", "2024-11-08", "2024-11-08", (22, 11, 39)),
            row("allocated", "2024-12-01", "2024-12-02", (8, 12, 40)),
            row("exported", "2024-11-08", "2024-11-08", (8, 1, 10)),
            row("exported", "2024-12-01", "2024-12-02", (2, 4, 8)),
        ];
        assert_eq!(counted(&store), wanted);
        assert!(report(&store).is_empty());
        // What is only tried is not counted.
        let mark = "UPDATE certificate SET status = 'submitted', status_on = '2024-12-09' WHERE serial = 4";
        store.tried(|store| store.write(|tx| tx.execute(mark, []))).unwrap();
        assert_eq!(counted(&store), wanted);
        store.write(|tx| tx.execute(mark, [])).unwrap();
        assert_eq!(
            counted(&store)[3..],
            [
                row("exported", "2024-12-01", "2024-12-02", (1, 8, 8)),
                row("submitted", "2024-12-01", "2024-12-09", (1, 4, 4))
            ]
        );
        assert!(report(&store).is_empty());
    }

    #[test]
    fn what_was_changed_by_hand_is_found() {
        let by_hand = [
            "UPDATE batch_count SET certificates = 9 WHERE status = 'exported' AND issue_date = '2024-11-08'",
            "DELETE FROM batch_count WHERE status = 'exported'",
            "INSERT INTO batch_count VALUES (1, 'void', 1, '', '', 1, 1, 1)",
            "UPDATE certificate SET status = 'submitted' WHERE serial = 1",
            "INSERT INTO batch_to_count VALUES (1)",
        ];
        for statement in by_hand {
            let dir = tempfile::tempdir().unwrap();
            let store = filled(&dir);
            store.db.execute(statement, []).unwrap();
            assert_eq!(report(&store), [("batch:1".to_string(), "batch_count".to_string())], "{statement}");
        }
    }

    /// The migration counts what stands in a file of before as it is counted ever after.
    #[test]
    fn an_older_file_is_counted_when_it_is_brought_up() {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(&dir);
        let wanted = counted(&store);
        let made = crate::store::schema::MIGRATIONS[WITH_COUNTS as usize - 1];
        let drop = "DROP TRIGGER certificate_new_counts; DROP TRIGGER certificate_changed_counts; DROP TABLE batch_count; DROP TABLE batch_to_count;";
        store.db.execute_batch(&format!("{drop} {made}")).unwrap();
        assert_eq!(counted(&store), wanted);
        assert!(report(&store).is_empty());
    }
}
