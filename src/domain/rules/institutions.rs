//! Rules about the institution: the code's prefix and the name beside it, held against the registry.

use chrono::NaiveDate;

use super::checker::Sink;
use super::{CheckContext, Detail, RuleId, clean, plain};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::date::{self, DateReading};
use crate::domain::registry::Institution;
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;

/// The last prefix, name and day that were compared, and what came of it: in most rosters it is the same for every row.
#[derive(Debug, Clone, Default)]
pub struct FiledMemo {
    prefix: String,
    name: String,
    issued: Option<NaiveDate>,
    found: Vec<(Field, RuleId, Detail)>,
}

/// Compares a code and the name of the institution, which stands in `field`, with the registry. `code` is a whole code in its clean form; without a
/// readable day of issue the name in force counts, and no prefix is too old.
pub fn check(
    context: &CheckContext,
    code: &str,
    (field, name): (Field, &str),
    issued: Option<NaiveDate>,
    memo: &mut FiledMemo,
    sink: &mut Sink<'_>,
) {
    let Some(prefix) = code.get(..PREFIX_LENGTH) else { return };
    if memo.prefix != prefix || memo.name != name || memo.issued != issued {
        let found = found(context, prefix, (field, name), issued);
        *memo = FiledMemo { prefix: prefix.to_string(), name: name.to_string(), issued, found };
    }
    memo.found.iter().for_each(|(field, rule, detail)| sink.push(*field, *rule, *detail));
}

fn found(
    context: &CheckContext,
    prefix: &str,
    (field, name): (Field, &str),
    issued: Option<NaiveDate>,
) -> Vec<(Field, RuleId, Detail)> {
    let registry = &context.tables.registry;
    let mut found = Vec::new();
    let Some(institution) = registry.get(prefix) else {
        // A registry that is about other places says nothing about this one.
        if registry.covers(&context.profile.id) {
            found.push((Field::Code, RuleId::InstitutionUnknown, Detail::None));
        }
        return found;
    };
    if issued.is_some_and(|day| institution.is_retired_before(day)) {
        found.push((Field::Code, RuleId::InstitutionRetired, Detail::None));
    }
    let written = plain::tidy(Field::Institution, name);
    if !written.is_empty()
        && !clean::is_ditto(&written)
        && let Some(at) = name_on(institution, issued).and_then(|filed| first_difference(&written, filed))
    {
        found.push((field, RuleId::InstitutionName, Detail::Position((at + 1).min(255) as u8)));
    }
    found
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
    let institution = context.tables.registry.of_code(&clean::code(roster.cell(row, Field::Code)))?;
    let issued = match date::read(roster.cell(row, Field::IssueDate)) {
        DateReading::Iso(day) | DateReading::Other(day) | DateReading::Serial(day) => Some(day),
        _ => None,
    };
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
