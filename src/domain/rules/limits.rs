//! Rules about how much may stand in a cell (R): something, and not too much.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, Placeholder, when};
use super::id_numbers::own_number;
use super::repair::Repair;
use super::{Detail, Severity};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // A required cell is empty.
    RuleSpec {
        code: "R01",
        name: "required",
        severity: Severity::Error,
        reads: &Field::ALL,
        // An empty work type has a rule of its own.
        checks: &[Check::Gap(|field, gap| when(gap == Placeholder::Empty && field != Field::WorkType))],
        ..BLANK
    },
    // More characters than the upload takes.
    RuleSpec {
        code: "R02",
        name: "too-long",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[
            Check::Words(|cell| too_long(cell.column.max, cell.tidy.chars().count())),
            Check::IdNumber(|cell| {
                let found = if cell.is_rounded { None } else { too_long(cell.column.max, cell.length) };
                found.map(|length| (Field::IdNumber, length))
            }),
        ],
        repair: Some(Repair::Unsafe {
            because: "What stands around the number may say that it is another's.",
            to: |cell| if cell.field == Field::IdNumber { own_number(cell) } else { None },
        }),
        ..BLANK
    },
    // More characters than the upload may take when 汉字 count as two.
    RuleSpec {
        code: "R03",
        name: "too-wide",
        severity: Severity::Warning,
        clause: "X-24",
        reads: &Field::ALL,
        checks: &[Check::Words(|cell| {
            let max = cell.column.max;
            // Bytes are never fewer than what 汉字 count.
            if cell.tidy.len() <= max || max < cell.tidy.chars().count() {
                return None;
            }
            too_long(max, text::gbk_width(cell.tidy))
        })],
        ..BLANK
    },
    // A word that a program or a template writes where there is no value.
    RuleSpec {
        code: "R04",
        name: "no-value",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[Check::Gap(|_, gap| when(gap == Placeholder::Nothing))],
        repair: Some(Repair::Unsafe {
            because: "There may be a work type that was forgotten.",
            to: |cell| (cell.field == Field::WorkType).then(|| cell.context.profile.empty_work_type.text.clone()),
        }),
        ..BLANK
    },
    // Several numbers, codes, days or types, of which nobody but a person can tell the right one.
    RuleSpec {
        code: "R05",
        name: "several-in-cell",
        severity: Severity::Error,
        reads: &[Field::IdType, Field::IdNumber, Field::Code, Field::IssueDate, Field::OldCode, Field::OldIdNumber],
        checks: &[Check::Gap(|_, gap| when(gap == Placeholder::Several))],
        ..BLANK
    },
];

fn too_long(max: usize, length: usize) -> Option<Detail> {
    (max < length).then_some(Detail::Number(length as u32))
}
