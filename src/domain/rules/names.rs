//! Rules about names of persons (N).

use unicode_normalization::UnicodeNormalization;

use super::catalogue::{BLANK, RuleSpec};
use super::characters::{has_markup, is_lost};
use super::checks::{Check, WordsCell, position, when};
use super::repair::Repair;
use super::{Safety, Severity, clean};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // A blank inside a Chinese name.
    RuleSpec {
        code: "N01",
        name: "name-blank",
        severity: Severity::Warning,
        reads: NAME,
        checks: &[Check::Words(|cell| {
            let is_han = |name: &str| name.chars().all(|c| text::is_han(c) || c == ' ');
            when(shown(cell).is_some_and(|name| is_han(name) && name.contains(' ')))
        })],
        repair: Some(Repair::Either {
            because: "Four characters and more may be two people in one cell.",
            to: |cell| {
                let joined = cell.raw.replace(text::is_blank, "");
                let safety = if joined.chars().count() <= 3 { Safety::Safe } else { Safety::Unsafe };
                Some((joined, safety))
            },
        }),
        ..BLANK
    },
    // A separator other than U+00B7 between the parts of a name.
    RuleSpec {
        code: "N02",
        name: "name-separator",
        severity: Severity::Error,
        clause: "X-24",
        reads: NAME,
        checks: &[Check::Words(|cell| when(shown(cell).is_some_and(|name| with_standard_separator(name) != name)))],
        repair: Some(Repair::Safe {
            because: "Between two groups of 汉字 every such sign separates.",
            to: |cell| Some(with_standard_separator(cell.raw)),
        }),
        ..BLANK
    },
    // A compatibility form of a 汉字.
    RuleSpec {
        code: "N03",
        name: "name-compatibility",
        severity: Severity::Warning,
        reads: NAME,
        checks: &[Check::Words(|cell| when(shown(cell).is_some_and(|name| name.chars().any(is_compatibility))))],
        repair: Some(Repair::Unsafe {
            because: "The card may show the very form that is written.",
            to: |cell| Some(cell.raw.nfkc().collect()),
        }),
        ..BLANK
    },
    // Digits or symbols in a name.
    RuleSpec {
        code: "N04",
        name: "name-unusual",
        severity: Severity::Warning,
        reads: NAME,
        checks: &[Check::Words(|cell| {
            let usual = |c: char| {
                text::is_han(c) || c.is_alphabetic() || is_separator(c) || is_lost(c) || matches!(c, ' ' | '\'' | '’')
            };
            shown(cell).filter(|_| !has_markup(cell))?.chars().position(|c| !usual(c)).map(position)
        })],
        ..BLANK
    },
    // A separator with nothing before or behind it.
    RuleSpec {
        code: "N05",
        name: "name-cut",
        severity: Severity::Error,
        reads: NAME,
        checks: &[Check::Words(|cell| when(shown(cell).is_some_and(|name| without_loose_separators(name) != name)))],
        repair: Some(Repair::Unsafe {
            because: "The part that the separator belongs to may be missing.",
            to: |cell| Some(without_loose_separators(&text::trimmed(cell.raw)).to_string()),
        }),
        ..BLANK
    },
];

const NAME: &[Field] = &[Field::Name];

/// Gives the name unless it is masked.
fn shown<'a>(cell: &WordsCell<'a>) -> Option<&'a str> {
    Some(cell.tidy).filter(|name| !clean::is_masked(name))
}

/// Tells whether a character is a 汉字 that stands for another one; a dozen in the same block stand for themselves.
fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') && !std::iter::once(c).nfkc().eq([c])
}

fn is_separator(c: char) -> bool {
    matches!(c, '·' | '.' | '•' | '．' | '・' | '‧' | '●' | '˙' | '-' | '∙' | '⋅')
}

/// Gives a Chinese name without the separators at its ends.
fn without_loose_separators(name: &str) -> &str {
    if name.chars().any(text::is_han) { name.trim_matches(is_separator) } else { name }
}

/// Writes U+00B7 where another sign separates two groups of 汉字 (民委发〔2016〕33号).
pub fn with_standard_separator(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let between_han =
        |i: usize| 0 < i && i + 1 < chars.len() && text::is_han(chars[i - 1]) && text::is_han(chars[i + 1]);
    chars.iter().enumerate().map(|(i, c)| if is_separator(*c) && between_han(i) { '·' } else { *c }).collect()
}
