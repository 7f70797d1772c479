//! Several values in one cell (一格几个): numbers, codes, days, types, occupations or employers side by side, each of them whole by itself.

use super::{CheckContext, clean};
use crate::domain::date::{self, DateReading};
use crate::domain::identity::{self, IdTypeReading};
use crate::domain::sheet::Field;
use crate::domain::text;

/// What stands between two names of any kind.
const SIGNS: [char; 14] = ['/', '／', '、', ',', '，', ';', '；', '|', '｜', '+', '＋', '\n', '\r', '\u{2028}'];

/// What stands between two values, besides blanks.
const BETWEEN: [char; 17] =
    ['/', '／', '、', ',', '，', ';', '；', '|', '｜', '+', '＋', '\n', '\r', '\u{2028}', '和', '及', '与'];

/// What stands between two days, besides what may stand in one.
const BETWEEN_DAYS: [char; 23] = [
    '、', ',', '，', ';', '；', '|', '｜', '+', '\n', '\r', '和', '及', '与', '至', '到', '~', '～', '—', '–', '(',
    ')', '（', '）',
];

/// Words between two names; they stand within names, too.
pub(super) const WORDS: [char; 3] = ['和', '及', '与'];

/// No shorter text holds two numbers.
const TWO_NUMBERS: usize = 14;

/// An employer is called by so many characters at least.
const EMPLOYER: usize = 3;

/// Lists the different values of a field that stand in a cell, each as it is written; nothing where it holds one or none.
pub fn several(context: &CheckContext, field: Field, cell: &str) -> Vec<String> {
    let found = match field {
        Field::IdNumber | Field::OldIdNumber => numbers(cell),
        Field::Code | Field::OldCode => codes(cell),
        Field::IssueDate => days(cell),
        Field::IdType => types(context, cell),
        Field::Employer => employers(context, cell),
        Field::Name => names(context, cell),
        Field::Occupation | Field::WorkType => occupations(context, cell),
        _ => Vec::new(),
    };
    if found.len() < 2 { Vec::new() } else { found }
}

fn add(found: &mut Vec<String>, value: &str) {
    if found.iter().all(|known| known != value) {
        found.push(value.to_string());
    }
}

/// Finds the numbers of documents, with blanks and hyphens in them where a sign stands between them.
fn numbers(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_one = cell.len() <= 18 && cell.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_one || cell.len() < TWO_NUMBERS {
        return found;
    }
    for part in cell.split(BETWEEN) {
        let number = clean::id_number(part);
        if is_document(&number) {
            add(&mut found, &number);
        }
    }
    if 1 < found.len() {
        return found;
    }
    found.clear();
    let plain: String = cell.chars().map(text::half_width).collect::<String>().to_ascii_uppercase();
    for run in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| is_document(run)) {
        add(&mut found, run);
    }
    // Nothing stands between them, or blanks in both.
    let glued = clean::id_number(cell);
    if found.len() < 2
        && let Some((first, second)) = glued.split_at_checked(18)
        && [first, second].iter().all(|half| is_sound(half))
    {
        found = Vec::new();
        [first, second].iter().for_each(|half| add(&mut found, half));
    }
    found
}

fn is_sound(number: &str) -> bool {
    number.len() == 18 && number.is_ascii() && identity::check_character(number.as_bytes()) == number.bytes().last()
}

/// Tells whether a text is the number of a resident, or one that begins with letters.
fn is_document(number: &str) -> bool {
    let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = number.len() - digits.len();
    let is_lettered =
        (1..=3).contains(&letters) && (6..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_lettered || text::looks_like_id(number) && number.len() == text::compact(number).len()
}

/// Finds certificate codes; a character may be missing where a sign stands between them.
fn codes(cell: &str) -> Vec<String> {
    const LENGTH: usize = crate::domain::code::CODE_LENGTH;
    let mut found = Vec::new();
    if cell.len() < 2 * (LENGTH - 2) {
        return found;
    }
    let begins = |run: &str| {
        let bytes = run.as_bytes();
        bytes.first().is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(1..9).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    };
    let cleaned = clean::code(cell);
    for run in cleaned.split(|c: char| !c.is_ascii_alphanumeric()) {
        if run.len() % LENGTH == 0 {
            let all = (0..run.len()).step_by(LENGTH).map(|at| &run[at..at + LENGTH]);
            all.filter(|code| begins(code)).for_each(|code| add(&mut found, code));
        } else if (LENGTH - 2..=LENGTH + 2).contains(&run.len()) && begins(run) {
            add(&mut found, run);
        }
    }
    found
}

/// Finds days; behind a whole one its month or day may be all that is written of the next: 2024年10月21日至25日.
fn days(cell: &str) -> Vec<String> {
    let is_sign = |c: char| BETWEEN_DAYS.contains(&c);
    let ways: [(&dyn Fn(char) -> bool, bool); 4] = [
        (&is_sign, true),
        (&|c| is_sign(c) || text::is_blank(c), false),
        (&|c| matches!(c, '/' | '／'), true),
        (&|c| matches!(c, '-' | '－'), true),
    ];
    let mut found = ways.into_iter().map(|(is_between, takes_parts)| days_between(cell, is_between, takes_parts));
    found.find(|days| 1 < days.len()).unwrap_or_default()
}

fn days_between(cell: &str, is_between: &dyn Fn(char) -> bool, takes_parts: bool) -> Vec<String> {
    let mut parts = cell.split(is_between).map(str::trim).filter(|part| !part.is_empty());
    let Some((first, reading)) = parts.next().and_then(|first| Some((first, date_of(first)?))) else {
        return Vec::new();
    };
    let day = reading.day();
    let mut found = vec![first.to_string()];
    for part in parts {
        let is_another = match date_of(part) {
            Some(other) => day.is_none() || other.day() != day,
            None => takes_parts && day.is_some() && is_part_of_date(part),
        };
        if is_another {
            add(&mut found, part);
        }
    }
    found
}

/// Reads a date that says more than a number does.
fn date_of(text: &str) -> Option<DateReading> {
    let is_number = text.len() != 8 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let reading = Some(date::read(text)).filter(|reading| *reading != DateReading::Unknown);
    reading.filter(|_| !is_number || text.matches('.').count() == 2)
}

fn is_part_of_date(text: &str) -> bool {
    let digits = text.chars().filter(|c| text::half_width(*c).is_ascii_digit()).count();
    (1..=4).contains(&digits)
        && text
            .chars()
            .all(|c| text::half_width(c).is_ascii_digit() || matches!(c, '月' | '日' | '号' | '.' | '-' | '/'))
}

fn types(context: &CheckContext, cell: &str) -> Vec<String> {
    let types = &context.tables.id_types;
    let mut found: Vec<(usize, String)> = Vec::new();
    for part in cell.split(|c: char| BETWEEN.contains(&c) || text::is_blank(c)).filter(|part| !part.is_empty()) {
        match types.read(part) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) if found.iter().all(|(known, _)| *known != i) => {
                found.push((i, part.to_string()));
            }
            IdTypeReading::Exact(_) | IdTypeReading::Alias(_) => {}
            IdTypeReading::Unknown(_) => return Vec::new(),
        }
    }
    found.into_iter().map(|(_, part)| part).collect()
}

/// Finds names of 汉字 with a sign of a list or a line break between them.
fn names(context: &CheckContext, cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in cell.split(SIGNS).map(text::trimmed).filter(|part| !part.is_empty()) {
        let is_name = (2..=4).contains(&part.chars().count())
            && part.chars().all(text::is_han)
            && !context.tables.leftovers.is_beside_names(&part);
        if !is_name {
            return Vec::new();
        }
        add(&mut found, &part);
    }
    found
}

/// Finds occupations with a sign, a blank or a word between them, each of which ends as one; a listed name is one whatever stands
/// in it.
fn occupations(context: &CheckContext, cell: &str) -> Vec<String> {
    let is_sign = |c: char| SIGNS.contains(&c) || text::is_blank(c);
    let is_listed = |name: &str| context.tables.occupations.contains(name) || context.tables.work_types.contains(name);
    let is_between = |c: char| is_sign(c) || WORDS.contains(&c);
    if !cell.contains(is_between) || is_listed(text::trimmed(cell).as_ref()) {
        return Vec::new();
    }
    let ways: [&dyn Fn(char) -> bool; 2] = [&is_sign, &is_between];
    let parted = ways.map(|is_between| {
        let mut found = Vec::new();
        for part in cell.split(is_between).map(text::trimmed).filter(|part| !part.is_empty()) {
            if !is_listed(&part) && !context.sheet.is_occupation(&part) {
                return Vec::new();
            }
            add(&mut found, &part);
        }
        found
    });
    parted.into_iter().find(|found| 1 < found.len()).unwrap_or_default()
}

/// Finds employers where each part ends as the name of one: one blank may stand in a name, two do not.
fn employers(context: &CheckContext, cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !cell.contains(SIGNS) && !has_wide_gap(cell) {
        joined_employers(context, cell.trim_matches(text::is_blank), &mut found);
        return found;
    }
    let gapped: Vec<&str> = cell.split(SIGNS).flat_map(split_at_gaps).collect();
    for part in gapped.into_iter().map(|part| part.trim_matches(text::is_blank)).filter(|part| !part.is_empty()) {
        if part.chars().count() < EMPLOYER || !context.sheet.is_body(part) {
            return Vec::new();
        }
        add(&mut found, part);
    }
    found
}

/// Finds employers with one blank or a word between them; within one name such stand as well.
fn joined_employers(context: &CheckContext, cell: &str, found: &mut Vec<String>) {
    let is_between = |c: char| WORDS.contains(&c) || text::is_blank(c);
    for (at, between) in cell.char_indices().filter(|(_, c)| is_between(*c)) {
        let (first, second) = (&cell[..at], &cell[at + between.len_utf8()..]);
        let are_long = || [first, second].iter().all(|part| EMPLOYER <= part.chars().count());
        if are_long() && context.sheet.are_bodies(first, between, second) {
            add(found, first);
            let known = found.len();
            joined_employers(context, second, found);
            if found.len() == known {
                add(found, second);
            }
            return;
        }
    }
}

fn has_wide_gap(text: &str) -> bool {
    let mut before = false;
    text.chars().any(|c| {
        let is_gap = text::is_blank(c);
        let is_second = is_gap && before;
        before = is_gap;
        is_second || c == '\t'
    })
}

/// Splits a text where two blanks stand, or a tab.
fn split_at_gaps(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut blanks) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        if text::is_blank(c) {
            blanks += if c == '\t' { 2 } else { 1 };
            continue;
        }
        if 1 < blanks {
            parts.push(&text[from..at]);
            from = at;
        }
        blanks = 0;
    }
    parts.push(&text[from..]);
    parts
}
