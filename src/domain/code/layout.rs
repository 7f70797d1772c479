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
    pub name_en: String,
    /// First position, counted from 1.
    pub from: usize,
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
        /// What each value stands for, Chinese and English; empty where the notice does not say.
        meanings: Vec<[String; 2]>,
    },
    /// A printed region table.
    Region {
        /// Name of the table in `data/tables/regions.csv`.
        table: String,
        /// Whether a value outside the table is an error; a warning otherwise.
        closed: bool,
    },
    /// A number in one of several ranges; one outside all of them is a warning.
    Ranges {
        /// The ranges, in ascending order, none touching another.
        ranges: Vec<CodeRange>,
        /// The clause by which position 1 goes with the ranges; empty when the segment's own says it.
        category_clause: String,
    },
    Digits {
        /// What they stand for where they count nothing, Chinese and English.
        meaning: Option<[String; 2]>,
    },
    /// The last two digits of the year of issue.
    Year,
    /// A level digit, 1 to 5.
    Level,
    /// A serial within a range.
    Serial {
        first: u32,
        last: u32,
        /// Largest serial the notice foresees; one between it and `last` is a warning.
        usual: u32,
    },
}

/// A shorter form of the code that a notice itself uses by mistake; it is recognised, never accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortForm {
    /// How many characters it has.
    pub length: usize,
    /// The position, counted from 1, before which characters are missing.
    pub at: usize,
    /// The characters that complete it.
    pub insert: String,
    pub clause: String,
}

impl ShortForm {
    /// Completes a text of this form to 22 characters; `None` for any other text.
    pub fn completed(&self, text: &str) -> Option<String> {
        let is_form = text.len() == self.length && text.is_ascii() && self.at <= text.len();
        let (before, after) = is_form.then(|| text.split_at(self.at.saturating_sub(1)))?;
        Some([before, &self.insert, after].concat()).filter(|whole| whole.len() == CODE_LENGTH)
    }
}

/// A range of numbers that one kind of institution has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRange {
    pub first: u32,
    pub last: u32,
    pub name: String,
    pub name_en: String,
    /// The value that position 1 should have beside it; empty for any.
    #[serde(default)]
    pub category: String,
    /// Whether several bodies issue under it, so that it is nobody's own.
    #[serde(default)]
    pub shared: bool,
}

#[derive(Debug, Clone)]
pub struct CodeLayout {
    segments: Vec<Segment>,
}

/// Why segments are no layout.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
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
    Value { value: String, from: usize, to: usize },
    /// Values and their meanings do not pair.
    #[error("positions {from} to {to}: meanings must hold a pair of texts for each value")]
    Meanings { from: usize, to: usize },
    /// The reader does not read so many positions.
    #[error("positions {from} to {to}: this reader takes at most {most}")]
    Width {
        from: usize,
        to: usize,
        /// How many positions it takes: a year two, a level one, just these.
        most: usize,
    },
    /// A range is empty, too large, or does not lie behind the one before it.
    #[error("positions {from} to {to}: the range {first} to {last} is empty, too long or out of order")]
    Range { from: usize, to: usize, first: u32, last: u32 },
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
    meanings: Option<Vec<[String; 2]>>,
    table: Option<String>,
    closed: Option<bool>,
    ranges: Option<Vec<CodeRange>>,
    category_clause: Option<String>,
    first: Option<u32>,
    last: Option<u32>,
    usual: Option<u32>,
}

/// What each reader takes beside the common keys: those it needs, and those it may have.
const READERS: [(&str, &[&str], &[&str]); 7] = [
    ("fixed", &["values"], &["meanings"]),
    ("region", &["table"], &["closed"]),
    ("ranges", &["ranges"], &["category_clause"]),
    ("digits", &[], &["meanings"]),
    ("year", &[], &[]),
    ("level", &[], &[]),
    ("serial", &["first", "last"], &["usual"]),
];

impl SegmentFile {
    /// Refuses an unknown reader, a missing key and one that the reader does not take.
    fn check_keys(&self) -> Result<(), String> {
        let given = [
            ("values", self.values.is_some()),
            ("meanings", self.meanings.is_some()),
            ("table", self.table.is_some()),
            ("closed", self.closed.is_some()),
            ("ranges", self.ranges.is_some()),
            ("category_clause", self.category_clause.is_some()),
            ("first", self.first.is_some()),
            ("last", self.last.is_some()),
            ("usual", self.usual.is_some()),
        ];
        let Some((name, needed, allowed)) = READERS.iter().find(|(name, ..)| *name == self.reader) else {
            let known = READERS.map(|(name, ..)| name).join(", ");
            return Err(format!("reader \"{}\" is unknown: known are {known}", self.reader));
        };
        for (key, is_given) in given {
            if needed.contains(&key) && !is_given {
                return Err(format!("reader \"{name}\" needs the key {key}"));
            }
            if is_given && !needed.contains(&key) && !allowed.contains(&key) {
                return Err(format!("reader \"{name}\" takes no key {key}"));
            }
        }
        Ok(())
    }
}

impl TryFrom<SegmentFile> for Segment {
    type Error = String;

    fn try_from(file: SegmentFile) -> Result<Segment, String> {
        file.check_keys()?;
        let last = file.last.unwrap_or(0);
        let reader = match file.reader.as_str() {
            "fixed" => SegmentReader::Fixed {
                values: file.values.unwrap_or_default(),
                meanings: file.meanings.unwrap_or_default(),
            },
            "region" => {
                SegmentReader::Region { table: file.table.unwrap_or_default(), closed: file.closed.unwrap_or(false) }
            }
            "ranges" => SegmentReader::Ranges {
                ranges: file.ranges.unwrap_or_default(),
                category_clause: file.category_clause.unwrap_or_default(),
            },
            "year" => SegmentReader::Year,
            "level" => SegmentReader::Level,
            "serial" => {
                SegmentReader::Serial { first: file.first.unwrap_or(0), last, usual: file.usual.unwrap_or(last) }
            }
            _ => SegmentReader::Digits { meaning: file.meanings.unwrap_or_default().into_iter().next() },
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
    /// Tells whether several bodies issue under a prefix, such as all committees of contests: it says nothing about whose a
    /// certificate is.
    pub fn is_shared(&self, prefix: &str) -> bool {
        self.segments.iter().any(|segment| match &segment.reader {
            SegmentReader::Ranges { ranges, .. } => {
                let number = prefix.get(segment.range()).and_then(|part| part.parse::<u32>().ok());
                number.is_some_and(|n| ranges.iter().any(|r| r.shared && r.first <= n && n <= r.last))
            }
            _ => false,
        })
    }

    /// Builds a layout; refuses gaps, overlaps and values of the wrong length.
    ///
    /// # Errors
    /// The place of the first wrong segment in the list, from 0, and what is wrong with it.
    pub fn new(segments: Vec<Segment>) -> Result<CodeLayout, (usize, LayoutError)> {
        let mut next = 1;
        for (nth, s) in segments.iter().enumerate() {
            if s.from != next || s.to < s.from {
                return Err((nth, LayoutError::Gap { expected: next, found: s.from }));
            }
            if CODE_LENGTH < s.to {
                return Err((nth, LayoutError::Length(s.to)));
            }
            next = s.to + 1;
            check_reader(s).map_err(|error| (nth, error))?;
        }
        if next != CODE_LENGTH + 1 {
            return Err((segments.len().saturating_sub(1), LayoutError::Length(next - 1)));
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

/// Refuses values and ranges that do not fit their segment.
fn check_reader(segment: &Segment) -> Result<(), LayoutError> {
    let (from, to) = (segment.from, segment.to);
    let width = segment.range().len();
    match &segment.reader {
        SegmentReader::Fixed { values, meanings } => {
            let is_code = |v: &str| v.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            if values.is_empty() {
                return Err(LayoutError::Value { value: String::new(), from, to });
            }
            if let Some(value) = values.iter().find(|v| v.len() != width || !is_code(v)) {
                return Err(LayoutError::Value { value: value.clone(), from, to });
            }
            if !meanings.is_empty() && meanings.len() != values.len() {
                return Err(LayoutError::Meanings { from, to });
            }
        }
        SegmentReader::Ranges { ranges, .. } => {
            let mut next = 0;
            for CodeRange { first, last, category, .. } in ranges {
                if 1 < category.len()
                    || *first < next
                    || last < first
                    || 10u32.checked_pow(width as u32).is_some_and(|end| end <= *last)
                {
                    return Err(LayoutError::Range { from, to, first: *first, last: *last });
                }
                next = last.saturating_add(1);
            }
        }
        _ => {}
    }
    let most = match &segment.reader {
        SegmentReader::Level => 1,
        SegmentReader::Year => 2,
        SegmentReader::Region { .. } => 6,
        SegmentReader::Ranges { .. } | SegmentReader::Serial { .. } => 9,
        SegmentReader::Fixed { .. } | SegmentReader::Digits { .. } => CODE_LENGTH,
    };
    let is_exact = matches!(segment.reader, SegmentReader::Level | SegmentReader::Year);
    if most < width || (is_exact && width != most) {
        return Err(LayoutError::Width { from, to, most });
    }
    Ok(())
}
