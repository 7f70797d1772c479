//! How 汉字 sound (拼音): every reading of every character, and whether typed letters may stand for a text.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::packed;

/// Typed letters must be fewer than this, so that a place among them is one bit of a set.
pub const MOST_LETTERS: usize = 100;

/// A set of places in the typed letters.
type Places = u128;

/// How typed letters stand for a text, the plainest way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SoundFit {
    /// They are the first letters of its characters, from the first on: `lzs` for 兰州市.
    Initials,
    /// They spell it from its first character on; the last syllable may be unfinished: `lanzho`.
    Spelled,
    /// They are syllables and first letters of characters somewhere in it: `zhous`.
    Within,
    /// They stand in its spelling in this order, the first one at its beginning: `lnzhou`.
    Scattered,
}

/// The sounds of a text: the places of its characters in the [`Spellings`], signs left out.
#[derive(Debug, Clone)]
pub struct Sounds {
    characters: Box<[u16]>,
    /// Which letters and digits occur in any spelling: most texts are told apart by this alone.
    letters: u64,
}

/// The spellings of every character met so far.
#[derive(Debug, Default)]
pub struct Spellings {
    places: HashMap<char, Option<u16>, RandomState>,
    spelled: Vec<Vec<Pinyin>>,
}

/// A character's spelling without tones.
#[derive(Debug, PartialEq, Eq)]
struct Pinyin {
    letters: String,
    /// Whether it is the reading met most, not one of few words or names.
    is_usual: bool,
}

impl Spellings {
    /// Gives the sounds of a text; letters and digits stand for themselves.
    pub fn sounds(&mut self, text: &str) -> Sounds {
        let characters: Box<[u16]> = text.chars().filter_map(|c| self.place(c)).collect();
        let spelled = characters.iter().flat_map(|c| &self.spelled[usize::from(*c)]);
        Sounds { letters: spelled.fold(0, |all, s| all | letters(s.letters.as_bytes())), characters }
    }

    fn place(&mut self, c: char) -> Option<u16> {
        if let Some(known) = self.places.get(&c) {
            return *known;
        }
        let spelled = spellings(c);
        let place = u16::try_from(self.spelled.len()).ok().filter(|_| !spelled.is_empty());
        if place.is_some() {
            self.spelled.push(spelled);
        }
        self.places.insert(c, place);
        place
    }

    /// Tells how typed letters stand for a text, and whether with its usual readings; `None` when they do not, or are too
    /// many.
    ///
    /// `typed` holds ASCII letters in lower case and digits, and is not empty.
    pub fn heard(&self, sounds: &Sounds, typed: &[u8]) -> Option<(SoundFit, bool)> {
        if typed.is_empty() || MOST_LETTERS <= typed.len() || letters(typed) & !sounds.letters != 0 {
            return None;
        }
        let within = SoundMatch { initials: true, syllables: true, anywhere: true, usual: false };
        if !self.can_stand_for(sounds, typed, within) {
            return self.is_scattered(sounds, typed).then_some((SoundFit::Scattered, true));
        }
        let initials = SoundMatch { syllables: false, anywhere: false, ..within };
        let spelled = SoundMatch { initials: false, anywhere: false, ..within };
        let ways = [(SoundFit::Initials, initials), (SoundFit::Spelled, spelled), (SoundFit::Within, within)];
        let (heard, way) = ways.into_iter().find(|(_, way)| self.can_stand_for(sounds, typed, *way))?;
        Some((heard, self.can_stand_for(sounds, typed, SoundMatch { usual: true, ..way })))
    }

    /// Walks through the text with the set of places in the typed letters that may have been reached.
    fn can_stand_for(&self, sounds: &Sounds, typed: &[u8], way: SoundMatch) -> bool {
        let end: Places = 1 << typed.len();
        let mut reached: Places = 1;
        for character in &sounds.characters {
            let mut next = Places::from(way.anywhere);
            let mut rest = reached;
            while rest != 0 {
                let at = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let left = &typed[at..];
                let spellings = self.spelled[usize::from(*character)].iter();
                for spelled in spellings.filter(|s| s.is_usual || !way.usual) {
                    let spelled = spelled.letters.as_bytes();
                    if way.initials && spelled.first() == left.first() {
                        next |= 1 << (at + 1);
                    }
                    if way.syllables && left.starts_with(spelled) {
                        next |= 1 << (at + spelled.len());
                    } else if way.syllables && spelled.starts_with(left) {
                        return true;
                    }
                }
            }
            if next & end != 0 {
                return true;
            }
            if next == 0 {
                return false;
            }
            reached = next;
        }
        false
    }

    /// Tells whether the typed letters stand in the spelling in this order; few letters, or a long text, would always do.
    fn is_scattered(&self, sounds: &Sounds, typed: &[u8]) -> bool {
        let is_short = sounds.characters.len() <= 2 * typed.len();
        let Some(first) = sounds.characters.first().filter(|_| 3 <= typed.len() && is_short) else { return false };
        if self.spelled[usize::from(*first)].iter().all(|s| s.letters.as_bytes().first() != typed.first()) {
            return false;
        }
        let mut at = 0;
        for character in &sounds.characters {
            let after = |spelled: &Pinyin| at + in_order(spelled.letters.as_bytes(), &typed[at..]);
            // Of several readings the one that takes most letters leaves least to be found: it can only help.
            at = self.spelled[usize::from(*character)].iter().map(after).max().unwrap_or(at);
        }
        at == typed.len()
    }
}

/// What typed letters may stand for, where they may begin, and whether only usual readings count.
#[derive(Clone, Copy)]
struct SoundMatch {
    initials: bool,
    syllables: bool,
    anywhere: bool,
    usual: bool,
}

/// Gives the first letters of a text as people type them (拼音首字母), each character in its usual reading: `zw` for 张伟;
/// letters and digits stand for themselves, signs and blanks are left out.
pub fn initials(text: &str) -> String {
    text.chars().filter_map(initial).collect()
}

/// Tells whether the first letters of a text are these.
pub fn initials_are(text: &str, letters: &str) -> bool {
    text.chars().filter_map(initial).eq(letters.chars())
}

/// Gives the first letter of a character in its usual reading; `None` for a sign.
fn initial(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    }
    readings(c).chars().next().filter(char::is_ascii_lowercase)
}

/// The first character that has a sound; `build.rs` counts from the same one.
const FIRST_SOUNDING: char = '\u{3007}';

/// The readings of the characters from [`FIRST_SOUNDING`] on, a line for each, and where each line ends.
static READINGS: LazyLock<(&str, Vec<usize>)> = LazyLock::new(|| {
    let lines = packed::text!("sounds");
    (lines, memchr::memchr_iter(b'\n', lines.as_bytes()).collect())
});

/// Gives the readings of a character without tones, with blanks between, the one met most first; empty for a sign.
fn readings(c: char) -> &'static str {
    let (lines, ends) = &*READINGS;
    let line = || {
        let at = (c as usize).checked_sub(FIRST_SOUNDING as usize)?;
        let start = if at == 0 { 0 } else { ends.get(at - 1)? + 1 };
        lines.get(start..*ends.get(at)?)
    };
    line().unwrap_or_default()
}

/// The common 汉字, which have a place in a dictionary by sound.
const COMMON: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// The places of the common 汉字 in a dictionary by sound, by character.
static DICTIONARY: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut sorted: Vec<(Option<String>, usize)> = COMMON.enumerate().map(|(at, c)| (usual(c), at)).collect();
    // Those without a known sound come last.
    sorted.sort_by(|(a, x), (b, y)| a.is_none().cmp(&b.is_none()).then_with(|| (a, x).cmp(&(b, y))));
    let mut places = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(place, (_, at))| places[*at] = place as u16);
    places
});

/// Gives the place of a character in a dictionary by sound (拼音顺序), those of the same sound by their code points; `None` for
/// what is no common 汉字.
pub fn dictionary_place(c: char) -> Option<u16> {
    if !COMMON.contains(&c) {
        return None;
    }
    DICTIONARY.get(c as usize - *COMMON.start() as usize).copied()
}

/// Tells whether the first letters of a text begin with these, which are in lower case.
pub fn initials_begin(text: &str, letters: &str) -> bool {
    let mut of_text = text.chars().filter_map(initial);
    letters.chars().all(|letter| of_text.next() == Some(letter))
}

/// Counts the letters, from the first on, that stand in a spelling in their order.
fn in_order(spelled: &[u8], typed: &[u8]) -> usize {
    spelled.iter().fold(0, |n, letter| n + usize::from(typed.get(n) == Some(letter)))
}

/// Lists the spellings of a character without tones; none for a sign.
fn spellings(c: char) -> Vec<Pinyin> {
    if c.is_ascii() {
        let letters = c.to_ascii_lowercase().to_string();
        return Vec::from_iter(c.is_ascii_alphanumeric().then_some(Pinyin { letters, is_usual: true }));
    }
    let mut all: Vec<Pinyin> = Vec::new();
    for (i, plain) in readings(c).split(' ').enumerate() {
        // Keyboards have no ü: people type v, some u.
        for letters in [plain.replace('ü', "v"), plain.replace(['ü', 'v'], "u")] {
            let is_new = all.iter().all(|known| known.letters != letters);
            if is_new && !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase()) {
                all.push(Pinyin { letters, is_usual: i == 0 });
            }
        }
    }
    all
}

/// Gives the set of letters and digits of a text as bits.
fn letters(text: &[u8]) -> u64 {
    text.iter().fold(0, |all, b| match b {
        b'a'..=b'z' => all | 1 << (b - b'a'),
        b'0'..=b'9' => all | 1 << (26 + b - b'0'),
        _ => all,
    })
}

/// Spells a text in the usual readings, a blank after each character, so that texts can be sorted as a dictionary does.
pub fn spelled(text: &str) -> String {
    text.chars().filter_map(usual).fold(String::new(), |all, letters| all + &letters + " ")
}

/// Gives the usual spelling of a character without tones; `None` for a sign.
fn usual(c: char) -> Option<String> {
    spellings(c).into_iter().find(|s| s.is_usual).map(|s| s.letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn heard(text: &str, typed: &str) -> Option<SoundFit> {
        let mut spellings = Spellings::default();
        let sounds = spellings.sounds(text);
        spellings.heard(&sounds, typed.as_bytes()).map(|(heard, _)| heard)
    }

    #[test]
    fn letters_stand_for_characters() {
        use SoundFit::{Initials, Scattered, Spelled, Within};
        for (text, typed, expected) in [
            ("兰州市", "lzs", Some(Initials)),
            ("兰州市", "l", Some(Initials)),
            ("兰州市", "lanzhou", Some(Spelled)),
            ("兰州市", "lanzh", Some(Spelled)),
            ("兰州市", "la", Some(Spelled)),
            ("兰州市", "lanzs", Some(Within)),
            ("兰州市", "zhoushi", Some(Within)),
            ("兰州市", "lnzhou", Some(Scattered)),
            ("兰州市", "lanzhoushix", None),
            ("兰州市", "nz", None),
            ("重庆市", "chongqing", Some(Spelled)),
            ("重庆市", "zhongqing", Some(Spelled)),
            ("重庆市", "cqs", Some(Initials)),
            ("重庆市", "zqs", Some(Initials)),
            ("长乐区", "changle", Some(Spelled)),
            ("长乐区", "zhangyue", Some(Spelled)),
            ("行唐县", "xingtang", Some(Spelled)),
            ("行唐县", "hangt", Some(Spelled)),
            ("吕梁市", "lvliang", Some(Spelled)),
            ("吕梁市", "luliang", Some(Spelled)),
            ("《中国护照》", "zghz", Some(Initials)),
            ("A类", "alei", Some(Spelled)),
            ("西安市", "xian", Some(Spelled)),
            ("、。", "a", None),
        ] {
            assert_eq!(heard(text, typed), expected, "{text} {typed}");
        }
    }

    #[test]
    fn initials_are_those_people_type() {
        let known =
            [("张伟", "zw"), ("欧阳 娜娜", "oynn"), ("买买提·艾力", "mmtal"), ("吕某", "lm"), ("John 李", "johnl")];
        for (name, letters) in known {
            assert_eq!(initials(name), letters, "{name}");
        }
        assert_eq!(initials("·"), "");
        let mut names = ["张三", "李四", "赵一", "李三", "安"];
        names.sort_by_key(|n| spelled(n));
        assert_eq!(names, ["安", "李三", "李四", "张三", "赵一"]);
    }

    #[test]
    fn the_letters_that_names_are_found_by_stay_as_they_are() {
        // Written beside every name in the ledger, and worked out anew for every name that is searched for: when a reading
        // changes, a migration has to write the letters anew.
        let all: String = ('\u{3007}'..='\u{9FFF}').map(|c| initial(c).unwrap_or('-')).collect();
        let digest = Sha256::digest(all).iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!(digest, "8226c9a47034a42f");
        assert!(initials_are("张 伟", "zw") && !initials_are("张伟", "z") && !initials_are("张伟", "zww"));
    }

    #[test]
    fn every_character_has_all_its_readings() {
        use pinyin::ToPinyinMulti;
        for c in '\u{80}'..=char::MAX {
            let known: Vec<&str> = c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain).collect();
            assert_eq!(readings(c), known.join(" "), "{c}");
        }
    }

    #[test]
    fn the_usual_reading_is_known() {
        let mut spellings = Spellings::default();
        let mut usual = |text: &str, typed: &str| {
            let sounds = spellings.sounds(text);
            spellings.heard(&sounds, typed.as_bytes()).map(|(_, usual)| usual)
        };
        assert_eq!(usual("郴州市", "chenzhou"), Some(true));
        assert_eq!(usual("郴州市", "lanzhou"), Some(false));
        assert_eq!(usual("吕梁市", "luliang"), Some(true));
    }

    #[test]
    fn as_many_letters_as_can_be_typed_end_in_an_answer() {
        let text = "啊".repeat(2 * MOST_LETTERS);
        assert_eq!(heard(&text, &"a".repeat(MOST_LETTERS - 1)), Some(SoundFit::Initials));
        assert_eq!(heard(&text, &"a".repeat(MOST_LETTERS)), None);
        assert_eq!(heard(&text, &format!("{}b", "a".repeat(MOST_LETTERS - 2))), None);
    }
}
