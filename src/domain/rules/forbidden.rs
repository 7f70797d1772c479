//! Rules about words that a certificate must not carry (P).

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, Verdict, WordsCell, position};
use super::{Detail, Severity};
use crate::domain::profile::Profile;
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    RuleSpec {
        code: "P01",
        name: "forbidden-word",
        severity: Severity::Warning,
        cites: of_the_list,
        reads: &[Field::Occupation, Field::WorkType],
        checks: &[Check::Words(first_word)],
        ..BLANK
    },
    // Such a word in the name of an organisation, which may have been filed so.
    RuleSpec {
        code: "P02",
        name: "forbidden-word-in-name",
        severity: Severity::Notice,
        cites: of_the_list,
        reads: &[Field::Institution, Field::IssuingBody],
        checks: &[Check::Words(first_word)],
        ..BLANK
    },
];

fn of_the_list(profile: &Profile, _: Field, _: Detail) -> &str {
    profile.words.forbidden.as_ref().map_or("", |list| list.clause.as_str())
}

fn first_word(cell: &WordsCell<'_>) -> Verdict {
    let words = &cell.context.profile.words.forbidden.as_ref()?.words;
    let at = words.iter().filter_map(|word| cell.tidy.find(word.as_str())).min()?;
    Some(position(cell.tidy[..at].chars().count()))
}
