//! Reading a text under a layout; never fails, and never accepts what it only guesses.

use super::layout::{CODE_LENGTH, CodeLayout, Segment, SegmentReader};
use crate::domain::date;
use crate::domain::level::{Level, LevelForm};

/// What a region segment stands for; given by the caller, who holds the tables.
pub type RegionName<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// A text read as a certificate code (解码结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// The text as it was read: compact and in the case it was typed in.
    pub text: String,
    /// One reading per segment of the layout.
    pub readings: Vec<Reading>,
    /// Characters beyond position 22.
    pub surplus: usize,
}

/// What stands in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The characters, fewer than the segment's places when the text is too short.
    pub text: String,
    /// What they mean or why they cannot be right.
    pub state: ReadingState,
}

/// The state of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingState {
    /// Nothing typed yet.
    Empty,
    /// Right so far.
    Partial,
    /// Right, with its meaning where it has one.
    Good(Option<String>),
    /// Possible, but in no printed table.
    Doubtful,
    /// Cannot be right; lists the values that could, where they are few.
    Wrong(Vec<String>),
}

impl Decoding {
    /// Tells whether every segment is right and the length is 22.
    pub fn complete(&self) -> bool {
        self.surplus == 0
            && self.readings.iter().all(|r| matches!(r.state, ReadingState::Good(_) | ReadingState::Doubtful))
    }
}

/// Reads a text under a layout.
///
/// `regions` names a table's value; `text` should be compact (see [`crate::domain::text::compact`]).
pub fn decode(layout: &CodeLayout, text: &str, regions: &RegionName<'_>) -> Decoding {
    let chars: Vec<char> = text.chars().collect();
    let readings = layout
        .segments()
        .iter()
        .map(|segment| {
            let range = segment.range();
            let part: String = chars.iter().skip(range.start).take(range.len()).collect();
            let state = state_of(segment, &part, regions);
            Reading { text: part, state }
        })
        .collect();
    Decoding { text: text.to_string(), readings, surplus: chars.len().saturating_sub(CODE_LENGTH) }
}

fn state_of(segment: &Segment, part: &str, regions: &RegionName<'_>) -> ReadingState {
    let width = segment.range().len();
    if part.is_empty() {
        return ReadingState::Empty;
    }
    let all_digits = part.bytes().all(|b| b.is_ascii_digit());
    let number = date::digits(part.as_bytes());
    if let SegmentReader::Fixed { values, meanings } = &segment.reader {
        return match values.iter().position(|v| v.starts_with(part)) {
            Some(i) if values[i].len() == part.len() => {
                ReadingState::Good(meanings.get(i).map(|[chinese, _]| chinese.clone()))
            }
            Some(_) => ReadingState::Partial,
            None => ReadingState::Wrong(values.clone()),
        };
    }
    if !all_digits {
        return ReadingState::Wrong(Vec::new());
    }
    if part.len() < width {
        return ReadingState::Partial;
    }
    match &segment.reader {
        SegmentReader::Fixed { .. } | SegmentReader::Digits => ReadingState::Good(None),
        SegmentReader::Region { table, closed } => match regions(table, part) {
            Some(name) => ReadingState::Good(Some(name)),
            None if *closed => ReadingState::Wrong(Vec::new()),
            None => ReadingState::Doubtful,
        },
        SegmentReader::Ranges { ranges, .. } => {
            match ranges.iter().find(|r| number.is_some_and(|n| (r.first..=r.last).contains(&n))) {
                Some(range) => ReadingState::Good(Some(range.name.clone())),
                None => ReadingState::Doubtful,
            }
        }
        SegmentReader::Year => ReadingState::Good(Some(format!("20{part}"))),
        SegmentReader::Level => match number.and_then(|n| Level::new(n as u8)) {
            Some(level) => ReadingState::Good(Some(format!(
                "{}/{}",
                level.written(LevelForm::Grade),
                level.written(LevelForm::Title)
            ))),
            None => ReadingState::Wrong((1..=5).map(|n| n.to_string()).collect()),
        },
        SegmentReader::Serial { first, last, usual } => match number {
            Some(n) if (*first..=*usual).contains(&n) => ReadingState::Good(None),
            Some(n) if (*first..=*last).contains(&n) => ReadingState::Doubtful,
            _ => ReadingState::Wrong(Vec::new()),
        },
    }
}

/// Repairs look-alike characters (`O`→`0`, `I`/`l`→`1`, lower case) where the layout leaves one reading only.
///
/// Returns `None` when nothing changes or the result is still no complete code under the layout.
pub fn look_alike(layout: &CodeLayout, text: &str, regions: &RegionName<'_>) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() != CODE_LENGTH {
        return None;
    }
    let mut out = String::with_capacity(CODE_LENGTH);
    for segment in layout.segments() {
        let letters = matches!(&segment.reader, SegmentReader::Fixed { values, .. } if values.iter().any(|v| v.bytes().any(|b| b.is_ascii_alphabetic())));
        for c in &chars[segment.range()] {
            out.push(match c {
                c if letters => c.to_ascii_uppercase(),
                'O' | 'o' | 'Q' | 'D' => '0',
                'I' | 'l' | 'i' | 'L' => '1',
                'S' | 's' => '5',
                'Z' | 'z' => '2',
                'B' => '8',
                c => *c,
            });
        }
    }
    (out != text && decode(layout, &out, regions).complete()).then_some(out)
}
