//! Planning numbers, and the prefix of an institution as the registry has it.

use std::cell::RefCell;

use chrono::NaiveDate;

use super::super::Store;
use super::super::error::Result;
use crate::domain::batch::Batch;
use crate::domain::ledger::plan::{Plan, PlanWish, RowRefusal};
use crate::domain::numbering;

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
        failed.into_inner().map_or(Ok(plan), Err)
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
