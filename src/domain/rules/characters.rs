//! Rules about single characters (T): stray, full width, hidden, lost.

use std::borrow::Cow;

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, Placeholder, WordsCell, position, when};
use super::repair::Repair;
use super::several::several;
use super::{Detail, Safety, Severity, clean};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // Blanks at the ends, line breaks or invisible characters.
    RuleSpec {
        code: "T01",
        name: "stray-characters",
        severity: Severity::Error,
        reads: WORDS,
        checks: &[Check::Spelling(|cell| {
            let is_stray = is_stray(cell.raw);
            is_stray.then(|| cell.raw.chars().position(is_hidden).map_or(Detail::None, position))
        })],
        repair: Some(Repair::Safe {
            because: "What goes is invisible or a blank at an end.",
            // Without the line break two employers would be one.
            to: |cell| {
                let tidy = clean::words(cell.field, cell.raw);
                let count = |text: &str| several(cell.context, cell.field, text).len();
                (count(cell.raw) == count(&tidy)).then(|| tidy.into_owned())
            },
        }),
        ..BLANK
    },
    // Full-width digits or letters where ASCII is meant.
    RuleSpec {
        code: "T02",
        name: "full-width",
        severity: Severity::Warning,
        reads: WORDS,
        checks: &[Check::Spelling(|cell| when(!is_stray(cell.raw)))],
        repair: Some(Repair::Safe {
            because: "Width says nothing about a digit or a letter.",
            to: |cell| Some(clean::words(cell.field, cell.raw).into_owned()),
        }),
        ..BLANK
    },
    // A masked value in place of the real one.
    RuleSpec {
        code: "T03",
        name: "masked",
        severity: Severity::Error,
        clause: "GS-46",
        reads: &Field::ALL,
        checks: &[Check::Gap(|_, gap| when(gap == Placeholder::Masked))],
        ..BLANK
    },
    // The cell would be taken for a formula.
    RuleSpec {
        code: "T04",
        name: "formula-start",
        severity: Severity::Error,
        reads: &Field::ALL,
        checks: &[
            Check::Words(|cell| when(text::starts_formula(cell.tidy))),
            Check::IdNumber(|cell| {
                let begins = !cell.is_rounded && cell.number.starts_with(['=', '+', '@']);
                when(begins).map(|found| (Field::IdNumber, found))
            }),
        ],
        ..BLANK
    },
    // A character that stands for one that was lost.
    RuleSpec {
        code: "T05",
        name: "lost-character",
        severity: Severity::Error,
        reads: WORDS,
        checks: &[Check::Words(|cell| cell.tidy.chars().position(is_lost).map(position))],
        repair: Some(Repair::Unsafe {
            because: "Another system may draw the same number as another character.",
            to: |cell| {
                let tables = &cell.context.tables.leftovers;
                let drawn = |c: char| if is_lost(c) { tables.drawn(c) } else { Some(c) };
                cell.raw.chars().map(drawn).collect()
            },
        }),
        ..BLANK
    },
    // Signs of a web page in place of what it shows.
    RuleSpec {
        code: "T06",
        name: "markup",
        severity: Severity::Error,
        reads: WORDS,
        checks: &[Check::Words(|cell| when(has_markup(cell)))],
        repair: Some(Repair::Either {
            because: "Each sign stands for one text and for no other; signs alone are no value.",
            to: |cell| {
                let decoded = cell.context.tables.leftovers.decoded(cell.raw);
                let shown = clean::words(cell.field, &decoded).into_owned();
                let says = shown.chars().any(|c| c.is_alphanumeric() || text::is_han(c));
                Some((shown, if says { Safety::Safe } else { Safety::Unsafe }))
            },
        }),
        ..BLANK
    },
];

/// The columns that hold words.
pub(super) const WORDS: &[Field] = &[
    Field::Name,
    Field::Employer,
    Field::Occupation,
    Field::WorkType,
    Field::Institution,
    Field::IssuingBody,
    Field::Sex,
    Field::ContestClass,
    Field::Award,
    Field::OldCode,
    Field::OldIdNumber,
    Field::OldName,
];

/// Tells whether something stands in a cell that is none of its text.
fn is_stray(raw: &str) -> bool {
    text::trimmed(raw) != raw || clean::without_text_mark(raw) != raw
}

/// Tells whether signs of a web page stand in a cell.
pub(super) fn has_markup(cell: &WordsCell<'_>) -> bool {
    matches!(cell.context.tables.leftovers.decoded(cell.tidy), Cow::Owned(_))
}

/// Tells whether a character has to be named by its number, for nobody sees it or tells it from a plain blank.
fn is_hidden(c: char) -> bool {
    let is_plain = matches!(c, ' ' | '\u{3000}' | '\t' | '\n' | '\r');
    !is_plain && (text::is_control(c) || text::is_blank(c))
}

/// Tells whether a character stands for one that was lost.
pub(super) fn is_lost(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '□' | '?' | '？' | '〾') || text::is_private_use(c)
}
