//! A form filled: plain cells with places.

use std::borrow::Cow;
use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::{Form, FormCell, FormRow, Look};
use crate::domain::fact::FactType;
use crate::domain::wrap::wrap;

/// The size in which a column is as wide as it says, in points.
const OWN_POINTS: f64 = 11.0;
/// What of a cell is left for the text beside its edges: spreadsheet programs measure letters differently.
const ROOM: f64 = 0.93;

/// What is known of one row of a list.
pub type FormRecord = BTreeMap<&'static str, String>;

/// What a form is filled with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormValues {
    pub values: BTreeMap<String, String>,
    pub lists: BTreeMap<&'static str, Vec<FormRecord>>,
}

impl FormValues {
    /// Gives a value; an empty text where there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_string(), value.into());
    }
}

/// A cell with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledCell {
    /// From 0.
    pub row: usize,
    pub column: usize,
    /// How many rows and columns it takes.
    pub rows: usize,
    pub columns: usize,
    pub text: String,
    pub look: Look,
    /// The size of its letters, in points.
    pub points: u16,
    /// Its font; that of official papers where nothing is said.
    pub font: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilledRow {
    /// How many lines it is high.
    pub lines: u16,
    /// The size of its largest letters, in points.
    pub points: u16,
    pub is_header: bool,
    pub begins_page: bool,
}

/// A form with everything in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    pub widths: Vec<f64>,
    pub rows: Vec<FilledRow>,
    /// Row by row.
    pub cells: Vec<FilledCell>,
}

/// Why a form cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormFault {
    /// A text that is too long for its box: what it is called, the record's number where it is of a list, and about how many
    /// 汉字 there is room for.
    TooLong { label: String, record: Option<usize>, most: usize, found: usize },
}

impl Form {
    /// Fills the form; a field without a value leaves its place blank, for whoever fills it in by hand.
    pub fn fill(&self, values: &FormValues) -> Result<Filled, FormFault> {
        let widths = self.layout.widths.clone();
        let mut filled = Filled { rows: Vec::new(), cells: Vec::new(), widths };
        // Up to which row a column is taken by a cell from above.
        let mut taken = vec![0; filled.widths.len()];
        let (no_record, no_list, nothing) = (FormRecord::new(), Vec::new(), FormValues::default());
        for row in &self.layout.rows {
            if row.each.is_empty() {
                self.put_row(&mut filled, &mut taken, (row, None), (values, &no_record))?;
                continue;
            }
            let list = values.lists.get(row.each.as_str()).unwrap_or(&no_list);
            for at in 0..list.len().max(row.least) {
                // A row that is left to be filled in by hand says nothing of its thing either.
                let known = list.get(at).map_or((&nothing, &no_record), |record| (values, record));
                self.put_row(&mut filled, &mut taken, (row, Some(at + 1)), known)?;
            }
        }
        Ok(filled)
    }

    fn put_row(
        &self,
        filled: &mut Filled,
        taken: &mut [usize],
        (row, number): (&FormRow, Option<usize>),
        (values, record): (&FormValues, &FormRecord),
    ) -> Result<(), FormFault> {
        let at = filled.rows.len();
        let mut lines = row.lines;
        let mut column = 0;
        let mut points = 0.0_f64;
        for cell in &row.cells {
            while taken.get(column).is_some_and(|until| at < *until) {
                column += 1;
            }
            let text = cell.template.filled(|name, is_iso| self.written((name, is_iso), number, (values, record)));
            let own_points = cell.points.map_or(cell.look.points(), f64::from);
            points = points.max(own_points);
            let room = filled.room((column, cell.span), own_points);
            let needed = lines_of(&text, room).len() as u16;
            let most = if cell.rows == 1 { row.most.max(row.lines) } else { u16::MAX };
            if most < needed {
                return Err(self.too_long(cell, number, (values, record), room * usize::from(most) / 2));
            }
            if cell.rows == 1 {
                lines = lines.max(needed);
            }
            let place = FilledCell {
                row: at,
                column,
                rows: cell.rows,
                columns: cell.span,
                text,
                look: cell.look,
                points: own_points as u16,
                font: cell.font.clone(),
            };
            filled.cells.push(place);
            taken[column..column + cell.span].fill(at + cell.rows);
            column += cell.span;
        }
        let points = points.max(OWN_POINTS).ceil() as u16;
        filled.rows.push(FilledRow { lines, points, is_header: row.header, begins_page: row.page });
        // A cell over several rows that ends here may need more than those have.
        let ends = |cell: &FilledCell| 1 < cell.rows && cell.row + cell.rows == at + 1;
        let more = filled.cells.iter().rev().take_while(|cell| at < cell.row + 64).filter(|cell| ends(cell));
        let short = more.map(|cell| {
            let needed =
                lines_of(&cell.text, filled.room((cell.column, cell.columns), cell.points.into())).len() as u16;
            let there = filled.rows[cell.row..].iter().map(|row| row.lines).sum::<u16>();
            needed.saturating_sub(there)
        });
        let short = short.max().unwrap_or_default();
        if let Some(last) = filled.rows.last_mut() {
            last.lines += short;
        }
        Ok(())
    }

    /// Gives a value as it stands on paper.
    fn written<'a>(
        &self,
        (name, is_iso): (&str, bool),
        number: Option<usize>,
        (values, record): (&'a FormValues, &'a FormRecord),
    ) -> Cow<'a, str> {
        if let (Some(number), "n") = (number, name) {
            return Cow::Owned(number.to_string());
        }
        let value = record.get(name).map_or_else(|| values.value(name), String::as_str);
        match self.field(name).map(|field| field.kind) {
            Some(FactType::Date) if !is_iso => Cow::Owned(written_day(value)),
            _ => Cow::Borrowed(value),
        }
    }

    /// Says which value of a cell is too long: the longest of them.
    fn too_long(
        &self,
        cell: &FormCell,
        record: Option<usize>,
        (values, of_record): (&FormValues, &FormRecord),
        most: usize,
    ) -> FormFault {
        let length = |name: &&str| self.written((name, false), record, (values, of_record)).chars().count();
        let longest = cell.template.places().max_by_key(length).unwrap_or_default();
        let own = self.field(longest).map(|field| field.label.clone());
        let label = own.unwrap_or_else(|| longest.to_string());
        FormFault::TooLong { label, record, most, found: length(&longest) }
    }
}

impl Filled {
    /// Gives how many columns of a terminal the text of a cell may take in one line.
    fn room(&self, (column, span): (usize, usize), points: f64) -> usize {
        let width = self.widths[column..column + span].iter().sum::<f64>() - 1.0;
        ((width * ROOM * OWN_POINTS / points) as usize).max(2)
    }

    /// Lists the rows that stand again on every page: the first of them and the last.
    pub fn headers(&self) -> Option<(usize, usize)> {
        let first = self.rows.iter().position(|row| row.is_header)?;
        let count = self.rows[first..].iter().take_while(|row| row.is_header).count();
        Some((first, first + count - 1))
    }
}

/// Breaks what stands in a cell into lines of so many columns.
pub(super) fn lines_of(text: &str, room: usize) -> Vec<String> {
    let broken = |line: &str| if line.width() <= room { vec![line.to_string()] } else { wrap(line, room) };
    text.split('\n').flat_map(broken).collect()
}

/// Writes a day as forms have it; without one there is room to write it in.
fn written_day(iso: &str) -> String {
    let mut parts = iso.split('-').map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{year}年{month}月{day}日"),
        _ if iso.is_empty() => "　　年　　月　　日".to_string(),
        _ => iso.to_string(),
    }
}
