//! The certificate code taken apart: its 22 positions by the layout, and what is odd about a part.

use chrono::{Datelike, NaiveDate};

use super::CheckContext;
use super::checker::Sink;
use super::checks::AllChecks;
use crate::domain::code::{CODE_LENGTH, CodeLayout, SegmentReader};
use crate::domain::date;
use crate::domain::level::Level;
use crate::domain::profile::Regions;

/// The layout in the form the check runs over: positions as byte ranges, tables as bit sets.
#[derive(Debug, Clone)]
pub struct CodePlan {
    steps: Vec<CodeSegment>,
    /// The characters that can be nothing else, at their positions, and a bit pattern of these.
    fixed: (Words, Words),
    /// The steps that say more, by their place.
    others: Vec<usize>,
}

/// A code in three machine words; the last two overlap.
type Words = [u64; 3];

fn words(code: &[u8; CODE_LENGTH]) -> Words {
    [0, 8, 14].map(|at| code[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

#[derive(Debug, Clone)]
struct CodeSegment {
    from: usize,
    to: usize,
    reader: SegmentCheck,
}

#[derive(Debug, Clone)]
enum SegmentCheck {
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

impl CodePlan {
    pub fn new(layout: &CodeLayout, regions: &Regions) -> CodePlan {
        let steps: Vec<CodeSegment> = layout
            .segments()
            .iter()
            .map(|s| {
                let reader = match &s.reader {
                    SegmentReader::Fixed { values, .. } => {
                        let digits = values.iter().all(|v| v.bytes().all(|b| b.is_ascii_digit()));
                        SegmentCheck::Fixed(values.iter().map(|v| v.as_bytes().to_vec()).collect(), digits)
                    }
                    SegmentReader::Region { table, closed } => {
                        let width = s.range().len();
                        let count = 10usize.pow(width as u32);
                        let mut known = vec![0u64; count / 64 + 1];
                        for n in (0..count).filter(|n| regions.name(table, &format!("{n:0width$}")).is_some()) {
                            known[n / 64] |= 1 << (n % 64);
                        }
                        SegmentCheck::Region(known, *closed)
                    }
                    SegmentReader::Ranges { ranges, .. } => SegmentCheck::Ranges(
                        ranges.iter().map(|r| (r.first, r.last, r.category.clone().into_bytes())).collect(),
                    ),
                    SegmentReader::Digits { .. } => SegmentCheck::Digits,
                    SegmentReader::Year => SegmentCheck::Year,
                    SegmentReader::Level => SegmentCheck::Level,
                    SegmentReader::Serial { first, last, usual } => SegmentCheck::Serial(*first, *last, *usual),
                };
                CodeSegment { from: s.from - 1, to: s.to, reader }
            })
            .collect();
        let (mut fixed, mut at_fixed) = ([0; CODE_LENGTH], [0; CODE_LENGTH]);
        let mut others = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            match &step.reader {
                SegmentCheck::Fixed(values, _) if values.len() == 1 && values[0].len() == step.to - step.from => {
                    fixed[step.from..step.to].copy_from_slice(&values[0]);
                    at_fixed[step.from..step.to].fill(0xFF);
                }
                _ => others.push(at),
            }
        }
        CodePlan { steps, fixed: (words(&fixed), words(&at_fixed)), others }
    }
}

/// Where competition codes carry their J, counted from 0.
const MARK: usize = 16;

/// A part of a code that is not plainly right, with what the rest of the row says.
#[derive(Debug)]
pub(super) struct CodePart<'a> {
    pub context: &'a CheckContext,
    pub part: PartReading<'a>,
    /// Its place in the layout.
    pub segment: u8,
    pub code: &'a [u8],
    pub level: Option<Level>,
    pub issued: Option<NaiveDate>,
}

/// What a part is read as. A part that can only be right is not read at all.
#[derive(Debug, Clone, Copy)]
pub(super) enum PartReading<'a> {
    /// None of the values that may stand here.
    OtherValue,
    /// A character that cannot stand at its position, counted from 0.
    Character(usize),
    /// The J of competition codes where an ordinary one has a digit.
    CompetitionMark,
    /// A region that no table prints; whether the table is complete.
    UnknownRegion {
        is_closed: bool,
    },
    /// A number with what position 1 should be beside it; nothing where no range holds it.
    Number(Option<&'a [u8]>),
    Year(i32),
    /// A level, where the digit is one.
    Level(Option<Level>),
    /// A serial outside the range the notice prints, or beyond what is usual.
    Serial {
        is_outside: bool,
    },
}

impl PartReading<'_> {
    /// Tells whether a code with such a part can still be compared with others.
    fn is_sound(self) -> bool {
        match self {
            PartReading::OtherValue
            | PartReading::Character(_)
            | PartReading::CompetitionMark
            | PartReading::Level(None) => false,
            PartReading::UnknownRegion { is_closed } => !is_closed,
            PartReading::Serial { is_outside } => !is_outside,
            PartReading::Number(_) | PartReading::Year(_) | PartReading::Level(Some(_)) => true,
        }
    }
}

/// Tells whether a cell is 22 ASCII digits and capitals, so that its parts are all there is to check.
pub fn is_plain(raw: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    // For eight bytes at once, none above 0x7F: the highest bit of each is set where it is not below `from`.
    let not_below = |word: u64, from: u8| (word & !HIGHEST) + ONES * u64::from(0x80 - from);
    let are_plain = |word: &u64| {
        let are_digits = not_below(*word, b'0') & !not_below(*word, b'9' + 1);
        let are_capitals = not_below(*word, b'A') & !not_below(*word, b'Z' + 1);
        (are_digits | are_capitals) & !word & HIGHEST == HIGHEST
    };
    raw.try_into().is_ok_and(|code| words(code).iter().all(are_plain))
}

impl CodePlan {
    /// Reads the 22 positions of a plain code and hands what is not plainly right to the rules. Tells whether the code is
    /// well formed enough to be compared with other codes.
    pub fn check(
        &self,
        context: &CheckContext,
        judges: &AllChecks,
        code: &[u8],
        (level, issued): (Option<Level>, Option<NaiveDate>),
        sink: &mut Sink<'_>,
    ) -> bool {
        let mut sound = true;
        let mut ask = |segment: usize| {
            if let Some(part) = self.steps[segment].unless_right(context, code, level, issued) {
                sound &= part.is_sound();
                let part = CodePart { context, part, segment: segment as u8, code, level, issued };
                sink.judge_placed(&judges.code_part, |judge| judge(&part));
            }
        };
        if self.has_fixed(code) {
            self.others.iter().copied().for_each(ask);
        } else {
            (0..self.steps.len()).for_each(&mut ask);
        }
        sound
    }

    /// Tells at once whether a code has every character that can be nothing else.
    fn has_fixed(&self, code: &[u8]) -> bool {
        let (fixed, at_fixed) = &self.fixed;
        let fits = |code| words(code).iter().zip(at_fixed).zip(fixed).all(|((code, at), fixed)| code & at == *fixed);
        code.try_into().is_ok_and(fits)
    }
}

impl CodeSegment {
    /// Gives the part unless it is plainly right.
    fn unless_right(
        &self,
        context: &CheckContext,
        code: &[u8],
        level: Option<Level>,
        issued: Option<NaiveDate>,
    ) -> Option<PartReading<'_>> {
        let part = &code[self.from..self.to];
        let no_digit = || part.iter().position(|b| !b.is_ascii_digit()).map(|at| self.from + at);
        if let SegmentCheck::Fixed(values, digits) = &self.reader {
            let is_right = values.iter().any(|v| v == part);
            return (!is_right)
                .then(|| no_digit().filter(|_| *digits).map_or(PartReading::OtherValue, PartReading::Character));
        }
        if matches!(self.reader, SegmentCheck::Digits) && part.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let Some(number) = date::digits(part) else {
            let at = no_digit().unwrap_or(self.from);
            return Some(if at == MARK && code[at] == b'J' {
                PartReading::CompetitionMark
            } else {
                PartReading::Character(at)
            });
        };
        match &self.reader {
            SegmentCheck::Fixed(..) | SegmentCheck::Digits => None,
            SegmentCheck::Region(known, closed) => (known[number as usize / 64] >> (number % 64) & 1 == 0)
                .then_some(PartReading::UnknownRegion { is_closed: *closed }),
            SegmentCheck::Ranges(ranges) => {
                let range = ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number));
                let category = range.map(|(.., category)| category.as_slice());
                (!category.is_some_and(|category| code.starts_with(category))).then_some(PartReading::Number(category))
            }
            SegmentCheck::Year => {
                let (year, years) = (2000 + number as i32, &context.profile.year);
                let is_usual = years.first <= year && years.usual <= year && year <= context.today.year();
                (!is_usual || issued.is_some_and(|day| day.year() != year)).then_some(PartReading::Year(year))
            }
            SegmentCheck::Level => {
                let in_code = Level::new(number as u8);
                (in_code.is_none() || level.is_some_and(|l| Some(l) != in_code)).then_some(PartReading::Level(in_code))
            }
            SegmentCheck::Serial(first, last, usual) => {
                let is_outside = !(*first..=*last).contains(&number);
                (is_outside || *usual < number).then_some(PartReading::Serial { is_outside })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_are_22_digits_and_capitals() {
        let code = *b"S000062050201223J00001";
        assert!(is_plain(&code) && is_plain(b"09AZ09AZ09AZ09AZ09AZ09"));
        for (at, byte) in (0..CODE_LENGTH).flat_map(|at| (0..=255u8).map(move |byte| (at, byte))) {
            let mut other = code;
            other[at] = byte;
            assert_eq!(is_plain(&other), byte.is_ascii_digit() || byte.is_ascii_uppercase(), "{other:?}");
        }
        assert!(!is_plain(&code[1..]) && !is_plain(b"") && !is_plain(b"S000062050201223J000012"));
    }
}
