//! Rows whose cells stand a column or two beside where they belong: an ID number under 姓名, and everything behind it further. And rows
//! that have cells behind the last column.
//!
//! They are known by cells that have a look of their own and stand one column from where they are due, never by what a row
//! lacks. What stands where its column says that it is due, as an old number beside the new one, has not moved. Nearly every row has its number and its code in their columns, and is not looked at.

use super::{Checker, RowCells, Sink, text};
use crate::domain::code::CODE_LENGTH;
use crate::domain::level;
use crate::domain::rules::checks::ImportNote;
use crate::domain::rules::{CheckContext, names};
use crate::domain::sheet::{ColumnMap, Field, Looks, SheetSpec};
use crate::domain::text::looks_like_id;

/// Of these one at least has to stand beside its column; a level or a type may stand anywhere.
const SURE: [Field; 3] = [Field::IdNumber, Field::Code, Field::IssueDate];
/// So many cells beside their columns are no accident.
const LEAST: usize = 2;

/// How far a row's cells stand from where they belong, and from which column on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// So many columns to the right; to the left where it is less than 0.
    pub by: i8,
    /// The source column of the first such cell.
    pub column: usize,
    /// The first column that does not hold what is due in it.
    pub from: usize,
}

/// The columns whose cells have a look of their own, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct PlacedColumns {
    columns: Vec<(usize, Field)>,
    /// Those of them that tell at once that a row is in place.
    sure: Vec<Field>,
    /// Columns with the fields like which their own cells look.
    alike: Vec<(usize, Vec<Field>)>,
}

impl PlacedColumns {
    pub fn new(sheet: &SheetSpec, columns: &ColumnMap) -> PlacedColumns {
        let has_look = |field: &Field| {
            SURE.contains(field) || matches!(field, Field::IdType | Field::Level | Field::Name | Field::Employer)
        };
        let all = &columns.source;
        let placed = all.iter().enumerate();
        let columns: Vec<_> = placed.filter_map(|(at, column)| Some((at, column.field.filter(has_look)?))).collect();
        let sure = columns.iter().map(|(_, field)| *field).filter(|field| SURE.contains(field)).collect();
        let alike = all.iter().enumerate().map(|(at, column)| (at, sheet.own_looks(column)));
        let alike = alike.filter(|(_, fields)| !fields.is_empty()).collect();
        PlacedColumns { columns, sure, alike }
    }

    fn is_own(&self, at: usize, field: Field) -> bool {
        self.alike.iter().any(|(column, fields)| *column == at && fields.contains(&field))
    }

    /// Finds out whether a row has moved. `cell` gives what stands in a source column now, nothing behind the last one.
    pub fn moved<'b>(
        &self,
        context: &CheckContext,
        row: &RowCells<'b>,
        cell: impl Fn(usize) -> &'b [u8],
    ) -> Option<Moved> {
        if self.sure.iter().all(|field| is_in_place_at_once(*field, row[field.index()])) {
            return None;
        }
        [1, -1, 2, -2].into_iter().find_map(|by| self.moved_by(context, by, &cell))
    }

    fn moved_by<'b>(&self, context: &CheckContext, by: i8, cell: &impl Fn(usize) -> &'b [u8]) -> Option<Moved> {
        let beside = |at: usize| at.checked_add_signed(by.into());
        let is_in_place = |(at, field): &(usize, Field)| looks(context, *field, cell(*at));
        let is_beside = |(at, field): &(usize, Field)| {
            beside(*at).is_some_and(|to| !self.is_own(to, *field) && looks(context, *field, cell(to)))
                && !looks(context, *field, cell(*at))
        };
        if !self.columns.iter().filter(|(_, field)| SURE.contains(field)).any(is_beside) {
            return None;
        }
        let tells = |(_, field): &&(usize, Field)| !matches!(field, Field::Name | Field::Employer);
        let telling = || self.columns.iter().filter(tells);
        let first = telling().find(|place| is_beside(place))?.0;
        let behind = || telling().filter(|(at, _)| first <= *at);
        if behind().filter(|place| is_beside(place)).count() < LEAST || behind().any(is_in_place) {
            return None;
        }
        // The cells between the last one that is in place and the first one that is not may be either.
        let last = telling().filter(|place| place.0 < first && is_in_place(place)).map(|(at, _)| *at).next_back();
        let open = last.map_or(0, |at| at + 1);
        let also = self.columns.iter().filter(|(at, _)| (open..first).contains(at)).find(|place| is_beside(place));
        let first = also.map_or(first, |(at, _)| *at);
        let column = beside(first)?;
        if by < 0 {
            return Some(Moved { by, column, from: column });
        }
        // What is blank there is the gap that moved the others.
        let gap = (open..column).rev().find(|at| cell(*at).trim_ascii().is_empty());
        let from = |gap: usize| (gap + 1).saturating_sub(column - first).max(open);
        Some(gap.map_or(Moved { by, column, from: first }, |at| Moved { by, column: at + 1, from: from(at) }))
    }
}

impl Checker {
    /// Finds that a row has cells behind the last column.
    pub(super) fn row_too_wide<'b>(&self, width: usize, cell: impl Fn(usize) -> &'b [u8], sink: &mut Sink<'_>) {
        let all = self.columns.source.len();
        let is_filled = |c: usize| !cell(c).is_ascii() || cell(c).iter().any(u8::is_ascii_graphic);
        let beyond = self.beyond.iter().rposition(|c| is_filled(*c)).map_or(0, |last| last + 1);
        if beyond != 0 || (all..width).any(is_filled) {
            let last = self.context.sheet.fields.last().copied().unwrap_or(Field::Name);
            let width = if beyond == 0 { width } else { all - self.beyond.len() + beyond };
            self.judges.noted(last, ImportNote::Surplus(width), sink);
        }
    }

    /// Finds out whether a row has moved, by its cells as they are now; `source` gives those of columns without a field.
    pub(super) fn moved<'b>(&self, cells: &RowCells<'b>, source: impl Fn(usize) -> &'b [u8]) -> Option<Moved> {
        let field = |c: usize| self.columns.source.get(c).and_then(|column| column.field);
        self.placed.moved(&self.context, cells, |c| field(c).map_or_else(|| source(c), |field| cells[field.index()]))
    }

    /// Tells of a row that has moved, where its first such cell stands; what stands behind is not judged, for it is no column's.
    pub(super) fn row_moved(&self, moved: Moved, void: &mut [bool; Field::COUNT], sink: &mut Sink<'_>) {
        let fields = self.columns.source.iter().enumerate().filter_map(|(at, column)| Some((at, column.field?)));
        let mut place = None;
        for (at, field) in fields.filter(|(at, _)| moved.from <= *at) {
            void[field.index()] = true;
            place = place.filter(|(before, _)| moved.column <= *before).or(Some((at, field)));
        }
        if let Some((_, field)) = place {
            self.judges.noted(field, ImportNote::Moved(moved), sink);
        }
    }
}

/// Tells quickly whether a cell is what is due in its column, for nearly all are.
fn is_in_place_at_once(field: Field, cell: &[u8]) -> bool {
    match field {
        Field::IdNumber => cell.len() == 18 && cell.first_chunk::<17>().is_some_and(are_digits),
        Field::Code => cell.len() == CODE_LENGTH && cell[1..].first_chunk::<10>().is_some_and(are_digits),
        _ => cell.len() == 10 && cell.first_chunk::<4>().is_some_and(are_digits) && cell[4] == b'-',
    }
}

/// Looks at all of them at once: asking one after the other takes longer.
fn are_digits<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(true, |all, byte| all & byte.is_ascii_digit())
}

/// Tells whether a cell looks as those of a field do.
fn looks(context: &CheckContext, field: Field, cell: &[u8]) -> bool {
    // Most of what stands beside such columns has no digits at all.
    let least = match field {
        Field::IdNumber | Field::Code => 15,
        Field::IssueDate => 6,
        _ => 0,
    };
    if cell.len() < least || cell.iter().filter(|b| b.is_ascii_digit()).count() < least {
        return false;
    }
    let written = text(cell).trim();
    let types = &context.tables.id_types;
    let is = |looks: Looks| Looks::of_cell(written, types) == Some(looks);
    match field {
        _ if written.is_empty() => false,
        Field::IdNumber => looks_like_id(written),
        Field::Code => is(Looks::Code),
        Field::IssueDate => is(Looks::Date),
        Field::IdType => types.knows(written),
        Field::Level => level::read(written).level().is_some(),
        Field::Employer => {
            let endings = &context.profile.words.employer_endings;
            12 <= written.len() && endings.iter().any(|ending| written.ends_with(ending.as_str()))
        }
        _ => names::is_plain_han_name(cell) && cell.len() <= 12,
    }
}
