//! Prefixes (机构备案号) that were read under a profile: the only ones that can be filed.

use crate::domain::code::{
    CodeLayout, PREFIX_LENGTH, ReadingState, RegionName, SegmentFault, SegmentReader, read_segment,
};
use crate::domain::profile::Profile;
use crate::domain::text;

/// A prefix that reads under the layout of its profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledPrefix {
    text: String,
    profile: String,
}

/// Why a text is no prefix under a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrefixFault {
    /// It does not have 13 capital letters and digits (BJ-54).
    Shape {
        /// How many characters it has.
        length: usize,
    },
    /// A segment of it cannot be right under the profile.
    Segment {
        /// The segment's name, Chinese and English.
        name: [String; 2],
        /// First position, counted from 1.
        from: usize,
        /// Last position, 13 at most.
        to: usize,
        found: String,
        /// The clause that sets the segment.
        clause: String,
    },
}

/// Reads a prefix as it is typed: no blanks, half width, upper case. Whether it is one, its profile says.
pub fn typed_prefix(typed: &str) -> String {
    text::compact(typed).to_ascii_uppercase()
}

/// Gives what every prefix under a layout begins with: its segments that have one value each, up to the first that is open.
pub fn known_prefix(layout: &CodeLayout) -> String {
    let mut known = String::new();
    for segment in layout.segments().iter().take_while(|segment| segment.to <= PREFIX_LENGTH) {
        let SegmentReader::Fixed { values, .. } = &segment.reader else { break };
        let [only] = &values[..] else { break };
        known += only;
    }
    known
}

impl FiledPrefix {
    /// Reads a prefix under a profile: 13 capital letters and digits of which no segment is wrong. What the notice's own
    /// tables leave open may stand, as in a whole code.
    ///
    /// # Errors
    /// [`PrefixFault`], of several wrong segments the first.
    pub fn read(text: &str, profile: &Profile, regions: &RegionName<'_>) -> Result<FiledPrefix, PrefixFault> {
        let is_code = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if text.len() != PREFIX_LENGTH || !text.bytes().all(is_code) {
            return Err(PrefixFault::Shape { length: text.chars().count() });
        }
        for segment in profile.layout.segments().iter().filter(|s| s.from <= PREFIX_LENGTH) {
            let to = segment.to.min(PREFIX_LENGTH);
            let found = &text[segment.from - 1..to];
            let (state, _) = read_segment(segment, found, &text[..1], regions);
            let is_right = state.is_complete() || (PREFIX_LENGTH < segment.to && state == ReadingState::Partial);
            if !is_right {
                let name = [segment.name.clone(), segment.name_en.clone()];
                let clause = segment.clause.clone();
                let from = match state {
                    ReadingState::Wrong(SegmentFault::NotDigit(at)) => at,
                    _ => segment.from,
                };
                let found = text[from - 1..to].to_string();
                return Err(PrefixFault::Segment { name, from, to, found, clause });
            }
        }
        Ok(FiledPrefix { text: text.to_string(), profile: profile.id.clone() })
    }

    /// Gives the 13 characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Gives the profile's id.
    pub fn profile(&self) -> &str {
        &self.profile
    }
}
