//! What programs and templates leave in cells: words that stand for nothing, and signs of web pages.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;

use super::text;

/// No word for nothing and no hint has more bytes.
const LONGEST: usize = 96;

/// What may stand around such a word.
const BRACKETS: &str = "()[]<>{}【】《》\"'“”";

/// What stands for a name that is to be filled in, and is met in runs.
const STAND_INS: &str = "×✕╳x某○";

/// So many digits are somebody's.
const DIGITS: usize = 7;

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

/// How a template tells what to fill in, or stands for a body's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HintKind {
    /// So a hint begins.
    Begins,
    /// It follows signs that stand for a name.
    Bodies,
    /// No value of a cell holds it, wherever it stands.
    Within,
}

/// Where a word beside a name is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BesideName {
    /// Where a blank or a bracket parts it from the name.
    Apart,
    /// At the end of the name as well.
    Glued,
    /// It says that the person is out, or comes up for the second time: nobody takes that away but a person.
    Says,
    /// It names somebody else, whose name or number stands behind it.
    Other,
}

/// The words and signs, as they stand in the tables.
#[derive(Debug, Clone, Default)]
pub struct Leftovers {
    /// In small letters and half width, without blanks.
    nothing: HashSet<String>,
    beginnings: Beginnings,
    /// Signs of web pages, in small letters, with the text that they stand for.
    signs: Vec<(String, String)>,
    hints: Vec<(String, HintKind)>,
    /// Words beside names, the longer ones first.
    beside: Vec<(String, BesideName)>,
    /// How such words end that may be glued to a name.
    ends: Beginnings,
    /// Private-use characters with the 汉字 they are drawn as.
    drawn: Vec<(char, char)>,
}

/// What [`Leftovers`] are made of.
#[derive(Debug, Clone, Default)]
pub struct LeftoverTables {
    pub nothing: Vec<String>,
    pub signs: Vec<(String, String)>,
    pub hints: Vec<(String, HintKind)>,
    pub beside_names: Vec<(String, BesideName)>,
    /// Private-use characters by their number, in hexadecimal digits.
    pub private_use: Vec<(String, char)>,
}

impl Leftovers {
    pub fn new(tables: LeftoverTables) -> Leftovers {
        let nothing: HashSet<String> = tables.nothing.into_iter().collect();
        let (mut beginnings, mut ends) = (Beginnings::default(), Beginnings::default());
        nothing.iter().for_each(|word| beginnings.add(word));
        tables.hints.iter().filter(|(_, kind)| *kind == HintKind::Begins).for_each(|(word, _)| beginnings.add(word));
        STAND_INS.chars().for_each(|sign| beginnings.add(sign.encode_utf8(&mut [0; 4])));
        let mut beside = tables.beside_names;
        beside.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        for (word, _) in beside.iter().filter(|(_, place)| *place == BesideName::Glued) {
            word.char_indices().last().into_iter().for_each(|(at, _)| ends.add(&word[at..]));
        }
        let drawn = tables
            .private_use
            .iter()
            .filter_map(|(code, meant)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, *meant)));
        ["#", BRACKETS]
            .iter()
            .flat_map(|signs| signs.chars())
            .for_each(|sign| beginnings.add(sign.encode_utf8(&mut [0; 4])));
        let drawn = drawn.collect();
        Leftovers { nothing, beginnings, signs: tables.signs, hints: tables.hints, beside, ends, drawn }
    }

    /// Tells whether a text stands for nothing: `null`, `#N/A`, `待定`, whatever brackets are around it, the signs a
    /// spreadsheet draws in a column that is too narrow, and what a template says in place of a value.
    pub fn is_nothing(&self, text: &str) -> bool {
        let begins = self.may_be_nothing(text.as_bytes());
        if LONGEST < text.len() || text.is_empty() || !begins && !may_hold_hint(text.as_bytes()) {
            return false;
        }
        let tidy = text::compact(text).to_lowercase();
        let is_narrow = !tidy.is_empty() && tidy.bytes().all(|b| b == b'#');
        let bare = tidy.trim_matches(|c| BRACKETS.contains(c));
        is_narrow || self.nothing.contains(&tidy) || self.nothing.contains(bare) || self.is_hint(bare, &tidy)
    }

    /// Tells whether a text is a template's: `请选择职业`, `如：电工`, `XXX公司`, `××`.
    fn is_hint(&self, text: &str, whole: &str) -> bool {
        let rest = text.trim_start_matches(|c| STAND_INS.contains(c));
        let stand_in = &text[..text.len() - rest.len()];
        let stands_in = 1 < stand_in.chars().count() || stand_in == "某";
        // Beside a number of somebody's, or a day, it is no value's place holder.
        let is_numbered = DIGITS <= text.bytes().filter(u8::is_ascii_digit).count();
        let is_hint = |(word, kind): &(String, HintKind)| match kind {
            HintKind::Begins => text.starts_with(word.as_str()),
            HintKind::Bodies => stands_in && rest == word,
            HintKind::Within => !is_numbered && whole.contains(word.as_str()),
        };
        (stands_in && rest.is_empty()) || self.hints.iter().any(is_hint)
    }

    /// Tells whether a text is a word that stands beside names and says nothing.
    pub fn is_beside_names(&self, text: &str) -> bool {
        let says_nothing = |place: BesideName| matches!(place, BesideName::Apart | BesideName::Glued);
        self.beside.iter().any(|(word, place)| word == text && says_nothing(*place))
    }

    /// Tells whether a text says something of a person that nobody may take away: 作废, 取消.
    pub fn says_something(&self, text: &str) -> bool {
        self.beside.iter().any(|(word, place)| *place == BesideName::Says && text.contains(word.as_str()))
    }

    /// Tells whether a text says that what stands in it is somebody else's: 监护人, 父.
    pub fn is_about_another(&self, text: &str) -> bool {
        self.beside.iter().any(|(word, place)| *place == BesideName::Other && text.contains(word.as_str()))
    }

    /// Gives where a word begins that is glued to the end of a name, in characters: 王同学.
    pub fn glued_to(&self, name: &str) -> Option<usize> {
        if !self.may_be_glued_to(name.as_bytes()) {
            return None;
        }
        let glued = self.beside.iter().filter(|(_, place)| *place == BesideName::Glued);
        let names = glued.filter_map(|(word, _)| name.strip_suffix(word.as_str()));
        names.map(|name| name.chars().count()).find(|length| 0 < *length)
    }

    /// Tells whether a name may end in such a word; every name is asked about, so this is but a look-up.
    pub fn may_be_glued_to(&self, name: &[u8]) -> bool {
        self.ends.has(name.last_chunk::<3>().map_or(&[], |last| &last[..]))
    }

    /// Gives the 汉字 that a private-use character is drawn as.
    pub fn drawn(&self, c: char) -> Option<char> {
        self.drawn.iter().find(|(private, _)| *private == c).map(|(_, meant)| *meant)
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

/// Tells quickly whether a text may hold a hint inside: each has one of these 汉字. Their last bytes are rarer than their first.
fn may_hold_hint(text: &[u8]) -> bool {
    const SIGNS: [[u8; 3]; 3] = [*b"\xE8\xAF\xB7", *b"\xE5\xA1\xAB", *b"\xE4\xBE\x8B"]; // 请填例
    let mut lasts = memchr::memchr3_iter(SIGNS[0][2], SIGNS[1][2], SIGNS[2][2], text);
    lasts.any(|last| text[..=last].last_chunk().is_some_and(|sign| SIGNS.contains(sign)))
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
        let hints = [
            ("请选择", HintKind::Within),
            ("(例)", HintKind::Within),
            ("请选", HintKind::Begins),
            ("如:", HintKind::Begins),
            ("公司", HintKind::Bodies),
        ];
        let beside = [("女", BesideName::Apart), ("同学", BesideName::Glued), ("某", BesideName::Glued)];
        Leftovers::new(LeftoverTables {
            nothing: ["null", "#n/a", "待定", "空"].map(String::from).into(),
            signs: signs.into(),
            hints: hints.map(|(text, kind)| (text.to_string(), kind)).into(),
            beside_names: beside.map(|(word, place)| (word.to_string(), place)).into(),
            private_use: vec![("E863".to_string(), '䶮')],
        })
    }

    #[test]
    fn what_a_template_says_is_no_value() {
        let all = leftovers();
        for text in [
            "请选择职业",
            "如：电工",
            "XXX公司",
            "××公司",
            "某公司",
            "××",
            "ＸＸ",
            "某某",
            "（如：电工）",
            "（必填）请选择",
            "张三（例）",
        ] {
            assert!(all.is_nothing(text), "{text}");
        }
        for text in [
            "如意公司",
            "X光机公司",
            "×",
            "x",
            "某地公司",
            "请假公司",
            "公司",
            "XX光机厂",
            "例丽",
            "装填厂",
            "1990103请选择",
        ] {
            assert!(!all.is_nothing(text), "{text}");
        }
    }

    #[test]
    fn words_beside_names_are_known() {
        let all = leftovers();
        assert_eq!(
            ["王同学", "周海同学", "张某", "同学", "王学", "王女", ""].map(|name| all.glued_to(name)),
            [Some(1), Some(2), Some(1), None, None, None, None]
        );
        assert!(all.is_beside_names("女") && !all.is_beside_names("丽"));
        assert!(all.may_be_glued_to("王同学".as_bytes()) && !all.may_be_glued_to("王小明".as_bytes()));
        assert_eq!(['\u{E863}', '\u{E000}'].map(|c| all.drawn(c)), [Some('䶮'), None]);
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
