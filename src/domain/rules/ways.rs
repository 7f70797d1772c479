//! The way a column is written, where a form lets several stand: a fix writes as the cells around it, so that no column of names
//! gets a code in between. The upload file is written in the profile's own way all the same.

use super::Tables;
use crate::domain::identity::IdTypeReading;
use crate::domain::level::{self, LevelForm, LevelReading};
use crate::domain::profile::IdTypeForm;
use crate::domain::text;

/// The way each such column is written; `None` where no cell tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColumnWays {
    pub level: Option<LevelForm>,
    pub id_type: Option<IdTypeForm>,
}

impl ColumnWays {
    /// Finds the ways of two columns in their cells.
    pub fn of<'a>(
        tables: &Tables,
        levels: impl Iterator<Item = &'a str>,
        id_types: impl Iterator<Item = &'a str>,
    ) -> ColumnWays {
        let of_type = |cell: &str| match tables.id_types.read(cell) {
            IdTypeReading::Exact(_) => Some((true, form_of_type(cell))),
            IdTypeReading::Alias(_) => Some((false, form_of_type(cell))),
            IdTypeReading::Unknown(_) => None,
        };
        ColumnWays {
            level: usual_form(levels.filter_map(form_of_level), [LevelForm::Digit, LevelForm::Grade, LevelForm::Title]),
            id_type: usual_form(id_types.filter_map(of_type), [IdTypeForm::Code, IdTypeForm::Name]),
        }
    }
}

/// Gives the form that more than half of the right cells have; where none is right, of those that can be read. Without such a form
/// the column is written in no way.
fn usual_form<F: Copy + PartialEq, const N: usize>(cells: impl Iterator<Item = (bool, F)>, forms: [F; N]) -> Option<F> {
    let mut counts = [[0_usize; N]; 2];
    for (is_right, form) in cells {
        if let Some(place) = forms.iter().position(|known| *known == form) {
            counts[usize::from(!is_right)][place] += 1;
        }
    }
    let counts = counts.iter().find(|counts| counts.iter().any(|n| *n != 0))?;
    let all: usize = counts.iter().sum();
    forms.iter().zip(counts).find(|(_, n)| all < 2 * **n).map(|(form, _)| *form)
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
