//! What of an input is echoed: a person's number and name never whole.

use crate::domain::decoder::{Certainty, Examination, LONGEST, NumberKind};
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;

/// Tells whether an input may hold a person's number: one that reads so, one that is one but for a digit too many or too
/// few, one among other words, or a short one that is no certificate code and may be a passport.
pub fn is_personal(input: &str, examination: &Examination) -> bool {
    let best = examination.best();
    let is_code = best.kind == NumberKind::Certificate && examination.text.is_ascii() && 20 <= examination.text.len();
    let longest_run = input.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max().unwrap_or(0);
    let digits = input.bytes().filter(u8::is_ascii_digit).count();
    let is_short_wrong =
        best.kind == NumberKind::Certificate && best.verdict == Certainty::Wrong && examination.text.len() <= 12;
    examination.is_personal() || is_short_wrong || (!is_code && !best.is_ok() && 14 <= digits && 14 <= longest_run)
}

/// Takes a label of the form off (`证书编号：`): it says what follows and is nobody's name.
pub fn split_label<'a>(input: &'a str, form: Option<&SheetSpec>) -> (&'a str, &'a str) {
    let input = input.trim();
    let end = input.char_indices().find(|(_, c)| matches!(c, ':' | '：')).map(|(at, c)| at + c.len_utf8());
    let is_label = |end: &usize| form.is_some_and(|form| form.field_of(&input[..*end]).is_some());
    input.split_at(end.filter(is_label).unwrap_or(0))
}

/// Gives an input as it is shown: visible, not longer than what was read. Masked, what is no number may be a name: of a
/// cell its column tells, of free text nothing does.
pub fn echoed(input: &str, field: Option<Field>, masked: bool, is_personal: bool, reads: bool) -> String {
    let cut: String = input.trim().chars().take(LONGEST).collect();
    let cut = match field {
        _ if !masked => cut,
        Some(field) if !reads => field.masked(&cut),
        _ => masked_words(&cut, !reads),
    };
    let cut = if is_personal { masked_numbers(&cut) } else { cut };
    text::visible(&cut).into_owned()
}

/// Masks every run of letters like a name: 汉字 always, Latin letters only where `latin` says so and no digit stands among
/// them, for then they are no part of a number.
pub fn masked_words(input: &str, latin: bool) -> String {
    let kind = |c: char| match text::half_width(c) {
        c if c.is_ascii_alphanumeric() => 1,
        // Private-use characters stand for rare 汉字.
        c if c.is_alphabetic() || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..) => 2,
        _ => 0,
    };
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        let (run, more) = rest.split_at(end);
        let is_word = match kind(first) {
            1 => latin && 2 <= run.chars().count() && run.chars().all(char::is_alphabetic),
            kind => kind == 2,
        };
        out.push_str(&if is_word { text::masked_name(run) } else { run.to_string() });
        rest = more;
    }
    out
}

/// Masks every run of letters and digits that is long enough to be a person's number.
pub fn masked_numbers(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let end = rest[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(rest.len(), |n| start + n);
        out.push_str(&rest[..start]);
        let run = &rest[start..end];
        if 6 < run.len() {
            out.push_str(&text::masked_number(run));
        } else {
            out.push_str(run);
        }
        rest = &rest[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hidden_and_numbers_are_not_taken_for_them() {
        for (input, latin, shown) in [
            ("张三丰", false, "张*丰"),
            ("张伟,S000062010001242J00001", false, "张*,S000062010001242J00001"),
            ("张伟620102", true, "张*620102"),
            ("Zhang San", true, "Z***g S*n"),
            ("SOOO62", true, "SOOO62"),
            ("Ｓ００００", true, "Ｓ００００"),
            ("\u{E000}\u{E001}", false, "\u{E000}*"),
            ("x", true, "x"),
            ("", true, ""),
        ] {
            assert_eq!(masked_words(input, latin), shown, "{input}");
        }
    }

    #[test]
    fn the_column_tells_what_is_masked() {
        assert_eq!(echoed("欧阳三丰", Some(Field::Name), true, false, false), "欧**丰");
        assert_eq!(echoed("兰州机械厂", Some(Field::Employer), true, false, false), "兰州机械厂");
        assert_eq!(echoed("兰州机械厂", None, true, false, false), "兰***厂");
        assert_eq!(echoed("张三", Some(Field::Name), false, false, false), "张三");
    }
}
