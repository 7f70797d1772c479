//! Rules about the institution (I): the code's prefix and the name beside it, held against the registry.

use chrono::NaiveDate;

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, position};
use super::repair::Repair;
use super::{CheckContext, Detail, Severity, clean};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::registry::Institution;
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The institution's name is not the one that was filed for the day.
    RuleSpec {
        code: "I01",
        name: "institution-name",
        severity: Severity::Error,
        clause: "GD-20",
        cites: |profile, _, _| &profile.words.scope_clause,
        reads: &[Field::Code, Field::IssueDate, Field::Institution, Field::IssuingBody],
        checks: &[Check::Registry(has_registry, |row| {
            row.filed.differs_at.map(|at| (row.context.sheet.institution_field(), position(at)))
        })],
        repair: Some(Repair::Unsafe {
            because: "The code or the day may be wrong instead of the name.",
            to: |cell| filed_under(cell.context, cell.roster, cell.row)?.1.map(String::from),
        }),
        ..BLANK
    },
    // The code's prefix is none that was filed.
    RuleSpec {
        code: "I02",
        name: "institution-unknown",
        severity: Severity::Warning,
        reads: &[Field::Code],
        checks: &[Check::Registry(has_registry, |row| row.filed.is_unknown.then_some((Field::Code, Detail::None)))],
        ..BLANK
    },
    // The code's prefix was retired before the day.
    RuleSpec {
        code: "I03",
        name: "institution-retired",
        severity: Severity::Error,
        clause: "BJ-50",
        reads: &[Field::Code, Field::IssueDate],
        checks: &[Check::Registry(has_registry, |row| row.filed.is_retired.then_some((Field::Code, Detail::None)))],
        ..BLANK
    },
    // The institution puts things right, and nothing of it is filed meanwhile.
    RuleSpec {
        code: "I04",
        name: "institution-rectifying",
        severity: Severity::Warning,
        clause: "BJ-70",
        reads: &[Field::Code],
        checks: &[Check::Registry(has_registry, |row| row.filed.is_rectifying.then_some((Field::Code, Detail::None)))],
        ..BLANK
    },
];

/// Tells whether there are institutions to compare with.
pub(super) fn has_registry(context: &CheckContext) -> bool {
    !context.tables.registry.is_empty()
}

/// What the registry says of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowFiling {
    is_unknown: bool,
    is_retired: bool,
    is_rectifying: bool,
    /// The first character of the name, counted from 0, that is not as it was filed.
    differs_at: Option<usize>,
}

/// The last prefix, name and day that were compared, and what came of it: in most rosters it is the same for every row.
#[derive(Debug, Clone, Default)]
pub(super) struct FiledMemo {
    prefix: String,
    name: String,
    issued: Option<NaiveDate>,
    filed: RowFiling,
}

/// Compares a code and the name of the institution with the registry. `code` is a whole code in its clean form; without a
/// readable day of issue the name in force counts, and no prefix is too old.
pub(super) fn filed(
    context: &CheckContext,
    code: &str,
    name: &str,
    issued: Option<NaiveDate>,
    memo: &mut FiledMemo,
) -> RowFiling {
    let Some(prefix) = code.get(..PREFIX_LENGTH) else { return RowFiling::default() };
    if memo.prefix != prefix || memo.name != name || memo.issued != issued {
        let filed = compared(context, prefix, name, issued);
        *memo = FiledMemo { prefix: prefix.to_string(), name: name.to_string(), issued, filed };
    }
    memo.filed
}

fn compared(context: &CheckContext, prefix: &str, name: &str, issued: Option<NaiveDate>) -> RowFiling {
    let registry = &context.tables.registry;
    if context.profile.layout.is_shared(prefix) {
        // Whoever is registered under it is one of several: the name belongs to the batch.
        return RowFiling::default();
    }
    let Some(institution) = registry.get(prefix) else {
        // A registry that is about other places says nothing about this one.
        return RowFiling { is_unknown: registry.covers(&context.profile.id), ..RowFiling::default() };
    };
    let written = clean::words(Field::Institution, name);
    let named = Some(&*written).filter(|written| !written.is_empty() && !clean::is_ditto(written));
    RowFiling {
        is_unknown: false,
        is_rectifying: registry.rectification(prefix).is_some(),
        is_retired: issued.is_some_and(|day| institution.is_retired_before(day)),
        differs_at: named.and_then(|written| first_difference(written, name_on(institution, issued)?)),
    }
}

/// Gives the filed name that counts: of the day, or the one in force where there is no day.
fn name_on(institution: &Institution, issued: Option<NaiveDate>) -> Option<&str> {
    issued.map_or(Some(institution.name()), |day| institution.name_on(day))
}

/// Gives the place of the first character, counted from 0, in which two texts differ.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    (a != b).then(|| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count())
}

/// Finds the institution of a row by its code, and the name it should carry.
pub fn filed_under<'a>(
    context: &'a CheckContext,
    roster: &Roster,
    row: RowId,
) -> Option<(&'a Institution, Option<&'a str>)> {
    let code = clean::code(roster.cell(row, Field::Code));
    let institution = context.owner_of(&code)?;
    let issued = context.date(roster.cell(row, Field::IssueDate)).day();
    Some((institution, name_on(institution, issued)))
}

/// Cuts two texts into what they have in common at the beginning, what differs, and what they have in common at the end.
pub fn difference<'a>(a: &'a str, b: &'a str) -> [[&'a str; 3]; 2] {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let head: usize = a.chars().zip(b.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (rest_a, rest_b) = (&a[head..], &b[head..]);
    let tail: usize = rest_a.chars().rev().zip(rest_b.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let cut = |text: &'a str| [&text[..head], &text[head..text.len() - tail], &text[text.len() - tail..]];
    [cut(a), cut(b)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_are_cut_where_they_differ() {
        for (a, b, cut_a, cut_b) in [
            ("样例技能学校", "样例技工学校", ["样例技", "能", "学校"], ["样例技", "工", "学校"]),
            ("样例学校", "样例学校（东校区）", ["样例学校", "", ""], ["样例学校", "（东校区）", ""]),
            ("甲", "", ["", "甲", ""], ["", "", ""]),
            ("学校学校", "学校", ["学校", "学校", ""], ["学校", "", ""]),
            ("a", "a", ["a", "", ""], ["a", "", ""]),
        ] {
            assert_eq!(difference(a, b), [cut_a, cut_b], "{a} {b}");
            assert_eq!(first_difference(a, b), (a != b).then(|| cut_a[0].chars().count()), "{a} {b}");
        }
    }
}
