//! The form of a cell that rules look at: evidence stays untouched, width and blanks are set aside first.

use std::borrow::Cow;

use crate::domain::code::{CODE_LENGTH, CertCode};
use crate::domain::identity;
use crate::domain::sheet::Field;
use crate::domain::text;

/// Cleans an ID number: no blanks or hyphens, half width, upper case, any look-alike of X at the end made X where one is due.
pub fn id_number(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'(' || b == b')') {
        return Cow::Borrowed(raw);
    }
    let mut out: String = without_excel_marks(raw).chars().map(text::half_width).filter(|c| !ignored(*c)).collect();
    out.make_ascii_uppercase();
    let last = out.chars().last();
    // Only where an X is due: elsewhere nobody knows what was meant.
    let is_due = || identity::check_character(out.as_bytes().get(..17)?).filter(|due| *due == b'X');
    if out.chars().count() == 18 && last.is_some_and(identity::is_like_x) && is_due().is_some() {
        out.pop();
        out.push('X');
    }
    Cow::Owned(out)
}

/// Gives the resident's number in a cell that holds more: a label before it, a remark or a telephone behind it, signs between
/// its parts, a Roman ten for X. Only where there is no other number, 18 characters are left, and the check digit fits.
pub fn number_within(raw: &str) -> Option<String> {
    let raw = text::whole_number(raw.trim());
    let plain = |c: char| match text::half_width(c) {
        'Ⅹ' | 'ⅹ' | 'Х' | 'х' | 'Χ' | 'χ' | 'x' => 'X',
        c => c,
    };
    let is_between = |c: char| matches!(c, '.' | '·' | ',' | '。' | '、' | '\'');
    let apart: String =
        raw.chars().map(plain).filter(|c| text::is_blank(*c) || !ignored(*c) && !is_between(*c)).collect();
    // A blank may stand between two numbers or inside one.
    only_resident(&apart).or_else(|| only_resident(&apart.replace(text::is_blank, "")))
}

fn only_resident(text: &str) -> Option<String> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != 'X');
    let mut numbers = runs.filter(|run| 7 <= run.len() && !text::is_mobile(run) && !text::is_fixed_line(run));
    let number = numbers.next().filter(|number| number.len() == 18)?;
    let fits = identity::check_character(number.as_bytes()) == number.bytes().last();
    (fits && numbers.next().is_none()).then(|| number.to_string())
}

/// Tells whether the number of a document or of a mobile telephone stands in words.
pub fn holds_number(words: &str) -> bool {
    const DOCUMENT: usize = 15;
    if words.bytes().filter(u8::is_ascii_digit).count() < 11 && words.is_ascii() {
        return false;
    }
    let plain: String = words.chars().map(text::half_width).filter(|c| !text::is_blank(*c) && *c != '-').collect();
    plain.split(|c: char| !c.is_ascii_digit()).any(|run| text::is_mobile(run) || DOCUMENT <= run.len())
}

/// Tells whether digits are those of a bank card: 16, 17 or 19, as no ID number has, as China's cards begin or with the check
/// digit of ISO 7812.
fn is_bank_card(digits: &str) -> bool {
    let doubled = |(i, b): (usize, u8)| match (u32::from(b - b'0'), i % 2) {
        (digit, 0) => digit,
        (digit, _) => digit * 2 / 10 + digit * 2 % 10,
    };
    matches!(digits.len(), 16 | 17 | 19)
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.starts_with("62") || digits.bytes().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0)
}

/// What a number may be that is none of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherNumber {
    Mobile,
    BankCard,
}

impl OtherNumber {
    /// Tells what a cell looks like in which an ID number should be.
    pub fn of(cell: &str) -> Option<OtherNumber> {
        let number = id_number(cell);
        match &*number {
            mobile if text::is_mobile(mobile) => Some(OtherNumber::Mobile),
            card if is_bank_card(card) => Some(OtherNumber::BankCard),
            _ => None,
        }
    }
}

/// Tells whether a cell holds the numbers of two documents, a letter before each.
pub fn has_two_documents(raw: &str) -> bool {
    let parts = raw.split(|c: char| !text::half_width(c).is_ascii_alphanumeric());
    let is_number = |part: &&str| part.starts_with(char::is_alphabetic) && 7 <= part.chars().count();
    1 < parts.filter(is_number).count()
}

/// Cleans a certificate code: no blanks or hyphens, half width, upper case.
pub fn code(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Cow::Borrowed(raw);
    }
    let mut out: String = without_excel_marks(raw).chars().map(text::half_width).filter(|c| !ignored(*c)).collect();
    out.make_ascii_uppercase();
    Cow::Owned(out)
}

/// Gives the code in a cell that holds more: a label before it, a full stop behind it. Only where nothing else is as long.
pub fn code_within(raw: &str) -> Option<String> {
    let cleaned = code(raw);
    let mut codes = cleaned.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| 15 <= run.len());
    let within =
        codes.next().filter(|run| run.len() == CODE_LENGTH && run.starts_with(|c: char| !c.is_ascii_digit()))?;
    codes.next().is_none().then(|| within.to_string())
}

/// Reads a code as it is typed.
pub fn typed_code(typed: &str) -> Option<CertCode> {
    CertCode::new(&code(typed))
}

/// Gives the form of a words cell that the rules look at and the safe fix writes: no stray characters, and ASCII digits
/// and letters. Punctuation keeps its width: 有限公司（兰州） is a legal name.
pub fn words(field: Field, raw: &str) -> Cow<'_, str> {
    let trimmed = match text::trimmed(raw) {
        Cow::Borrowed(text) => Cow::Borrowed(without_text_mark(text)),
        Cow::Owned(text) => Cow::Owned(without_text_mark(&text).to_string()),
    };
    let is_wide = |c: char| match c {
        // A digit in a name is wrong in any width.
        '０'..='９' => field != Field::Name,
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => true,
        _ => false,
    };
    if !trimmed.chars().any(is_wide) {
        return trimmed;
    }
    Cow::Owned(trimmed.chars().map(|c| if is_wide(c) { text::half_width(c) } else { c }).collect())
}

/// Removes the `'` by which a spreadsheet keeps a text a text, where it shows before 汉字; one of a pair is a quotation mark.
pub fn without_text_mark(text: &str) -> &str {
    const MARKS: [char; 4] = ['\'', '’', '‘', '`'];
    match text.strip_prefix(MARKS) {
        Some(rest) if rest.starts_with(text::is_han) && !rest.contains(MARKS) => rest,
        _ => text,
    }
}

/// Removes what spreadsheets put around a number to keep it a text: `="…"` and a leading `'`.
fn without_excel_marks(raw: &str) -> &str {
    let raw = raw.trim();
    let inner = raw.strip_prefix("=\"").and_then(|r| r.strip_suffix('"')).unwrap_or(raw);
    inner.trim_start_matches(['\'', '’', '‘', '`'])
}

fn ignored(c: char) -> bool {
    text::is_blank(c) || text::is_control(c) || is_hyphen(c)
}

pub fn is_hyphen(c: char) -> bool {
    matches!(text::half_width(c), '-' | '‐' | '‑' | '–' | '—' | '_')
}

/// Tells whether a number was turned into a rounded one by a spreadsheet: `1.10105E+17`.
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && (1..=2).contains(&exponent.len())
        && exponent.bytes().all(|b| b.is_ascii_digit())
        && (mantissa.contains('.') || mantissa.len() == 1)
}

/// Tells whether a number looks as a spreadsheet leaves one of 18 digits, of which it keeps 15.
pub fn is_eaten_number(number: &[u8]) -> bool {
    number.len() == 18 && number.ends_with(b"000")
}

/// Tells whether a text stands for "no work type": any run of dashes and blanks, 无, 空, a slash.
pub fn is_dash(value: &str) -> bool {
    let is_line =
        |c| matches!(c, '-' | '—' | '–' | '―' | '－' | '─' | '━' | '‐' | '‑' | '−' | '_' | '/' | '／' | '\\' | '一');
    let signs = || value.chars().filter(|c| !text::is_blank(*c));
    let lines = signs().all(is_line) && signs().any(|c| c != '一');
    lines || matches!(value, "无" | "空" | "没有" | "无工种" | "无职业方向")
}

/// The same, and one stroke that may be a 汉字: there is no work type 一.
pub fn is_no_work_type(value: &str) -> bool {
    value == "一" || is_dash(value)
}

/// Tells whether a text only points at another cell: 同上.
pub fn is_ditto(text: &str) -> bool {
    matches!(text, "同上" | "同前" | "〃" | "\"" | "″" | "同左" | "同下")
}

/// Tells whether a value is masked.
pub fn is_masked(text: &str) -> bool {
    text.contains(['*', '＊'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_numbers_and_codes() {
        assert_eq!(id_number(" 11010519491231002ｘ"), "11010519491231002X");
        assert_eq!(id_number("1101051949-1231-002Х"), "11010519491231002X");
        assert_eq!(id_number("=\"11010519491231002x\""), "11010519491231002X");
        assert_eq!(id_number("11010519491231002×"), "11010519491231002X");
        assert_eq!(id_number("62010219770304999×"), "62010219770304999×", "0 is due");
        assert_eq!(id_number("'E12345678"), "E12345678");
        assert_eq!(code("s0000 6201 0001 242j 00001"), "S000062010001242J00001");
        assert_eq!(code("Ｓ000062010001242Ｊ00001\u{200B}"), "S000062010001242J00001");
    }

    #[test]
    fn finds_the_code_in_a_cell_that_holds_more() {
        let code = "S000062010001242J00001";
        for raw in [
            "证书编号：S000062010001242J00001",
            "S000062010001242J00001。",
            "No. s0000 6201 0001 242j 00001",
            "S000062010001242J00001（补）",
        ] {
            assert_eq!(code_within(raw).as_deref(), Some(code), "{raw}");
        }
        for raw in
            ["S000062010001242J0001。", "编号：1301000000300123", "S000062010001242J00001/S000062010001242J00002", ""]
        {
            assert_eq!(code_within(raw), None, "{raw}");
        }
    }

    #[test]
    fn finds_the_number_in_a_cell_that_holds_more() {
        let number = "11010519491231002X";
        for raw in [
            "身份证：11010519491231002X",
            "11010519491231002x（已核）",
            "ID11010519491231002X",
            "<11010519491231002X>",
            "1101.0519.4912.3100.2X",
            "110105_19491231_002Ⅹ",
            "11010519491231002X身份证",
            "11010519491231002X 男",
            "11010519491231002X 电话13900001111",
            "13900001111 11010519491231002X",
            "13900001111/110105 19491231 002X",
        ] {
            assert_eq!(number_within(raw).as_deref(), Some(number), "{raw}");
        }
        assert_eq!(number_within("620102198805120027.0").as_deref(), Some("620102198805120027"));
        for raw in [
            "110105194912310021",
            "1101051949123100",
            "11010519491231002X/620102198805120027",
            "E12345678",
            "",
            "11010519491231002X 620102198805120027",
            "11010519491231002X11010519491231002X",
            "11010519491231002X；E12345678",
            "E12345678 11010519491231002X",
        ] {
            assert_eq!(number_within(raw), None, "{raw}");
        }
    }

    #[test]
    fn tells_telephones_and_bank_cards_from_numbers_of_people() {
        assert_eq!(OtherNumber::of("139 0000 1111"), Some(OtherNumber::Mobile));
        for card in ["6222021234567890123", "4111111111111111"] {
            assert_eq!(OtherNumber::of(card), Some(OtherNumber::BankCard), "{card}");
        }
        for other in ["12900001111", "1390000111", "110105491231002", "11010519491231002X", "4111111111111112", "男"] {
            assert_eq!(OtherNumber::of(other), None, "{other}");
        }
        assert!(has_two_documents("E12345678 e87654321") && !has_two_documents("110105 19491231 002X"));
        assert!(!has_two_documents("H12345678 01"));
    }

    #[test]
    fn tells_rounded_numbers_from_passports() {
        for text in ["1.10105E+17", "6.20102E17", "1.1010119900307E+17", "6E+17"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["E12345678", "1E", "12E5678901234", "62010219900101123X", "E1"] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    #[test]
    fn knows_the_signs_for_nothing() {
        for text in ["-", "--", "---", "—", "——", "－－", "无", "空", "/", "一—", "- -", "−"] {
            assert!(is_dash(text), "{text}");
        }
        for text in ["", " ", "一", "电工", "母婴护理员", "-a"] {
            assert!(!is_dash(text), "{text}");
        }
    }
}
