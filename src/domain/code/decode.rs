//! Reading a text under a layout; never fails, and never accepts what it only guesses.

use super::layout::{CODE_LENGTH, CodeLayout, Segment, SegmentReader};
use crate::domain::date;
use crate::domain::level::Level;

/// What a region segment stands for; given by the caller, who holds the tables.
pub type RegionName<'a> = dyn Fn(&str, &str) -> Option<[String; 2]> + 'a;

/// A text read as a certificate code (解码结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// One reading per segment of the layout.
    pub readings: Vec<SegmentReading>,
    /// Characters beyond position 22.
    pub surplus: usize,
}

/// What stands in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentReading {
    /// The characters, fewer than the segment's places when the text is too short.
    pub text: String,
    /// Whether they can stand there.
    pub state: ReadingState,
    pub meaning: Meaning,
}

/// The state of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadingState {
    Empty,
    Partial,
    Good,
    /// Possible, yet not as the notice foresees it: a warning.
    Doubtful(Doubt),
    Wrong(SegmentFault),
}

/// Why a segment is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The value is in no printed table, and the table is not complete.
    NotPrinted,
    /// The number is in a range that the notice gives to nobody.
    Unassigned,
    /// Position 1 goes with another range (BJ-46; a notice's own example breaks it, BJ-48).
    Category,
    /// The serial is larger than the notice foresees.
    UnusualSerial,
    /// The year is earlier than such codes began.
    EarlyYear,
}

/// Why a segment is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentFault {
    /// None of the values that may stand there.
    NotOneOf,
    /// A character that is no digit; its position, counted from 1.
    NotDigit(usize),
    /// The value is not in the printed table.
    NotPrinted,
    /// The number is outside the range.
    OutOfRange,
    /// The year is before the rule or after today.
    Year,
}

/// What the characters of a segment mean; words come from the notice, in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// They stand for themselves.
    Plain,
    /// A value or range the notice names, Chinese and English.
    Named([String; 2]),
    /// A region, in Chinese as its table prints it, and in English where that is known.
    Region([String; 2]),
    /// A number that is counted, such as a serial or that of an institution.
    Number(u32),
    /// A year, four digits.
    Year(u32),
    Level(Level),
}

impl ReadingState {
    /// Tells whether the segment may stand as it is, a warning apart.
    pub fn is_complete(self) -> bool {
        matches!(self, ReadingState::Good | ReadingState::Doubtful(_))
    }

    /// Tells whether the segment cannot be right.
    pub fn is_wrong(self) -> bool {
        matches!(self, ReadingState::Wrong(_))
    }
}

impl Decoding {
    /// Tells whether every segment is right and the length is 22.
    pub fn complete(&self) -> bool {
        self.surplus == 0 && self.readings.iter().all(|r| r.state.is_complete())
    }
}

/// Reads a text under a layout.
///
/// `regions` names a table's value; `text` should be compact (see [`crate::domain::text::compact`]).
pub fn decode(layout: &CodeLayout, text: &str, regions: &RegionName<'_>) -> Decoding {
    let chars: Vec<char> = text.chars().collect();
    let category: String = chars.iter().take(1).collect();
    let readings = layout
        .segments()
        .iter()
        .map(|segment| {
            let range = segment.range();
            let part: String = chars.iter().skip(range.start).take(range.len()).collect();
            let (state, meaning) = read_segment(segment, &part, &category, regions);
            SegmentReading { text: part, state, meaning }
        })
        .collect();
    Decoding { readings, surplus: chars.len().saturating_sub(CODE_LENGTH) }
}

/// Reads the characters of one segment. `category` is what stands at position 1.
pub fn read_segment(
    segment: &Segment,
    part: &str,
    category: &str,
    regions: &RegionName<'_>,
) -> (ReadingState, Meaning) {
    let plain = |state| (state, Meaning::Plain);
    if part.is_empty() {
        return plain(ReadingState::Empty);
    }
    if let SegmentReader::Fixed { values, meanings } = &segment.reader {
        return match values.iter().position(|v| v.starts_with(part)) {
            Some(i) if values[i].len() == part.len() => {
                (ReadingState::Good, meanings.get(i).map_or(Meaning::Plain, |names| Meaning::Named(names.clone())))
            }
            Some(_) => plain(ReadingState::Partial),
            None => plain(ReadingState::Wrong(match part.chars().position(|c| !c.is_ascii_digit()) {
                Some(at) if values.iter().all(|v| v.bytes().all(|b| b.is_ascii_digit())) => {
                    SegmentFault::NotDigit(segment.from + at)
                }
                _ => SegmentFault::NotOneOf,
            })),
        };
    }
    if let Some(at) = part.chars().position(|c| !c.is_ascii_digit()) {
        return plain(ReadingState::Wrong(SegmentFault::NotDigit(segment.from + at)));
    }
    if let SegmentReader::Digits { meaning } = &segment.reader
        && part.len() == segment.range().len()
    {
        let number = date::digits(part.as_bytes()).map_or(Meaning::Plain, Meaning::Number);
        return (ReadingState::Good, meaning.clone().map_or(number, Meaning::Named));
    }
    let number = match date::digits(part.as_bytes()) {
        Some(number) if part.len() == segment.range().len() => number,
        _ => return plain(ReadingState::Partial),
    };
    match &segment.reader {
        SegmentReader::Fixed { .. } | SegmentReader::Digits { .. } => plain(ReadingState::Good),
        SegmentReader::Region { table, closed } => match regions(table, part) {
            Some(name) => (ReadingState::Good, Meaning::Region(name)),
            None if *closed => plain(ReadingState::Wrong(SegmentFault::NotPrinted)),
            None => plain(ReadingState::Doubtful(Doubt::NotPrinted)),
        },
        SegmentReader::Ranges { ranges, .. } => match ranges.iter().find(|r| (r.first..=r.last).contains(&number)) {
            None => (ReadingState::Doubtful(Doubt::Unassigned), Meaning::Number(number)),
            Some(range) => {
                let fits = range.category.is_empty() || range.category == category;
                let state = if fits { ReadingState::Good } else { ReadingState::Doubtful(Doubt::Category) };
                (state, Meaning::Named([range.name.clone(), range.name_en.clone()]))
            }
        },
        SegmentReader::Year => (ReadingState::Good, Meaning::Year(2000 + number)),
        SegmentReader::Level => match u8::try_from(number).ok().and_then(Level::new) {
            Some(level) => (ReadingState::Good, Meaning::Level(level)),
            None => plain(ReadingState::Wrong(SegmentFault::OutOfRange)),
        },
        SegmentReader::Serial { first, last, usual } => match number {
            n if (*first..=*usual).contains(&n) => (ReadingState::Good, Meaning::Number(n)),
            n if (*first..=*last).contains(&n) => (ReadingState::Doubtful(Doubt::UnusualSerial), Meaning::Number(n)),
            _ => plain(ReadingState::Wrong(SegmentFault::OutOfRange)),
        },
    }
}

/// Gives the one digit that a letter is taken for, such as `0` for `O` and `1` for `I`.
pub fn digit_alike(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'Q' | 'D' => Some('0'),
        'I' | 'i' | 'l' | 'L' => Some('1'),
        'S' | 's' => Some('5'),
        'Z' | 'z' => Some('2'),
        'B' => Some('8'),
        _ => None,
    }
}

/// Gives the value that looks like what stands in a segment of letters: `5` for `S`. Only where no other does.
fn value_alike<'a>(reader: &'a SegmentReader, typed: &str) -> Option<&'a str> {
    let SegmentReader::Fixed { values, .. } = reader else { return None };
    let is_alike = |value: &&String| {
        let mut pairs = value.chars().zip(typed.chars());
        value.len() == typed.len() && pairs.all(|(meant, c)| meant == c || digit_alike(meant) == Some(c))
    };
    let mut alike = values.iter().filter(is_alike);
    alike.next().filter(|_| alike.next().is_none()).map(String::as_str)
}

/// Repairs look-alike characters (`O`→`0`, `I`/`l`→`1`, lower case) where the layout leaves one reading only.
///
/// A digit that no printed table holds is no such reading: `O2` is not made the region `02`. Returns `None` when nothing
/// changes or the result is still no complete code under the layout.
pub fn look_alike(layout: &CodeLayout, text: &str, regions: &RegionName<'_>) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() != CODE_LENGTH {
        return None;
    }
    let mut out = String::with_capacity(CODE_LENGTH);
    let mut repaired = Vec::new();
    for segment in layout.segments() {
        let letters = matches!(&segment.reader, SegmentReader::Fixed { values, .. } if values.iter().any(|v| v.bytes().any(|b| b.is_ascii_alphabetic())));
        let typed = chars[segment.range()].iter();
        if letters {
            let typed: String = typed.map(char::to_ascii_uppercase).collect();
            out.push_str(value_alike(&segment.reader, &typed).unwrap_or(&typed));
        } else {
            out.extend(typed.map(|c| digit_alike(*c).unwrap_or(*c)));
        }
        repaired.push(chars[segment.range()].iter().any(|c| !letters && digit_alike(*c).is_some()));
    }
    let decoding = decode(layout, &out, regions);
    let unique = decoding.readings.iter().zip(&repaired).all(|(reading, repaired)| {
        !repaired
            || !matches!(reading.state, ReadingState::Doubtful(Doubt::NotPrinted | Doubt::Unassigned | Doubt::Category))
    });
    (out != text && unique && decoding.complete()).then_some(out)
}
