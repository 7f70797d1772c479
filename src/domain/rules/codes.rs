//! Rules about the certificate code: its 22 positions, and its agreement with the level and the issue date.

use chrono::{Datelike, NaiveDate};

use super::checker::Sink;
use super::{CheckContext, Detail, RuleId, clean};
use crate::domain::code::{CODE_LENGTH, CodeLayout, SegmentReader, decode};
use crate::domain::date;
use crate::domain::level::Level;
use crate::domain::profile::Regions;
use crate::domain::sheet::Field;

/// The layout in the form the check runs over: positions as byte ranges, tables as bit sets.
#[derive(Debug, Clone)]
pub struct CodePlan {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    from: usize,
    to: usize,
    reader: StepReader,
}

#[derive(Debug, Clone)]
enum StepReader {
    /// The allowed values, and whether all of them are digits.
    Fixed(Vec<Vec<u8>>, bool),
    /// The known regions, and whether others are errors.
    Region(Vec<u64>, bool),
    /// First and last number of each range, and what position 1 should be beside it.
    Ranges(Vec<(u32, u32, Vec<u8>)>),
    Digits,
    Year,
    Level,
    /// First, last, and last usual serial.
    Serial(u32, u32, u32),
}

/// Where competition codes carry their J, counted from 0.
const MARK: usize = 16;

impl CodePlan {
    pub fn new(layout: &CodeLayout, regions: &Regions) -> CodePlan {
        let steps = layout
            .segments()
            .iter()
            .map(|s| {
                let reader = match &s.reader {
                    SegmentReader::Fixed { values, .. } => {
                        let digits = values.iter().all(|v| v.bytes().all(|b| b.is_ascii_digit()));
                        StepReader::Fixed(values.iter().map(|v| v.as_bytes().to_vec()).collect(), digits)
                    }
                    SegmentReader::Region { table, closed } => {
                        let width = s.range().len();
                        let count = 10usize.pow(width as u32);
                        let mut known = vec![0u64; count / 64 + 1];
                        for n in (0..count).filter(|n| regions.name(table, &format!("{n:0width$}")).is_some()) {
                            known[n / 64] |= 1 << (n % 64);
                        }
                        StepReader::Region(known, *closed)
                    }
                    SegmentReader::Ranges { ranges, .. } => StepReader::Ranges(
                        ranges.iter().map(|r| (r.first, r.last, r.category.clone().into_bytes())).collect(),
                    ),
                    SegmentReader::Digits => StepReader::Digits,
                    SegmentReader::Year => StepReader::Year,
                    SegmentReader::Level => StepReader::Level,
                    SegmentReader::Serial { first, last, usual } => StepReader::Serial(*first, *last, *usual),
                };
                Step { from: s.from - 1, to: s.to, reader }
            })
            .collect();
        CodePlan { steps }
    }
}

/// Checks 证书编号 against the layout, the level column and the issue date. Tells whether the code is well formed enough to
/// be compared with other codes.
pub fn check(
    context: &CheckContext,
    plan: &CodePlan,
    raw: &str,
    level: Option<Level>,
    issued: Option<NaiveDate>,
    sink: &mut Sink<'_>,
) -> bool {
    let code = clean::code(raw);
    if code.is_empty() {
        sink.add(Field::Code, RuleId::Required);
        return false;
    }
    if clean::is_masked(&code) {
        sink.add(Field::Code, RuleId::Masked);
        return false;
    }
    if clean::is_ditto(&code) {
        sink.add(Field::Code, RuleId::WorkTypeDitto);
        return false;
    }
    if code != raw {
        sink.add(Field::Code, RuleId::CodeSpelling);
    }
    let points = code.chars().count();
    if points != CODE_LENGTH && completed(context, &code).is_some() {
        sink.add(Field::Code, RuleId::CodeShortForm);
        return false;
    }
    if points != CODE_LENGTH {
        sink.push(Field::Code, RuleId::CodeLength, Detail::Number(points as u32));
        return false;
    }
    // Positions are bytes from here on; a Cyrillic Ѕ for S is named as the character it is.
    if let Some(at) = code.chars().position(|c| !c.is_ascii()) {
        sink.push(Field::Code, RuleId::CodeCharacter, Detail::Position((at + 1) as u8));
        return false;
    }
    segments(context, plan, code.as_bytes(), level, issued, sink)
}

/// Completes a code in a shorter form that the notice's own samples have; `None` unless the result reads completely.
pub fn completed(context: &CheckContext, code: &str) -> Option<String> {
    let regions = |table: &str, code: &str| context.tables.regions.name(table, code);
    let forms = context.profile.short_forms.iter();
    forms.filter_map(|form| form.completed(code)).find(|c| decode(&context.profile.layout, c, &regions).complete())
}

/// Tells whether a cell is 22 ASCII digits and capitals, so that [`segments`] is all there is to check.
pub fn is_plain(raw: &[u8]) -> bool {
    raw.len() == 22 && raw.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Checks the 22 positions of a plain code.
pub fn segments(
    context: &CheckContext,
    plan: &CodePlan,
    bytes: &[u8],
    level: Option<Level>,
    issued: Option<NaiveDate>,
    sink: &mut Sink<'_>,
) -> bool {
    let mut sound = true;
    for (i, step) in plan.steps.iter().enumerate() {
        let part = &bytes[step.from..step.to];
        let segment = Detail::Segment(i as u8);
        if let StepReader::Fixed(values, digits) = &step.reader {
            if values.iter().any(|v| v == part) {
                continue;
            }
            match part.iter().position(|b| !b.is_ascii_digit()) {
                Some(at) if *digits => {
                    sink.push(Field::Code, RuleId::CodeCharacter, Detail::Position((step.from + at + 1) as u8));
                }
                _ => sink.push(Field::Code, RuleId::CodeSegment, segment),
            }
            sound = false;
            continue;
        }
        if matches!(step.reader, StepReader::Digits) && part.iter().all(u8::is_ascii_digit) {
            continue;
        }
        let Some(number) = date::digits(part) else {
            let at = part.iter().position(|b| !b.is_ascii_digit()).unwrap_or(0);
            if step.from + at == MARK && bytes[MARK] == b'J' {
                sink.add(Field::Code, RuleId::CodeOtherKind);
                sound = false;
                continue;
            }
            sink.push(Field::Code, RuleId::CodeCharacter, Detail::Position((step.from + at + 1) as u8));
            sound = false;
            continue;
        };
        match &step.reader {
            StepReader::Fixed(..) | StepReader::Digits => {}
            StepReader::Region(known, closed) => {
                if known[number as usize / 64] >> (number % 64) & 1 == 0 {
                    let rule = if *closed { RuleId::CodeSegment } else { RuleId::CodeRegion };
                    sink.push(Field::Code, rule, segment);
                    sound &= !closed;
                }
            }
            StepReader::Ranges(ranges) => {
                match ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number)) {
                    None => sink.push(Field::Code, RuleId::CodeRangeUnassigned, segment),
                    Some((.., category)) if !bytes.starts_with(category) => {
                        sink.push(Field::Code, RuleId::CodeCategory, segment);
                    }
                    Some(_) => {}
                }
            }
            StepReader::Year => year(context, 2000 + number as i32, issued, sink),
            StepReader::Level => match Level::new(number as u8) {
                None => {
                    sink.push(Field::Code, RuleId::CodeSegment, segment);
                    sound = false;
                }
                Some(in_code) => {
                    if level.is_some_and(|l| l != in_code) {
                        sink.push(Field::Level, RuleId::CodeLevel, Detail::Number(u32::from(in_code.digit())));
                    }
                }
            },
            StepReader::Serial(first, last, usual) => {
                if !(*first..=*last).contains(&number) {
                    sink.push(Field::Code, RuleId::CodeSegment, segment);
                    sound = false;
                } else if *usual < number {
                    sink.push(Field::Code, RuleId::CodeSerialUnusual, segment);
                }
            }
        }
    }
    sound
}

fn year(context: &CheckContext, year: i32, issued: Option<NaiveDate>, sink: &mut Sink<'_>) {
    let years = &context.profile.year;
    if year < years.first || context.today.year() < year {
        sink.push(Field::Code, RuleId::CodeYearRange, Detail::Number(year as u32));
    } else if year < years.usual {
        sink.push(Field::Code, RuleId::CodeYearEarly, Detail::Number(year as u32));
    }
    if let Some(issued) = issued.filter(|day| day.year() != year) {
        sink.push(Field::Code, RuleId::CodeYear, Detail::Number(issued.year() as u32));
    }
}
