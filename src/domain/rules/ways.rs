//! The way a column is written, where a form lets several stand: a fix writes as the cells around it, so that no column of names
//! gets a code in between. The upload file is written in the profile's own way all the same.

use super::Tables;
use super::memo::FewValues;
use crate::domain::identity::IdTypeReading;
use crate::domain::level::{self, LevelForm, LevelReading};
use crate::domain::profile::IdTypeForm;
use crate::domain::sheet::Field;
use crate::domain::text;

const LEVEL_FORMS: [LevelForm; 3] = [LevelForm::Digit, LevelForm::Grade, LevelForm::Title];
const TYPE_FORMS: [IdTypeForm; 2] = [IdTypeForm::Code, IdTypeForm::Name];

/// The columns that are written in one of several ways.
pub const WAY_FIELDS: [Field; 2] = [Field::Level, Field::IdType];

/// The way each such column is written; `None` where no cell tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColumnWays {
    pub level: Option<LevelForm>,
    pub id_type: Option<IdTypeForm>,
}

/// Whether a cell is right as it stands, and the place of its form in the list of its column.
type CellForm = (bool, usize);

/// How many cells have each form: right ones, and those that can only be read.
type FormCounts = [[u64; LEVEL_FORMS.len()]; 2];

/// How the cells of each such column are written. Counted where their text still is: most of it is let go of a large roster that
/// is only checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WayCounts([FormCounts; WAY_FIELDS.len()]);

impl WayCounts {
    /// Takes the cells of another part of the roster.
    pub fn join(&mut self, other: &WayCounts) {
        let all = self.0.as_flattened_mut().as_flattened_mut().iter_mut();
        all.zip(other.0.as_flattened().as_flattened()).for_each(|(all, new)| *all += new);
    }

    /// Takes a cell in, or out again; one of another column is none of them.
    pub fn put(&mut self, tables: &Tables, field: Field, cell: &str, is_there: bool) {
        let Some(column) = WAY_FIELDS.iter().position(|known| *known == field) else { return };
        let Some((is_right, form)) = form_of(tables, column, cell) else { return };
        let count = &mut self.0[column][usize::from(!is_right)][form];
        *count = if is_there { *count + 1 } else { count.saturating_sub(1) };
    }

    /// Finds the way of each column.
    pub fn ways(&self) -> ColumnWays {
        let [level, id_type] = self.0.map(|counts| usual_form(&counts));
        ColumnWays {
            level: level.and_then(|form| LEVEL_FORMS.get(form).copied()),
            id_type: id_type.and_then(|form| TYPE_FORMS.get(form).copied()),
        }
    }
}

/// Counts the forms of a block's cells; each of the texts of a column is read once.
#[derive(Debug, Default)]
pub(super) struct WayMemo {
    known: [FewValues<Option<CellForm>>; WAY_FIELDS.len()],
    counts: WayCounts,
}

impl WayMemo {
    pub fn new() -> WayMemo {
        WayMemo { known: WAY_FIELDS.map(|_| FewValues::new()), counts: WayCounts::default() }
    }

    /// Takes the cells of a row in these columns.
    pub fn met(&mut self, tables: &Tables, cells: [&[u8]; WAY_FIELDS.len()]) {
        let filled = cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        filled.for_each(|(column, cell)| self.count(tables, column, cell));
    }

    fn count(&mut self, tables: &Tables, column: usize, cell: &[u8]) {
        let form = self.known[column].known(cell).copied().unwrap_or_else(|key| {
            let form = form_of(tables, column, super::checker::text(cell));
            self.known[column].remember(key, cell, form);
            form
        });
        if let Some((is_right, form)) = form {
            self.counts.0[column][usize::from(!is_right)][form] += 1;
        }
    }

    /// Gives what was counted since it was last asked for.
    pub fn take(&mut self) -> WayCounts {
        std::mem::take(&mut self.counts)
    }
}

/// Gives the form that more than half of the right cells have; where none is right, of those that can be read. Without such a form
/// the column is written in no way.
fn usual_form(counts: &FormCounts) -> Option<usize> {
    let counts = counts.iter().find(|counts| counts.iter().any(|n| *n != 0))?;
    let all: u64 = counts.iter().sum();
    counts.iter().position(|n| all < 2 * n)
}

/// Tells how a cell of a column, by its place in [`WAY_FIELDS`], is written.
fn form_of(tables: &Tables, column: usize, cell: &str) -> Option<CellForm> {
    if WAY_FIELDS[column] == Field::Level {
        let (is_right, form) = form_of_level(cell)?;
        return Some((is_right, LEVEL_FORMS.iter().position(|known| *known == form)?));
    }
    let is_right = match tables.id_types.read(cell) {
        IdTypeReading::Exact(_) => true,
        IdTypeReading::Alias(_) => false,
        IdTypeReading::Unknown(_) => return None,
    };
    Some((is_right, TYPE_FORMS.iter().position(|known| *known == form_of_type(cell))?))
}

/// Tells whether a cell is a level in a form that may stand, and which form that is or comes nearest.
fn form_of_level(cell: &str) -> Option<(bool, LevelForm)> {
    let reading = level::read(cell);
    let level = reading.level()?;
    if let LevelReading::Exact(_) = reading {
        return level.form_of(cell).map(|form| (true, form));
    }
    let is_grade = level.written(LevelForm::Grade).chars().any(|c| cell.contains(c));
    let form = match () {
        () if ["技师", "高级", "中级", "初级"].iter().any(|title| cell.contains(title)) => LevelForm::Title,
        () if is_grade => LevelForm::Grade,
        () => LevelForm::Digit,
    };
    Some((false, form))
}

fn form_of_type(cell: &str) -> IdTypeForm {
    if cell.contains(text::is_han) { IdTypeForm::Name } else { IdTypeForm::Code }
}
