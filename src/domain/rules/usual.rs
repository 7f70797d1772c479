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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[(&str, usize)]) -> UsualTexts {
        let texts: Vec<(Arc<str>, usize)> = texts.iter().map(|(text, rows)| (Arc::from(*text), *rows)).collect();
        usual_texts(Field::Employer, &texts, crate::data::spellings())
    }

    #[test]
    fn spellings_of_one_name_are_found_and_names_of_two_are_not() {
        let usual = "天水麦积技工学校";
        for other in [
            "天水市麦积技工学校",
            "天水麦积技工学校（本部）",
            "天水麦积技校",
            "甘肃天水麦积技工学校",
            "天水麦积(技工)学校",
            "天水麦积继工学校",
        ] {
            let found = found(&[(usual, 7), (other, 1)]);
            assert_eq!(found.len(), 1, "{other}");
            assert_eq!((&*found[0].text, &*found[0].others[0].0), (usual, other));
        }
        for other in ["天水秦州技工学校", "天水麦积第二技工学校", "天水麦积东技工学校", "兰州大学", "--", "同", ""]
        {
            let found = found(&[(usual, 7), (other, 1)]);
            assert!(found.iter().all(|usual| usual.others.is_empty()), "{other}: {found:?}");
        }
        for (a, b) in [
            ("第六届样例技能大赛组委会", "第6届样例技能大赛组委会"),
            ("第十届样例技能大赛组委会", "第10届样例技能大赛组委会"),
            ("第二十一届样例技能大赛组委会", "第21届样例技能大赛组委会"),
        ] {
            assert_eq!(found(&[(a, 580), ("别的单位", 900), (b, 1)]).len(), 1, "{b}");
        }
        assert_eq!(found(&[("第六届样例技能大赛组委会", 9), ("第七届样例技能大赛组委会", 1)]), []);
    }

    #[test]
    fn a_name_among_many_others_is_compared_more_strictly() {
        let many = [("兰州大学", 20), ("天水师范学院", 30), ("兰州理工大学", 2), ("兰州市（大学）", 2)];
        let found = found(&many);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].others, [(Arc::from("兰州市（大学）"), 2)]);
    }

    #[test]
    fn two_spellings_of_the_same_weight_are_left_alone() {
        assert_eq!(found(&[("兰州市第一中学", 40), ("兰州第一中学", 30)]), []);
        assert_eq!(found(&[("兰州市第一中学", 4), ("兰州第一中学", 1)]), []);
    }

    #[test]
    fn a_gap_is_one_where_the_others_agree() {
        assert!(found(&[("天水麦积技工学校", 119), ("", 1)])[0].has_gaps);
        assert_eq!(found(&[("天水麦积技工学校", 60), ("兰州大学", 59), ("", 1)]), []);
        assert_eq!(found(&[("天水麦积技工学校", 6), ("", 6)]), []);
    }
}
