//! Values that mean the same (相近的写法): which form is right is known by the registry and by the ledger.

use std::sync::Arc;

use super::Office;
use crate::domain::batch::Batch;
use crate::domain::replace::Replaced;
use crate::domain::sheet::Field;
use crate::domain::spared::Spared;
use crate::domain::values::ColumnValues;
use crate::domain::values::groups::{KeptApart, Standing, ValueGroup, has_spellings, kept_apart, value_groups};
use crate::domain::values::places::Places;
use crate::failure::Failure;

/// Which values of a column become one.
#[derive(Debug, Clone, Copy)]
pub struct Unifying<'a> {
    pub field: Field,
    /// Values that stay as they are, whatever group they are of.
    pub without: &'a [String],
    /// Only the groups that have one of these are meant; all where none is named.
    pub only: &'a [String],
}

/// Why values cannot become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnifyFault {
    /// No group has this value.
    NoValue(String),
}

impl Office {
    /// Works out what becomes of the values of a column where each group is decided as it is proposed: what is left out of one
    /// stays, and is not what the others become.
    pub fn unify(&self, batch: &Batch, wish: &Unifying<'_>) -> Result<Result<Replaced, UnifyFault>, Failure> {
        let nobody = || false;
        let values = ColumnValues::of(batch.roster(), wish.field, &[], &nobody);
        let Some(values) = values else { return Ok(Ok(Replaced::default())) };
        let groups = self.value_groups(&values, &nobody)?.unwrap_or_default();
        let has = |group: &ValueGroup, name: &String| {
            *group.proposed == **name || group.values.iter().any(|(text, _)| **text == **name)
        };
        let mut named = wish.without.iter().chain(wish.only);
        if let Some(unknown) = named.find(|name| !groups.iter().any(|group| has(group, name))) {
            return Ok(Err(UnifyFault::NoValue(unknown.clone())));
        }
        let is_out = |text: &Arc<str>| wish.without.iter().any(|name| **name == **text);
        let mut to: Vec<(usize, Arc<str>)> = Vec::new();
        for group in groups.iter().filter(|g| wish.only.is_empty() || wish.only.iter().any(|name| has(g, name))) {
            let mut forms = std::iter::once(&group.proposed).chain(group.values.iter().map(|(text, _)| text));
            let Some(form) = forms.find(|text| !is_out(text)) else { continue };
            let others = group.values.iter().map(|(text, _)| text).filter(|text| *text != form && !is_out(text));
            to.extend(others.filter_map(|text| Some((values.place_of(text)?, Arc::clone(form)))));
        }
        Ok(Ok(Replaced::set(&values, &Spared::of(batch), &to)))
    }

    /// Finds the groups among the values of a column; none where values of the column are no spellings of one another. Nothing
    /// where `stop` says so on the way.
    pub fn value_groups(
        &self,
        values: &ColumnValues,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<ValueGroup>>, Failure> {
        let Some(field) = values.field().filter(|field| has_spellings(*field)) else { return Ok(Some(Vec::new())) };
        let all: Vec<(Arc<str>, u32)> =
            values.all().iter().map(|value| (Arc::clone(&value.text), value.rows)).collect();
        let known = self.names_on_record(field)?;
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
