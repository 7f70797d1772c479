//! The readers of single cells: each reads its column, hands what may be wrong to the rules, and gives what the cell means.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::characters::is_lost;
use super::checker::Sink;
use super::checks::{AllChecks, CodeCell, DateCell, NumberCell, Placeholder, WordsCell};
use super::codes::completed;
use super::several::several;
use super::{CheckContext, clean};
use crate::domain::code::CODE_LENGTH;
use crate::domain::date::{self, DateReading};
use crate::domain::identity::{self, IdReader, IdTypeReading, check_number};
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::sheet::{Column, Field};
use crate::domain::text;

/// Reads a cell that holds words. `occupation` is the row's cell 职业名称, cleaned.
pub(super) fn words(
    context: &CheckContext,
    judges: &AllChecks,
    column: &Column,
    raw: &str,
    occupation: &str,
    sink: &mut Sink<'_>,
) {
    let field = column.field;
    let tidy = clean::words(field, raw);
    let cell = WordsCell { context, column, raw, tidy: &tidy, occupation };
    if tidy != raw {
        sink.judge(&judges.spelling, field, |judge| judge(&cell));
    }
    let is_work_type = field == Field::WorkType;
    if is_work_type && !tidy.is_empty() && tidy == context.profile.empty_work_type.text {
        return;
    }
    let gap = match &*tidy {
        "" => Some(Placeholder::Empty),
        dash if is_work_type && clean::is_no_work_type(dash) => Some(Placeholder::Dash),
        ditto if clean::is_ditto(ditto) => Some(Placeholder::Ditto),
        nothing if is_nothing(context, nothing) => Some(Placeholder::Nothing),
        sex if field == Field::Name && context.tables.leftovers.is_beside_names(sex) => Some(Placeholder::Nothing),
        blank if field != Field::Name && blank.contains("××") => Some(Placeholder::Nothing),
        // One asterisk may belong to a company's name, several hide something: the standard's own samples have them.
        hidden if field != Field::Name && ["**", "＊＊"].iter().any(|run| hidden.contains(run)) => {
            Some(Placeholder::Masked)
        }
        _ if matches!(field, Field::OldCode | Field::OldIdNumber) && holds_several(context, field, raw) => {
            Some(Placeholder::Several)
        }
        _ => None,
    };
    if let Some(gap) = gap {
        judges.gap(field, gap, sink);
        return;
    }
    sink.judge(&judges.words[field.index()], field, |judge| judge(&cell));
    if field == Field::Name && clean::is_masked(&tidy) {
        judges.gap(field, Placeholder::Masked, sink);
    }
}

/// Tells whether a text is no value in any column: a word for nothing, or signs alone. A lost character and a formula have
/// rules of their own.
fn is_nothing(context: &CheckContext, text: &str) -> bool {
    let is_sign = |c: char| !c.is_alphanumeric() && !text::is_han(c) && !is_lost(c) && !matches!(c, '*' | '＊');
    context.tables.leftovers.is_nothing(text)
        || clean::is_dash(text)
        || !text.is_empty() && (text.chars().all(is_sign) && !text.starts_with(['=', '+', '@']))
}

fn holds_several(context: &CheckContext, field: Field, raw: &str) -> bool {
    !several(context, field, raw).is_empty()
}

fn gap_of(context: &CheckContext, field: Field, raw: &str) -> Option<Placeholder> {
    match text::compact(raw).as_ref() {
        "" => Some(Placeholder::Empty),
        ditto if clean::is_ditto(ditto) => Some(Placeholder::Ditto),
        nothing if is_nothing(context, nothing) => Some(Placeholder::Nothing),
        _ => holds_several(context, field, raw).then_some(Placeholder::Several),
    }
}

/// Reads 证件类型; gives the number format that goes with it.
pub(super) fn id_type(context: &CheckContext, judges: &AllChecks, raw: &str, sink: &mut Sink<'_>) -> Option<IdReader> {
    let types = &context.tables.id_types;
    let reading = types.read(raw);
    match &reading {
        IdTypeReading::Exact(i) => return Some(types.all()[*i].reader),
        IdTypeReading::Alias(_) => sink.judge(&judges.id_type, Field::IdType, |judge| judge(&reading)),
        IdTypeReading::Unknown(_) => match gap_of(context, Field::IdType, raw) {
            Some(gap) => judges.gap(Field::IdType, gap, sink),
            None => sink.judge(&judges.id_type, Field::IdType, |judge| judge(&reading)),
        },
    }
    match reading {
        IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => Some(types.all()[i].reader),
        IdTypeReading::Unknown(_) => None,
    }
}

/// Reads a resident number in which no rule can find anything, which is nearly every one; gives its birth date.
pub(super) fn sound_resident(context: &CheckContext, number: &[u8]) -> Option<NaiveDate> {
    if number.len() != 18 || matches!(number[0], b'8' | b'9') || identity::check_character(number) != Some(number[17]) {
        return None;
    }
    if !context.tables.divisions.contains(date::digits(&number[..6])?) {
        return None;
    }
    identity::birth_date(&number[6..14], context.today)
}

/// Reads 证件号码 and gives the birth date in it. `is_rounded` tells that the workbook stored a rounded number.
pub(super) fn id_number(
    context: &CheckContext,
    judges: &AllChecks,
    column: &Column,
    raw: &str,
    (reader, is_rounded): (Option<IdReader>, bool),
    sink: &mut Sink<'_>,
) -> Option<NaiveDate> {
    let number = clean::id_number(raw);
    let is_rounded = is_rounded || clean::is_scientific(raw.trim());
    let gap = match &*number {
        // Dashes are none of its characters.
        "" if is_nothing(context, &text::compact(raw)) => Some(Placeholder::Nothing),
        "" => Some(Placeholder::Empty),
        _ if is_rounded => None,
        masked if clean::is_masked(masked) => Some(Placeholder::Masked),
        ditto if clean::is_ditto(ditto) => Some(Placeholder::Ditto),
        nothing if is_nothing(context, nothing) => Some(Placeholder::Nothing),
        _ if holds_several(context, Field::IdNumber, raw) => Some(Placeholder::Several),
        _ => None,
    };
    if let Some(gap) = gap {
        judges.gap(Field::IdNumber, gap, sink);
        return None;
    }
    let length = number.chars().count();
    let report = reader
        .filter(|_| !is_rounded && length <= column.max)
        .map(|reader| check_number(reader, &number, &context.tables.divisions, context.today));
    let birth = report.as_ref().and_then(|r| r.birth.filter(|_| r.problem.is_none()));
    let cell = NumberCell { column, raw, number: &number, length, is_rounded, report };
    sink.judge_placed(&judges.id_number, |judge| judge(&cell));
    birth
}

/// Reads 职业技能等级; gives the level.
pub(super) fn skill_level(context: &CheckContext, judges: &AllChecks, raw: &str, sink: &mut Sink<'_>) -> Option<Level> {
    let reading = level::read(raw);
    let gap = Some(raw)
        .filter(|_| matches!(reading, LevelReading::Unknown))
        .and_then(|raw| gap_of(context, Field::Level, raw));
    match (reading, gap) {
        (LevelReading::Exact(_), _) => {}
        (_, Some(gap)) => judges.gap(Field::Level, gap, sink),
        _ => sink.judge(&judges.level, Field::Level, |judge| judge(reading)),
    }
    reading.level()
}

/// Reads 发证日期; gives the day where it is plausible.
pub(super) fn issue_date(
    context: &CheckContext,
    judges: &AllChecks,
    raw: &str,
    sink: &mut Sink<'_>,
) -> Option<NaiveDate> {
    let cell = DateCell { context, reading: context.date(raw) };
    let unread = Some(raw).filter(|_| matches!(cell.reading, DateReading::Unknown));
    let gap = unread.and_then(|raw| gap_of(context, Field::IssueDate, raw));
    match gap {
        Some(gap) => judges.gap(Field::IssueDate, gap, sink),
        None => sink.judge(&judges.date, Field::IssueDate, |judge| judge(&cell)),
    }
    cell.past_day()
}

/// Reads 证书编号 where it is not 22 plain characters; gives it in its clean form if its parts can be read.
pub(super) fn code<'a>(
    context: &CheckContext,
    judges: &AllChecks,
    raw: &'a str,
    sink: &mut Sink<'_>,
) -> Option<Cow<'a, str>> {
    let code = clean::code(raw);
    let gap = match &*code {
        // Dashes are none of its characters.
        "" if is_nothing(context, &text::compact(raw)) => Some(Placeholder::Nothing),
        "" => Some(Placeholder::Empty),
        masked if clean::is_masked(masked) => Some(Placeholder::Masked),
        ditto if clean::is_ditto(ditto) => Some(Placeholder::Ditto),
        nothing if is_nothing(context, nothing) => Some(Placeholder::Nothing),
        _ if CODE_LENGTH < code.len() && holds_several(context, Field::Code, raw) => Some(Placeholder::Several),
        _ => None,
    };
    if let Some(gap) = gap {
        judges.gap(Field::Code, gap, sink);
        return None;
    }
    let length = code.chars().count();
    let is_short_form = length != CODE_LENGTH && completed(context, &code).is_some();
    sink.judge(&judges.code, Field::Code, |judge| judge(&CodeCell { raw, code: &code, length, is_short_form }));
    // Positions are bytes from here on.
    (length == CODE_LENGTH && code.is_ascii()).then_some(code)
}
