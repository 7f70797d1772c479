//! Rules about single characters (T): stray, full width, hidden, lost.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, Placeholder, position, when};
use super::repair::Repair;
use super::{Severity, clean};
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // Blanks at the ends, line breaks or invisible characters.
    RuleSpec {
        code: "T01",
        name: "stray-characters",
        severity: Severity::Error,
        reads: WORDS,
        checks: &[Check::Spelling(|cell| when(text::trimmed(cell.raw) != cell.raw))],
        repair: Some(Repair::Safe {
            because: "What goes is invisible or a blank at an end.",
            to: |cell| Some(clean::words(cell.field, cell.raw).into_owned()),
        }),
        ..BLANK
    },
    // Full-width digits or letters where ASCII is meant.
    RuleSpec {
        code: "T02",
        name: "full-width",
        severity: Severity::Warning,
        reads: WORDS,
        checks: &[Check::Spelling(|cell| when(text::trimmed(cell.raw) == cell.raw))],
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
            Check::Words(|cell| when(cell.tidy.starts_with(['=', '+', '-', '@']))),
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

/// Tells whether a character stands for one that was lost.
pub(super) fn is_lost(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '□' | '?' | '？' | '〾') || text::is_private_use(c)
}
