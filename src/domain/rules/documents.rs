//! Rules about ID types, ID numbers, levels and dates: one cell read by a table or a calendar.

use chrono::{Datelike, NaiveDate, Weekday};

use super::checker::Sink;
use super::{CheckContext, Detail, RuleId, clean};
use crate::domain::date::{self, DateReading};
use crate::domain::identity::{self, IdProblem, IdReader, IdTypeReading, check_number};
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::sheet::{Column, Field};
use crate::domain::text;

/// Checks 证件类型; gives the number format that goes with it.
pub fn id_type(context: &CheckContext, raw: &str, sink: &mut Sink<'_>) -> Option<IdReader> {
    let types = &context.tables.id_types;
    match types.read(raw) {
        IdTypeReading::Exact(i) => Some(types.all()[i].reader),
        IdTypeReading::Alias(i) => {
            sink.add(Field::IdType, RuleId::IdTypeSpelling);
            Some(types.all()[i].reader)
        }
        IdTypeReading::Unknown(_) if text::compact(raw).is_empty() => {
            sink.add(Field::IdType, RuleId::Required);
            None
        }
        IdTypeReading::Unknown(_) => {
            sink.add(
                Field::IdType,
                if clean::is_ditto(raw.trim()) { RuleId::WorkTypeDitto } else { RuleId::IdTypeUnknown },
            );
            None
        }
    }
}

/// Reads a resident number in which no rule can find anything, which is nearly every one; gives its birth date.
pub fn sound_resident(context: &CheckContext, number: &[u8]) -> Option<NaiveDate> {
    if number.len() != 18 || matches!(number[0], b'8' | b'9') || identity::check_character(number) != Some(number[17]) {
        return None;
    }
    if !context.tables.divisions.contains(date::digits(&number[..6])?) {
        return None;
    }
    identity::birth_date(&number[6..14], context.today)
}

/// Checks 证件号码 and gives the birth date in it. `lost` tells that the workbook stored a rounded number.
pub fn id_number(
    context: &CheckContext,
    column: &Column,
    raw: &str,
    reader: Option<IdReader>,
    lost: bool,
    sink: &mut Sink<'_>,
) -> Option<NaiveDate> {
    let field = Field::IdNumber;
    let number = clean::id_number(raw);
    if number.is_empty() {
        sink.add(field, RuleId::Required);
        return None;
    }
    if lost || clean::is_scientific(raw.trim()) {
        sink.add(field, RuleId::IdDigitsLost);
        return None;
    }
    if clean::is_masked(&number) {
        sink.add(field, RuleId::Masked);
        return None;
    }
    if clean::is_ditto(&number) {
        sink.add(field, RuleId::WorkTypeDitto);
        return None;
    }
    if number != raw {
        sink.add(field, RuleId::IdSpelling);
    }
    if number.starts_with(['=', '+', '@']) {
        sink.add(field, RuleId::FormulaStart);
    }
    let points = number.chars().count();
    if column.max < points {
        sink.push(field, RuleId::TooLong, Detail::Number(points as u32));
        return None;
    }
    let report = check_number(reader?, &number, &context.tables.divisions, context.today);
    if let Some(problem) = report.problem {
        match problem {
            IdProblem::Shape => sink.push(field, RuleId::IdShape, Detail::Number(points as u32)),
            IdProblem::Unusual => sink.add(field, RuleId::IdUnusual),
            IdProblem::CheckDigit(c) => sink.push(field, RuleId::IdCheckDigit, Detail::Expected(c)),
            IdProblem::BirthDate => sink.add(field, RuleId::IdBirthDate),
            IdProblem::Fifteen => sink.add(field, RuleId::IdFifteen),
            IdProblem::OtherType(_) => sink.add(Field::IdType, RuleId::IdTypeMismatch),
        }
    }
    if let Some(area) = report.unknown_area {
        sink.push(field, RuleId::IdArea, Detail::Number(area));
    }
    report.birth.filter(|_| report.problem.is_none())
}

/// Checks 职业技能等级; gives the level.
pub fn skill_level(raw: &str, sink: &mut Sink<'_>) -> Option<Level> {
    let field = Field::Level;
    match level::read(raw) {
        LevelReading::Exact(level) => Some(level),
        LevelReading::Short(level) => {
            sink.add(field, RuleId::LevelShort);
            Some(level)
        }
        LevelReading::Other(level) => {
            sink.add(field, RuleId::LevelForm);
            Some(level)
        }
        LevelReading::Qualification(level) => {
            sink.add(field, RuleId::LevelQualification);
            Some(level)
        }
        LevelReading::Outside => {
            sink.add(field, RuleId::LevelOutside);
            None
        }
        LevelReading::Unknown => {
            let rule = match text::compact(raw).as_ref() {
                "" => RuleId::Required,
                ditto if clean::is_ditto(ditto) => RuleId::WorkTypeDitto,
                _ => RuleId::LevelUnknown,
            };
            sink.add(field, rule);
            None
        }
    }
}

/// Checks 发证日期; gives the day where it is plausible.
pub fn issue_date(context: &CheckContext, raw: &str, sink: &mut Sink<'_>) -> Option<NaiveDate> {
    let field = Field::IssueDate;
    let day = match date::read(raw) {
        DateReading::Iso(day) => day,
        DateReading::Other(day) | DateReading::Serial(day) => {
            sink.add(field, RuleId::DateForm);
            day
        }
        DateReading::Impossible => {
            sink.add(field, RuleId::DateImpossible);
            return None;
        }
        DateReading::Ambiguous => {
            sink.add(field, RuleId::DateAmbiguous);
            return None;
        }
        DateReading::Unknown => {
            let rule = match text::compact(raw).as_ref() {
                "" => RuleId::Required,
                ditto if clean::is_ditto(ditto) => RuleId::WorkTypeDitto,
                _ => RuleId::DateUnreadable,
            };
            sink.add(field, rule);
            return None;
        }
    };
    if context.today < day {
        sink.add(field, RuleId::DateFuture);
        return None;
    }
    if day.year() < context.profile.year.first {
        sink.add(field, RuleId::DateEarly);
    }
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        sink.add(field, RuleId::DateWeekend);
    }
    Some(day)
}

/// Compares the sex with the 17th digit of a sound resident number (SC-22).
pub fn sex(number: &[u8], sex: &str, sink: &mut Sink<'_>) {
    let Some(digit) = number.get(16).filter(|b| b.is_ascii_digit() && number.len() == 18) else { return };
    let of_number = if digit % 2 == 1 { "男" } else { "女" };
    if ["男", "女"].contains(&sex) && sex != of_number {
        sink.add(Field::Sex, RuleId::SexDisagrees);
    }
}

/// Checks the age on the day of issue; gives nothing when either day is unknown.
pub fn age(birth: Option<NaiveDate>, issued: Option<NaiveDate>, sink: &mut Sink<'_>) {
    if let (Some(birth), Some(issued)) = (birth, issued) {
        let age = date::years_between(birth, issued);
        if !(16..=75).contains(&age) {
            sink.push(Field::IdNumber, RuleId::IdAge, Detail::Number(u32::try_from(age).unwrap_or(0)));
        }
    }
}
