//! Rules about a column as a whole (V): a cell that says nearly what most others say, or is empty where the others agree.
//!
//! They need every row. [`UsualTexts`] is made of the different texts of a column with their counts, of which there are few;
//! which rows have them, the batch knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::catalogue::{BLANK, RuleSpec};
use super::checks::Check;
use super::repair::{Broken, Repair};
use super::{Detail, Severity};
use crate::domain::sheet::Field;
use crate::domain::spelling::{Letters, Spellings};

/// The columns that are looked at: those in which the same text stands in many rows.
pub const WATCHED: [Field; 5] =
    [Field::Employer, Field::Occupation, Field::WorkType, Field::Institution, Field::IssuingBody];

/// A text is the usual one from this many rows on.
const USUAL: usize = 5;

/// Another spelling is met at most once in so many rows of the usual one.
const RARE: usize = 4;

pub(super) const RULES: &[RuleSpec] = &[
    // The cell differs from the usual text of the column only in how it is written.
    RuleSpec {
        code: "V01",
        name: "unusual-spelling",
        severity: Severity::Notice,
        reads: &WATCHED,
        checks: &[Check::Usual(Unusual::Spelling)],
        repair: Some(Repair::Unsafe {
            because: "Two bodies may have names that differ by so little.",
            to: |cell| Some(usual_of(cell)?.text.to_string()),
        }),
        ..BLANK
    },
    // The cell is empty where all others agree.
    RuleSpec {
        code: "V02",
        name: "gap-among-equals",
        severity: Severity::Notice,
        reads: &WATCHED,
        checks: &[Check::Usual(Unusual::Gap)],
        repair: Some(Repair::Unsafe {
            because: "The row may be the exception.",
            to: |cell| Some(usual_of(cell)?.text.to_string()),
        }),
        ..BLANK
    },
];

/// How a cell is unlike the others of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusual {
    Spelling,
    Gap,
}

/// What most cells of a column say, or of those that say nearly the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsualText {
    pub field: Field,
    pub text: Arc<str>,
    /// In how many rows it stands.
    pub rows: usize,
    /// The other ways to write it, each with its rows.
    pub others: Vec<(Arc<str>, usize)>,
    /// Whether cells without a text are gaps.
    pub has_gaps: bool,
}

/// The usual texts of a roster's columns.
pub type UsualTexts = Vec<UsualText>;

fn usual_of<'a>(cell: &Broken<'a>) -> Option<&'a UsualText> {
    match cell.detail {
        Detail::Usual(place) => cell.context.usual.get(place as usize),
        _ => None,
    }
}

/// Finds the usual texts of a column and their other spellings. `texts` are the different texts, each with how many rows have
/// it; the empty one is among them.
pub fn usual_texts(field: Field, texts: &[(Arc<str>, usize)], spellings: &Spellings) -> UsualTexts {
    let empty = texts.iter().find(|(text, _)| text.is_empty()).map_or(0, |(_, rows)| *rows);
    if texts.iter().all(|(_, rows)| *rows < USUAL) {
        return Vec::new();
    }
    // Signs and words for nothing have rules of their own.
    let mut said: Vec<(&(Arc<str>, usize), Letters)> =
        texts.iter().map(|one| (one, spellings.letters(&one.0))).filter(|(_, l)| l.says_something()).collect();
    said.sort_by(|(a, _), (b, _)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let rows: usize = said.iter().map(|((_, rows), _)| rows).sum();
    let Some(((top, top_rows), top_letters)) = said.first().filter(|((_, n), _)| USUAL <= *n).cloned() else {
        return Vec::new();
    };
    let mut found: UsualTexts = Vec::new();
    let mut by_core: HashMap<Vec<char>, usize> = HashMap::new();
    // What most of the column says is told from a slip by less than one name among many others.
    let top_is_most = rows < 2 * top_rows;
    for ((text, count), letters) in said {
        let core = spellings.core(&letters).as_slice().to_vec();
        let place = by_core.get(&core).copied().or_else(|| {
            let is_slip = top_is_most && text != top && spellings.is_slip(&top_letters, &letters);
            is_slip.then_some(0)
        });
        match place {
            Some(place) if count * RARE <= found[place].rows => found[place].others.push((Arc::clone(text), *count)),
            Some(_) => {}
            None if USUAL <= *count => {
                by_core.insert(core, found.len());
                let text = Arc::clone(text);
                found.push(UsualText { field, text, rows: *count, others: Vec::new(), has_gaps: false });
            }
            None => {}
        }
    }
    if let Some(first) = found.first_mut() {
        let alike = first.rows + first.others.iter().map(|(_, rows)| rows).sum::<usize>();
        // Work types may be missing, and the profile has a sign for that.
        first.has_gaps =
            field != Field::WorkType && 0 < empty && empty * RARE <= first.rows && (rows - alike) * 20 <= rows;
    }
    found.retain(|usual| usual.has_gaps || !usual.others.is_empty());
    found
}
