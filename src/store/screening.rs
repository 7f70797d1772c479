//! The certificates screened for what asks for a second look: streamed person by person along the index of ID numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::StoreReader;
use super::error::Result;
use crate::domain::code::{CertCode, PREFIX_LENGTH};
use crate::domain::date;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::screening::{HeldCertificate, SameDay, SameDays, ScreeningLimits};

/// Those who have more than one certificate, found in the index alone, with what they have.
const OF_PERSONS: &str = "
    WITH many AS (SELECT id_number FROM certificate WHERE id_number <> '' GROUP BY id_number HAVING 1 < count(*))
    SELECT c.id_number, c.name, a.issue_date, a.level, a.occupation, c.code
    FROM many JOIN certificate c ON c.id_number = many.id_number AND c.id_number <> ''
    JOIN assessment a ON a.id = c.assessment
    WHERE c.status <> 'void' AND c.status <> 'revoked' ORDER BY many.id_number";

/// How many certificates of each institution are of each day.
const OF_DAYS: &str = "
    SELECT substr(s.key, 1, ?1), a.institution, a.issue_date, sum(g.count)
    FROM (SELECT series, assessment, count(*) AS count FROM certificate
          WHERE status <> 'void' AND status <> 'revoked' AND status <> 'reserved' GROUP BY series, assessment) g
    JOIN series s ON s.id = g.series JOIN assessment a ON a.id = g.assessment
    GROUP BY 1, 2, 3";

/// The prefix and the name of an institution, with how many certificates it has of each day.
pub type DaysOfInstitution = (String, String, Vec<(NaiveDate, u64)>);

impl StoreReader {
    /// Finds who has too much of one day.
    pub fn same_days(&self, limits: ScreeningLimits) -> Result<Vec<SameDay>> {
        self.read(|db| {
            let mut statement = db.prepare(OF_PERSONS)?;
            let mut rows = statement.query([])?;
            let mut days = SameDays::new(limits);
            while let Some(row) = rows.next()? {
                days.take(HeldCertificate {
                    person: row.get(0)?,
                    name: row.get(1)?,
                    day: row.get(2)?,
                    level: row.get(3)?,
                    occupation: row.get(4)?,
                    code: CertCode::new(row.get_ref(5)?.as_str()?),
                    line: None,
                });
            }
            Ok(days.finish())
        })
    }

    /// Lists how many certificates each institution has of each day, in the order of the days.
    pub fn days_of_institutions(&self) -> Result<Vec<DaysOfInstitution>> {
        self.read(days)
    }

    /// Lists the batches of which a fact has a value.
    pub fn batches_with(&self, fact: &str, value: &str) -> Result<Vec<(BatchId, String)>> {
        self.read(|db| {
            let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
            if version < super::facts::WITH_FACTS {
                return Ok(Vec::new());
            }
            db.prepare(
                "SELECT b.id, b.file FROM fact f JOIN batch b ON f.about = 'batch:' || b.id
                 WHERE f.fact = ?1 AND f.value = ?2 ORDER BY b.id",
            )?
            .query_map([fact, value], |r| Ok((BatchId(r.get(0)?), r.get(1)?)))?
            .collect()
        })
    }
}

fn days(db: &Connection) -> rusqlite::Result<Vec<DaysOfInstitution>> {
    let mut statement = db.prepare(OF_DAYS)?;
    let mut rows = statement.query([PREFIX_LENGTH as i64])?;
    let mut all: BTreeMap<(String, String), BTreeMap<NaiveDate, u64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Some(day) = date::read(row.get_ref(2)?.as_str()?).day() else { continue };
        let of = all.entry((row.get(0)?, row.get(1)?)).or_default();
        *of.entry(day).or_default() += row.get::<_, i64>(3)? as u64;
    }
    Ok(all.into_iter().map(|((prefix, name), days)| (prefix, name, days.into_iter().collect())).collect())
}
