//! Planning numbers, and the prefix of an institution as the registry has it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::super::Store;
use super::super::error::Result;
use crate::domain::batch::{Batch, asked};
use crate::domain::code::CertCode;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::plan::{Plan, PlanWish, RowRefusal, WrittenElsewhere};
use crate::domain::numbering;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

impl Store {
    /// Plans numbers for the rows of a batch that have none, with the registry and the series as they stand: new ones, or
    /// reserved ones; `prefix` is the institution's where it is given. Nothing is taken, and whether anything may be is
    /// another question: [`Store::may_take_numbers`].
    pub fn plan(&self, batch: &Batch, wish: PlanWish, prefix: Option<&str>) -> Result<Plan> {
        let series = self.series("")?;
        let reserved = if wish.reserved { Some(self.reserved_codes()?) } else { None };
        let failed = RefCell::new(None);
        let known = |name: &str, day: NaiveDate| {
            self.prefix_of(name, day).unwrap_or_else(|error| {
                failed.borrow_mut().get_or_insert(error);
                Err(RowRefusal::UnknownInstitution(name.to_string(), None))
            })
        };
        let plan = numbering::plan(batch, wish, prefix, &known, (&series, reserved.as_deref()));
        let elsewhere = self.written_elsewhere(batch.context().known().batch, &plan)?;
        failed.into_inner().map_or(Ok(Plan { elsewhere, blanks: wish.blanks, ..plan }), Err)
    }

    /// Lists the other open batches in which numbers of a plan stand.
    fn written_elsewhere(&self, own: Option<BatchId>, plan: &Plan) -> Result<Vec<WrittenElsewhere>> {
        let planned: HashSet<CertCode> = plan.rows.iter().map(|row| row.code).collect();
        let mut elsewhere = Vec::new();
        for id in if planned.is_empty() { Vec::new() } else { self.batches_with_codes(own)? } {
            let batch = self.batch(id)?;
            let mut written: HashMap<RowId, CertCode> = HashMap::new();
            let mut put = |row: RowId, text: &str| {
                match CertCode::new(&asked(Field::Code, text)).filter(|code| planned.contains(code)) {
                    Some(code) => written.insert(row, code),
                    None => written.remove(&row),
                };
            };
            let mut rows = 0;
            if let Some(column) = batch.columns.of(Field::Code) {
                for block in self.blocks(id) {
                    let block = block?;
                    (0..block.len()).for_each(|row| put(rows + row as RowId, block.cell(row, column)));
                    rows += block.len() as RowId;
                }
            }
            let (steps, applied) = self.history(id)?;
            let edits = steps[..applied].iter().flat_map(|step| &step.edits);
            edits.filter(|edit| edit.field == Field::Code).for_each(|edit| put(edit.row, &edit.after));
            if let Some(first) = written.values().min().copied() {
                elsewhere.push(WrittenElsewhere { batch: id, file: batch.origin.file, count: written.len(), first });
            }
        }
        Ok(elsewhere)
    }

    /// Lists the open batches but one that may have codes which the ledger did not give.
    fn batches_with_codes(&self, but: Option<BatchId>) -> Result<Vec<BatchId>> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT b.id FROM batch b LEFT JOIN view v ON v.batch = b.id AND json_valid(v.state)
                 WHERE NOT b.closed AND b.id IS NOT ?1
                 AND coalesce(CAST(json_extract(v.state, '$.unnumbered') AS INTEGER)
                     + (SELECT coalesce(sum(last - first + 1), 0) FROM touched WHERE batch = b.id AND gives), 0) < b.row_count
                 ORDER BY b.id",
            )?
            .query_map([but.map(|id| id.0)], |r| r.get(0).map(BatchId))?
            .collect()
        })
    }

    /// Finds the prefix of the institution that has a name on a day, which is that of the certificate: the check asks for the
    /// name of that day, too (GD-20).
    ///
    /// The inner `Err` says why there is none: nobody or several have the name, or the prefix is retired (BJ-50).
    pub fn prefix_of(&self, name: &str, day: NaiveDate) -> Result<std::result::Result<String, RowRefusal>> {
        let found: Vec<(String, Option<NaiveDate>)> = self.read(|db| {
            db.prepare_cached(
                "SELECT i.prefix, i.retired_on FROM institution_name n JOIN institution i ON i.prefix = n.prefix
                 WHERE n.name = ?1 AND coalesce(n.valid_from <= ?2, TRUE) AND coalesce(?2 <= n.valid_to, TRUE)
                 ORDER BY i.retired_on IS NOT NULL",
            )?
            .query_map([name, &day.to_string()], |r| {
                let day = r.get::<_, Option<String>>(1)?;
                Ok((r.get(0)?, day.map(|d| d.parse().unwrap_or_default())))
            })?
            .collect()
        })?;
        let issuing = found.iter().filter(|(_, retired)| retired.is_none()).count();
        Ok(match found.into_iter().next() {
            None => Err(RowRefusal::UnknownInstitution(name.to_string(), None)),
            Some((_, Some(day))) => Err(RowRefusal::Retired(day)),
            Some((prefix, None)) if issuing == 1 => Ok(prefix),
            Some(_) => Err(RowRefusal::SeveralInstitutions),
        })
    }
}
