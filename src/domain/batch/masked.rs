//! How cells are shown masked (打码): by what their column holds, those of a row that has moved by what they may be themselves, and
//! names of people wherever they stand.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Batch;
use crate::domain::masked_change::{ShownChange, masked_change, masked_change_by};
use crate::domain::roster::{CellSource, Roster, RowId};
use crate::domain::rules::{CheckContext, Finding, RuleId, Tables};
use crate::domain::sheet::{Field, SheetSpec, has_form_of_name};
use crate::domain::text;

/// How the texts of a column are masked where they are told without their rows: what only rows that have moved hold there is
/// masked as theirs.
#[derive(Debug, Clone)]
pub struct ColumnMask {
    /// Nothing for a column that the form does not have.
    field: Option<Field>,
    shown_as: ShownAs,
    tables: Arc<Tables>,
    /// What rows that have moved hold, and how many of them.
    moved: HashMap<Box<str>, u32, RandomState>,
    /// The names that stand there and do not belong there, likewise.
    names: HashMap<Box<str>, u32, RandomState>,
    /// What holds the name of its row's person beside something else, likewise, with that name.
    joined: HashMap<Box<str>, (u32, Box<str>), RandomState>,
}

/// As what the texts of a column are masked.
#[derive(Debug, Clone)]
enum ShownAs {
    /// As cells of this column.
    Field(Field),
    /// As nobody knows what they are, under such a label.
    Anything(Arc<SheetSpec>, String),
}

impl ShownAs {
    fn masked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            ShownAs::Field(field) => in_place(*field, text),
            ShownAs::Anything(form, label) => form.masked_sample(label, text),
        }
    }
}

impl Batch {
    /// Tells whether cells of a row stand beside where they belong, or crosswise.
    pub fn has_moved(&self, row: RowId) -> bool {
        self.have_some_moved() && self.findings.of_row(row).iter().any(is_moved)
    }

    fn have_some_moved(&self) -> bool {
        MOVED.iter().any(|rule| self.findings.count_of(*rule) != 0)
    }

    /// Lists such rows. Of a roster without any not every finding is looked at.
    pub fn moved_rows(&self) -> impl Iterator<Item = RowId> + '_ {
        let findings = self.have_some_moved().then(|| self.findings.iter()).into_iter().flatten();
        findings.filter(|finding| is_moved(finding)).map(|finding| finding.row)
    }

    /// Masks what a cell of a column of the form holds. Those of a row that has moved hold what belongs to others: a name may
    /// stand in any.
    pub fn masked<'a>(&self, row: RowId, field: Field, value: &'a str) -> Cow<'a, str> {
        if self.has_moved(row) {
            of_moved_row(self.context().tables(), Some(field), value)
        } else {
            masked_cell(self.context(), &self.roster, (row, field), value)
        }
    }

    /// Tells whether a text of a column is the name of a person that does not belong there.
    pub fn is_stray_name(&self, row: RowId, field: Field, value: &str) -> bool {
        self.context().sheet().is_stray_name(field, value, self.roster.cell(row, Field::Name))
    }

    /// Tells whether a text of a column holds the name of its row's person beside something else.
    pub fn holds_name(&self, row: RowId, field: Field, value: &str) -> bool {
        name_within(self.context().sheet(), &self.roster, (row, field), value).is_some()
    }

    /// Masks what a cell of a column that the form does not have holds, given by its place in the source.
    pub fn masked_aside<'a>(&self, row: RowId, column: usize, value: &'a str) -> Cow<'a, str> {
        if self.has_moved(row) {
            return of_moved_row(self.context().tables(), None, value);
        }
        if has_form_of_name(value) && value.trim() == self.roster.cell(row, Field::Name).trim() {
            return text::masked_name(value).into();
        }
        let label = self.roster.columns.source.get(column).map_or("", |column| column.label.as_str());
        self.context().sheet().masked_sample(label, value)
    }

    /// Gives both texts of such a cell masked, as two versions of a roster have it.
    pub fn masked_change_aside(&self, row: RowId, column: usize, [before, after]: [&str; 2]) -> ShownChange {
        masked_change_by(|text| self.masked_aside(row, column, text).into_owned(), before, after)
    }

    /// Gives both texts of a change of a cell masked, as [`masked_change`] does.
    pub fn masked_change(&self, row: RowId, field: Field, [before, after]: [&str; 2]) -> ShownChange {
        masked_change_by(|text| self.masked(row, field, text).into_owned(), before, after)
    }

    /// Gives how the texts of a column are masked where they are told without their rows.
    pub fn column_mask(&self, column: impl Into<CellSource>) -> ColumnMask {
        let column = column.into();
        let mut moved: HashMap<Box<str>, u32, RandomState> = HashMap::default();
        for row in self.moved_rows() {
            *moved.entry(column.text(&self.roster, row).into()).or_default() += 1;
        }
        let shown_as = match column {
            CellSource::Field(field) => ShownAs::Field(self.roster.columns.masked_as(field)),
            CellSource::Aside(at) => {
                let label = self.roster.columns.source.get(at).map_or("", |column| column.label.as_str());
                ShownAs::Anything(Arc::clone(self.context().sheet()), label.to_string())
            }
        };
        let (names, joined) = match (column, &shown_as) {
            (CellSource::Field(_), ShownAs::Field(as_cells)) if as_cells.is_personal() => Default::default(),
            (CellSource::Field(field), _) => (self.stray_names(field), self.joined_names(field)),
            (CellSource::Aside(at), _) => (self.names_aside(at), HashMap::default()),
        };
        ColumnMask {
            field: column.field(),
            shown_as,
            tables: Arc::clone(self.context().tables()),
            moved,
            names,
            joined,
        }
    }

    /// Lists the names of their rows' people that stand in a column that the form does not have.
    fn names_aside(&self, column: usize) -> HashMap<Box<str>, u32, RandomState> {
        let texts = CellSource::Aside(column).texts_in(&self.roster, 0..self.roster.len());
        let own = texts
            .filter(|(row, text)| has_form_of_name(text) && text.trim() == self.roster.cell(*row, Field::Name).trim());
        own.map(|(_, text)| (text.into(), u32::MAX)).collect()
    }

    /// Counts the names of people that stand in a column and do not belong there.
    fn stray_names(&self, field: Field) -> HashMap<Box<str>, u32, RandomState> {
        let mut names: HashMap<Box<str>, u32, RandomState> = HashMap::default();
        let mut strays = StrayNames::of(self.context().sheet(), &self.roster, field);
        for (row, text) in self.roster.column(field) {
            let count = strays.count(row, text);
            if count != 0 {
                let names = names.entry(text.into()).or_default();
                *names = names.saturating_add(count);
            }
        }
        names
    }

    /// Counts the texts of a column that hold the name of their row's person beside something else.
    fn joined_names(&self, field: Field) -> HashMap<Box<str>, (u32, Box<str>), RandomState> {
        let mut joined: HashMap<Box<str>, (u32, Box<str>), RandomState> = HashMap::default();
        for (row, text) in self.roster.column(field) {
            if let Some(name) = name_within(self.context().sheet(), &self.roster, (row, field), text) {
                joined.entry(text.into()).or_insert_with(|| (0, name.into())).0 += 1;
            }
        }
        joined
    }
}

/// Looks for names in a column of another kind: each different text is looked at once, and of the rows those alone that may
/// have one.
pub(in crate::domain) struct StrayNames<'a> {
    form: &'a SheetSpec,
    roster: &'a Roster,
    field: Field,
    looked_at: HashMap<&'a str, bool, RandomState>,
}

impl<'a> StrayNames<'a> {
    pub fn of(form: &'a SheetSpec, roster: &'a Roster, field: Field) -> StrayNames<'a> {
        StrayNames { form, roster, field, looked_at: HashMap::default() }
    }

    /// Counts a cell that has one: for one row, or for all where it is the row's own name. A place may be taken for a name beside
    /// some people, but what one of them is called is a name in every row.
    pub fn count(&mut self, row: RowId, text: &'a str) -> u32 {
        let may_be = || !text.is_empty() && has_form_of_name(text);
        if !*self.looked_at.entry(text).or_insert_with(may_be) {
            return 0;
        }
        let own = self.roster.cell(row, Field::Name);
        if self.form.is_own_name(self.field, text, own) {
            return u32::MAX;
        }
        u32::from(self.form.is_stray_name(self.field, text, own))
    }
}

impl ColumnMask {
    /// Tells whether it is of a column of the form.
    pub fn is_of(&self, field: Field) -> bool {
        self.field == Some(field)
    }

    /// Masks a text that so many rows have, of which all may have moved; 0 where nobody knows how many.
    pub fn shown<'a>(&self, text: &'a str, rows: u32) -> Cow<'a, str> {
        if self.is_of_moved(text, rows) {
            of_moved_row(&self.tables, self.field, text)
        } else if self.is_name(text, rows) {
            text::masked_name(text).into()
        } else if let Some(name) = self.name_within(text, rows) {
            without(name, &self.shown_as.masked(text)).into()
        } else {
            self.shown_as.masked(text)
        }
    }

    /// Gives both texts of a change masked, as [`masked_change`] does; so many rows have the first.
    pub fn change(&self, before: &str, after: &str, rows: u32) -> ShownChange {
        if self.is_of_moved(before, rows) {
            masked_change_by(|text| of_moved_row(&self.tables, self.field, text).into_owned(), before, after)
        } else if self.is_name(before, rows) || self.is_name_somewhere(after) {
            masked_change(Field::Name, before, after)
        } else if let Some(name) = self.name_within(before, rows) {
            masked_change_by(|text| without(name, &self.shown_as.masked(text)), before, after)
        } else {
            match &self.shown_as {
                ShownAs::Field(field) => masked_change(*field, before, after),
                anything @ ShownAs::Anything(..) => {
                    masked_change_by(|text| anything.masked(text).into_owned(), before, after)
                }
            }
        }
    }

    fn is_of_moved(&self, text: &str, rows: u32) -> bool {
        self.moved.get(text).is_some_and(|moved| rows <= *moved)
    }

    fn name_within(&self, text: &str, rows: u32) -> Option<&str> {
        self.joined.get(text).filter(|(joined, _)| rows <= *joined).map(|(_, name)| &**name)
    }

    /// Tells whether a text that cells become is a name in any row that has it already: how many these are nobody asks then.
    fn is_name_somewhere(&self, text: &str) -> bool {
        self.names.contains_key(text)
    }

    fn is_name(&self, text: &str, rows: u32) -> bool {
        self.names.get(text).is_some_and(|names| rows <= *names)
    }
}

/// What is found of such rows.
const MOVED: [RuleId; 2] = [RuleId::RowMoved, RuleId::CellsCrosswise];

fn is_moved(finding: &Finding) -> bool {
    MOVED.contains(&finding.rule)
}

/// Masks what a cell of a row that has moved holds.
pub fn of_moved_row<'a>(tables: &Tables, field: Option<Field>, value: &'a str) -> Cow<'a, str> {
    if value.is_empty() || tables.id_types.knows(value.trim()) {
        return value.into();
    }
    tables.row_words.masked_aside(field, value).into()
}

/// Masks what a cell of a row in which nothing has moved holds.
pub fn masked_cell<'a>(
    context: &CheckContext,
    roster: &Roster,
    (row, field): (RowId, Field),
    value: &'a str,
) -> Cow<'a, str> {
    if context.sheet().is_stray_name(field, value, roster.cell(row, Field::Name)) {
        return text::masked_name(value).into();
    }
    let shown = in_place(roster.columns.masked_as(field), value);
    match name_within(context.sheet(), roster, (row, field), value) {
        Some(name) => without(name, &shown).into(),
        None => shown,
    }
}

/// Finds the name of a row's person, as it is or as it came, within a text of another column.
fn name_within<'a>(form: &SheetSpec, roster: &'a Roster, (row, field): (RowId, Field), text: &str) -> Option<&'a str> {
    if text.is_ascii() || field.is_personal() {
        return None;
    }
    let names = [roster.cell(row, Field::Name), roster.imported(row, Field::Name)].map(str::trim);
    names.into_iter().find(|name| form.holds_name(field, text, name))
}

/// Masks a name wherever it stands in a text; its blanks stay, so that the text keeps its length.
fn without(name: &str, text: &str) -> String {
    let masked = text::masked_name(name);
    let mut letters = masked.chars();
    let is_left_out = |c: char| text::is_control(c) || text::is_blank(c);
    let masked: String = name.chars().map(|c| if is_left_out(c) { c } else { letters.next().unwrap_or('*') }).collect();
    text.replace(name, &masked)
}

fn in_place(field: Field, value: &str) -> Cow<'_, str> {
    if field.masks(value) { field.masked(value).into() } else { value.into() }
}
