//! Rules about names of persons (N).

use unicode_normalization::UnicodeNormalization;

use super::catalogue::{BLANK, RuleSpec};
use super::characters::{has_markup, is_lost};
use super::checks::{Check, WordsCell, position, when};
use super::repair::{Broken, Repair};
use super::several::several;
use super::{Safety, Severity, clean};
use crate::domain::sheet::{Field, Looks};
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
            // Joined, two people would be one.
            when(shown(cell).is_some_and(|name| is_han(name) && name.contains(' ')) && !is_several(cell))
        })],
        repair: Some(Repair::Either {
            because: "Four characters and more may be two people in one cell, and 女 may stand beside the name.",
            to: |cell| {
                let is_beside = |part: &&str| is_beside_name(cell, part);
                if text::trimmed(cell.raw).split(' ').any(|part| is_beside(&part)) {
                    return alone(cell).map(|name| (name, Safety::Unsafe));
                }
                // A line break becomes a blank first.
                let is_person = |part: &str| cell.context.sheet.looks_of(part) == Some(Looks::Name);
                if text::trimmed(cell.raw).split(text::is_blank).filter(|part| !part.is_empty()).all(is_person) {
                    return None;
                }
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
            let is_told = |name: &str| has_markup(cell) || is_several(cell) || clean::holds_number(name);
            let name = shown(cell).filter(|name| !is_told(name))?;
            unusual_at(name).or_else(|| cell.context.tables.leftovers.glued_to(name)).map(position)
        })],
        repair: Some(Repair::Unsafe {
            because: "Only who knows the person can tell which part is the name.",
            to: alone,
        }),
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
    // Two people in one cell.
    RuleSpec {
        code: "N06",
        name: "name-of-several",
        severity: Severity::Error,
        reads: NAME,
        checks: &[Check::Words(|cell| when(shown(cell).is_some() && is_several(cell)))],
        ..BLANK
    },
    // The number of a document or a telephone where a name should be.
    RuleSpec {
        code: "N07",
        name: "name-number",
        severity: Severity::Error,
        reads: NAME,
        checks: &[Check::Words(|cell| when(shown(cell).is_some_and(clean::holds_number)))],
        repair: Some(Repair::Unsafe {
            because: "Only who knows the person can tell which part is the name.",
            to: alone,
        }),
        ..BLANK
    },
];

const NAME: &[Field] = &[Field::Name];

/// Gives the name unless it is masked.
fn shown<'a>(cell: &WordsCell<'a>) -> Option<&'a str> {
    Some(cell.tidy).filter(|name| !clean::is_masked(name))
}

/// Tells whether several names of 汉字 stand there, with a sign of a list between them.
fn is_several(cell: &WordsCell<'_>) -> bool {
    !several(cell.context, Field::Name, cell.raw).is_empty()
}

/// Finds the first character that names do not have: a digit, a sign, a letter right behind a 汉字 (冯yan).
fn unusual_at(name: &str) -> Option<usize> {
    let mut before = ' ';
    name.chars().position(|c| {
        let usual = text::is_han(c)
            || (c.is_alphabetic() && !text::is_han(before))
            || is_separator(c)
            || is_lost(c)
            || matches!(c, ' ' | '\'' | '’');
        before = c;
        !usual
    })
}

/// Tells whether a part of a cell says what stands beside a name: a label of the column, a sex, a title.
fn is_beside_name(cell: &Broken<'_>, part: &str) -> bool {
    let is_label = || {
        let column = cell.context.sheet.column(Field::Name);
        column.is_some_and(|column| column.label == part || column.synonyms.iter().any(|name| name == part))
    };
    cell.context.tables.leftovers.is_beside_names(part) || is_label()
}

/// Gives the only name in a cell that holds more: a label before it, a remark in brackets, a telephone or a sex behind it.
pub(super) fn alone(cell: &Broken<'_>) -> Option<String> {
    let leftovers = &cell.context.tables.leftovers;
    let tidy = clean::words(Field::Name, cell.raw);
    let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0_u32);
    for c in tidy.chars().map(text::half_width) {
        match c {
            '(' | '[' | '<' | '【' | '《' | '〔' => depth += 1,
            ')' | ']' | '>' | '】' | '》' | '〕' => depth = depth.checked_sub(1)?,
            c if depth == 0 => outside.push(c),
            c => inside.push(c),
        }
        if matches!(c, ')' | ']' | '>' | '】' | '》' | '〕') {
            // An example is nobody.
            let inside = std::mem::take(&mut inside);
            if leftovers.is_nothing(&inside) {
                return None;
            }
            outside.push(' ');
        }
    }
    let is_of_name = |c: char| text::is_han(c) || c == '·';
    if leftovers.says_something(&tidy) || leftovers.is_about_another(&tidy) {
        return None;
    }
    if depth != 0 || leftovers.is_nothing(&tidy) || outside.chars().any(|c| c.is_alphabetic() && !text::is_han(c)) {
        return None;
    }
    let parts = outside.split(|c| !is_of_name(c)).filter(|part| !part.is_empty() && !is_beside_name(cell, part));
    let parts: Vec<&str> = parts.collect();
    match parts[..] {
        [name] if (2..=20).contains(&name.chars().count()) && leftovers.glued_to(name).is_none() => {
            Some(name.to_string()).filter(|name| without_loose_separators(name) == name)
        }
        _ => None,
    }
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

/// Tells whether a name is two to twenty common 汉字 and nothing else: no rule about names can find anything. Names that
/// begin with 同 are left to the rules, for 同上 is none.
pub(super) fn is_plain_han_name(bytes: &[u8]) -> bool {
    let (groups, rest) = bytes.as_chunks::<3>();
    // U+4E00 is E4 B8 80, U+9FFF is E9 BF BF.
    rest.is_empty()
        && (2..=20).contains(&groups.len())
        && groups[0] != *"同".as_bytes()
        && groups.iter().all(|g| matches!(g, [0xE5..=0xE9, ..] | [0xE4, 0xB8..=0xBF, _]))
}

/// Writes U+00B7 where another sign separates two groups of 汉字 (民委发〔2016〕33号).
pub fn with_standard_separator(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let between_han =
        |i: usize| 0 < i && i + 1 < chars.len() && text::is_han(chars[i - 1]) && text::is_han(chars[i + 1]);
    chars.iter().enumerate().map(|(i, c)| if is_separator(*c) && between_han(i) { '·' } else { *c }).collect()
}
