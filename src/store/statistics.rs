//! The certificates counted for whoever they are handed upward to: in groups, never one by one.

use rusqlite::Connection;

use super::StoreReader;
use super::error::Result;
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::date;
use crate::domain::ledger::Status;
use crate::domain::ledger::statistics::CountedGroup;

/// How the certificates of each series and assessment stand.
const GROUPS: &str = "
    SELECT substr(s.key, 1, ?1), a.institution, a.occupation, a.level, a.issue_date, g.status, g.count
    FROM (SELECT series, assessment, status, count(*) AS count FROM certificate GROUP BY series, assessment, status) g
    JOIN series s ON s.id = g.series JOIN assessment a ON a.id = g.assessment";

impl StoreReader {
    /// Counts every certificate; what differs in what is not counted by stands in several groups.
    pub fn counted(&self) -> Result<Vec<(CountedGroup, u64)>> {
        self.read(counted)
    }
}

fn counted(db: &Connection) -> rusqlite::Result<Vec<(CountedGroup, u64)>> {
    let mut statement = db.prepare(GROUPS)?;
    let mut rows = statement.query([PREFIX_LENGTH as i64])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(status) = Status::read(row.get_ref(5)?.as_str()?) else { continue };
        let day = date::read(row.get_ref(4)?.as_str()?).day();
        let group = CountedGroup {
            prefix: row.get(0)?,
            institution: row.get(1)?,
            occupation: row.get(2)?,
            level: row.get(3)?,
            month: day.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default(),
            status,
        };
        all.push((group, row.get::<_, i64>(6)? as u64));
    }
    Ok(all)
}
