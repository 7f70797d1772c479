//! Rules about 证书编号 (C): its 22 positions, and its agreement with the level and the issue date.

use chrono::Datelike;

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, position, when};
use super::code_parts::{CodePart, PartReading};
use super::repair::{Broken, Repair};
use super::{CheckContext, Detail, Safety, Severity, clean};
use crate::domain::code::{CODE_LENGTH, SegmentReader, decode, look_alike};
use crate::domain::date;
use crate::domain::level::{self, Level, LevelForm};
use crate::domain::profile::Profile;
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // The code does not have 22 characters.
    RuleSpec {
        code: "C01",
        name: "code-length",
        severity: Severity::Error,
        clause: "GS-40",
        reads: CODE,
        checks: &[Check::Code(|cell| {
            let is_wrong = cell.length != CODE_LENGTH && !cell.is_short_form;
            is_wrong.then_some(Detail::Number(cell.length as u32))
        })],
        repair: Some(Repair::Unsafe {
            because: "What stands around the code may say that it is another's.",
            to: |cell| clean::code_within(cell.raw),
        }),
        ..BLANK
    },
    // A character cannot stand at its position.
    RuleSpec {
        code: "C02",
        name: "code-character",
        severity: Severity::Error,
        clause: "X-03",
        reads: CODE,
        checks: &[
            Check::CodePart(|code| match code.part {
                PartReading::Character(at) => Some((Field::Code, position(at))),
                _ => None,
            }),
            // A Cyrillic Ѕ for S is named as the character it is.
            Check::Code(|cell| {
                let other = cell.code.chars().position(|c| !c.is_ascii());
                other.filter(|_| cell.length == CODE_LENGTH).map(position)
            }),
        ],
        repair: Some(Repair::Unsafe {
            because: "A character that looks alike may not be the one that was meant.",
            to: meant_by_look,
        }),
        ..BLANK
    },
    // A segment has a value the notice does not allow.
    RuleSpec {
        code: "C03",
        name: "code-segment",
        severity: Severity::Error,
        reads: CODE,
        checks: &[Check::CodePart(|code| {
            let is_wrong = matches!(
                code.part,
                PartReading::OtherValue
                    | PartReading::Level(None)
                    | PartReading::UnknownRegion { is_closed: true }
                    | PartReading::Serial { is_outside: true }
            );
            is_wrong.then(|| in_segment(code))
        })],
        repair: Some(Repair::Unsafe {
            because: "A character that looks alike may not be the one that was meant.",
            to: meant_by_look,
        }),
        ..BLANK
    },
    // The region is in no printed table.
    RuleSpec {
        code: "C04",
        name: "code-region",
        severity: Severity::Warning,
        reads: CODE,
        checks: &[Check::CodePart(|code| {
            matches!(code.part, PartReading::UnknownRegion { is_closed: false }).then(|| in_segment(code))
        })],
        ..BLANK
    },
    // The year in the code is not that of the issue date.
    RuleSpec {
        code: "C05",
        name: "code-year",
        severity: Severity::Error,
        clause: "GS-23",
        cites: |profile, _, _| of_segment(profile, |reader| matches!(reader, SegmentReader::Year)),
        reads: &[Field::Code, Field::IssueDate],
        checks: &[Check::CodePart(|code| {
            let issued = code.issued?.year();
            year(code).filter(|year| *year != issued).map(|_| (Field::Code, Detail::Number(issued as u32)))
        })],
        repair: Some(Repair::Unsafe {
            because: "The date may be wrong instead of the code, and a code that is printed stays as it is.",
            to: with_year_of_issue,
        }),
        ..BLANK
    },
    // The level in the code is not that of the level column.
    RuleSpec {
        code: "C06",
        name: "code-level",
        severity: Severity::Error,
        clause: "GS-24",
        cites: |profile, _, _| of_segment(profile, |reader| matches!(reader, SegmentReader::Level)),
        reads: &[Field::Code, Field::Level],
        checks: &[Check::CodePart(|code| match code.part {
            PartReading::Level(Some(in_code)) if code.level.is_some_and(|level| level != in_code) => {
                Some((Field::Level, Detail::Number(u32::from(in_code.digit()))))
            }
            _ => None,
        })],
        repair: Some(Repair::Unsafe {
            because: "The code may be wrong instead of the level.",
            to: |cell| match cell.detail {
                Detail::Number(digit) => Some(Level::new(digit as u8)?.written(form_of(cell.raw, cell.context))),
                _ => None,
            },
        }),
        ..BLANK
    },
    // The year in the code is before the rule or after today.
    RuleSpec {
        code: "C07",
        name: "code-year-range",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.year.clause,
        reads: CODE,
        checks: &[Check::CodePart(|code| year(code).filter(|year| !is_in_range(code, *year)).map(numbered))],
        ..BLANK
    },
    // The year in the code is before the kind of certificate existed.
    RuleSpec {
        code: "C08",
        name: "code-year-early",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.year.clause,
        reads: CODE,
        checks: &[Check::CodePart(|code| {
            let usual = code.context.profile.year.usual;
            year(code).filter(|year| is_in_range(code, *year) && *year < usual).map(numbered)
        })],
        ..BLANK
    },
    // The code is typed in lower case, full width or with blanks.
    RuleSpec {
        code: "C09",
        name: "code-spelling",
        severity: Severity::Error,
        clause: "X-20",
        reads: CODE,
        // A day is no code, however it is written.
        checks: &[Check::Code(|cell| when(cell.code != cell.raw && date::read(cell.raw).day().is_none()))],
        repair: Some(Repair::Either {
            because: "Width, case and blanks tell no two codes apart; a label or a remark may.",
            to: |cell| {
                let cleaned = clean::code(cell.raw).into_owned();
                if let Some(code) = clean::code_within(cell.raw).filter(|code| *code != cleaned) {
                    return Some((code, Safety::Unsafe));
                }
                // Without the blank two codes, or a code and a remark, would be one text.
                let is_one = cleaned.chars().count() <= CODE_LENGTH && !cleaned.contains(text::is_han);
                is_one.then_some((cleaned, Safety::Safe))
            },
        }),
        ..BLANK
    },
    // The serial lies beyond the range the notice prints.
    RuleSpec {
        code: "C10",
        name: "code-serial-unusual",
        severity: Severity::Warning,
        reads: CODE,
        checks: &[Check::CodePart(|code| {
            matches!(code.part, PartReading::Serial { is_outside: false }).then(|| in_segment(code))
        })],
        ..BLANK
    },
    // The number is in no range the notice assigns.
    RuleSpec {
        code: "C11",
        name: "code-range-unassigned",
        severity: Severity::Warning,
        reads: CODE,
        checks: &[Check::CodePart(|code| matches!(code.part, PartReading::Number(None)).then(|| in_segment(code)))],
        ..BLANK
    },
    // The first letter and the range of the institution's number belong to different kinds of institution.
    RuleSpec {
        code: "C12",
        name: "code-category",
        severity: Severity::Warning,
        clause: "X-15",
        cites: |profile, _, detail| match detail {
            Detail::Segment(i) => profile.layout.segments().get(usize::from(i)).map_or("", |s| match &s.reader {
                SegmentReader::Ranges { category_clause, .. } => category_clause,
                _ => "",
            }),
            _ => "",
        },
        reads: CODE,
        checks: &[Check::CodePart(|code| match code.part {
            PartReading::Number(Some(category)) if !code.code.starts_with(category) => Some(in_segment(code)),
            _ => None,
        })],
        ..BLANK
    },
    // A competition code under a rule for ordinary ones.
    RuleSpec {
        code: "C13",
        name: "code-other-kind",
        severity: Severity::Error,
        clause: "X-02",
        reads: CODE,
        checks: &[Check::CodePart(|code| {
            matches!(code.part, PartReading::CompetitionMark).then_some((Field::Code, Detail::None))
        })],
        ..BLANK
    },
    // The shorter form of a code that the notice's own samples have.
    RuleSpec {
        code: "C14",
        name: "code-short-form",
        severity: Severity::Error,
        cites: |profile, _, _| profile.short_forms.first().map_or("", |form| form.clause.as_str()),
        reads: CODE,
        checks: &[Check::Code(|cell| when(cell.is_short_form))],
        repair: Some(Repair::Unsafe {
            because: "What the short form leaves out is only supposed.",
            to: |cell| completed(cell.context, &clean::code(cell.raw)),
        }),
        ..BLANK
    },
];

const CODE: &[Field] = &[Field::Code];

/// Puts the year that the finding names into the code.
fn with_year_of_issue(cell: &Broken<'_>) -> Option<String> {
    let Detail::Number(issued) = cell.detail else { return None };
    let code = clean::code(cell.raw);
    let (_, year) = cell.context.profile.layout.find(|reader| matches!(reader, SegmentReader::Year))?;
    let (before, after) = (code.get(..year.range().start)?, code.get(year.range().end..)?);
    Some(format!("{before}{:02}{after}", issued % 100))
}

/// Gives the code with other characters for those that look like them.
fn meant_by_look(cell: &Broken<'_>) -> Option<String> {
    let regions = |table: &str, code: &str| cell.context.tables.regions.name(table, code);
    look_alike(&cell.context.profile.layout, &clean::code(cell.raw), &regions)
}

fn in_segment(code: &CodePart<'_>) -> (Field, Detail) {
    (Field::Code, Detail::Segment(code.segment))
}

fn year(code: &CodePart<'_>) -> Option<i32> {
    match code.part {
        PartReading::Year(year) => Some(year),
        _ => None,
    }
}

fn numbered(year: i32) -> (Field, Detail) {
    (Field::Code, Detail::Number(year as u32))
}

fn is_in_range(code: &CodePart<'_>, year: i32) -> bool {
    (code.context.profile.year.first..=code.context.today.year()).contains(&year)
}

fn of_segment(profile: &Profile, wanted: impl Fn(&SegmentReader) -> bool) -> &str {
    profile.layout.find(wanted).map_or("", |(_, segment)| segment.clause.as_str())
}

/// Completes a code in a shorter form that the notice's own samples have; `None` unless the result reads completely.
pub(super) fn completed(context: &CheckContext, code: &str) -> Option<String> {
    let regions = |table: &str, code: &str| context.tables.regions.name(table, code);
    let forms = context.profile.short_forms.iter();
    forms.filter_map(|form| form.completed(code)).find(|c| decode(&context.profile.layout, c, &regions).complete())
}

/// Keeps the way the cell writes levels, where that may stand: a digit stays a digit, a title a title.
fn form_of(raw: &str, context: &CheckContext) -> LevelForm {
    let own = level::read(raw).level().and_then(|level| level.form_of(raw));
    own.unwrap_or_else(|| context.level_form())
}
