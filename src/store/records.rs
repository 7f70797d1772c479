//! Certificates as they stand in the table.

use rusqlite::Row;

use crate::domain::code::CertCode;
use crate::domain::ledger::{Certificate, Holder, SeriesKey, Status};

/// What the [`COLUMNS`] are of.
pub(super) const TABLES: &str =
    "certificate c JOIN series s ON s.id = c.series JOIN assessment a ON a.id = c.assessment";

/// The columns [`certificate_of`] reads, of the [`TABLES`]; the 20th is the row's id.
pub(super) const COLUMNS: &str = "c.code, s.key, c.serial, c.status, c.status_on, c.batch, c.row, c.taken, c.name, c.id_type,
    c.id_number, c.employer, a.occupation, a.work_type, a.level, a.issue_date, a.institution, a.issuing_body, c.reissued_on, c.id";

/// Reads the [`COLUMNS`]; `None` for a row that this program did not write.
pub(super) fn certificate_of(row: &Row) -> rusqlite::Result<Option<Certificate>> {
    let code = CertCode::new(row.get_ref(0)?.as_str()?);
    let series = SeriesKey::read(row.get_ref(1)?.as_str()?);
    let status = Status::read(row.get_ref(3)?.as_str()?);
    let (Some(code), Some(series), Some(status)) = (code, series, status) else { return Ok(None) };
    let given: Option<i64> = row.get(5)?;
    Ok(Some(Certificate {
        code,
        series,
        serial: row.get(2)?,
        status,
        status_on: row.get(4)?,
        row: given.map(|batch| Ok::<_, rusqlite::Error>((batch, row.get(6)?))).transpose()?,
        taken: row.get::<_, i64>(7)? as u64,
        holder: Holder {
            name: row.get(8)?,
            id_type: row.get(9)?,
            id_number: row.get(10)?,
            employer: row.get(11)?,
            occupation: row.get(12)?,
            work_type: row.get(13)?,
            level: row.get(14)?,
            issue_date: row.get(15)?,
            institution: row.get(16)?,
            issuing_body: row.get(17)?,
        },
        reissued_on: row.get(18)?,
    }))
}

/// What tests put into the ledger past the functions that allocate and adopt.
#[cfg(test)]
pub(in crate::store) mod samples {
    use super::*;
    use crate::domain::ledger::audit::Deed;
    use crate::domain::sound::initials;
    use crate::store::{Result, Store};
    use rusqlite::params;

    /// Tells how a statement would be run.
    pub fn plan(store: &Store, statement: &str) -> String {
        let mut all = store.db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let blanks = vec![rusqlite::types::Null; all.parameter_count()];
        let lines = all.query_map(rusqlite::params_from_iter(blanks), |r| r.get::<_, String>(3)).unwrap();
        lines.collect::<rusqlite::Result<Vec<String>>>().unwrap().join("\n")
    }

    /// The key of a sample series.
    pub const SERIES: &str = "S000062010001242J*****";

    /// Makes a certificate of [`SERIES`].
    pub fn certificate(serial: u32, name: &str, id_number: &str, status: Status) -> Certificate {
        let series = SeriesKey::read(SERIES).unwrap();
        let holder = Holder {
            name: name.into(),
            id_type: "201".into(),
            id_number: id_number.into(),
            employer: "兰州陇原机械有限公司".into(),
            occupation: "汽车维修工".into(),
            work_type: "--".into(),
            level: "2".into(),
            issue_date: "2024-11-08".into(),
            institution: "样例组委会".into(),
            issuing_body: "样例组委会(代章)".into(),
        };
        Certificate {
            code: series.code(serial).unwrap(),
            series,
            serial,
            status,
            status_on: "2024-11-08".into(),
            holder,
            row: None,
            taken: 0,
            reissued_on: String::new(),
        }
    }

    /// Puts certificates of one series into the ledger, as one entry takes them; gives the entry.
    pub fn put(store: &Store, all: &[Certificate]) -> Result<u64> {
        let series = all[0].series;
        let deed = Deed { action: "ledger.import", object: format!("series:{series}"), ..Deed::default() };
        store.write(|tx| {
            let entry = store.append(tx, &deed)?;
            let high = all.iter().map(|c| c.serial).max().unwrap_or(0);
            tx.execute(
                "INSERT INTO series (key, profile, first, last, high) VALUES (?1, 'gansu-competition', 1, 99999, ?2)
                 ON CONFLICT DO UPDATE SET high = max(high, excluded.high)",
                params![series.as_str(), high],
            )?;
            let id: i64 = tx.query_row("SELECT id FROM series WHERE key = ?1", [series.as_str()], |r| r.get(0))?;
            for run in all.chunk_by(|a, b| a.row.map(|r| r.0) == b.row.map(|r| r.0) && a.serial + 1 == b.serial) {
                let (first, last) = (run[0].serial, run[run.len() - 1].serial);
                tx.execute(
                    "INSERT INTO touched VALUES (?1, ?2, ?3, ?4, ?5, 1)",
                    params![id, first, last, entry as i64, run[0].row.map(|r| r.0)],
                )?;
            }
            for c in all {
                let h = &c.holder;
                let assessment = [&h.occupation, &h.work_type, &h.level, &h.issue_date, &h.institution, &h.issuing_body];
                tx.execute("INSERT OR IGNORE INTO assessment VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6)", assessment)?;
                tx.execute(
                    "INSERT INTO certificate (id, code, status, status_on, batch, row, taken, name, pinyin, id_type, id_number,
                     employer, assessment, reissued_on)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 2, ?13)",
                    params![
                        id << 30 | i64::from(c.serial),
                        c.code.as_str(),
                        c.status.key(),
                        c.status_on,
                        c.row.map(|(batch, _)| batch),
                        c.row.map(|(_, row)| row),
                        entry as i64,
                        h.name,
                        initials(&h.name),
                        h.id_type,
                        h.id_number,
                        h.employer,
                        c.reissued_on,
                    ],
                )?;
            }
            Ok(entry)
        })
    }
}
