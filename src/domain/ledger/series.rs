//! Series (序列): what is counted separately, as the profile declares it.

use std::fmt;

use crate::domain::code::{CODE_LENGTH, CertCode, ComposeError, PREFIX_LENGTH, SegmentReader, compose};
use crate::domain::level::Level;
use crate::domain::profile::{Profile, ScopePart};

/// What is counted separately (序列): a code with `*` at the serial, and `?` at what does not count separately.
///
/// `S000062010001243J*****` are the competition certificates of one institution, year and level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey([u8; CODE_LENGTH]);

impl SeriesKey {
    /// Reads a key as it is written.
    pub fn read(text: &str) -> Option<SeriesKey> {
        let bytes: [u8; CODE_LENGTH] = text.as_bytes().try_into().ok()?;
        let is_key = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'*' | b'?');
        (bytes.iter().all(is_key) && bytes.contains(&b'*')).then_some(SeriesKey(bytes))
    }

    /// Gives the series and the serial of a code; `None` where the layout has no serial or it is no number.
    pub fn of(profile: &Profile, code: CertCode) -> Option<(SeriesKey, u32)> {
        let mut bytes: [u8; CODE_LENGTH] = code.as_str().as_bytes().try_into().ok()?;
        let mut serial = None;
        for segment in profile.layout.segments() {
            let sign = match segment.reader {
                SegmentReader::Serial { .. } => {
                    serial = code.as_str()[segment.range()].parse().ok();
                    b'*'
                }
                SegmentReader::Year if !profile.numbering.scope.contains(&ScopePart::Year) => b'?',
                SegmentReader::Level if !profile.numbering.scope.contains(&ScopePart::Level) => b'?',
                _ => continue,
            };
            bytes[segment.range()].fill(sign);
        }
        Some((SeriesKey(bytes), serial?))
    }

    /// Gives the series of an institution, the last two digits of a year and a level.
    ///
    /// # Errors
    /// Those of [`compose`].
    pub fn new(profile: &Profile, prefix: &str, year: u8, level: Level) -> Result<SeriesKey, ComposeError> {
        let first = SeriesKey::range(profile).0;
        let code = compose(&profile.layout, prefix, year, level, first)?;
        SeriesKey::of(profile, code).map(|(key, _)| key).ok_or(ComposeError::Serial(first))
    }

    /// Gives the smallest and the largest serial of a profile's series.
    ///
    /// The largest is the one the notice foresees: what lies above is read with a warning, never given (GZ-21).
    pub fn range(profile: &Profile) -> (u32, u32) {
        let serial = profile.layout.find(|reader| matches!(reader, SegmentReader::Serial { .. }));
        match serial.map(|(_, segment)| &segment.reader) {
            Some(SegmentReader::Serial { first, usual, .. }) => (*first, *usual),
            _ => (1, 0),
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Gives the institution's prefix (机构备案号).
    pub fn prefix(&self) -> &str {
        &self.as_str()[..PREFIX_LENGTH]
    }

    /// Gives the last two digits of the year; `None` where the series runs over several.
    pub fn year(&self, profile: &Profile) -> Option<u8> {
        self.part(profile, |reader| matches!(reader, SegmentReader::Year))
    }

    /// Gives the level; `None` where the series runs over several.
    pub fn level(&self, profile: &Profile) -> Option<Level> {
        self.part(profile, |reader| matches!(reader, SegmentReader::Level)).and_then(Level::new)
    }

    fn part(&self, profile: &Profile, wanted: fn(&SegmentReader) -> bool) -> Option<u8> {
        let (_, segment) = profile.layout.find(wanted)?;
        self.as_str().get(segment.range())?.parse().ok()
    }

    /// Gives the code of a serial, where nothing but the serial is open.
    pub fn code(&self, serial: u32) -> Option<CertCode> {
        let (from, to) = self.serial_places()?;
        let digits = format!("{serial:0width$}", width = to - from);
        CertCode::new(&[&self.as_str()[..from], &digits, &self.as_str()[to..]].concat())
    }

    /// Tells whether a code with this serial belongs to the series.
    pub fn holds(&self, code: CertCode, serial: u32) -> bool {
        let Some((from, to)) = self.serial_places() else { return false };
        let pairs = self.as_str().bytes().zip(code.as_str().bytes());
        pairs.into_iter().all(|(k, c)| matches!(k, b'*' | b'?') || k == c)
            && code.as_str()[from..to].parse() == Ok(serial)
    }

    /// Gives the serial of a code of the series; `None` for one of another.
    pub fn serial_of(&self, code: CertCode) -> Option<u32> {
        let (from, to) = self.serial_places()?;
        code.as_str()[from..to].parse().ok().filter(|serial| self.holds(code, *serial))
    }

    fn serial_places(&self) -> Option<(usize, usize)> {
        let from = self.as_str().find('*')?;
        Some((from, self.as_str().rfind('*')? + 1))
    }
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A series as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesState {
    pub key: SeriesKey,
    pub profile: String,
    /// The smallest serial that may be given.
    pub first: u32,
    /// The largest serial that may be given.
    pub last: u32,
    /// The largest serial taken so far; `first - 1` when none is. The next one given is always the one after it.
    pub high: u32,
    /// How many numbers stand for certificates, revoked ones among them.
    pub used: u32,
    /// How many are reserved for paper lists.
    pub reserved: u32,
    /// How many are void.
    pub void: u32,
    /// How many up to `high` nothing is known of but why.
    pub gaps: u32,
}

impl SeriesState {
    /// Gives a series of which no number was taken yet.
    pub fn unused(profile: &Profile, key: SeriesKey) -> SeriesState {
        let (first, last) = SeriesKey::range(profile);
        let high = first.saturating_sub(1);
        SeriesState { key, profile: profile.id.clone(), first, last, high, used: 0, reserved: 0, void: 0, gaps: 0 }
    }

    /// Tells whether the series was begun under this profile, with the numbers it has now.
    pub fn is_counted_by(&self, profile: &Profile) -> bool {
        self.profile == profile.id && (self.first, self.last) == SeriesKey::range(profile)
    }

    /// Counts the numbers that can still be given.
    pub fn left(&self) -> u32 {
        self.last.saturating_sub(self.high.max(self.first.saturating_sub(1)))
    }

    /// Gives the next serial that is given; `None` when the series is full.
    pub fn next(&self) -> Option<u32> {
        (0 < self.left()).then(|| self.high.max(self.first.saturating_sub(1)) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(scope: &str) -> Profile {
        let text = include_str!("../../../data/profiles/gansu-competition.toml");
        let text = text.replace("scope = [\"prefix\", \"year\", \"level\"]", scope);
        Profile::parse(&text).unwrap()
    }

    #[test]
    fn a_series_is_what_the_profile_counts_separately() {
        let code = CertCode::new("S000062010001243J00017").unwrap();
        let gansu = profile("scope = [\"prefix\", \"year\", \"level\"]");
        let (key, serial) = SeriesKey::of(&gansu, code).unwrap();
        assert_eq!((key.as_str(), serial, key.prefix()), ("S000062010001243J*****", 17, "S000062010001"));
        assert_eq!(SeriesKey::new(&gansu, "S000062010001", 24, Level::new(3).unwrap()), Ok(key));
        assert_eq!(SeriesKey::read(key.as_str()), Some(key));
        assert_eq!((key.year(&gansu), key.level(&gansu)), (Some(24), Level::new(3)));
        assert_eq!(key.code(18).unwrap().as_str(), "S000062010001243J00018");
        assert_eq!(key.code(100_000), None);
        assert!(key.holds(code, 17) && !key.holds(code, 18));
        assert_eq!(key.serial_of(code), Some(17));
        assert_eq!(key.serial_of(CertCode::new("S000062010001242J00017").unwrap()), None);
        assert_eq!(SeriesKey::range(&gansu), (1, 99_999));

        let over_levels = profile("scope = [\"prefix\", \"year\"]");
        let (key, serial) = SeriesKey::of(&over_levels, code).unwrap();
        assert_eq!((key.as_str(), serial), ("S00006201000124?J*****", 17));
        assert!(key.holds(code, 17));
        assert_eq!(key.code(18), None, "the level is open");
        assert_eq!((key.year(&over_levels), key.level(&over_levels)), (Some(24), None));
    }

    #[test]
    fn the_next_serial_follows_the_largest() {
        let key = SeriesKey::read("S000062010001243J*****").unwrap();
        let profile = "gansu-competition".to_string();
        let state =
            SeriesState { key, profile, first: 1, last: 99_999, high: 0, used: 0, reserved: 0, void: 0, gaps: 0 };
        assert_eq!((state.next(), state.left()), (Some(1), 99_999));
        assert_eq!(SeriesState { high: 99_998, ..state.clone() }.next(), Some(99_999));
        assert_eq!(SeriesState { high: 99_999, ..state }.next(), None);
    }
}
