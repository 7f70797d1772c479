//! ID types (证件类型), ID numbers (证件号码) and the administrative divisions resident numbers begin with.

mod divisions;

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

pub use divisions::{Division, Divisions};

use super::{date, text};

/// One ID type of the upload standard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdType {
    /// Three-digit code, such as `201`.
    pub code: String,
    /// Full name, such as 居民身份证.
    pub name: String,
    /// The number format that goes with the type.
    pub reader: IdReader,
    /// Other spellings that can only mean this type.
    #[serde(default, deserialize_with = "split_bars")]
    pub aliases: Vec<String>,
}

/// The number formats the program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdReader {
    /// 居民身份证, GB 11643.
    Resident,
    /// 中国护照.
    PassportCn,
    /// 港澳居民来往内地通行证.
    HkMacauPermit,
    /// 港澳居民居住证: 810000 or 820000, then as a resident number.
    HkMacauResidence,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 台湾居民居住证: 830000, then as a resident number.
    TaiwanResidence,
    /// 外国护照.
    PassportForeign,
    /// 外国人永久居留身份证, both card generations.
    PermanentResidence,
    /// 外国人工作许可证, A, B and C.
    WorkPermit,
    /// 其他个人证件: anything that is not empty.
    Other,
}

/// A typed ID type that belongs to another table, with what it may mean here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// The code or name people type.
    pub typed: String,
    /// Codes of the upload standard it may mean.
    #[serde(deserialize_with = "split_bars")]
    pub meant: Vec<String>,
}

fn split_bars<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    let joined = String::deserialize(source)?;
    Ok(joined.split('|').filter(|s| !s.is_empty()).map(String::from).collect())
}

/// The table of ID types with its wrong neighbours.
#[derive(Debug, Clone, Default)]
pub struct IdTypes {
    types: Vec<IdType>,
    neighbours: Vec<Neighbour>,
    exact: HashMap<String, usize>,
    /// Names and aliases without blanks and in half width.
    loose: HashMap<String, usize>,
}

/// How a text reads as an ID type; numbers are places in [`IdTypes::all`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdTypeReading {
    /// Code or full name.
    Exact(usize),
    /// Another spelling of one type: `201.0`, 身份证.
    Alias(usize),
    /// Not in the table; these may be meant, best first. Empty when nothing is near.
    Unknown(Vec<usize>),
}

impl IdTypes {
    /// Builds the table from its rows.
    pub fn new(types: Vec<IdType>, neighbours: Vec<Neighbour>) -> IdTypes {
        let exact = types.iter().enumerate().flat_map(|(i, t)| [(t.code.clone(), i), (t.name.clone(), i)]).collect();
        let mut loose = HashMap::new();
        for (i, t) in types.iter().enumerate() {
            for name in std::iter::once(&t.name).chain(&t.aliases) {
                loose.entry(text::compact(name).into_owned()).or_insert(i);
            }
        }
        IdTypes { types, neighbours, exact, loose }
    }

    /// Lists the types in the order of the notice.
    pub fn all(&self) -> &[IdType] {
        &self.types
    }

    /// Reads a cell of the column 证件类型.
    pub fn read(&self, raw: &str) -> IdTypeReading {
        if let Some(&i) = self.exact.get(raw) {
            return IdTypeReading::Exact(i);
        }
        let tidy = text::compact(raw);
        let stem = stem(&tidy);
        match self.alias(stem) {
            Some(i) => IdTypeReading::Alias(i),
            None => IdTypeReading::Unknown(self.nearest_types(stem)),
        }
    }

    /// Tells whether a cell names a type, in whatever spelling.
    pub fn knows(&self, raw: &str) -> bool {
        self.exact.contains_key(raw) || self.alias(stem(&text::compact(raw))).is_some()
    }

    fn alias(&self, stem: &str) -> Option<usize> {
        if let Some(i) = self.exact.get(stem).or_else(|| self.loose.get(stem)) {
            return Some(*i);
        }
        // `201=居民身份证`, `201 居民身份证`: the code and the name of one type.
        let (code, name) = stem.split_at_checked(3)?;
        let name = name.trim_start_matches(['=', '-', ':', '：']);
        self.exact.get(code).copied().filter(|i| self.types[*i].name == name)
    }

    fn nearest_types(&self, typed: &str) -> Vec<usize> {
        if let Some(n) = self.neighbours.iter().find(|n| n.typed == typed) {
            return n.meant.iter().filter_map(|code| self.exact.get(code).copied()).collect();
        }
        let digits: String = typed
            .chars()
            .map(|c| match c {
                'O' | 'o' => '0',
                'I' | 'l' => '1',
                c => c,
            })
            .collect();
        if let Some(&i) = self.exact.get(&digits) {
            return vec![i];
        }
        if typed.chars().count() < 3 || typed.bytes().all(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let mut scored: Vec<(usize, usize)> =
            self.types.iter().map(|t| strsim::levenshtein(typed, &t.name)).zip(0..).collect();
        scored.retain(|(d, i)| *d <= self.types[*i].name.chars().count() / 3);
        scored.sort_unstable();
        scored.into_iter().take(2).map(|(_, i)| i).collect()
    }
}

/// Takes off what stands behind a type's name or code.
fn stem(tidy: &str) -> &str {
    text::whole_number(tidy.trim_end_matches(['。', '.', ',', '，', '、', ';', '；']))
}

/// What is wrong with an ID number, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// The number cannot belong to the type.
    Shape,
    /// The number is not of a known shape of the type, but may be right.
    Unusual,
    /// The check digit should be this character.
    CheckDigit(char),
    /// The birth date does not exist or lies in the future.
    BirthDate,
    /// A number of the first card generation, 15 digits.
    Fifteen,
    /// The number belongs to another type, as its first digits tell.
    OtherType(IdReader),
}

/// What an ID number says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IdReport {
    /// The problem, if any.
    pub problem: Option<IdProblem>,
    /// Six digits that no division has or had; a warning.
    pub unknown_area: Option<u32>,
    /// The birth date in the number.
    pub birth: Option<NaiveDate>,
}

/// Computes the check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2); `None` unless all are digits.
pub fn check_character(body: &[u8]) -> Option<u8> {
    // Two times eight digits at once, and the last; the weights are 7 9 10 5 8 4 2 1, 6 3 7 9 10 5 8 4 and 2.
    let body: &[u8; 17] = body.first_chunk()?;
    let (eights, last) = body.as_chunks::<8>();
    let [first, second] = eights else { return None };
    let last = last.first().filter(|byte| byte.is_ascii_digit())?;
    let sum = weighed(*first, [7, 10, 8, 2], [9, 5, 4, 1])? + weighed(*second, [6, 7, 10, 8], [3, 9, 5, 4])?;
    let sum = sum + u64::from(last - b'0') * 2;
    Some(b"10X98765432"[(sum % 11) as usize])
}

/// Sums eight digits by the weights of those in even and in odd places; `None` unless all are digits.
fn weighed(digits: [u8; 8], even: [u16; 4], odd: [u16; 4]) -> Option<u64> {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0xF0; 8]);
    const PLACES: u64 = 0x00FF_00FF_00FF_00FF;
    // A digit is 0x30 to 0x39: with six added it still begins with a 3.
    let text = u64::from_le_bytes(digits);
    let beyond = (text & !HIGH) + u64::from_ne_bytes([6; 8]);
    if text & HIGH != ZEROS || beyond & HIGH != 0 {
        return None;
    }
    let digits = text ^ ZEROS;
    // The highest sixteen bits of the product are the sum of all four; none of the sums below it is so large.
    let sum = |digits: u64, [a, b, c, d]: [u16; 4]| {
        let weights = u64::from(a) << 48 | u64::from(b) << 32 | u64::from(c) << 16 | u64::from(d);
        digits.wrapping_mul(weights) >> 48
    };
    Some(sum(digits & PLACES, even) + sum(digits >> 8 & PLACES, odd))
}

/// Gives the 18-digit form of a 15-digit number: `19` before the year (`18` for the serials 996 to 999, given to
/// centenarians) and the check character. `None` when the text is not 15 digits.
pub fn eighteen_from_fifteen(number: &str) -> Option<String> {
    if number.len() != 15 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let century = if number[12..].parse::<u16>().is_ok_and(|n| n >= 996) { "18" } else { "19" };
    let mut body = format!("{}{century}{}", &number[..6], &number[6..]);
    body.push(char::from(check_character(body.as_bytes())?));
    Some(body)
}

/// Checks a number against a type. `number` is compact: no blanks, half width, upper case.
///
/// A number that does not fit its type and is a sound resident's is one; 其他个人证件 may have it, a household register among them.
pub fn check_number(reader: IdReader, number: &str, divisions: &Divisions, today: NaiveDate) -> IdReport {
    let report = check_of_type(reader, number, divisions, today);
    let does_not_fit = matches!(report.problem, Some(IdProblem::Shape | IdProblem::Unusual));
    if does_not_fit && reader != IdReader::Resident && number.len() == 18 {
        let resident = check_of_type(IdReader::Resident, number, divisions, today);
        if resident.problem.is_none() && resident.unknown_area.is_none() {
            let problem = Some(IdProblem::OtherType(IdReader::Resident));
            return IdReport { problem, ..IdReport::default() };
        }
    }
    report
}

/// Tells whether a number has a shape that those of a type may have.
pub fn may_belong(reader: IdReader, number: &str, divisions: &Divisions, today: NaiveDate) -> bool {
    check_of_type(reader, number, divisions, today).problem != Some(IdProblem::Shape)
}

fn check_of_type(reader: IdReader, number: &str, divisions: &Divisions, today: NaiveDate) -> IdReport {
    let bytes = number.as_bytes();
    let problem = |p| IdReport { problem: Some(p), ..IdReport::default() };
    let shape = |ok: bool, usual: bool| IdReport {
        problem: if !ok {
            Some(IdProblem::Shape)
        } else if !usual {
            Some(IdProblem::Unusual)
        } else {
            None
        },
        ..IdReport::default()
    };
    let all_digits = |b: &[u8]| !b.is_empty() && b.iter().all(u8::is_ascii_digit);
    let alphanumeric = bytes.iter().all(u8::is_ascii_alphanumeric);
    match reader {
        IdReader::Resident => match bytes {
            _ if bytes.len() == 15 && all_digits(bytes) => problem(IdProblem::Fifteen),
            [b'8', b'1' | b'2', b'0', b'0', b'0', b'0', ..] if bytes.len() == 18 => {
                problem(IdProblem::OtherType(IdReader::HkMacauResidence))
            }
            [b'8', b'3', b'0', b'0', b'0', b'0', ..] if bytes.len() == 18 => {
                problem(IdProblem::OtherType(IdReader::TaiwanResidence))
            }
            // The province tells a permanent residence number from a resident number whose area was mistyped.
            [b'9', a, b, ..]
                if bytes.len() == 18
                    && date::digits(&[*a, *b]).is_some_and(|p| divisions.contains(p * 10_000))
                    && permanent(bytes, today).problem.is_none() =>
            {
                problem(IdProblem::OtherType(IdReader::PermanentResidence))
            }
            _ => resident(bytes, Some(divisions), today),
        },
        IdReader::HkMacauResidence if number.starts_with("810000") || number.starts_with("820000") => {
            resident(bytes, None, today)
        }
        IdReader::TaiwanResidence if number.starts_with("830000") => resident(bytes, None, today),
        IdReader::HkMacauResidence | IdReader::TaiwanResidence => problem(IdProblem::Shape),
        IdReader::PassportCn => {
            let usual = match bytes {
                [b'E' | b'G', rest @ ..] if rest.len() == 8 && all_digits(rest) => true,
                [b'E', letter, rest @ ..] if rest.len() == 7 && all_digits(rest) => {
                    letter.is_ascii_uppercase() && !matches!(letter, b'I' | b'O')
                }
                [b'D' | b'S' | b'P', b'E', rest @ ..] => rest.len() == 7 && all_digits(rest),
                [b'D' | b'S' | b'P', rest @ ..] => matches!(rest.len(), 7 | 8) && all_digits(rest),
                [b'1', b'4' | b'5', rest @ ..] => rest.len() == 7 && all_digits(rest),
                _ => false,
            };
            shape(alphanumeric && (5..=18).contains(&bytes.len()), usual)
        }
        IdReader::HkMacauPermit => match bytes {
            [b'H' | b'M', b'A', rest @ ..] if rest.len() == 7 && all_digits(rest) => shape(true, true),
            [b'H' | b'M', rest @ ..] if matches!(rest.len(), 8 | 10) && all_digits(rest) => shape(true, true),
            _ => problem(IdProblem::Shape),
        },
        IdReader::TaiwanPermit => {
            let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            shape(alphanumeric_or_brackets(bytes) && (8..=18).contains(&bytes.len()), digits == 8 && bytes.len() == 8)
        }
        IdReader::PassportForeign => shape(alphanumeric && bytes.len() <= 18, (5..=17).contains(&bytes.len())),
        IdReader::PermanentResidence => permanent(bytes, today),
        IdReader::WorkPermit => shape(alphanumeric && bytes.len() <= 18, bytes.len() >= 6),
        IdReader::Other => shape(!bytes.is_empty(), !number.chars().all(text::is_han)),
    }
}

fn alphanumeric_or_brackets(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'(' | b')'))
}

fn resident(bytes: &[u8], divisions: Option<&Divisions>, today: NaiveDate) -> IdReport {
    let is_like_x = |end: &[u8]| std::str::from_utf8(end).ok().and_then(|end| end.parse().ok()).is_some_and(is_like_x);
    if let Some((seventeen, end)) = bytes.split_at_checked(17)
        && let Some(expected) = check_character(seventeen).filter(|_| is_like_x(end))
    {
        return IdReport { problem: Some(IdProblem::CheckDigit(char::from(expected))), ..IdReport::default() };
    }
    let (18, Some(expected)) = (bytes.len(), check_character(bytes)) else {
        return IdReport { problem: Some(IdProblem::Shape), ..IdReport::default() };
    };
    if !matches!(bytes[17], b'0'..=b'9' | b'X') {
        return IdReport { problem: Some(IdProblem::Shape), ..IdReport::default() };
    }
    let area = date::digits(&bytes[..6]).unwrap_or(0);
    let birth = birth_date(&bytes[6..14], today);
    let problem = if bytes[17] != expected {
        Some(IdProblem::CheckDigit(char::from(expected)))
    } else if birth.is_none() {
        Some(IdProblem::BirthDate)
    } else {
        None
    };
    IdReport { problem, unknown_area: divisions.filter(|d| !d.contains(area)).map(|_| area), birth }
}

/// Tells whether a sign is typed for X: a letter of another alphabet, or the sign of multiplication.
pub fn is_like_x(c: char) -> bool {
    matches!(c, 'Х' | 'х' | '×' | 'Χ' | 'χ')
}

/// Reads eight digits as a birth date; `None` when there is no such day or it lies in the future.
pub fn birth_date(bytes: &[u8], today: NaiveDate) -> Option<NaiveDate> {
    let (y, m, d) = (date::digits(&bytes[..4])?, date::digits(&bytes[4..6])?, date::digits(&bytes[6..8])?);
    date::day(y, m, d).filter(|day| *day <= today && day.year() >= 1850)
}

/// Checks both card generations: 18 characters as a resident number, 15 as three letters and twelve digits.
fn permanent(bytes: &[u8], today: NaiveDate) -> IdReport {
    match bytes {
        [b'9', ..] if bytes.len() == 18 => resident(bytes, None, today),
        _ if bytes.len() == 15
            && bytes[..3].iter().all(u8::is_ascii_uppercase)
            && bytes[3..].iter().all(u8::is_ascii_digit) =>
        {
            let (month, day) = (date::digits(&bytes[9..11]), date::digits(&bytes[11..13]));
            let plausible = matches!((month, day), (Some(1..=12), Some(1..=31)));
            IdReport { problem: (!plausible).then_some(IdProblem::Unusual), ..IdReport::default() }
        }
        _ => IdReport { problem: Some(IdProblem::Shape), ..IdReport::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_at_once_sum_as_one_by_one() {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let slowly = |body: &[u8; 17]| {
            let digits = body.iter().zip(WEIGHTS).map(|(b, weight)| Some(char::from(*b).to_digit(10)? * weight));
            digits.sum::<Option<u32>>().map(|sum| b"10X98765432"[(sum % 11) as usize])
        };
        let body = *b"99999999999999999";
        for (at, byte) in (0..17).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
            let mut other = body;
            other[at] = byte;
            other[16 - at] ^= 1;
            assert_eq!(check_character(&other), slowly(&other), "{other:?}");
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).expect("a real day")
    }

    /// Examples of GB 11643 and the immigration administration's two samples.
    #[test]
    fn agrees_with_public_samples() {
        let none = Divisions::default();
        for number in ["11010519491231002X", "440524188001010014"] {
            assert_eq!(check_number(IdReader::Resident, number, &none, today()).problem, None, "{number}");
        }
        for number in ["911124198108030024", "932682198501010017"] {
            assert_eq!(check_number(IdReader::PermanentResidence, number, &none, today()).problem, None, "{number}");
            let provinces = Divisions::new([110_000, 320_000].into_iter(), Vec::new);
            let report = check_number(IdReader::Resident, number, &provinces, today());
            assert_eq!(report.problem, Some(IdProblem::OtherType(IdReader::PermanentResidence)));
            // Without such a province it is a resident number of an unknown area.
            assert_eq!(check_number(IdReader::Resident, number, &none, today()).problem, None);
        }
    }

    #[test]
    fn tells_what_the_check_digit_should_be() {
        let report = check_number(IdReader::Resident, "110105194912310021", &Divisions::default(), today());
        assert_eq!(report.problem, Some(IdProblem::CheckDigit('X')));
    }

    #[test]
    fn completes_old_numbers() {
        assert_eq!(eighteen_from_fifteen("110105491231002").as_deref(), Some("11010519491231002X"));
        assert_eq!(eighteen_from_fifteen("440524800101001").map(|n| n[6..8].to_string()).as_deref(), Some("19"));
        assert_eq!(eighteen_from_fifteen("440524800101996").map(|n| n[6..8].to_string()).as_deref(), Some("18"));
        assert_eq!(eighteen_from_fifteen("11010549123100X"), None);
    }

    #[test]
    fn knows_the_travel_documents() {
        let check = |reader, number| check_number(reader, number, &Divisions::default(), today()).problem;
        assert_eq!(check(IdReader::PassportCn, "E12345678"), None);
        assert_eq!(check(IdReader::PassportCn, "EA1234567"), None);
        assert_eq!(check(IdReader::PassportCn, "EI1234567"), Some(IdProblem::Unusual));
        assert_eq!(check(IdReader::HkMacauPermit, "H1234567801"), None);
        assert_eq!(check(IdReader::HkMacauPermit, "C12345678"), Some(IdProblem::Shape));
        assert_eq!(check(IdReader::TaiwanPermit, "12345678"), None);
        assert_eq!(check(IdReader::TaiwanPermit, "0123456789(B)"), Some(IdProblem::Unusual));
        assert_eq!(check(IdReader::PassportForeign, "护照123"), Some(IdProblem::Shape));
        assert_eq!(check(IdReader::PermanentResidence, "CAN110078090801"), None);
    }
}
