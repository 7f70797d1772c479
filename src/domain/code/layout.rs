//! The layout of a certificate code (编码规则): ordered segments (码段) that cover positions 1 to 22 with no gap.

use serde::Deserialize;
use thiserror::Error;

/// The number of characters of every certificate code.
pub const CODE_LENGTH: usize = 22;

/// One segment (码段) of a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "SegmentFile")]
pub struct Segment {
    /// Chinese name as the notice prints it.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// First position, counted from 1.
    pub from: usize,
    /// Last position, included.
    pub to: usize,
    /// How the characters are read.
    pub reader: SegmentReader,
    /// The clause that sets the segment.
    pub clause: String,
}

/// The ways a segment is read; a profile names one, it holds no logic.
#[derive(Debug, Clone)]
pub enum SegmentReader {
    /// One of a closed list of values.
    Fixed {
        /// The values, each as long as the segment.
        values: Vec<String>,
    },
    /// A printed region table; a value outside it is a warning.
    Region {
        /// Name of the table in `data/tables/regions.csv`.
        table: String,
    },
    /// Any digits.
    Digits,
    /// The last two digits of the year of issue.
    Year,
    /// A level digit, 1 to 5.
    Level,
    /// A serial within a range.
    Serial {
        /// Smallest serial.
        first: u32,
        /// Largest serial.
        last: u32,
    },
}

/// A complete layout.
#[derive(Debug, Clone)]
pub struct CodeLayout {
    segments: Vec<Segment>,
}

/// Why segments are no layout.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LayoutError {
    /// A position is in no segment or in two.
    #[error("the segments must follow each other: expected one that starts at position {expected}, found {found}")]
    Gap {
        /// The position that should come next.
        expected: usize,
        /// The position that came.
        found: usize,
    },
    /// The last segment does not end at position 22.
    #[error("the last segment must end at position 22, it ends at {0}")]
    Length(usize),
    /// A fixed value does not have the segment's length.
    #[error("the value {value} does not fill positions {from} to {to}")]
    Value {
        /// The value.
        value: String,
        /// First position.
        from: usize,
        /// Last position.
        to: usize,
    },
}

/// A segment as a profile file writes it: the reader's own keys stand beside the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentFile {
    name: String,
    name_en: String,
    from: usize,
    to: usize,
    reader: String,
    clause: String,
    values: Option<Vec<String>>,
    table: Option<String>,
    first: Option<u32>,
    last: Option<u32>,
}

impl TryFrom<SegmentFile> for Segment {
    type Error = String;

    fn try_from(file: SegmentFile) -> Result<Segment, String> {
        let reader = match (file.reader.as_str(), file.values, file.table, file.first, file.last) {
            ("fixed", Some(values), None, None, None) => SegmentReader::Fixed { values },
            ("region", None, Some(table), None, None) => SegmentReader::Region { table },
            ("digits", None, None, None, None) => SegmentReader::Digits,
            ("year", None, None, None, None) => SegmentReader::Year,
            ("level", None, None, None, None) => SegmentReader::Level,
            ("serial", None, None, Some(first), Some(last)) => SegmentReader::Serial { first, last },
            (name, ..) => {
                return Err(format!(
                    "reader \"{name}\": known are fixed (values), region (table), digits, year, level, serial (first, last), each with just these keys"
                ));
            }
        };
        Ok(Segment {
            name: file.name,
            name_en: file.name_en,
            from: file.from,
            to: file.to,
            reader,
            clause: file.clause,
        })
    }
}

impl Segment {
    /// Gives the segment's place as a byte range of a 22-character code.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.from - 1..self.to
    }
}

impl CodeLayout {
    /// Builds a layout; refuses gaps, overlaps and values of the wrong length.
    pub fn new(segments: Vec<Segment>) -> Result<CodeLayout, LayoutError> {
        let mut next = 1;
        for s in &segments {
            if s.from != next || s.to < s.from {
                return Err(LayoutError::Gap { expected: next, found: s.from });
            }
            next = s.to + 1;
            if let SegmentReader::Fixed { values } = &s.reader
                && let Some(value) = values.iter().find(|v| v.len() != s.range().len())
            {
                return Err(LayoutError::Value { value: value.clone(), from: s.from, to: s.to });
            }
        }
        if next != CODE_LENGTH + 1 {
            return Err(LayoutError::Length(next - 1));
        }
        Ok(CodeLayout { segments })
    }

    /// Lists the segments in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Finds the first segment read in a given way, with its place in the list.
    pub fn find(&self, wanted: impl Fn(&SegmentReader) -> bool) -> Option<(usize, &Segment)> {
        self.segments.iter().enumerate().find(|(_, s)| wanted(&s.reader))
    }
}
