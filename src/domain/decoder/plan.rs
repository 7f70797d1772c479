//! The layouts in the form many codes are run through: byte positions, bit sets, no allocation per code.

use chrono::{Datelike, NaiveDate};

use super::Decoder;
use crate::domain::code::{CODE_LENGTH, SegmentReader};
use crate::domain::profile::Profile;
use crate::domain::rules::Tables;

#[derive(Debug)]
pub struct ReadingPlan {
    steps: Vec<ReadingStep>,
    /// How many positions hold fixed values: of two profiles that read as well, the one that says more speaks.
    fixed: usize,
    /// The segments that hold fixed values, a bit each: a code that has them all is the profile's own.
    own: u32,
    /// The segment that holds the competition mark, when there is one.
    mark: Option<usize>,
    /// The fixed segment at positions 6 and 7, when there is one: the province the profile is for.
    province: Option<usize>,
}

#[derive(Debug)]
struct ReadingStep {
    from: usize,
    to: usize,
    /// Its positions, a bit each.
    positions: u32,
    reader: ReadingCheck,
}

#[derive(Debug)]
enum ReadingCheck {
    Fixed(Vec<Vec<u8>>),
    /// The known regions, and whether others are errors.
    Region(Vec<u64>, bool),
    /// First and last number of each range, and what position 1 should be beside it.
    Ranges(Vec<(u32, u32, Option<u8>)>),
    Digits,
    /// First, first usual and last year, two digits; below 0 for none.
    Year(i32, i32, i32),
    Level,
    /// First, usual and last serial.
    Serial(u32, u32, u32),
}

/// What one profile makes of a code: a bit per segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Segments that cannot be right.
    pub wrong: u32,
    /// Segments that are doubtful.
    pub doubtful: u32,
}

/// What all profiles make of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeGlance {
    /// The profile that reads it best.
    pub profile: usize,
    /// What that profile makes of it.
    pub marks: Marks,
    /// The profiles under which nothing is wrong, a bit each.
    pub possible: u64,
    /// Another profile of the same province that refuses it, and the first segment it refuses.
    pub elsewhere: Option<(usize, usize)>,
    /// The competition code that is near an ordinary one that does not read, or the other way round: its profile, and
    /// what stands at position 17.
    pub swapped: Option<(usize, u8)>,
}

/// Room for the marks of every profile, used again for the next code.
#[derive(Debug, Default)]
pub struct Scratch {
    marks: Vec<Marks>,
}

impl ReadingPlan {
    pub fn new(profile: &Profile, tables: &Tables, today: NaiveDate) -> ReadingPlan {
        let short = |year: i32| year - 2000;
        let segments = profile.layout.segments();
        let steps = segments.iter().map(|s| {
            let width = s.range().len() as u32;
            let reader = match &s.reader {
                SegmentReader::Fixed { values, .. } => {
                    ReadingCheck::Fixed(values.iter().map(|v| v.as_bytes().to_vec()).collect())
                }
                SegmentReader::Region { table, closed } => {
                    let count = 10usize.pow(width.min(6));
                    let mut known = vec![0u64; count / 64 + 1];
                    let width = width as usize;
                    for n in (0..count).filter(|n| tables.regions.name(table, &format!("{n:0width$}")).is_some()) {
                        known[n / 64] |= 1 << (n % 64);
                    }
                    ReadingCheck::Region(known, *closed)
                }
                SegmentReader::Ranges { ranges, .. } => {
                    ReadingCheck::Ranges(ranges.iter().map(|r| (r.first, r.last, r.category.bytes().next())).collect())
                }
                SegmentReader::Digits { .. } => ReadingCheck::Digits,
                SegmentReader::Year => {
                    ReadingCheck::Year(short(profile.year.first), short(profile.year.usual), short(today.year()))
                }
                SegmentReader::Level => ReadingCheck::Level,
                SegmentReader::Serial { first, last, usual } => ReadingCheck::Serial(*first, *usual, *last),
            };
            let positions = s.range().fold(0, |all, at| all | 1u32 << at);
            ReadingStep { from: s.from - 1, to: s.to, positions, reader }
        });
        let steps: Vec<ReadingStep> = steps.collect();
        let is_fixed = |s: &ReadingStep| matches!(s.reader, ReadingCheck::Fixed(_));
        let holds = |s: &ReadingStep, at: usize| s.from <= at && at < s.to;
        ReadingPlan {
            fixed: steps.iter().filter(|s| is_fixed(s)).map(|s| s.to - s.from).sum(),
            own: steps.iter().enumerate().filter(|(_, s)| is_fixed(s)).fold(0, |all, (i, _)| all | 1u32 << (i % 32)),
            mark: steps.iter().position(|s| is_fixed(s) && holds(s, 16)),
            province: steps.iter().position(|s| is_fixed(s) && holds(s, 5) && holds(s, 6)),
            steps,
        }
    }

    /// Reads a code of 22 bytes.
    pub fn read(&self, code: &[u8; CODE_LENGTH]) -> Marks {
        self.read_with(code, letters_in(code))
    }

    /// Tells whether a code is of another province, as the bit of the segment that says so.
    fn foreign(&self, code: &[u8; CODE_LENGTH]) -> Option<u32> {
        let at = self.province?;
        let step = &self.steps[at];
        let ReadingCheck::Fixed(values) = &step.reader else { return None };
        (!values.iter().any(|v| is_same(v, &code[step.from..step.to]))).then_some(1 << (at % 32))
    }

    /// Reads a code whose positions without a digit are known, a bit each.
    fn read_with(&self, code: &[u8; CODE_LENGTH], letters: u32) -> Marks {
        let mut marks = Marks::default();
        for (i, step) in self.steps.iter().enumerate() {
            let part = &code[step.from..step.to];
            let bit = 1u32 << (i % 32);
            if let ReadingCheck::Fixed(values) = &step.reader {
                marks.wrong |= if values.iter().any(|v| is_same(v, part)) { 0 } else { bit };
                continue;
            }
            if letters & step.positions != 0 {
                marks.wrong |= bit;
                continue;
            }
            if matches!(step.reader, ReadingCheck::Digits) {
                continue;
            }
            let n = part.iter().fold(0u32, |n, b| n.wrapping_mul(10).wrapping_add(u32::from(b - b'0')));
            let (wrong, doubtful) = match &step.reader {
                ReadingCheck::Fixed(_) | ReadingCheck::Digits => (false, false),
                ReadingCheck::Region(known, closed) => {
                    let is_known = known.get(n as usize / 64).is_some_and(|word| word >> (n % 64) & 1 == 1);
                    (!is_known && *closed, !is_known)
                }
                ReadingCheck::Ranges(ranges) => {
                    match ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&n)) {
                        None => (false, true),
                        Some((.., category)) => (false, category.is_some_and(|c| c != code[0])),
                    }
                }
                ReadingCheck::Year(first, usual, last) => {
                    let n = n as i32;
                    (n < *first || *last < n, n < *usual)
                }
                ReadingCheck::Level => (!(1..=5).contains(&n), false),
                ReadingCheck::Serial(first, usual, last) => (n < *first || *last < n, *usual < n),
            };
            marks.wrong |= if wrong { bit } else { 0 };
            marks.doubtful |= if doubtful && !wrong { bit } else { 0 };
        }
        marks
    }

    /// Tells whether a year, two digits, may stand in the layout: not before the rule, not after today; and whether it is
    /// as early as codes usually are.
    pub fn year(&self, year: u32) -> (bool, bool) {
        let limits = self.steps.iter().find_map(|s| match s.reader {
            ReadingCheck::Year(first, usual, last) => Some((first, usual, last)),
            _ => None,
        });
        let year = year as i32;
        limits.map_or((true, true), |(first, usual, last)| ((first..=last).contains(&year), usual <= year))
    }

    /// Tells whether the layout is one of competitions.
    pub fn is_competition(&self) -> bool {
        self.mark.is_some()
    }
}

/// Compares a few bytes, where a call would cost more than the comparison.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// Lists the positions that hold no digit, a bit each.
fn letters_in(code: &[u8; CODE_LENGTH]) -> u32 {
    code.iter().enumerate().fold(0, |all, (at, b)| all | u32::from(!b.is_ascii_digit()) << at)
}

/// Gives a code as bytes when it is 22 capitals and digits with letters at position 1 and as the J of position 17 only:
/// nothing is left to repair in such a code.
pub fn is_plain(text: &[u8]) -> Option<&[u8; CODE_LENGTH]> {
    let code: &[u8; CODE_LENGTH] = text.try_into().ok()?;
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let plain = code[0].is_ascii_uppercase()
        && digits(&code[1..16])
        && digits(&code[17..])
        && (code[16].is_ascii_digit() || code[16] == b'J');
    plain.then_some(code)
}

impl Decoder {
    /// Reads a plain code (see [`is_plain`]) under every profile, without allocating. `None` when there is no profile.
    pub fn glance(&self, code: &[u8; CODE_LENGTH], scratch: &mut Scratch) -> Option<CodeGlance> {
        let letters = letters_in(code);
        scratch.marks.clear();
        // Most codes read under the rule of their province or under the general one: no other has to be gone through.
        scratch.marks.extend(self.plans.iter().map(|plan| match plan.foreign(code) {
            Some(wrong) => Marks { wrong, doubtful: 0 },
            None => plan.read_with(code, letters),
        }));
        if scratch.marks.iter().all(|m| m.wrong != 0) {
            scratch.marks.clear();
            scratch.marks.extend(self.plans.iter().map(|plan| plan.read_with(code, letters)));
        }
        let profile = self.best_of(&scratch.marks)?;
        let marks = scratch.marks[profile];
        let reading = scratch.marks.iter().enumerate().filter(|(_, m)| m.wrong == 0);
        let possible = reading.fold(0u64, |all, (i, _)| all | 1 << (i % 64));
        let mut glance = CodeGlance { profile, marks, possible, elsewhere: None, swapped: None };
        if marks.wrong == 0 {
            let is_competition = self.plans[profile].is_competition();
            let others = self.plans.iter().zip(&scratch.marks).enumerate();
            let mut refusing = others.filter(|(_, (plan, marks))| {
                let province = plan.province.is_some_and(|at| marks.wrong >> at & 1 == 0);
                province && marks.wrong != 0 && plan.is_competition() == is_competition
            });
            glance.elsewhere = refusing.next().map(|(i, (_, marks))| (i, marks.wrong.trailing_zeros() as usize));
        } else {
            let mut other = *code;
            other[16] = if code[16] == b'J' { b'0' } else { b'J' };
            if code[16] == b'J' || code[16] == b'0' {
                let reads = |plan: &ReadingPlan| plan.read(&other).wrong == 0;
                let at = self
                    .plans
                    .iter()
                    .enumerate()
                    .filter(|(_, p)| reads(p))
                    .max_by_key(|(i, p)| (p.fixed, usize::MAX - i));
                glance.swapped = at.map(|(i, _)| (i, other[16]));
            }
        }
        Some(glance)
    }

    /// Chooses the profile that speaks: of those whose own a code is by its fixed values the one with most of them, so that
    /// a province's rule is not passed over for a general one that knows less; else the one that finds least wrong. Of
    /// equals the first.
    pub(super) fn best_of(&self, marks: &[Marks]) -> Option<usize> {
        let rank = |i: usize| {
            let (plan, wrong) = (&self.plans[i], marks[i].wrong);
            let is_own = plan.province.is_some() && wrong & plan.own == 0;
            let few = usize::MAX - plan.fixed;
            (!is_own, if is_own { 0 } else { wrong.count_ones() }, few, wrong.count_ones())
        };
        (0..marks.len()).min_by_key(|i| rank(*i))
    }
}

impl ReadingPlan {
    /// Counts the positions of fixed values.
    pub fn fixed(&self) -> usize {
        self.fixed
    }
}
