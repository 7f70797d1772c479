//! Repairs: what a cell should become, and whether that may be done without a look.

use super::{CheckContext, Detail, Finding, Fix, RuleId, Safety, clean, codes, institutions, plain};
use crate::domain::code::look_alike;
use crate::domain::date::{self, DateReading};
use crate::domain::identity::{self, IdProblem, IdTypeReading, check_number};
use crate::domain::level::{self, LevelReading};
use crate::domain::profile::IdTypeForm;
use crate::domain::roster::{MarkKind, Roster, RowId};
use crate::domain::sheet::Field;
use crate::domain::text;

/// Proposes a repair for a finding as its cell stands now; `None` where only a person can know.
pub fn fix_of(context: &CheckContext, roster: &Roster, finding: &Finding) -> Option<Fix> {
    let raw = roster.cell(finding.row, finding.field);
    let (to, safety) = match finding.rule {
        RuleId::StrayCharacters | RuleId::FullWidth => (plain::tidy(finding.field, raw).into_owned(), Safety::Safe),
        RuleId::IdSpelling => (clean::id_number(raw).into_owned(), Safety::Safe),
        RuleId::CodeSpelling => (clean::code(raw).into_owned(), Safety::Safe),
        RuleId::NameBlank => {
            let joined = raw.replace(text::is_blank, "");
            // Four characters and more may be two people in one cell.
            let safety = if joined.chars().count() <= 3 { Safety::Safe } else { Safety::Unsafe };
            (joined, safety)
        }
        RuleId::NameSeparator => (plain::with_standard_separator(raw), Safety::Safe),
        RuleId::NameCompatibility => {
            use unicode_normalization::UnicodeNormalization;
            (raw.nfkc().collect(), Safety::Unsafe)
        }
        RuleId::WorkTypeEmpty => (context.profile.empty_work_type.text.clone(), Safety::Unsafe),
        RuleId::WorkTypeDash => (context.profile.empty_work_type.text.clone(), Safety::Safe),
        RuleId::LevelForm | RuleId::LevelShort | RuleId::LevelQualification => level_fix(context, raw)?,
        RuleId::DateForm => date_fix(roster, finding.row, raw)?,
        RuleId::IdTypeSpelling | RuleId::IdTypeUnknown | RuleId::IdTypeMismatch => {
            id_type_fix(context, roster, finding)?
        }
        RuleId::IdFifteen => (identity::eighteen_from_fifteen(&clean::id_number(raw))?, Safety::Unsafe),
        RuleId::CodeCharacter => {
            let regions = |table: &str, code: &str| context.tables.regions.name(table, code);
            (look_alike(&context.profile.layout, &clean::code(raw), &regions)?, Safety::Unsafe)
        }
        RuleId::CodeShortForm => (codes::completed(context, &clean::code(raw))?, Safety::Unsafe),
        RuleId::CodeLevel => match finding.detail {
            Detail::Number(digit) => (level::Level::new(digit as u8)?.written(form_of(raw, context)), Safety::Unsafe),
            _ => return None,
        },
        RuleId::InstitutionName => {
            (institutions::filed_under(context, roster, finding.row)?.1?.to_string(), Safety::Unsafe)
        }
        RuleId::RecordDiffers | RuleId::DateNotStamped => match finding.detail {
            Detail::Certificate(place) => {
                (context.known.at(place)?.holder.cell(finding.field)?.to_string(), Safety::Unsafe)
            }
            _ => return None,
        },
        RuleId::MergedCell => (head_of_merged(roster, finding.row, finding.field)?, Safety::Safe),
        RuleId::WorkTypeDitto => (above(roster, finding.row, finding.field)?, Safety::Unsafe),
        _ => return None,
    };
    (to != raw).then_some(Fix { field: finding.field, to, safety })
}

impl RuleId {
    /// Tells which kinds of fix the rule may offer; nothing where only a person can know.
    pub fn fix_safeties(self) -> &'static [Safety] {
        match self {
            RuleId::StrayCharacters
            | RuleId::FullWidth
            | RuleId::IdSpelling
            | RuleId::CodeSpelling
            | RuleId::NameSeparator
            | RuleId::WorkTypeDash
            | RuleId::LevelForm
            | RuleId::LevelShort
            | RuleId::IdTypeSpelling
            | RuleId::MergedCell => &[Safety::Safe],
            RuleId::DateForm | RuleId::NameBlank => &[Safety::Safe, Safety::Unsafe],
            RuleId::NameCompatibility
            | RuleId::WorkTypeEmpty
            | RuleId::WorkTypeDitto
            | RuleId::LevelQualification
            | RuleId::IdTypeUnknown
            | RuleId::IdTypeMismatch
            | RuleId::IdFifteen
            | RuleId::CodeCharacter
            | RuleId::CodeShortForm
            | RuleId::CodeLevel
            | RuleId::InstitutionName
            | RuleId::RecordDiffers
            | RuleId::DateNotStamped => &[Safety::Unsafe],
            _ => &[],
        }
    }
}

fn level_fix(context: &CheckContext, raw: &str) -> Option<(String, Safety)> {
    let is_upload = context.sheet.id == context.profile.upload_sheet();
    let form = if is_upload { context.profile.output.level } else { level::LevelForm::Grade };
    let written = |l: level::Level| l.written(form);
    match level::read(raw) {
        LevelReading::Other(l) | LevelReading::Short(l) => Some((written(l), Safety::Safe)),
        LevelReading::Qualification(l) => Some((written(l), Safety::Unsafe)),
        _ => None,
    }
}

/// Keeps the way the cell's neighbours write levels: a digit stays a digit, a title a title.
fn form_of(raw: &str, context: &CheckContext) -> level::LevelForm {
    match level::read(raw) {
        LevelReading::Exact(l) => [level::LevelForm::Digit, level::LevelForm::Grade, level::LevelForm::Title]
            .into_iter()
            .find(|form| l.written(*form) == raw)
            .unwrap_or(context.profile.output.level),
        _ => context.profile.output.level,
    }
}

fn date_fix(_roster: &Roster, _row: RowId, raw: &str) -> Option<(String, Safety)> {
    match date::read(raw) {
        DateReading::Other(day) => Some((day.format("%Y-%m-%d").to_string(), Safety::Safe)),
        DateReading::Serial(day) => Some((day.format("%Y-%m-%d").to_string(), Safety::Unsafe)),
        _ => None,
    }
}

fn id_type_fix(context: &CheckContext, roster: &Roster, finding: &Finding) -> Option<(String, Safety)> {
    let types = &context.tables.id_types;
    let raw = roster.cell(finding.row, Field::IdType);
    let written = |i: usize| match context.profile.output.id_type {
        IdTypeForm::Code => types.all()[i].code.clone(),
        IdTypeForm::Name => types.all()[i].name.clone(),
    };
    match (finding.rule, types.read(raw)) {
        (RuleId::IdTypeMismatch, IdTypeReading::Exact(i) | IdTypeReading::Alias(i)) => {
            let number = clean::id_number(roster.cell(finding.row, Field::IdNumber));
            let report = check_number(types.all()[i].reader, &number, &context.tables.divisions, context.today);
            let Some(IdProblem::OtherType(reader)) = report.problem else { return None };
            let meant = types.all().iter().position(|t| t.reader == reader)?;
            Some((written(meant), Safety::Unsafe))
        }
        (_, IdTypeReading::Alias(i)) => Some((written(i), Safety::Safe)),
        (_, IdTypeReading::Unknown(near)) => match near.as_slice() {
            [only] => Some((written(*only), Safety::Unsafe)),
            _ => None,
        },
        _ => None,
    }
}

/// Gives the nearest text above in the same column that is a value of its own.
fn above(roster: &Roster, row: RowId, field: Field) -> Option<String> {
    (0..row)
        .rev()
        .take(10_000)
        .map(|r| roster.cell(r, field))
        .find(|t| !t.trim().is_empty() && !clean::is_ditto(t.trim()))
        .map(String::from)
}

/// Gives the text of the merged range's first cell: the nearest cell above that the importer did not mark as merged.
fn head_of_merged(roster: &Roster, row: RowId, field: Field) -> Option<String> {
    let column = roster.columns.of(field)?;
    let head = (0..row).rev().find(|r| roster.mark(*r, column) != Some(MarkKind::Merged))?;
    let text = roster.cell(head, field);
    (!text.trim().is_empty()).then(|| text.to_string())
}
