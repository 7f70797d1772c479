//! Certificates as they stand in the table.

use std::sync::LazyLock;

use chrono::NaiveDate;
use rusqlite::Row;

use crate::domain::code::CertCode;
use crate::domain::ledger::{BatchId, Certificate, Holder, RecordPart, SeriesKey, Status};

/// What the [`columns`] are of.
pub(super) const TABLES: &str =
    "certificate c JOIN series s ON s.id = c.series JOIN assessment a ON a.id = c.assessment";

/// Gives the columns [`certificate_of`] reads, of the [`TABLES`]; the 20th is the row's id.
pub(super) fn columns() -> &'static str {
    static COLUMNS: LazyLock<String> = LazyLock::new(|| {
        let record = record();
        format!(
            "c.code, s.key, c.serial, c.status, c.status_on, c.batch, c.row, c.taken, {record}, c.reissued_on, c.id"
        )
    });
    &COLUMNS
}

/// Gives the columns of the record, in the order of [`Holder::COLUMNS`], of the [`TABLES`].
pub(super) fn record() -> String {
    let table = |part: RecordPart| if part == RecordPart::Person { 'c' } else { 'a' };
    let names = Holder::COLUMNS.map(|column| format!("{}.{}", table(column.part), column.name));
    names.join(", ")
}

/// Lists the names of the columns of the record that stand in one of the tables.
pub(super) fn names(part: RecordPart) -> impl Iterator<Item = &'static str> {
    Holder::COLUMNS.into_iter().filter(move |column| column.part == part).map(|column| column.name)
}

/// Lists what a record says in the columns of one of the tables, in the order of [`names`].
pub(super) fn texts(holder: &Holder, part: RecordPart) -> impl Iterator<Item = &str> {
    let columns = Holder::COLUMNS.into_iter().zip(holder.columns());
    columns.filter(move |(column, _)| column.part == part).map(|(_, (_, text))| text)
}

/// Reads the [`columns`]; `None` for a row that this program did not write.
pub(super) fn certificate_of(row: &Row) -> rusqlite::Result<Option<Certificate>> {
    let code = CertCode::new(row.get_ref(0)?.as_str()?);
    let series = SeriesKey::read(row.get_ref(1)?.as_str()?);
    let status = Status::read(row.get_ref(3)?.as_str()?);
    let (Some(code), Some(series), Some(status)) = (code, series, status) else { return Ok(None) };
    let given: Option<i64> = row.get(5)?;
    let mut record = 8..;
    Ok(Some(Certificate {
        code,
        series,
        serial: row.get(2)?,
        status,
        status_on: day(row, 4)?,
        row: given.map(|batch| Ok::<_, rusqlite::Error>((BatchId(batch), row.get(6)?))).transpose()?,
        taken: row.get::<_, i64>(7)? as u64,
        holder: Holder::read(|| row.get(record.next().unwrap_or_default()))?,
        reissued_on: day(row, 8 + Holder::COUNT)?,
    }))
}

/// Reads a day; an empty text, and one of an old store that is no day, is none.
fn day(row: &Row, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    Ok(row.get_ref(column)?.as_str()?.parse().ok())
}

/// What tests put into the ledger past the functions that allocate and adopt.
#[cfg(test)]
pub(in crate::store) mod samples {
    use super::*;
    use crate::domain::date;
    use crate::domain::ledger::action::{Act, Action, NumbersAdopted, SeriesRun, TheLedger};
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
            status_on: "2024-11-08".parse().ok(),
            holder,
            row: None,
            taken: 0,
            reissued_on: None,
        }
    }

    /// Puts certificates of one series into the ledger, as one entry takes them; gives the entry.
    pub fn put(store: &Store, all: &[Certificate]) -> Result<u64> {
        let series = all[0].series;
        let after = NumbersAdopted {
            file: "去年.csv".into(),
            sha256: String::new(),
            profile: "gansu-competition".into(),
            status: all[0].status,
            count: all.len() as u64,
            same: 0,
            numbers: all.iter().map(|c| SeriesRun::new(series, (c.serial, c.serial))).collect(),
            day: None,
        };
        let action = Action::LedgerImport(Act { object: TheLedger, before: (), after });
        store.write(|tx| {
            let entry = store.append(tx, &action, "")?;
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
                    params![id, first, last, entry as i64, run[0].row.map(|r| r.0.0)],
                )?;
            }
            for c in all {
                let h = &c.holder;
                let assessment = rusqlite::params_from_iter(texts(h, RecordPart::Assessment));
                tx.execute("INSERT OR IGNORE INTO assessment VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6)", assessment)?;
                tx.execute(
                    "INSERT INTO certificate (id, code, status, status_on, batch, row, taken, name, pinyin, id_type, id_number,
                     employer, assessment, reissued_on)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 2, ?13)",
                    params![
                        id << 30 | i64::from(c.serial),
                        c.code.as_str(),
                        c.status.key(),
                        date::written(c.status_on),
                        c.row.map(|(batch, _)| batch.0),
                        c.row.map(|(_, row)| row),
                        entry as i64,
                        h.name,
                        initials(&h.name),
                        h.id_type,
                        h.id_number,
                        h.employer,
                        date::written(c.reissued_on),
                    ],
                )?;
            }
            Ok(entry)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sheet::Field;
    use crate::store::batches::samples::open;

    #[test]
    fn the_record_is_the_one_of_the_tables_and_of_the_upload_form() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let of = |table: &str| -> Vec<String> {
            let mut all = store.db.prepare(&format!("PRAGMA table_info({table})")).unwrap();
            all.query_map([], |r| r.get(1)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
        };
        let assessment = of("assessment");
        assert_eq!(assessment[0], "id");
        assert!(names(RecordPart::Assessment).eq(assessment[1..].iter().map(String::as_str)), "{assessment:?}");
        let own = [
            "id",
            "code",
            "series",
            "serial",
            "status",
            "status_on",
            "batch",
            "row",
            "taken",
            "pinyin",
            "assessment",
            "reissued_on",
        ];
        let person: Vec<String> = of("certificate").into_iter().filter(|name| !own.contains(&name.as_str())).collect();
        assert!(names(RecordPart::Person).eq(person.iter().map(String::as_str)), "{person:?}");
        for column in Holder::COLUMNS {
            assert_eq!(column.name.replace('_', "-"), column.field.key());
            assert!(column.field.upload_label().is_some());
        }
        let labelled = Field::ALL.into_iter().filter(|field| field.upload_label().is_some() && *field != Field::Code);
        assert!(Holder::fields().eq(labelled));
    }

    #[test]
    fn a_record_is_read_as_it_is_written() {
        let mut number = 0;
        let holder = Holder::read(|| {
            number += 1;
            Ok::<_, ()>(number.to_string())
        });
        let holder = holder.unwrap();
        for (place, column) in Holder::COLUMNS.into_iter().enumerate() {
            assert_eq!(holder.cell(column.field), Some((place + 1).to_string().as_str()));
        }
        let json = serde_json::to_value(&holder).unwrap();
        let written: Vec<(&str, &str)> =
            json.as_object().unwrap().iter().map(|(key, text)| (key.as_str(), text.as_str().unwrap())).collect();
        assert_eq!(written, holder.columns());
    }
}
