//! Cells that are no person's row, or in no column of their own (跳过的行、串列的行): what in them may be a name or a number is masked,
//! whatever column it stands in, for nobody knows what was meant to stand there.

use std::collections::HashSet;
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::Field;
use super::row_words::{RowWord, RowWords, is_date, is_phone, is_plain_name};
use crate::domain::text;

/// So many 汉字 are a name where nothing says that they are none.
const NAME: usize = 4;
/// So many are one where a name is due.
const LONG_NAME: usize = 8;
/// A number of so many digits may be somebody's; counts and amounts are shorter.
const DIGITS: usize = 7;
/// The same behind a letter: E12345678, A123456(7).
const LETTERED: usize = 5;

/// What stands between the last word and the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Other,
    Blanks,
    /// A colon behind what says who is meant.
    Signed,
}

/// What the people of a roster are called, by hashes: there may be a million of them.
#[derive(Debug, Clone, Default)]
pub struct CalledNames {
    names: HashSet<u64, FixedState>,
    /// So many characters has the longest.
    longest: usize,
}

impl CalledNames {
    /// Masks every name in a text; of two that begin alike the longer.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let (mut rest, mut is_within) = (text, false);
        while let Some(first) = rest.chars().next() {
            let end = if is_within && is_latin(first) { None } else { self.end_of_name(rest) };
            let (taken, behind) = rest.split_at(end.unwrap_or(first.len_utf8()));
            if end.is_some() {
                masked.push_str(&text::masked_name(taken));
            } else {
                masked.push_str(taken);
            }
            (rest, is_within) = (behind, taken.ends_with(is_latin));
        }
        masked
    }

    /// Finds the end of the name that a text begins with. One in Latin letters is no part of a word.
    fn end_of_name(&self, text: &str) -> Option<usize> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest).skip(1);
        let is_cut = |end: usize| text[..end].ends_with(is_latin) && text[end..].starts_with(is_latin);
        ends.filter(|end| self.names.contains(&hashed(&text[..*end])) && !is_cut(*end)).last()
    }
}

fn hashed(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !text::is_han(c)
}

impl RowWords {
    /// Masks what may be a name or a number in a cell of a row that is not taken for a person's.
    pub fn masked_aside(&self, field: Option<Field>, cell: &str) -> String {
        let compact = text::compact(cell);
        if self.is_nobody(&compact) {
            return cell.to_string();
        }
        let digits = compact.bytes().filter(u8::is_ascii_digit).count();
        let is_due = matches!(field, Some(Field::IdNumber | Field::OldIdNumber)) && !compact.chars().any(text::is_han);
        if text::looks_like_id(&compact) || is_due && DIGITS <= digits {
            return text::masked_number(cell);
        }
        let is_names = matches!(field, Some(Field::Name | Field::OldName));
        self.masked_words(cell, is_names, if is_names { LONG_NAME } else { NAME })
    }

    /// Masks what may be a name or a number in words that somebody wrote about a row: of its 汉字 only those are taken for a name
    /// where one is due, for most are none. `names` are those that the row itself has, `called` all people of the roster.
    pub fn masked_words_about(&self, text: &str, names: [&str; 2], called: &CalledNames) -> String {
        let compact = text::compact(text);
        if text::looks_like_id(&compact) {
            return text::masked_number(text);
        }
        let masked = self.masked_words(text, false, 0);
        let own = names.into_iter().map(str::trim).filter(|name| 1 < name.chars().count());
        called.masked(&own.fold(masked, |masked, name| masked.replace(name, &text::masked_name(name))))
    }

    /// Takes what stands in a cell of names among those that people are called, unless nobody is called so.
    pub fn call(&self, cell: &str, called: &mut CalledNames) {
        let name = cell.trim();
        if is_plain_name(name) && !self.is_nobody(name) {
            called.longest = called.longest.max(name.chars().count());
            called.names.insert(hashed(name));
        }
    }

    fn masked_words(&self, cell: &str, is_names: bool, most: usize) -> String {
        let mut masked = String::with_capacity(cell.len());
        let (mut rest, mut gap, mut before) = (cell, Gap::Other, "");
        while let Some(first) = rest.chars().next() {
            let is_same = |c: char| kind(c) == kind(first);
            let end = rest.find(|c| !is_same(c)).unwrap_or(rest.len());
            let (here, run) = (rest, &rest[..end]);
            rest = &rest[end..];
            match kind(first) {
                Kind::Letters => {
                    // A name may be written with blanks between its letters.
                    let goes_on = gap == Gap::Blanks && !before.is_empty() && !self.is_nobody(before);
                    masked.push_str(&self.masked_word(run, (gap == Gap::Signed, goes_on), most));
                    (before, gap) = (run, Gap::Other);
                }
                Kind::Digits => {
                    let is_lettered = masked.ends_with(|c: char| c.is_ascii_alphabetic());
                    // A number may be parted by signs and blanks.
                    if let Some((number, behind)) = text::end_of_number(here).map(|end| here.split_at(end)) {
                        masked.push_str(&text::masked_number(number));
                        rest = behind;
                    } else {
                        masked.push_str(&masked_digits(run, if is_lettered { LETTERED } else { DIGITS }));
                    }
                    (before, gap) = ("", Gap::Other);
                }
                Kind::Signs => {
                    masked.push_str(run);
                    gap = if run.chars().all(text::is_blank) {
                        Gap::Blanks
                    } else if run.contains([':', '：']) && (is_names || self.says_who(before)) {
                        Gap::Signed
                    } else {
                        Gap::Other
                    };
                }
            }
        }
        masked
    }

    fn masked_word(&self, run: &str, (is_signed, goes_on): (bool, bool), most: usize) -> String {
        let long = run.chars().filter(|c| !is_dot(*c)).count();
        if self.is_nobody(run) || run.chars().all(|c| "年月日".contains(c)) {
            return run.to_string();
        }
        // In a sentence a verb may stand there as well: 制表人不是人.
        let is_due = |name: &str| 0 < most || self.surnames.begin_commonly(name);
        if let Some((label, name)) = self.split_label(run).filter(|(_, name)| is_due(name)) {
            return format!("{label}{}", text::masked_name(name));
        }
        let is_han = run.chars().all(|c| text::is_han(c) || text::is_private_use(c) || is_dot(c));
        let is_name = match (is_han, long) {
            (true, 1) => is_signed || goes_on,
            (true, _) => run.contains(is_dot) || long <= if is_signed { LONG_NAME } else { most },
            // Words of a form are in small letters or in capitals, or in Chinese.
            (false, _) => is_signed || 1 < long && run.chars().any(char::is_uppercase) || !run.is_ascii(),
        };
        if is_name { text::masked_name(run) } else { run.to_string() }
    }

    /// Parts a word that begins with who somebody is from the name behind it: 经办人李某.
    fn split_label<'a>(&self, run: &'a str) -> Option<(&'a str, &'a str)> {
        let letters: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
        let cuts = letters.iter().skip(2).rev().map(|at| run.split_at(*at));
        cuts.filter(|(_, name)| name.chars().count() <= NAME && !name.is_empty())
            .find(|(label, _)| self.says_who(label))
    }

    /// Tells whether a word says who somebody is, so that a name is due behind it.
    fn says_who(&self, word: &str) -> bool {
        let is = |word: &str| {
            let role = word.strip_suffix(['人', '员', '者']).unwrap_or(word);
            !role.is_empty() && self.any(RowWord::Role, |known| role.ends_with(known))
        };
        is(word)
            || self.any(RowWord::Office, |office| word.ends_with(office))
            || self.any(RowWord::Head, |head| {
                matches!(head, "制单" | "统计" | "签字" | "签名" | "领导") && word.ends_with(head)
            })
    }

    /// Tells whether a whole cell or word is one of a form: nobody is called so.
    fn is_nobody(&self, word: &str) -> bool {
        let word = word.trim_end_matches(':');
        let is_label = |word: &str| {
            let role = word.strip_suffix(['人', '员', '者']).unwrap_or(word);
            self.any(RowWord::Role, |known| role == known)
                || [RowWord::Head, RowWord::Ending, RowWord::Alone, RowWord::Seal, RowWord::Office]
                    .iter()
                    .any(|kind| self.any(*kind, |known| word == known))
        };
        let is_counted = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || ":人名()".contains(c));
        is_label(word)
            || self.is_remark(word)
            || is_date(word) && !is_phone(word)
            || self.any(RowWord::Total, |total| word.strip_prefix(total).is_some_and(is_counted))
            || self.any(RowWord::Ending, |ending| word.strip_suffix(ending).is_some_and(&is_label))
            || [RowWord::Below, RowWord::Asked, RowWord::Flag, RowWord::Example]
                .iter()
                .any(|kind| self.any(*kind, |known| word == known))
            || word.chars().count() <= NAME && self.is_title(word)
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    Signs,
}

fn kind(c: char) -> Kind {
    match text::half_width(c) {
        digit if digit.is_ascii_digit() => Kind::Digits,
        // Latin letters may be a number's: E12345678.
        letter if letter.is_alphabetic() || text::is_private_use(letter) || is_dot(letter) => Kind::Letters,
        _ => Kind::Signs,
    }
}

fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧')
}

fn masked_digits(run: &str, least: usize) -> String {
    let compact = text::compact(run);
    let is_day = compact.len() == 8 && (compact.starts_with("19") || compact.starts_with("20"));
    if run.chars().count() < least || is_day { run.to_string() } else { text::masked_number(run) }
}
