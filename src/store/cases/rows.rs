//! Rows of the table `case_file`, as the domain knows them, and what a case changes of a certificate.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, Transaction, params, params_from_iter};
use serde::Serialize;

use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::ledger::Certificate;
use crate::domain::ledger::audit::Stamp;
use crate::domain::ledger::case::{
    Application, Approval, Case, CaseFilter, CaseId, CaseKind, CaseRequest, CaseState, StoredCase,
};
use crate::store::ledger::update_holder;

const CASE: &str = "
    SELECT f.id, f.kind, f.state, c.code, f.snapshot, f.request, f.applied_on, f.reason, f.approval, f.approved_on,
           f.withdrawn_on, s.profile,
           o.seq, o.time, o.user, o.reason, a.seq, a.time, a.user, a.reason, e.seq, e.time, e.user, e.reason
    FROM case_file f
    JOIN certificate c ON c.id = f.certificate
    JOIN series s ON s.id = c.series
    JOIN audit o ON o.seq = f.opened
    LEFT JOIN audit a ON a.seq = f.approved
    LEFT JOIN audit e ON e.seq = f.ended";

/// Writes a record or a request as its column has it.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read_day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// Reads a row of [`CASE`]; the inner `None` means one that this program did not write.
fn case_of(row: &Row) -> rusqlite::Result<Option<StoredCase>> {
    let text = |column: usize| row.get::<_, String>(column);
    let day = |column: usize| -> rusqlite::Result<Option<Option<_>>> {
        Ok(row.get::<_, Option<String>>(column)?.map(|text| read_day(&text)))
    };
    let (kind, state, code) = (CaseKind::read(&text(1)?), CaseState::read(&text(2)?), CertCode::new(&text(3)?));
    let (Some(kind), Some(state), Some(code)) = (kind, state, code) else { return Ok(None) };
    let (snapshot, request) = (serde_json::from_str(&text(4)?), serde_json::from_str::<CaseRequest>(&text(5)?));
    let (Ok(snapshot), Ok(request)) = (snapshot, request) else { return Ok(None) };
    if request.kind() != kind {
        return Ok(None);
    }
    let (approved_on, withdrawn_on) = (day(9)?, day(10)?);
    let (Some(applied_on), false) = (read_day(&text(6)?), [approved_on, withdrawn_on].contains(&Some(None))) else {
        return Ok(None);
    };
    let (id, reason, reference) = (CaseId(row.get(0)?), text(7)?, text(8)?);
    let case = Case {
        id,
        code,
        state,
        application: Application { request, applied_on, reason },
        snapshot,
        approval: approved_on.flatten().map(|on| Approval { reference, on }),
        withdrawn_on: withdrawn_on.flatten(),
    };
    let Some(opened) = stamp(row, 12)? else { return Ok(None) };
    Ok(Some(StoredCase { case, profile: text(11)?, opened, approved: stamp(row, 16)?, ended: stamp(row, 20)? }))
}

/// Reads an entry's place, time, user and reason, from a column on.
fn stamp(row: &Row, from: usize) -> rusqlite::Result<Option<Stamp>> {
    let Some(entry) = row.get::<_, Option<i64>>(from)? else { return Ok(None) };
    let text = |column: usize| row.get::<_, String>(from + column);
    Ok(Some(Stamp { entry: entry as u64, time: text(1)?, user: text(2)?, reason: text(3)? }))
}

pub fn read_case(db: &Connection, id: CaseId) -> rusqlite::Result<Option<StoredCase>> {
    db.prepare_cached(&format!("{CASE} WHERE f.id = ?1"))?.query_row([id.0], case_of)
}

/// Reads the cases that pass a filter, the latest first.
pub fn listed(db: &Connection, filter: &CaseFilter) -> rusqlite::Result<Vec<Option<StoredCase>>> {
    let (statement, values) = selected(filter);
    db.prepare_cached(&statement)?.query_map(params_from_iter(values), case_of)?.collect()
}

/// Gives the statement for a filter and its values: of what is not asked for it says nothing, so that the index is used.
fn selected(filter: &CaseFilter) -> (String, Vec<String>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if filter.live {
        conditions.push("f.state IN ('open', 'approved')");
    }
    if let Some(kind) = filter.kind {
        conditions.push("f.kind = ?");
        values.push(kind.key().to_string());
    }
    if let Some(code) = filter.code {
        conditions.push("c.code = ?");
        values.push(code.to_string());
    }
    if let Some(before) = filter.before {
        conditions.push("f.id < CAST(? AS INTEGER)");
        values.push(before.0.to_string());
    }
    let condition = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    let limit = filter.limit.map_or_else(String::new, |limit| format!("LIMIT {limit}"));
    (format!("{CASE} {condition} ORDER BY f.id DESC {limit}"), values)
}

/// Stores what a case changes of a certificate; a status that changes does so on the day given.
pub fn change_certificate(tx: &Transaction, to: &Certificate, on: NaiveDate) -> rusqlite::Result<()> {
    update_holder(tx, to.code, &to.holder)?;
    tx.prepare_cached(
        "UPDATE certificate SET status_on = CASE WHEN status = ?2 THEN status_on ELSE ?4 END, status = ?2,
             reissued_on = ?3 WHERE code = ?1",
    )?
    .execute(params![to.code.as_str(), to.status.key(), date::written(to.reissued_on), on.to_string()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples::open;
    use crate::store::records::samples::plan;

    #[test]
    fn the_cases_of_a_certificate_are_found_by_the_index() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let code = CertCode::new("S000011084001223000001");
        for kind in [None, Some(CaseKind::Revoke)] {
            let (statement, _) = selected(&CaseFilter { kind, code, ..CaseFilter::default() });
            let plan = plan(&store, &statement);
            assert!(plan.contains("case_by_certificate") && !plan.contains("SCAN"), "{plan}");
        }
    }
}
