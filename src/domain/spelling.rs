//! How differently the name of one body is written (写法): what is left of a name once all that is away, and what tells two
//! bodies apart.

mod numerals;

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use serde::Deserialize;

use super::sound::spelled;
use super::text;

/// What a text of the table of spellings is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpellingKind {
    /// One writes it and another leaves it out: 市.
    LeftOut,
    /// A letter that is never a slip: 东.
    Telling,
    /// The form of a company: 有限公司.
    Form,
    /// A letter that stands among the variants and is written today as well: 著.
    Kept,
}

/// What is known of how names are written.
#[derive(Debug, Default)]
pub struct Spellings {
    common: HashMap<char, char, RandomState>,
    left_out: HashSet<char, RandomState>,
    telling: HashSet<char, RandomState>,
    kept: HashSet<char, RandomState>,
    /// The longest first.
    forms: Vec<Vec<char>>,
}

/// The letters of a text that say something: half width, 汉字 as they are written today, numbers in digits; no sign and no
/// blank.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Letters(Vec<char>);

/// How many letters a slip adds or leaves out.
const SLIP: usize = 3;

/// More slips between two names are never counted.
const MOST_SLIPS: usize = 2;

impl Spellings {
    /// Takes the tables: 汉字 each with the one that is common for it, and texts with what they are.
    pub fn new(
        variants: impl IntoIterator<Item = (char, char)>,
        texts: impl IntoIterator<Item = (String, SpellingKind)>,
    ) -> Spellings {
        let mut known = Spellings { common: variants.into_iter().collect(), ..Spellings::default() };
        for (text, kind) in texts {
            match kind {
                SpellingKind::LeftOut => known.left_out.extend(text.chars()),
                SpellingKind::Telling => known.telling.extend(text.chars()),
                SpellingKind::Kept => known.kept.extend(text.chars()),
                SpellingKind::Form => known.forms.push(text.chars().collect()),
            }
        }
        known.forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        known
    }

    pub fn letters(&self, raw: &str) -> Letters {
        let plain = raw.chars().map(text::half_width).filter(|c| c.is_alphanumeric());
        let plain: Vec<char> = plain.map(|c| self.common.get(&c).copied().unwrap_or(c).to_ascii_lowercase()).collect();
        let mut letters = Vec::with_capacity(plain.len());
        let mut at = 0;
        while at < plain.len() {
            let run = plain[at..].iter().take_while(|c| numerals::is_numeral(**c)).count();
            if run == 0 {
                letters.push(plain[at]);
                at += 1;
                continue;
            }
            let end = at + run;
            match numerals::digits_of(&plain[at..end], letters.last() == Some(&'第')) {
                Some(digits) => letters.extend(digits.chars()),
                None => letters.extend(&plain[at..end]),
            }
            at = end;
        }
        Letters(letters)
    }

    /// Gives a letter as it is written today.
    pub fn of_today(&self, c: char) -> char {
        self.common.get(&c).copied().filter(|_| !self.kept.contains(&c)).unwrap_or(c)
    }

    /// Tells whether a letter is never a slip: a number, 东 and 西, 甲 and 乙.
    pub fn tells_apart(&self, c: char) -> bool {
        c.is_ascii_alphanumeric() || self.telling.contains(&c)
    }

    /// Gives what is left of letters without what one person writes and another leaves out.
    pub fn core(&self, letters: &Letters) -> Letters {
        let bare: Vec<char> = letters.0.iter().copied().filter(|c| !self.left_out.contains(c)).collect();
        if bare.len() < 2 { letters.clone() } else { Letters(bare) }
    }

    /// Takes the form of a company out of letters; gives which one it is, by its place in the table, where there is one.
    pub fn take_form(&self, letters: &Letters) -> (Letters, Option<usize>) {
        for (place, form) in self.forms.iter().enumerate() {
            if let Some(at) = letters.0.windows(form.len()).position(|part| part == form) {
                let mut bare = letters.0.clone();
                bare.drain(at..at + form.len());
                return (Letters(bare), Some(place));
            }
        }
        (letters.clone(), None)
    }

    /// Tells whether one text is the other but for a few letters that are left out, or for one that is another of the same
    /// sound. What tells two bodies apart is no slip.
    pub fn is_slip(&self, one: &Letters, other: &Letters) -> bool {
        let (short, long) = if one.0.len() <= other.0.len() { (&one.0, &other.0) } else { (&other.0, &one.0) };
        let more = long.len() - short.len();
        if short.len() < 4 || SLIP < more || short.len() < 2 * more {
            return false;
        }
        if more == 0 {
            let differing: Vec<(&char, &char)> = short.iter().zip(long).filter(|(a, b)| a != b).collect();
            return match differing[..] {
                [] => true,
                [(a, b)] => {
                    let sound = spelled(&a.to_string());
                    let tell = self.tells_apart(*a) || self.tells_apart(*b);
                    !tell && !sound.is_empty() && sound == spelled(&b.to_string())
                }
                _ => false,
            };
        }
        let mut rest = short.iter().peekable();
        for c in long {
            if rest.peek() == Some(&c) {
                rest.next();
            } else if self.tells_apart(*c) {
                return false;
            }
        }
        rest.next().is_none()
    }

    /// Counts the letters that are put in, left out, others or have changed places with their neighbours, none of which tells bodies apart; `None` for more than `most`.
    pub fn distance(&self, one: &Letters, other: &Letters, most: usize) -> Option<usize> {
        let (a, b) = (&one.0, &other.0);
        // Farther from the diagonal nothing is near enough; what is at its edge is never looked at.
        if most < a.len().abs_diff(b.len()) || MOST_SLIPS < most {
            return None;
        }
        let far = most + 1;
        let cost = |c: char| if self.tells_apart(c) { far } else { 1 };
        // Asked only where it would still be near enough: most letters are never asked about.
        let with = |slips: usize, c: &[char]| match slips {
            near if near < far => far.min(near + c.iter().map(|c| cost(*c)).max().unwrap_or(0)),
            _ => far,
        };
        let mut before = [far; 2 * MOST_SLIPS + 3];
        let middle = MOST_SLIPS + 1;
        let mut before_that = before;
        before[middle] = 0;
        for at in 1..=most.min(b.len()) {
            before[middle + at] = with(before[middle + at - 1], &b[at - 1..at]);
        }
        for (i, x) in a.iter().enumerate() {
            let mut row = [far; 2 * MOST_SLIPS + 3];
            for to in (i + 1).saturating_sub(most)..=(i + 1 + most).min(b.len()) {
                let at = middle + to - (i + 1);
                let gone = with(before[at + 1], &[*x]);
                row[at] = match to.checked_sub(1).map(|last| b[last]) {
                    None => gone,
                    Some(y) => {
                        let other = if *x == y { before[at] } else { with(before[at], &[*x, y]) };
                        // Two neighbours that changed places are one slip.
                        let is_swap = *x != y && 1 < to && 0 < i && *x == b[to - 2] && a[i - 1] == y;
                        let swapped = if is_swap { with(before_that[at], &[*x, y]) } else { far };
                        gone.min(other).min(with(row[at - 1], &[y])).min(swapped)
                    }
                };
            }
            // A swap looks back by two rows.
            if row.iter().chain(&before).all(|slips| *slips == far) {
                return None;
            }
            (before_that, before) = (before, row);
        }
        let slips = before[middle + b.len() - a.len()];
        (slips <= most).then_some(slips)
    }
}

impl Letters {
    pub fn as_slice(&self) -> &[char] {
        &self.0
    }

    /// Gives what stands behind the first letters.
    pub fn behind(&self, first: usize) -> Letters {
        Letters(self.0.get(first..).unwrap_or_default().to_vec())
    }

    /// Tells whether there is enough to compare: signs and words for nothing have less.
    pub fn says_something(&self) -> bool {
        1 < self.0.len()
    }
}
