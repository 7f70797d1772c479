//! Where cells are filled from (补填的来源): another file, the ledger, the registry; each is a table of rows with a key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FillOrder, FillPlan, MatchedTable, USUAL_KEYS, fill};
use crate::domain::batch::{Batch, asked};
use crate::domain::date;
use crate::domain::ledger::{KnownCertificates, Status};
use crate::domain::registry::Registry;
use crate::domain::roster::{BlockBuilder, Roster, RowId};
use crate::domain::rules::is_scientific;
use crate::domain::sheet::{ColumnMap, Field, SheetSpec, SourceColumn};
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What kind of source it is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FillKind {
        File = "file",
        Ledger = "ledger",
        Registry = "registry",
    }
}

/// What is wanted of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FillWish {
    /// What a row is known by: the first of these of which it has all parts.
    pub keys: Vec<Vec<Field>>,
    pub fields: Vec<Field>,
    pub also_filled: bool,
}

/// A table whose cells may be filled into another.
#[derive(Debug)]
pub struct FillSource {
    pub kind: FillKind,
    /// The name of the file; empty for the others.
    pub name: String,
    roster: Roster,
    lost: Vec<RowId>,
    /// The columns that it has and that may be filled, in the order of the form.
    pub fields: Vec<Field>,
}

/// So many rows go into a block.
const BLOCK: usize = 4096;

/// What another certificate of a person says of the person; all else is about that certificate.
const OF_PERSON: [Field; 5] = [Field::Name, Field::IdType, Field::IdNumber, Field::Employer, Field::Sex];

impl FillSource {
    /// Makes a source of another file, for a table of a form.
    pub fn of_file(name: String, from: &Batch, form: &SheetSpec) -> FillSource {
        let has = |field: &Field| from.roster().columns.of(*field).is_some();
        let fields = form.fields.iter().copied().filter(has).collect();
        FillSource { kind: FillKind::File, name, roster: from.roster().clone(), lost: from.unsound_numbers(), fields }
    }

    /// Makes a source of what the ledger knows of the codes and persons of a table. What is only reserved says nothing, what is
    /// void was spoilt.
    pub fn of_ledger(known: &KnownCertificates, form: &SheetSpec) -> FillSource {
        let in_record = |field: &Field| known.certificates().first().is_some_and(|c| c.holder.cell(*field).is_some());
        let fields: Vec<Field> = form.fields.iter().copied().filter(in_record).collect();
        let columns: Vec<Field> = std::iter::once(Field::Code).chain(fields.iter().copied()).collect();
        let says = known.certificates().iter().filter(|c| !matches!(c.status, Status::Reserved | Status::Void));
        let rows = says.map(|certificate| {
            let cell = |field: &Field| match certificate.holder.cell(*field) {
                Some(cell) => Cow::Borrowed(cell),
                None => Cow::Owned(certificate.code.to_string()),
            };
            columns.iter().map(cell).collect::<Vec<_>>()
        });
        let roster = table(&columns, rows);
        let lost = roster.left().filter(|row| is_scientific(roster.cell(*row, Field::IdNumber))).collect();
        FillSource { kind: FillKind::Ledger, name: String::new(), roster, lost, fields }
    }

    /// Makes a source of the institutions whose prefixes the codes of a table begin with: the name that was theirs on the day of
    /// issue. One that has had several names and no such day says nothing.
    pub fn of_registry(registry: &Registry, of: &Batch) -> FillSource {
        let (roster, field) = (of.roster(), of.context().sheet().institution_field());
        let mut names: BTreeMap<String, Option<&str>> = BTreeMap::new();
        for row in roster.left() {
            let code = asked(Field::Code, roster.cell(row, Field::Code));
            let Some(institution) = registry.of_code(&code) else { continue };
            let name = match (date::read(roster.cell(row, Field::IssueDate)).day(), &*institution.names) {
                (Some(day), _) => institution.name_on(day),
                (None, [only]) => Some(only.name.as_str()),
                (None, _) => None,
            };
            let known = names.entry(code.into_owned()).or_insert(name);
            // Rows of one code that are of different days.
            if *known != name {
                *known = None;
            }
        }
        let rows = names.into_iter().filter_map(|(code, name)| Some(vec![Cow::Owned(code), Cow::Borrowed(name?)]));
        let roster = table(&[Field::Code, field], rows);
        FillSource { kind: FillKind::Registry, name: String::new(), roster, lost: Vec::new(), fields: vec![field] }
    }

    /// Gives what is wanted where nobody says more: all columns but the code, which is only given by whoever asks for it.
    pub fn usual_wish(&self) -> FillWish {
        let fields = self.fields.iter().copied().filter(|field| *field != Field::Code).collect();
        FillWish { keys: self.keys().into_iter().next().unwrap_or_default(), fields, also_filled: false }
    }

    /// Lists what a row may be known by, the usual way first.
    pub fn keys(&self) -> Vec<Vec<Vec<Field>>> {
        let own = |keys: &[&[Field]]| keys.iter().map(|key| key.to_vec()).collect::<Vec<_>>();
        match self.kind {
            FillKind::File => {
                let is_there = |key: &&[Field]| key.iter().all(|field| self.fields.contains(field));
                let usual: Vec<&[Field]> = USUAL_KEYS.into_iter().filter(is_there).collect();
                let single = usual.iter().filter(|_| usual.len() != 1).map(|key| own(&[key]));
                std::iter::once(own(&usual)).chain(single).filter(|keys| !keys.is_empty()).collect()
            }
            FillKind::Ledger => {
                vec![own(&[&[Field::Code], &[Field::IdNumber]]), own(&[&[Field::Code]]), own(&[&[Field::IdNumber]])]
            }
            FillKind::Registry => vec![own(&[&[Field::Code]])],
        }
    }

    /// Gives the row of the source as its own file numbers it.
    pub fn line(&self, row: RowId) -> u32 {
        self.roster.line(row)
    }

    /// Plans what would be filled into a batch; nothing where `stop` says so on the way.
    pub fn plan(&self, of: &Batch, wish: &FillWish, stop: &dyn Fn() -> bool) -> Option<FillPlan> {
        let lost = of.unsound_numbers();
        let table = MatchedTable { roster: of.roster(), as_imported: false, lost: &lost };
        let source = MatchedTable { roster: &self.roster, as_imported: false, lost: &self.lost };
        let is_common: fn(&[Field], Field) -> bool = match self.kind {
            // An institution has many certificates.
            FillKind::Registry => |_, _| true,
            FillKind::File | FillKind::Ledger => is_common,
        };
        let planned = |keys: &[Vec<Field>], fields: &[Field]| {
            let keys: Vec<&[Field]> = keys.iter().map(Vec::as_slice).collect();
            let types = &of.context().tables().id_types;
            fill(
                table,
                source,
                &FillOrder { keys: &keys, fields, also_filled: wish.also_filled, is_common, types },
                stop,
            )
        };
        if self.kind != FillKind::Ledger {
            return planned(&wish.keys, &wish.fields);
        }
        // Another certificate of a person tells nothing of this one but the person.
        let (whole, person): (Vec<_>, Vec<_>) =
            wish.keys.iter().cloned().partition(|key: &Vec<Field>| key.contains(&Field::Code));
        let of_person: Vec<Field> = wish.fields.iter().copied().filter(|field| OF_PERSON.contains(field)).collect();
        let mut plan = planned(&whole, &wish.fields)?;
        plan.join(planned(&person, &of_person)?);
        Some(plan)
    }
}

/// Tells whether all rows of a key may have what is said of it: the certificates of a person what the person is, and where the
/// key is nobody's own, as with a list of employers, what is nobody's own either.
fn is_common(key: &[Field], field: Field) -> bool {
    let is_own = |field: &Field| field.is_personal() || matches!(field, Field::Code | Field::OldCode);
    key.contains(&Field::IdNumber) && OF_PERSON.contains(&field) || !key.iter().any(is_own) && !is_own(&field)
}

/// Makes a table of rows.
fn table<'a>(columns: &[Field], mut rows: impl Iterator<Item = Vec<Cow<'a, str>>>) -> Roster {
    let column = |field: &Field| SourceColumn { field: Some(*field), ..SourceColumn::default() };
    let mut roster = Roster::new(ColumnMap::new(columns.iter().map(column).collect()), 1);
    loop {
        let mut block = BlockBuilder::new();
        let mut count = 0;
        for row in rows.by_ref().take(BLOCK) {
            row.iter().for_each(|cell| block.cell(cell));
            block.end_row(count);
            count += 1;
        }
        if count == 0 {
            return roster;
        }
        roster.append(Arc::new(block.finish(count)));
    }
}
