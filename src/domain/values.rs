//! The values of a column (取值): how many rows have each, and how many of these have an error there.

pub mod groups;
pub mod places;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use super::batch::Batch;
use super::date;
use super::roster::{CellSource, Roster, RowId};
use super::rules::Severity;
use super::sheet::Field;
use super::text;

/// How many rows are looked at before it is asked again whether to stop.
const STEP: u32 = 0x4000;

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnValue {
    pub text: Arc<str>,
    pub rows: u32,
    /// How many of the rows have an error in the column.
    pub errors: u32,
    /// The first row that has it.
    pub first: RowId,
}

/// Lists the rows with an error in a column, each once.
pub fn wrong_rows(batch: &Batch, column: impl Into<CellSource>) -> Vec<RowId> {
    let Some(field) = column.into().field() else { return Vec::new() };
    let errors = batch.findings().iter().filter(|f| f.field == field && f.severity() == Severity::Error);
    let mut rows: Vec<RowId> = errors.map(|finding| finding.row).collect();
    rows.dedup();
    rows
}

/// In which order values are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueOrder {
    /// Most rows first.
    #[default]
    Rows,
    /// Most errors first.
    Errors,
    Text,
}

/// All values of a column, and which of them each row has.
#[derive(Debug, Clone)]
pub struct ColumnValues {
    pub column: CellSource,
    values: Vec<ColumnValue>,
    /// The place of its value, by row; none for a row that was put aside.
    of_row: Vec<u32>,
    facts: ColumnFacts,
}

/// What a column holds, in numbers. Texts are not among it, for they may be anybody's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnFacts {
    /// The rows with something in the column, and those with nothing.
    pub filled: u32,
    pub blank: u32,
    /// The lengths of the shortest text and the longest, in characters.
    pub lengths: Option<(usize, usize)>,
    /// The first day and the last, where every text is one.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The least number and the greatest as they are written, where every text is one.
    pub numbers: Option<(Arc<str>, Arc<str>)>,
}

impl ColumnFacts {
    fn of(column: CellSource, values: &[ColumnValue]) -> ColumnFacts {
        let is_blank = |value: &&ColumnValue| text::trimmed(&value.text).is_empty();
        let count = |blank: bool| values.iter().filter(|value| is_blank(value) == blank).map(|value| value.rows).sum();
        let mut facts = ColumnFacts { filled: count(false), blank: count(true), ..ColumnFacts::default() };
        let filled = || values.iter().filter(|value| !is_blank(value)).map(|value| &value.text);
        let lengths = || filled().map(|text| text::trimmed(text).chars().count());
        facts.lengths = lengths().min().zip(lengths().max());
        let days: Option<Vec<NaiveDate>> = filled().map(|text| date::read(text).day()).collect();
        let days = days.unwrap_or_default();
        facts.days = days.iter().min().copied().zip(days.iter().max().copied());
        let is_told = |field: Field| !field.is_personal() && !matches!(field, Field::Code | Field::OldCode);
        // What nobody knows the meaning of may be anybody's number.
        let is_number = column.field().is_some_and(is_told) && facts.days.is_none();
        let number = |text: &Arc<str>| {
            let number: f64 = text::trimmed(text).parse().ok()?;
            (number.is_finite() && !text::looks_like_id(text)).then_some(())?;
            Some((number, Arc::clone(text)))
        };
        let numbers: Option<Vec<(f64, Arc<str>)>> = filled().filter(|_| is_number).map(number).collect();
        let numbers = numbers.unwrap_or_default();
        let ordered = |a: &&(f64, Arc<str>), b: &&(f64, Arc<str>)| a.0.total_cmp(&b.0);
        let ends = numbers.iter().min_by(ordered).zip(numbers.iter().max_by(ordered));
        facts.numbers = ends.map(|(least, greatest)| (Arc::clone(&least.1), Arc::clone(&greatest.1)));
        facts
    }
}

impl ColumnValues {
    /// Counts the values of a column, of which some rows are wrong; `None` where `stop` says so on the way.
    pub fn of(
        roster: &Roster,
        column: impl Into<CellSource>,
        wrong: &[RowId],
        stop: &dyn Fn() -> bool,
    ) -> Option<ColumnValues> {
        let column = column.into();
        let mut places: HashMap<&str, u32, RandomState> = HashMap::default();
        let mut values: Vec<ColumnValue> = Vec::new();
        let mut of_row = Vec::with_capacity(roster.len() as usize);
        for (row, text) in column.texts_in(roster, 0..roster.len()) {
            if row % STEP == 0 && stop() {
                return None;
            }
            if roster.is_aside(row) {
                of_row.push(u32::MAX);
                continue;
            }
            let place = *places.entry(text).or_insert_with(|| {
                values.push(ColumnValue { text: text.into(), rows: 0, errors: 0, first: row });
                values.len() as u32 - 1
            });
            values[place as usize].rows += 1;
            of_row.push(place);
        }
        for row in wrong {
            if let Some(place) = of_row.get(*row as usize) {
                values[*place as usize].errors += 1;
            }
        }
        let facts = ColumnFacts::of(column, &values);
        Some(ColumnValues { column, values, of_row, facts })
    }

    /// Gives the column of the form, if it is one.
    pub fn field(&self) -> Option<Field> {
        self.column.field()
    }

    pub fn facts(&self) -> &ColumnFacts {
        &self.facts
    }

    /// Lists the values as they are met first.
    pub fn all(&self) -> &[ColumnValue] {
        &self.values
    }

    /// Gives the places of the values in an order; equals stand by their text.
    pub fn ordered(&self, order: ValueOrder) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.values.len()).collect();
        let value = |place: &usize| &self.values[*place];
        places.sort_by(|a, b| {
            let (a, b) = (value(a), value(b));
            let by = match order {
                ValueOrder::Rows => b.rows.cmp(&a.rows),
                ValueOrder::Errors => (b.errors, b.rows).cmp(&(a.errors, a.rows)),
                ValueOrder::Text => std::cmp::Ordering::Equal,
            };
            by.then_with(|| a.text.cmp(&b.text))
        });
        places
    }

    /// Gives the place of the value that each row has.
    pub fn places(&self) -> &[u32] {
        &self.of_row
    }

    /// Lists the rows that have one of the values at these places.
    pub fn rows_with(&self, places: &[usize]) -> Vec<RowId> {
        let mut wanted = vec![false; self.values.len()];
        places.iter().for_each(|place| wanted[*place] = true);
        let rows = self.of_row.iter().enumerate();
        rows.filter(|(_, place)| wanted.get(**place as usize).is_some_and(|wanted| *wanted))
            .map(|(row, _)| row as RowId)
            .collect()
    }

    /// Finds the place of a text.
    pub fn place_of(&self, text: &str) -> Option<usize> {
        self.values.iter().position(|value| &*value.text == text)
    }
}
