//! The clauses (条款) of the notices: their words, what carries each of them, and how people name them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Catalogue, rows};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;
use crate::packed;

/// The notices by the letters their clauses begin with, and the profile that holds each of them. Clauses of `X` stand
/// between the notices and belong to every profile.
pub const NOTICES: [(&str, Option<&str>); 6] = [
    ("GS", Some("gansu-competition")),
    ("SC", Some("sichuan-competition")),
    ("GD", Some("guangdong-technical")),
    ("BJ", Some("beijing")),
    ("GZ", Some("guizhou")),
    ("X", None),
];

/// A clause of a notice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its id, such as `GS-37`.
    pub id: String,
    /// The document's number, or its title when it has none.
    pub document: String,
    /// What it is about.
    pub kind: ClauseKind,
    /// The notice's own words; `…` leaves some out. Of a clause between the notices, our words.
    pub quote: String,
    /// References separated by blanks, see [`Carrier`].
    pub carried_by: String,
    /// What the program does about it, in Chinese.
    pub what: String,
    /// The same in English.
    pub what_en: String,
}

vocabulary! {
    /// What a clause is about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ClauseKind {
        Code = "code",
        /// A column of the data.
        Field = "field",
        /// What a certificate shows.
        Print = "print",
        Privacy = "privacy",
        /// Who does what, and when in the course of things.
        Workflow = "workflow",
        Deadline = "deadline",
        /// Corrections, replacements and revocations.
        Correction = "correction",
        /// A form to fill in.
        Form = "form",
        Stock = "stock",
        Audit = "audit",
        /// Whom to ask, and where to send what.
        Contact = "contact",
    }
}

impl ClauseKind {
    /// Tells whether a clause of this kind must name what carries it: these are the ones a check or a form can keep.
    pub fn must_be_carried(self) -> bool {
        matches!(self, ClauseKind::Code | ClauseKind::Field | ClauseKind::Print | ClauseKind::Privacy)
    }
}

/// What carries a clause, or why nothing can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carrier<'a> {
    /// `rule:C05`, a rule by its code.
    Rule(&'a str),
    /// `profile:print.paper`, a dotted key of the notice's profile.
    Profile(&'a str),
    /// `sheet:upload-11`, a form by its id.
    Sheet(&'a str),
    /// `program:mask`, a fact of the program that is no rule; told in the locales.
    Program(&'a str),
    /// `reason:conduct`, why it cannot be computed; told in the locales.
    Reason(&'a str),
}

impl<'a> Carrier<'a> {
    pub fn read(word: &'a str) -> Option<Carrier<'a>> {
        let (kind, key) = word.split_once(':').filter(|(_, key)| !key.is_empty())?;
        Some(match kind {
            "rule" => Carrier::Rule(key),
            "profile" => Carrier::Profile(key),
            "sheet" => Carrier::Sheet(key),
            "program" => Carrier::Program(key),
            "reason" => Carrier::Reason(key),
            _ => return None,
        })
    }

    /// Gives the word before the colon and the one behind it.
    pub fn parts(self) -> (&'static str, &'a str) {
        match self {
            Carrier::Rule(key) => ("rule", key),
            Carrier::Profile(key) => ("profile", key),
            Carrier::Sheet(key) => ("sheet", key),
            Carrier::Program(key) => ("program", key),
            Carrier::Reason(key) => ("reason", key),
        }
    }
}

impl Clause {
    /// Gives the letters of its notice, such as `GS`.
    pub fn notice(&self) -> &str {
        self.id.split_once('-').map_or("", |(letters, _)| letters)
    }

    /// Lists what carries it.
    pub fn carriers(&self) -> impl Iterator<Item = Carrier<'_>> {
        self.carried_by.split_whitespace().filter_map(Carrier::read)
    }
}

static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(|| rows(packed::text!("tables-clauses.csv")));

/// Lists the clauses, notice by notice.
pub fn clauses() -> &'static [Clause] {
    &CLAUSES
}

/// Finds a clause by its id.
pub fn clause(id: &str) -> Option<&'static Clause> {
    CLAUSES.iter().find(|c| c.id == id)
}

impl Catalogue {
    /// Lists the clauses, notice by notice.
    pub fn clauses(&self) -> &'static [Clause] {
        &CLAUSES
    }

    /// Finds a clause by its id.
    pub fn clause(&self, id: &str) -> Option<&'static Clause> {
        clause(id)
    }

    /// Finds a clause by its id as people type it: `bj-25`, `BJ25`, `BJ－２５`, `GS-7`.
    pub fn find_clause(&self, typed: &str) -> Option<&'static Clause> {
        let wanted = folded(typed);
        CLAUSES.iter().find(|c| folded(&c.id) == wanted)
    }

    /// Lists the clauses of a notice by its letters, in either case; nothing when no notice has them.
    pub fn clauses_of(&self, typed: &str) -> Vec<&'static Clause> {
        let wanted = folded(typed);
        CLAUSES.iter().filter(|c| c.notice() == wanted).collect()
    }
}

/// Takes blanks, hyphens, width, case and leading zeros off an id.
fn folded(typed: &str) -> String {
    let compact = text::compact(typed);
    let kept = compact.chars().map(text::half_width).filter(|c| !matches!(c, '-' | '–' | '—' | '_'));
    let whole = kept.collect::<String>().to_ascii_uppercase();
    let letters = whole.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = whole[letters.len()..].trim_start_matches('0');
    format!("{letters}{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_as_people_type_them() {
        let all = Catalogue::built_in();
        for typed in ["BJ-25", "bj-25", "BJ25", "bj 25", "ＢＪ－２５", " BJ—025 "] {
            assert_eq!(all.find_clause(typed).map(|c| c.id.as_str()), Some("BJ-25"), "{typed}");
        }
        assert_eq!(all.find_clause("gs7").map(|c| c.id.as_str()), Some("GS-07"));
        assert_eq!(all.find_clause("x1").map(|c| c.id.as_str()), Some("X-01"));
        for typed in ["", "BJ", "25", "BJ-", "BJ-0", "XX-99", "BJ-25!", "第BJ-25条"] {
            assert!(all.find_clause(typed).is_none(), "{typed}");
        }
        assert_eq!(all.clauses_of("bj").len(), 73);
        assert!(all.clauses_of("B").is_empty() && all.clauses_of("").is_empty());
    }

    #[test]
    fn references_read_back() {
        for word in ["rule:C05", "profile:print.paper", "sheet:upload-11", "program:mask", "reason:conduct"] {
            let (kind, key) = Carrier::read(word).expect("a carrier").parts();
            assert_eq!(format!("{kind}:{key}"), word);
        }
        assert!(["rule", "rule:", "law:1", ""].into_iter().all(|word| Carrier::read(word).is_none()));
    }
}
