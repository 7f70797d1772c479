//! Values that mean the same (相近的写法): which form is right is known by the registry and by the ledger.

use std::sync::Arc;

use super::Office;
use crate::domain::sheet::Field;
use crate::domain::values::ColumnValues;
use crate::domain::values::groups::{KeptApart, Standing, ValueGroup, has_spellings, kept_apart, value_groups};
use crate::domain::values::places::Places;
use crate::failure::Failure;

impl Office {
    /// Finds the groups among the values of a column; none where values of the column are no spellings of one another. Nothing
    /// where `stop` says so on the way.
    pub fn value_groups(
        &self,
        values: &ColumnValues,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<ValueGroup>>, Failure> {
        if !has_spellings(values.field) {
            return Ok(Some(Vec::new()));
        }
        let all: Vec<(Arc<str>, u32)> =
            values.all().iter().map(|value| (Arc::clone(&value.text), value.rows)).collect();
        let known = self.names_on_record(values.field)?;
        let tables = self.tables_in_use().0;
        let places = Places::new(tables.divisions.names(), &tables.spellings);
        Ok(value_groups(&all, &known, (&tables.spellings, &places), stop))
    }

    /// Lists the names of a column that differ by the form of a company alone, as far as no group tells of them.
    pub fn kept_apart(&self, values: &ColumnValues, groups: &[ValueGroup]) -> KeptApart {
        let all: Vec<(Arc<str>, u32)> =
            values.all().iter().map(|value| (Arc::clone(&value.text), value.rows)).collect();
        kept_apart(&all, groups, &self.tables_in_use().0.spellings)
    }

    /// Lists the names that are known to be right in a column. What the registry was told is on record; of the ledger only what
    /// was handed in counts: numbers are given to rows with slips as well.
    fn names_on_record(&self, field: Field) -> Result<Vec<(Arc<str>, Standing)>, Failure> {
        let (tables, unread) = self.tables_in_use();
        if let Some(error) = unread {
            return Err(self.told(&error));
        }
        let mut names: Vec<(Arc<str>, Standing)> = Vec::new();
        for institution in tables.registry.institutions() {
            let of_scope = |name: fn(&crate::domain::registry::ScopeItem) -> &str| institution.scope.iter().map(name);
            let on_record: Vec<&str> = match field {
                Field::Employer | Field::Institution => vec![institution.name()],
                Field::Occupation => of_scope(|item| &item.occupation).collect(),
                Field::WorkType => of_scope(|item| &item.work_type).collect(),
                _ => Vec::new(),
            };
            names.extend(on_record.into_iter().filter(|name| !name.is_empty()).map(|n| (n.into(), Standing::Registry)));
        }
        let reader = self.reader().map_err(|e| self.told(&e))?;
        let of_ledger = reader.map_or_else(|| Ok(Vec::new()), |reader| reader.handed_in(field));
        let of_ledger = of_ledger.map_err(|e| self.told(&e))?;
        names.extend(of_ledger.into_iter().map(|name| (name.into(), Standing::Ledger)));
        Ok(names)
    }
}
