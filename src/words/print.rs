//! Certificates that are printed, in words.

use super::Locale;
use crate::domain::ledger::Status;
use crate::domain::ledger::printed::Medium;
use crate::domain::print::{PhotoAge, PhotoState, PrintColumn, PrintFault, PrintFaultKind};
use crate::domain::text;

impl Locale {
    pub fn print_column(&self, column: PrintColumn) -> &str {
        let key = format!("print.column.{}", column.key());
        self.find(&key).unwrap_or_else(|| column.key())
    }

    pub fn medium(&self, medium: Medium) -> &str {
        let key = format!("print.medium.{}", medium.key());
        self.find(&key).unwrap_or_else(|| medium.key())
    }

    /// Tells what is wrong with a text of a certificate, or deserves a look.
    pub fn print_fault(&self, place: Option<&str>, fault: &PrintFault) -> String {
        let word = if let PrintFaultKind::Word(word) = &fault.kind { word.as_str() } else { "" };
        let places = [("column", self.print_column(fault.column)), ("word", word)];
        let told = self.fill(&format!("print.fault.{}", fault.kind.key()), &places) + &self.behind(&fault.clause);
        match place {
            Some(place) => self.fill("print.at", &[("place", place), ("told", &told)]),
            None => told,
        }
    }

    /// Tells why nothing is printed of a certificate.
    pub fn not_printed(&self, place: &str, status: Option<Status>) -> String {
        let told = match status {
            Some(status) => self.status(status),
            None => self.text("print.no-number"),
        };
        self.fill("print.at", &[("place", place), ("told", told)])
    }

    /// Tells what is wrong with somebody's photo; nothing where all is well. `shown` gives a file's name as it may be shown.
    pub fn photo_fault(&self, state: &PhotoState, clause: &str, shown: &dyn Fn(&str) -> String) -> Option<String> {
        let name = |file: &str| text::visible(&shown(file)).into_owned();
        Some(match state {
            PhotoState::Missing => self.text("print.photo.missing").to_string(),
            PhotoState::Several(names) => {
                let names: Vec<String> = names.iter().map(|file| name(file)).collect();
                let files = names.join(self.text("finding.comma"));
                self.fill("print.photo.several", &[("files", &files)])
            }
            PhotoState::Found(found) => {
                let file = name(&found.file);
                let told = match (found.kind, found.age) {
                    (None, _) => self.fill("print.photo.no-image", &[("file", &file)]),
                    (Some(kind), _) if found.is_no_such_picture() => {
                        self.fill("print.photo.misnamed", &[("file", &file), ("kind", kind.key())])
                    }
                    (_, PhotoAge::Old(taken)) => {
                        self.fill("print.photo.old", &[("file", &file), ("taken", &taken.to_string())])
                    }
                    (_, PhotoAge::Ahead(taken)) => {
                        self.fill("print.photo.ahead", &[("file", &file), ("taken", &taken.to_string())])
                    }
                    (_, PhotoAge::Unknown | PhotoAge::Fresh(_)) => return None,
                };
                told + &self.behind(clause)
            }
        })
    }

    /// Tells what is known of a photo.
    pub fn photo_told(&self, state: &PhotoState, clause: &str, shown: &dyn Fn(&str) -> String) -> String {
        if let Some(fault) = self.photo_fault(state, clause, shown) {
            return fault;
        }
        let PhotoState::Found(found) = state else { return String::new() };
        let size = match found.pixels {
            Some((wide, high)) => {
                self.fill("print.photo.pixels", &[("w", &wide.to_string()), ("h", &high.to_string())])
            }
            None => self.text("print.photo.no-pixels").to_string(),
        };
        let age = match found.age {
            PhotoAge::Fresh(taken) | PhotoAge::Old(taken) | PhotoAge::Ahead(taken) => {
                self.fill("print.photo.taken", &[("taken", &taken.to_string())])
            }
            PhotoAge::Unknown => self.text("print.photo.unknown").to_string(),
        };
        [text::visible(&shown(&found.file)).into_owned(), size, age].join(self.text("finding.comma"))
    }

    /// Names a clause behind what it says; nothing where there is none.
    fn behind(&self, clause: &str) -> String {
        if clause.is_empty() { String::new() } else { self.fill("print.clause", &[("clause", clause)]) }
    }
}
