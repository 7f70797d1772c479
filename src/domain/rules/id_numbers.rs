//! Rules about 证件类型 and 证件号码 (D).

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, NumberCell, Placed, RowFacts, when};
use super::repair::{Broken, Repair};
use super::{CheckContext, Detail, Safety, Severity, clean, sex};
use crate::domain::date;
use crate::domain::identity::{self, IdProblem, IdReader, IdTypeReading, check_number};
use crate::domain::profile::IdTypeForm;
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // The ID type is not in the table.
    RuleSpec {
        code: "D01",
        name: "id-type-unknown",
        severity: Severity::Error,
        clause: "GS-32",
        reads: &[Field::IdType],
        checks: &[Check::IdType(|reading| when(matches!(reading, IdTypeReading::Unknown(_))))],
        repair: Some(Repair::Unsafe {
            because: "Only one type comes near, but another may be meant.",
            to: |cell| match cell.context.tables.id_types.read(cell.raw) {
                // Of several the number does not choose: it may be the wrong one.
                IdTypeReading::Unknown(near) if near.len() == 1 => {
                    let meant = types_meant(cell.context, cell.roster, cell.row, near);
                    meant.first().map(|only| written(cell, *only))
                }
                _ => None,
            },
        }),
        ..BLANK
    },
    // The ID type is written in another way.
    RuleSpec {
        code: "D02",
        name: "id-type-spelling",
        severity: Severity::Error,
        clause: "GS-31",
        reads: &[Field::IdType],
        checks: &[Check::IdType(|reading| when(matches!(reading, IdTypeReading::Alias(_))))],
        repair: Some(Repair::Safe {
            because: "The spelling can mean only this type.",
            to: |cell| match cell.context.tables.id_types.read(cell.raw) {
                IdTypeReading::Alias(i) => Some(written(cell, i)),
                _ => None,
            },
        }),
        ..BLANK
    },
    // The ID number cannot belong to the ID type.
    RuleSpec {
        code: "D03",
        name: "id-shape",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::Shape => here(Detail::Number(cell.length as u32)),
            _ => None,
        })],
        repair: Some(Repair::Unsafe {
            because: "What stands around the number may say that it is another's.",
            to: own_number,
        }),
        ..BLANK
    },
    // The ID number has an unusual shape for its type.
    RuleSpec {
        code: "D04",
        name: "id-unusual",
        severity: Severity::Warning,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::Unusual => here(Detail::None),
            _ => None,
        })],
        ..BLANK
    },
    // The check digit is wrong.
    RuleSpec {
        code: "D05",
        name: "id-check-digit",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::CheckDigit(right) => here(Detail::Expected(right)),
            _ => None,
        })],
        ..BLANK
    },
    // The birth date in the number does not exist or lies in the future.
    RuleSpec {
        code: "D06",
        name: "id-birth-date",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::BirthDate => here(Detail::None),
            _ => None,
        })],
        ..BLANK
    },
    // The number's first six digits are and were no division.
    RuleSpec {
        code: "D07",
        name: "id-area",
        severity: Severity::Warning,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| here(Detail::Number(cell.report.as_ref()?.unknown_area?)))],
        ..BLANK
    },
    // A spreadsheet turned the number into a rounded one.
    RuleSpec {
        code: "D08",
        name: "id-digits-lost",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| if cell.is_rounded { here(Detail::None) } else { None })],
        ..BLANK
    },
    // A 15-digit number of the first card generation.
    RuleSpec {
        code: "D09",
        name: "id-fifteen",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::Fifteen => here(Detail::None),
            _ => None,
        })],
        repair: Some(Repair::Unsafe {
            because: "The century is supposed.",
            to: |cell| identity::eighteen_from_fifteen(&clean::id_number(cell.raw)),
        }),
        ..BLANK
    },
    // The number belongs to another ID type.
    RuleSpec {
        code: "D10",
        name: "id-type-mismatch",
        severity: Severity::Error,
        clause: "GS-32",
        reads: &[Field::IdType, Field::IdNumber],
        checks: &[Check::IdNumber(|cell| match problem(cell)? {
            IdProblem::OtherType(_) => Some((Field::IdType, Detail::None)),
            _ => None,
        })],
        repair: Some(Repair::Unsafe { because: "The number may be wrong instead of the type.", to: type_of_number }),
        ..BLANK
    },
    // The person would have been under 16 or over 75 on the issue date.
    RuleSpec {
        code: "D11",
        name: "id-age",
        severity: Severity::Warning,
        reads: &[Field::IdNumber, Field::IssueDate],
        checks: &[Check::Row(
            |_| true,
            |row| {
                let age = date::years_between(row.birth?, row.issued?);
                if (16..=75).contains(&age) { None } else { here(Detail::Number(u32::try_from(age).unwrap_or(0))) }
            },
        )],
        ..BLANK
    },
    // The number is typed in lower case, full width, or with blanks and hyphens.
    RuleSpec {
        code: "D12",
        name: "id-spelling",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::IdNumber(
            |cell| {
                if !cell.is_rounded && cell.number != cell.raw { here(Detail::None) } else { None }
            },
        )],
        repair: Some(Repair::Either {
            because: "Width, case, blanks and hyphens tell no two numbers apart; a label, a remark or the hyphens of a free number may.",
            to: |cell| {
                let cleaned = clean::id_number(cell.raw).into_owned();
                if let Some(number) = own_number(cell).filter(|number| *number != cleaned) {
                    return Some((number, Safety::Unsafe));
                }
                let most = cell.context.sheet.column(cell.field)?.max;
                // Without the blank two numbers, or a number and a remark, would be one text.
                let is_one = cleaned.chars().count() <= most
                    && !cleaned.contains(text::is_han)
                    && !clean::has_two_documents(cell.raw);
                // What numbers nobody sets the form of, signs may tell apart.
                let id_type = cell.roster.cell(cell.row, Field::IdType);
                let is_free = match cell.context.tables.id_types.read(id_type) {
                    IdTypeReading::Exact(at) | IdTypeReading::Alias(at) => {
                        cell.context.tables.id_types.all()[at].reader == IdReader::Other
                    }
                    IdTypeReading::Unknown(_) => false,
                };
                let has_signs = cell.raw.contains(clean::is_hyphen);
                is_one.then_some((cleaned, if is_free && has_signs { Safety::Unsafe } else { Safety::Safe }))
            },
        }),
        ..BLANK
    },
    // The number is of another sex than a column beside it says (SC-22).
    RuleSpec {
        code: "D13",
        name: "id-sex",
        severity: Severity::Error,
        reads: NUMBER,
        checks: &[Check::Row(|context| context.sheet.column(Field::Sex).is_none(), of_another_sex)],
        ..BLANK
    },
];

/// Tells of a number whose 17th digit is another sex than the column beside it says.
fn of_another_sex(row: &RowFacts<'_>) -> Placed {
    row.birth?;
    let (written, said) = row.context.tables.sexes.said(row.sex)?;
    let of_number = sex::of_number(row.cell(Field::IdNumber)?.as_bytes())?;
    if said == of_number { None } else { here(Detail::Expected(written)) }
}

const NUMBER: &[Field] = &[Field::IdNumber];

#[allow(clippy::unnecessary_wraps, reason = "it is what a check gives")]
fn here(detail: Detail) -> Placed {
    Some((Field::IdNumber, detail))
}

/// Leaves of the ID types that may be meant those to which the row's number can belong.
pub fn types_meant(context: &CheckContext, roster: &Roster, row: RowId, mut near: Vec<usize>) -> Vec<usize> {
    let number = clean::id_number(roster.cell(row, Field::IdNumber));
    near.retain(|i| {
        let reader = context.tables.id_types.all()[*i].reader;
        number.is_empty() || identity::may_belong(reader, &number, &context.tables.divisions, context.today)
    });
    near
}

fn problem(cell: &NumberCell<'_>) -> Option<IdProblem> {
    cell.report.as_ref()?.problem
}

fn written(cell: &Broken<'_>, id_type: usize) -> String {
    let id_type = &cell.context.tables.id_types.all()[id_type];
    match cell.context.id_type_form() {
        IdTypeForm::Code => id_type.code.clone(),
        IdTypeForm::Name => id_type.name.clone(),
    }
}

/// Gives the ID type that the number belongs to.
fn type_of_number(cell: &Broken<'_>) -> Option<String> {
    let types = &cell.context.tables.id_types;
    let (IdTypeReading::Exact(i) | IdTypeReading::Alias(i)) = types.read(cell.raw) else { return None };
    let number = clean::id_number(cell.roster.cell(cell.row, Field::IdNumber));
    let report = check_number(types.all()[i].reader, &number, &cell.context.tables.divisions, cell.context.today);
    let Some(IdProblem::OtherType(reader)) = report.problem else { return None };
    types.all().iter().position(|t| t.reader == reader).map(|meant| written(cell, meant))
}

/// Gives the number in a cell that holds more, unless the cell says that it is somebody else's.
pub(super) fn own_number(cell: &Broken<'_>) -> Option<String> {
    let is_anothers = cell.context.tables.leftovers.is_about_another(cell.raw);
    clean::number_within(cell.raw).filter(|_| !is_anothers)
}
