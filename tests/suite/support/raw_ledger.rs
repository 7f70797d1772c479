//! A ledger put together row by row, as the program's own functions leave it, so that tests may break it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use skillcert::domain::ledger::audit::{AuditEntry, Head};
use skillcert::domain::sound::initials;
use skillcert::store::{StatePaths, Store};

/// The series that numbers are given of, and one that old numbers were adopted of.
pub const OURS: &str = "S000062010001242J*****";
pub const OLD: &str = "S000062010001232J*****";

/// A ledger with numbers given to a batch, reserved, void, adopted, exported, and gaps.
pub struct Ledger {
    pub home: PathBuf,
    pub db: Connection,
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

impl Ledger {
    /// Opens the database of a state folder; foreign keys are not looked at, so that anything can be broken.
    pub fn open(home: &Path) -> Ledger {
        let db = Connection::open(home.join("skillcert.sqlite3")).expect("the database");
        db.pragma_update(None, "foreign_keys", false).expect("a setting");
        Ledger { home: home.to_path_buf(), db }
    }

    /// Makes a sound ledger: 1 to 20 given to a batch, 21 to 25 reserved, 3 void, 1 to 10 exported; of the old series 5 to 8
    /// adopted, so that 1 to 4 are a gap; the employer of number 2 taken from the roster later.
    pub fn sound(home: &Path) -> Ledger {
        drop(Store::open(&StatePaths::at(home).expect("a folder"), "wang", "test").expect("a store"));
        let ledger = Ledger::open(home);
        let run = |sql: &str| ledger.db.execute_batch(sql).expect(sql);
        run("INSERT INTO batch (created_at, path, size, modified, file, sheet, encoding, header_row, date_1904, profile,
             columns, complete, row_count) VALUES ('2026-11-21T07:00:00Z', x'61', 1, 1, '名册.csv', '', 'UTF-8', 1, 0,
             'gansu-competition', '[]', 1, 20)");
        ledger.series(OURS, 25);
        ledger.series(OLD, 8);
        let holder = |i: u32| [format!("张{}", ["伟", "娜", "刚"][i as usize % 3]), super::resident(i as usize)];
        let mut digest = Sha256::new();
        for i in 1..=20 {
            let [name, id_number] = holder(i);
            let record =
                [name.as_str(), "201", &id_number, "甲公司", "汽车维修工", "--", "2", "2024-11-08", "组委会", "代章"];
            for part in std::iter::once(format!("S000062010001242J{i:05}").as_str()).chain(record) {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
        let numbers = |first, last| json!([{ "series": OURS, "first": first, "last": last }]);
        let after = json!({
            "file": "名册.csv", "profile": "gansu-competition", "count": 20,
            "series": [{ "series": OURS, "first": 1, "last": 20, "count": 20 }], "records-sha256": hex(digest),
        });
        let before = json!({ "series": [{ "series": OURS, "high": 0 }] }).to_string();
        let taken = ledger.append("ledger.allocate", "batch:1", &before, &after, "");
        for i in 1..=20 {
            let [name, id_number] = holder(i);
            ledger.certificate(OURS, i, "allocated", taken, Some(i - 1), &[&name, &id_number]);
        }
        ledger.touch(OURS, 1, 20, taken, (true, true));
        let reserved = ledger.append(
            "ledger.reserve",
            &format!("series:{OURS}"),
            r#"{"high":20}"#,
            &json!({ "first": 21, "last": 25, "count": 5 }),
            "纸质名册",
        );
        (21..=25).for_each(|i| ledger.certificate(OURS, i, "reserved", reserved, None, &[]));
        ledger.touch(OURS, 21, 25, reserved, (false, true));
        let old = json!([{ "series": OLD, "first": 5, "last": 8 }]);
        let after = json!({
            "file": "去年.xlsx", "sha256": "", "profile": "gansu-competition", "status": "published", "count": 4,
            "same": 0, "numbers": old,
        });
        let adopted = ledger.append("ledger.import", "ledger", "", &after, "");
        for i in 5..=8 {
            let [name, id_number] = holder(i + 100);
            ledger.certificate(OLD, i, "published", adopted, None, &[&name, &id_number]);
        }
        ledger.touch(OLD, 5, 8, adopted, (false, false));
        run(&format!("INSERT INTO gap SELECT id, 1, 4, {adopted}, '去年.xlsx' FROM series WHERE key = '{OLD}'"));
        let (before, after) = ("甲公司", "乙公司");
        let records = |employer: &str| json!({ "S000062010001242J00002": { "employer": employer } });
        let sync = ledger.append(
            "ledger.sync",
            "batch:1",
            &json!({ "records": records(before) }).to_string(),
            &json!({ "records": records(after), "numbers": numbers(2, 2) }),
            "",
        );
        run("UPDATE certificate SET employer = '乙公司' WHERE code = 'S000062010001242J00002'");
        ledger.touch(OURS, 2, 2, sync, (true, false));
        ledger.mark("ledger.export", "exported", 1, 10, "");
        ledger.mark("ledger.void", "void", 3, 3, "打错");
        run("DELETE FROM batch_to_count;
             INSERT INTO batch_count SELECT batch, status, series, issue_date, min(status_on), count(*), min(serial), max(serial)
                 FROM certificate JOIN assessment a ON a.id = assessment WHERE batch IS NOT NULL
                 GROUP BY batch, status, series, issue_date");
        ledger
    }

    fn series(&self, key: &str, high: u32) {
        self.db
            .execute(
                "INSERT INTO series (key, profile, first, last, high) VALUES (?1, 'gansu-competition', 1, 99999, ?2)",
                params![key, high],
            )
            .expect("a series");
    }

    fn mark(&self, action: &str, status: &str, first: u32, last: u32, reason: &str) {
        let after = json!({
            "file": "上报.xlsx", "sha256": "", "rows": last - first + 1, "status": status, "on": "2026-11-21", "count": last - first + 1,
            "numbers": [{ "series": OURS, "first": first, "last": last }],
        });
        let entry = self.append(action, "batch:1", "{}", &after, reason);
        self.touch(OURS, first, last, entry, (true, false));
        self.db
            .execute(
                "UPDATE certificate SET status = ?1, status_on = '2026-11-21'
                 WHERE series = (SELECT id FROM series WHERE key = ?2) AND serial BETWEEN ?3 AND ?4",
                params![status, OURS, first, last],
            )
            .expect("a status");
    }

    /// Appends an entry to the chain.
    pub fn append(&self, action: &str, object: &str, before: &str, after: &serde_json::Value, reason: &str) -> i64 {
        let last = self.db.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?))
        });
        let (seq, previous) = last.unwrap_or((0, Head::default().hash));
        let mut entry = AuditEntry {
            seq: seq as u64 + 1,
            time: format!("2026-11-21T08:00:{:02}Z", seq + 1),
            user: "wang".into(),
            action: action.into(),
            object: object.into(),
            before: before.into(),
            after: after.to_string(),
            reason: reason.into(),
            previous,
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        self.db
            .execute(
                "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    entry.seq as i64,
                    entry.time,
                    entry.user,
                    entry.action,
                    entry.object,
                    entry.before,
                    entry.after,
                    entry.reason,
                    entry.previous,
                    entry.hash
                ],
            )
            .expect("an entry");
        entry.seq as i64
    }

    /// Notes which numbers an entry is about: whether it is about the batch, and whether it gives them.
    pub fn touch(&self, key: &str, first: u32, last: u32, entry: i64, (of_batch, gives): (bool, bool)) {
        self.db
            .execute(
                "INSERT INTO touched SELECT id, ?2, ?3, ?4, iif(?5, 1, NULL), ?6 FROM series WHERE key = ?1",
                params![key, first, last, entry, of_batch, gives],
            )
            .expect("a run");
    }

    /// Puts a certificate in; `who` is nothing, or name and ID number.
    pub fn certificate(&self, key: &str, serial: u32, status: &str, taken: i64, row: Option<u32>, who: &[&str]) {
        let code = key.replace("*****", &format!("{serial:05}"));
        let [name, id_number] = if let [name, id_number] = who { [*name, *id_number] } else { ["", ""] };
        let of = |text: &'static str| if name.is_empty() { "" } else { text };
        let assessment = ["汽车维修工", "--", "2", "2024-11-08", "组委会", "代章"];
        self.db
            .execute("INSERT OR IGNORE INTO assessment VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6)", assessment)
            .expect("an assessment");
        self.db
            .execute(
                "INSERT INTO certificate (id, code, status, status_on, batch, row, taken, name, pinyin, id_type, id_number,
                 employer, assessment)
                 SELECT id << 30 | ?2, ?3, ?4, '2026-11-20', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
                 FROM series WHERE key = ?1",
                params![
                    key,
                    serial,
                    code,
                    status,
                    row.map(|_| 1),
                    row,
                    taken,
                    name,
                    initials(name),
                    of("201"),
                    id_number,
                    of("甲公司"),
                    if name.is_empty() { 1 } else { 2 },
                ],
            )
            .expect("a certificate");
    }
}
