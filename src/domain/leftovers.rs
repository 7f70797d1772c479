//! What programs and templates leave in cells: words that stand for nothing, and signs of web pages.

use std::borrow::Cow;
use std::collections::HashSet;

use super::text;

/// No word for nothing has more bytes.
const LONGEST: usize = 64;

/// What may stand around such a word.
const BRACKETS: &str = "()[]<>{}【】《》\"'“”";

/// A sign may have been written for a sign so often: `&amp;nbsp;`.
const ROUNDS: usize = 3;

/// How many first characters of each kind are told apart; two 汉字 may share a place.
const PLACES: usize = 1 << 12;

/// How texts begin that may stand for nothing.
#[derive(Debug, Clone)]
struct Beginnings(Box<[bool; PLACES]>);

impl Default for Beginnings {
    fn default() -> Beginnings {
        Beginnings(Box::new([false; PLACES]))
    }
}

impl Beginnings {
    /// Gives the place of a text's first character; `None` where it is no 汉字 and no visible sign of ASCII. A 汉字 stands by
    /// the bits in which its encoding varies most, after ASCII, where no usual one would.
    fn place(text: &[u8]) -> Option<usize> {
        match *text {
            [first, ..] if first.is_ascii_graphic() => Some(usize::from(first.to_ascii_lowercase())),
            [0xE4..=0xE9, second, third, ..] => {
                Some((usize::from(second & 0x3F) << 6 | usize::from(third & 0x3F)).max(128))
            }
            _ => None,
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(place) = Beginnings::place(text.as_bytes()) {
            self.0[place] = true;
        }
    }

    fn has(&self, text: &[u8]) -> bool {
        Beginnings::place(text).is_none_or(|place| self.0[place])
    }
}

/// The words and signs, as they stand in the tables.
#[derive(Debug, Clone, Default)]
pub struct Leftovers {
    /// In small letters and half width, without blanks.
    nothing: HashSet<String>,
    beginnings: Beginnings,
    /// Signs of web pages, in small letters, with the text that they stand for.
    signs: Vec<(String, String)>,
}

impl Leftovers {
    pub fn new(
        nothing: impl IntoIterator<Item = String>,
        signs: impl IntoIterator<Item = (String, String)>,
    ) -> Leftovers {
        let nothing: HashSet<String> = nothing.into_iter().collect();
        let mut beginnings = Beginnings::default();
        nothing.iter().for_each(|word| beginnings.add(word));
        ["#", BRACKETS]
            .iter()
            .flat_map(|signs| signs.chars())
            .for_each(|sign| beginnings.add(sign.encode_utf8(&mut [0; 4])));
        Leftovers { nothing, beginnings, signs: signs.into_iter().collect() }
    }

    /// Tells whether a text stands for nothing: `null`, `#N/A`, `待定`, whatever brackets are around it, and the signs a
    /// spreadsheet draws in a column that is too narrow.
    pub fn is_nothing(&self, text: &str) -> bool {
        if LONGEST < text.len() || text.is_empty() || !self.may_be_nothing(text.as_bytes()) {
            return false;
        }
        let tidy = text::compact(text).to_lowercase();
        let is_narrow = !tidy.is_empty() && tidy.bytes().all(|b| b == b'#');
        is_narrow || self.nothing.contains(&tidy) || self.nothing.contains(tidy.trim_matches(|c| BRACKETS.contains(c)))
    }

    /// Tells whether a text may begin as a word for nothing does; every cell is asked about, so this is but a look-up.
    pub fn may_be_nothing(&self, text: &[u8]) -> bool {
        self.beginnings.has(text)
    }

    /// Puts in place of the signs of web pages what they stand for; gives the text itself where there is none.
    pub fn decoded<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut decoded = Cow::Borrowed(text);
        for _ in 0..ROUNDS {
            match self.decoded_once(&decoded) {
                Some(once) => decoded = Cow::Owned(once),
                None => break,
            }
        }
        decoded
    }

    fn decoded_once(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        let mut is_found = false;
        while let Some(at) = rest.find(['&', '<']) {
            out += &rest[..at];
            rest = &rest[at..];
            let named = self.signs.iter().find_map(|(sign, meant)| {
                let head = rest.get(..sign.len())?;
                head.eq_ignore_ascii_case(sign).then(|| (sign.len(), meant.clone()))
            });
            let (length, meant) = match named.or_else(|| numbered(rest)) {
                Some(found) => {
                    is_found = true;
                    found
                }
                None => (1, rest[..1].to_string()),
            };
            out += &meant;
            rest = &rest[length..];
        }
        is_found.then(|| out + rest)
    }
}

/// Reads a character by its number: `&#183;`, `&#xB7;`.
fn numbered(text: &str) -> Option<(usize, String)> {
    let (number, _) = text.strip_prefix("&#")?.split_once(';')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((number.len() + 3, char::from_u32(code)?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leftovers() -> Leftovers {
        let signs = [("&amp;", "&"), ("&nbsp;", " "), ("&middot;", "·"), ("<br>", " ")];
        let signs = signs.map(|(sign, meant)| (sign.to_string(), meant.to_string()));
        Leftovers::new(["null", "#n/a", "待定", "空"].map(String::from), signs)
    }

    #[test]
    fn words_for_nothing_are_known_in_any_case_width_and_brackets() {
        let all = leftovers();
        for text in ["null", "NULL", " Null ", "＜NULL＞", "(null)", "ｎｕｌｌ", "#N/A", "####", "待 定", "（空）"]
        {
            assert!(all.is_nothing(text), "{text}");
        }
        for text in ["", "nullable", "张伟", "待定公司", "#1 车间", "()"] {
            assert!(!all.is_nothing(text), "{text}");
        }
        assert!(all.may_be_nothing("待定".as_bytes()) && !all.may_be_nothing("张伟".as_bytes()));
    }

    #[test]
    fn signs_of_web_pages_become_what_they_stand_for() {
        let all = leftovers();
        for (text, meant) in [
            ("买买提&middot;艾力", "买买提·艾力"),
            ("买买提&amp;middot;艾力", "买买提·艾力"),
            ("甲&AMP;乙<BR>公司", "甲&乙 公司"),
            ("&#183;&#xB7;&#XB7;", "···"),
            ("&张;", "&张;"),
            ("a&b<c", "a&b<c"),
            ("&#;&#x110000;&#99999999999;", "&#;&#x110000;&#99999999999;"),
        ] {
            assert_eq!(all.decoded(text), meant);
        }
        assert!(matches!(all.decoded("R&D 中心"), Cow::Borrowed(_)));
    }
}
