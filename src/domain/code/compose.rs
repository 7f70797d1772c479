//! Composing certificate codes (赋号): the one way to a new [`CertCode`].

use std::fmt;

use thiserror::Error;

use super::layout::{CODE_LENGTH, CodeLayout, SegmentReader};
use crate::domain::level::Level;

/// How many characters at the beginning name the institution (机构备案号, BJ-54).
pub const PREFIX_LENGTH: usize = 13;

/// A certificate code (证书编号): exactly 22 capital letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertCode([u8; CODE_LENGTH]);

impl CertCode {
    /// Takes a text of 22 capital letters and digits; whether it can stand under a profile is another question.
    pub fn new(text: &str) -> Option<CertCode> {
        let bytes: [u8; CODE_LENGTH] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).then_some(CertCode(bytes))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Gives the institution's prefix (机构备案号): the first 13 characters.
    pub fn prefix(&self) -> &str {
        &self.as_str()[..PREFIX_LENGTH]
    }
}

impl fmt::Display for CertCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CertCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why no code can be composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ComposeError {
    /// The prefix does not have 13 capital letters and digits.
    #[error("the prefix must have 13 capital letters and digits")]
    Prefix,
    /// The layout leaves characters behind the prefix open; its first position.
    #[error("position {0} is not set by the profile")]
    Open(usize),
    /// The serial is not in the layout's range.
    #[error("the serial {0} is outside the profile's range")]
    Serial(u32),
}

/// Composes a code from its parts: the prefix as the authority assigned it, the last two digits of the year of issue, the
/// level and the serial; everything else behind the prefix is what the layout fixes.
///
/// # Errors
/// [`ComposeError`]; a segment that the prefix sets wrongly is not looked for here: read the result.
pub fn compose(
    layout: &CodeLayout,
    prefix: &str,
    year: u8,
    level: Level,
    serial: u32,
) -> Result<CertCode, ComposeError> {
    let is_code = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if prefix.len() != PREFIX_LENGTH || !prefix.bytes().all(is_code) {
        return Err(ComposeError::Prefix);
    }
    let mut code = String::with_capacity(CODE_LENGTH);
    code.push_str(prefix);
    for segment in layout.segments().iter().filter(|s| PREFIX_LENGTH < s.to) {
        match &segment.reader {
            _ if segment.from <= PREFIX_LENGTH => return Err(ComposeError::Open(segment.from)),
            SegmentReader::Year => code.push_str(&format!("{:02}", year % 100)),
            SegmentReader::Level => code.push_str(&level.digit().to_string()),
            SegmentReader::Serial { first, last, .. } if (*first..=*last).contains(&serial) => {
                code.push_str(&format!("{serial:0width$}", width = segment.range().len()));
            }
            SegmentReader::Serial { .. } => return Err(ComposeError::Serial(serial)),
            SegmentReader::Fixed { values, .. } => match values.as_slice() {
                [value] => code.push_str(value),
                _ => return Err(ComposeError::Open(segment.from)),
            },
            _ => return Err(ComposeError::Open(segment.from)),
        }
    }
    CertCode::new(&code).ok_or(ComposeError::Serial(serial))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Segment;

    #[derive(serde::Deserialize)]
    struct Layout {
        segment: Vec<Segment>,
    }

    fn layout(path: &str) -> CodeLayout {
        let all: toml::Table = path.parse().unwrap();
        let segments = toml::Value::Table(toml::Table::from_iter([("segment".to_string(), all["segment"].clone())]));
        CodeLayout::new(Layout::deserialize_value(segments).segment).unwrap()
    }

    impl Layout {
        fn deserialize_value(value: toml::Value) -> Layout {
            serde::Deserialize::deserialize(value).unwrap()
        }
    }

    /// The notices' own examples, part by part.
    #[test]
    fn composes_the_examples_of_the_notices() {
        let gansu = layout(include_str!("../../../data/profiles/gansu-competition.toml"));
        let beijing = layout(include_str!("../../../data/profiles/beijing.toml"));
        let guizhou = layout(include_str!("../../../data/profiles/guizhou.toml"));
        let code = |layout, prefix, year, level, serial| {
            compose(layout, prefix, year, Level::new(level).unwrap(), serial).map(|c| c.to_string())
        };
        assert_eq!(code(&beijing, "Y000111020001", 22, 5, 1).unwrap(), "Y000111020001225000001");
        assert_eq!(code(&guizhou, "S000052001001", 20, 5, 29).unwrap(), "S000052001001205000029");
        assert_eq!(code(&gansu, "S000062010001", 24, 3, 99_999).unwrap(), "S000062010001243J99999");
        assert_eq!(code(&gansu, "S000062010001", 24, 3, 100_000), Err(ComposeError::Serial(100_000)));
        assert_eq!(code(&gansu, "S000062010001", 24, 3, 0), Err(ComposeError::Serial(0)));
        assert_eq!(code(&gansu, "s000062010001", 24, 3, 1), Err(ComposeError::Prefix));
        assert_eq!(code(&gansu, "S00006201000", 24, 3, 1), Err(ComposeError::Prefix));
    }

    #[test]
    fn a_code_is_22_capitals_and_digits() {
        let code = CertCode::new("Y000111020001225000001").unwrap();
        assert_eq!((code.prefix(), code.to_string().as_str()), ("Y000111020001", "Y000111020001225000001"));
        for bad in
            ["", "Y00011102000122500000", "y000111020001225000001", "Y00011102000122500000证", "Y000111020001225 00001"]
        {
            assert_eq!(CertCode::new(bad), None, "{bad}");
        }
    }
}
