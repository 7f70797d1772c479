//! Rules about columns whose values a form lists (G): sex, class of a contest, award.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, when};
use super::{Detail, Severity};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // The sex is not that of the 17th digit of a sound ID number (SC-22).
    RuleSpec {
        code: "G01",
        name: "sex-disagrees",
        severity: Severity::Error,
        reads: &[Field::Sex, Field::IdNumber],
        checks: &[Check::Row(
            |context| context.sheet.column(Field::Sex).is_some(),
            |row| {
                row.birth?;
                let sex = row.cell(Field::Sex).filter(|sex| ["男", "女"].contains(sex))?;
                let number = row.cell(Field::IdNumber)?.as_bytes();
                let digit = number.get(16).filter(|b| b.is_ascii_digit() && number.len() == 18)?;
                let of_number = if digit % 2 == 1 { "男" } else { "女" };
                (sex != of_number).then_some((Field::Sex, Detail::None))
            },
        )],
        ..BLANK
    },
    // The value is none of the form's.
    RuleSpec {
        code: "G02",
        name: "value-unlisted",
        severity: Severity::Error,
        reads: &[Field::Sex, Field::ContestClass],
        checks: &[Check::Words(|cell| {
            let values = &cell.column.values;
            when(!values.is_empty() && !values.iter().any(|v| v == cell.tidy))
        })],
        ..BLANK
    },
    // The award is not a medal or prize with a rank.
    RuleSpec {
        code: "G03",
        name: "award-form",
        severity: Severity::Warning,
        reads: &[Field::Award],
        checks: &[Check::Words(|cell| when(!is_award(cell.tidy)))],
        ..BLANK
    },
];

/// Tells whether an award is a medal or prize and a rank: 金奖/第一名 (SC-24).
fn is_award(value: &str) -> bool {
    let half: String = value.chars().map(text::half_width).collect();
    half.split_once('/').is_some_and(|(prize, rank)| {
        prize.ends_with('奖') && rank.starts_with('第') && rank.ends_with('名') && 3 <= rank.chars().count()
    })
}
