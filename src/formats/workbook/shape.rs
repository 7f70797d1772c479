//! Number formats that supply part of what a cell shows, or hide it: `"S…J"00000`, `0"级"`, `;;;`. What they say letter by
//! letter is applied, so that a cell reads as people see it; what depends on the rest of a format is left alone.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

/// More digits than this a number does not keep.
const MOST: f64 = 1e15;
const CHINESE: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A place for a digit; whether a zero fills it.
    Digit(bool),
    Text(String),
    /// The number, or the text, as it is.
    Whole,
}

/// A section of a format: what positive numbers, negative ones, zero or texts are shown as.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    equals: Option<f64>,
    in_chinese: bool,
    tokens: Vec<Token>,
    /// Whether there is something in it that is not applied.
    is_beyond: bool,
}

/// A number format that does more than to choose digits.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Sections(Vec<Section>),
    /// It shows the day of the week, so that the number is a day.
    Weekday,
}

/// What a cell shows other than its value.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    Text(String),
    Nothing,
    Day(f64),
}

impl Shape {
    /// Reads a format; nothing where it shows a value as it is, or as something that is read elsewhere.
    pub fn of(code: &str) -> Option<Shape> {
        let bare = code.strip_suffix(";@").unwrap_or(code);
        let bare = bare.strip_prefix("[$-").and_then(|rest| rest.split_once(']')).map_or(bare, |(_, rest)| rest);
        if matches!(bare, "aaa" | "aaaa" | "ddd" | "dddd") {
            return Some(Shape::Weekday);
        }
        let sections = sections(code)?;
        let is_many = 1 < sections.len();
        let does_something = |section: &Section| {
            let zeros = section.tokens.iter().filter(|token| **token == Token::Digit(true)).count();
            let says = |token: &Token| matches!(token, Token::Text(text) if text.chars().any(char::is_alphanumeric));
            let is_nothing = is_many && section.tokens.is_empty();
            !section.is_beyond && (is_nothing || 2 <= zeros || section.in_chinese || section.tokens.iter().any(says))
        };
        let all = sections.iter().any(does_something);
        all.then_some(Shape::Sections(sections))
    }

    /// Gives what a cell of this format shows, where that is not its value.
    pub fn show(&self, value: &DataRef<'_>) -> Option<Shown> {
        let number = match value {
            DataRef::Float(number) => *number,
            DataRef::Int(number) => *number as f64,
            DataRef::String(text) => return self.show_text(text),
            DataRef::SharedString(text) => return self.show_text(text),
            _ => return None,
        };
        let Shape::Sections(sections) = self else { return Some(Shown::Day(number)) };
        let section = section_of(sections, number)?;
        if section.is_beyond {
            return None;
        }
        if section.tokens.is_empty() {
            return Some(Shown::Nothing);
        }
        if number < 0.0 || number.fract() != 0.0 || MOST <= number {
            return None;
        }
        let digits = format!("{number}");
        let text = section.write(&digits)?;
        (text != digits).then_some(Shown::Text(text))
    }

    fn show_text(&self, text: &str) -> Option<Shown> {
        let Shape::Sections(sections) = self else { return None };
        let section = match &**sections {
            [_, _, _, text] => text,
            [only] if only.tokens.contains(&Token::Whole) => only,
            _ => return None,
        };
        match section.tokens.as_slice() {
            _ if section.is_beyond || text.trim().is_empty() => None,
            [] => Some(Shown::Nothing),
            _ => section.write(text).filter(|shown| shown != text).map(Shown::Text),
        }
    }

    /// Makes the value that a day is, of the number that stands for it.
    pub fn day(number: f64, date_1904: bool) -> DataRef<'static> {
        DataRef::DateTime(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, date_1904))
    }
}

fn section_of(sections: &[Section], number: f64) -> Option<&Section> {
    if sections.iter().any(|section| section.equals.is_some()) {
        return sections
            .iter()
            .take(3)
            .find(|section| section.equals.is_none_or(|equal| (equal - number).abs() < f64::EPSILON));
    }
    let nth = match sections.len() {
        1 => 0,
        _ if number < 0.0 => 1,
        2 => 0,
        _ => 2 * usize::from(number == 0.0),
    };
    sections.get(nth)
}

impl Section {
    /// Puts digits, or a text, into the places.
    fn write(&self, value: &str) -> Option<String> {
        let places = self.tokens.iter().filter(|token| matches!(token, Token::Digit(_))).count();
        let (extra, mut rest) = value.split_at_checked(value.len().saturating_sub(places)).unwrap_or((value, ""));
        let mut missing = places.saturating_sub(value.len());
        let mut is_first = true;
        let mut shown = String::new();
        for token in &self.tokens {
            match token {
                Token::Text(text) => shown.push_str(text),
                Token::Whole => shown.push_str(value),
                Token::Digit(fills) => {
                    if std::mem::take(&mut is_first) {
                        shown.push_str(extra);
                    }
                    if 0 < missing {
                        missing -= 1;
                        shown.push_str(if *fills { "0" } else { "" });
                    } else if let Some(digit) = rest.chars().next() {
                        shown.push(digit);
                        rest = &rest[digit.len_utf8()..];
                    }
                }
            }
        }
        if !self.in_chinese {
            return Some(shown);
        }
        // Ten and more have words between the digits.
        let digit = value.parse::<usize>().ok().and_then(|digit| CHINESE.get(digit))?;
        Some(shown.replace(value, digit.encode_utf8(&mut [0; 4])))
    }
}

/// Cuts a format into its sections; nothing where it is none.
fn sections(code: &str) -> Option<Vec<Section>> {
    let mut all = vec![Section::default()];
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        let section = all.last_mut()?;
        match letter {
            ';' => all.push(Section::default()),
            '"' => {
                let text: String = letters.by_ref().take_while(|letter| *letter != '"').collect();
                section.tokens.push(Token::Text(text));
            }
            '\\' => section.tokens.push(Token::Text(letters.next()?.to_string())),
            '_' => {
                letters.next();
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                match inside.strip_prefix('=').map(str::parse) {
                    Some(Ok(equal)) => section.equals = Some(equal),
                    None if inside == "DBNum1" => section.in_chinese = true,
                    None if inside.starts_with("$-") || is_colour(&inside) => {}
                    _ => section.is_beyond = true,
                }
            }
            '0' => section.tokens.push(Token::Digit(true)),
            // Behind a zero every place is shown.
            '#' => {
                let fills = section.tokens.iter().any(|token| matches!(token, Token::Digit(true)));
                section.tokens.push(Token::Digit(fills));
            }
            '@' => section.tokens.push(Token::Whole),
            'G' if letters.as_str().starts_with("eneral") => {
                letters.by_ref().take("eneral".len()).for_each(drop);
                section.tokens.push(Token::Whole);
            }
            '-' | ' ' | '(' | ')' | ':' => section.tokens.push(Token::Text(letter.to_string())),
            letter if !letter.is_ascii() => section.tokens.push(Token::Text(letter.to_string())),
            _ => section.is_beyond = true,
        }
    }
    (all.len() <= 4).then_some(all)
}

fn is_colour(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "black" | "blue" | "cyan" | "green" | "magenta" | "red" | "white" | "yellow"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_format_says_letter_by_letter() {
        let told = |text: &str| Some(Shown::Text(text.to_string()));
        for (code, number, expected) in [
            ("\"S000062010001243J\"00000", 1.0, told("S000062010001243J00001")),
            ("\"S000062010001243J\"00000", 123_456.0, told("S000062010001243J123456")),
            ("\"S000062010001243J\"0#####", 102.0, told("S000062010001243J000102")),
            ("\"S\\J\"000", 1.0, told("S\\J001")),
            ("000", 201.0, None),
            ("00000000", 1_234_567.0, told("01234567")),
            ("\\E00000000", 12_345_678.0, told("E12345678")),
            ("0\"级\"", 3.0, told("3级")),
            ("0级", 3.0, told("3级")),
            ("[DBNum1][$-804]General\"级\"", 3.0, told("三级")),
            ("[DBNum1]General\"级\"", 13.0, None),
            ("[=3]\"三级\";[=4]\"四级\"", 4.0, told("四级")),
            ("[=3]\"三级\";[=4]\"四级\"", 5.0, None),
            ("0000\"-\"00\"-\"00", 20_241_021.0, told("2024-10-21")),
            ("0000-00-00", 20_241_021.0, told("2024-10-21")),
            (";;;", 3.0, Some(Shown::Nothing)),
            ("000;;", 0.0, Some(Shown::Nothing)),
            ("aaaa", 45_586.0, Some(Shown::Day(45_586.0))),
            ("[$-804]aaaa;@", 45_586.0, Some(Shown::Day(45_586.0))),
            ("000000000000000000", 1e17, None),
            ("000", 1.5, None),
        ] {
            let shape = Shape::of(code).unwrap_or_else(|| panic!("{code}"));
            assert_eq!(shape.show(&DataRef::Float(number)), expected, "{code} {number}");
        }
        for code in [
            "General",
            "0",
            "0_ ",
            "0_);(0)",
            "@",
            "#,##0.00",
            "0.00%",
            "yyyy\"年\"m\"月\"d\"日\";@",
            "yyyy/m/d;@",
            "[Red]0",
            "_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ",
            "0.00E+00",
        ] {
            assert_eq!(Shape::of(code), None, "{code}");
        }
        let shape = Shape::of("\"兰州\"@").expect("a shape");
        assert_eq!(shape.show(&DataRef::SharedString("样例厂")), told("兰州样例厂"));
        assert_eq!(shape.show(&DataRef::SharedString(" ")), None);
        let hidden = Shape::of(";;;").expect("a shape");
        assert_eq!(hidden.show(&DataRef::SharedString("样例厂")), Some(Shown::Nothing));
    }
}
