//! Why a file is not read or not written, in the user's words.

use std::path::Path;

use crate::cause::System;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::WriteError;
use crate::formats::scope_table::ScopeFault;
use crate::formats::{FileRefusal, RefusalKind};
use crate::words::{Locale, filled_by};

impl Locale {
    /// Tells what is wrong with a row of a scope table.
    pub fn scope_fault(&self, fault: &ScopeFault) -> String {
        let value = match fault {
            ScopeFault::NotLevels(value) | ScopeFault::NotCode(value) => text::visible(value).into_owned(),
            ScopeFault::Contradicts(row) => row.to_string(),
            ScopeFault::NoHeader | ScopeFault::Persons | ScopeFault::NoRows | ScopeFault::Empty => String::new(),
        };
        self.fill(&format!("institution.scope.{}", fault.key()), &[("value", &value)])
    }

    /// Tells why a file was not written.
    pub fn write_failure(&self, error: &WriteError) -> Failure {
        let (file, row, detail) = match error {
            WriteError::Exists(path) | WriteError::Source(path) | WriteError::State(path) => {
                (path.display().to_string(), String::new(), String::new())
            }
            WriteError::Io { path, source } => (path.display().to_string(), String::new(), self.io(source)),
            WriteError::ReadBack { row, column } | WriteError::Formula { row, column } => {
                (String::new(), row.to_string(), column.clone())
            }
            WriteError::Xlsx(what) => (String::new(), String::new(), what.clone()),
            WriteError::Blocking(_)
            | WriteError::Incomplete
            | WriteError::Empty
            | WriteError::NoneReturned
            | WriteError::NoneUnexported
            | WriteError::Stopped => Default::default(),
        };
        let places = [("file", file.as_str()), ("row", &row), ("detail", &detail), ("column", &detail)];
        let hint = match error {
            WriteError::Io { source, .. } => self.write_hint(source),
            _ => "",
        };
        Failure::new(FailureKind::File, self.fill(&format!("write.{}", error.key()), &places), hint)
    }

    /// Tells why a file was refused, and what to do about it.
    pub fn refusal(&self, refusal: &FileRefusal, file: &str) -> Failure {
        let (message, hint) = refusal_keys(refusal.kind);
        let is_systems = matches!(refusal.kind, RefusalKind::Unreadable | RefusalKind::Program);
        let unread = System::read(&refusal.detail).filter(|_| is_systems);
        let hint = match unread.map(System::kind).filter(|_| refusal.kind == RefusalKind::Unreadable) {
            Some("is-folder" | "not-folder" | "bad-name" | "loop") => "refusal.unreadable.hint-path",
            Some("pipe") => "refusal.unreadable.hint-pipe",
            _ if refusal.kind == RefusalKind::TooLarge && is_text(file) => "refusal.too-large.hint-text",
            _ => hint,
        };
        let detail = match refusal.kind {
            RefusalKind::Unreadable => match unread {
                Some(system) => self.system(system),
                None => self.text("cause.system.unnamed").to_string(),
            },
            RefusalKind::Program => unread.map(|system| self.system(system)).unwrap_or_default(),
            // The parsers' own words, in English and of no use to whoever has the file.
            RefusalKind::Damaged => String::new(),
            RefusalKind::Foreign | RefusalKind::TooLarge => self.kind_of(&text::visible(&refusal.detail)),
            _ => text::visible(&refusal.detail).into_owned(),
        };
        let place = |name: &str| match name {
            "file" => Some(text::visible(file).into_owned()),
            "detail" => Some(detail.clone()),
            _ => None,
        };
        let mut told = filled_by(self.text(message), place);
        let named = |key: &str| self.text(key).contains("{detail}");
        if !detail.is_empty() && !named(message) && !named(hint) {
            told += &filled_by(self.text("refusal.detail"), place);
        }
        // The file is read well, but the call names a sheet or a header that it has not.
        let is_call =
            matches!(refusal.kind, RefusalKind::NoSheet | RefusalKind::BlankHeader | RefusalKind::PersonHeader);
        let kind = if is_call { FailureKind::Usage } else { FailureKind::File };
        let here = self.find(&format!("{hint}-here")).map(|here| filled_by(here, place)).unwrap_or_default();
        Failure { here, ..Failure::new(kind, told, filled_by(self.text(hint), place)) }
    }

    /// Names what a refused file is, or what of it is too much; names of programs and formats stay.
    fn kind_of(&self, detail: &str) -> String {
        let counted = |key: &str, number: &str| self.fill(key, &[("number", number)]);
        let (number, of) = detail.trim_start_matches("> ").split_once(' ').unwrap_or((detail, ""));
        match (number, of) {
            ("binary", "") => self.text("refusal.named.binary").to_string(),
            ("zip", "") => self.text("refusal.named.zip").to_string(),
            ("text", "") => self.text("refusal.named.text").to_string(),
            ("OpenDocument", "text") => self.text("refusal.named.document").to_string(),
            ("time", "") => self.text("refusal.named.time").to_string(),
            ("memory", "") => self.text("refusal.named.memory").to_string(),
            ("sheets", "") => self.text("refusal.named.sheets").to_string(),
            (number, "file") => counted("refusal.named.file", number),
            ("row", number) if number.ends_with(" cell") => {
                counted("refusal.named.cell", number.trim_end_matches(" cell"))
            }
            (number, "columns") => counted("refusal.named.columns", number),
            (number, "rows") => counted("refusal.named.rows", number),
            (number, "texts") => counted("refusal.named.texts", number),
            (number, "MB") => counted("refusal.named.megabytes", number),
            ("row", number) => counted("refusal.named.row", number),
            _ => detail.to_string(),
        }
    }
}

/// Tells whether a file by this name is text, which has no sheets.
fn is_text(file: &str) -> bool {
    let ending = Path::new(file).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["csv", "tsv", "txt"].iter().any(|text| ending.eq_ignore_ascii_case(text))
}

fn refusal_keys(kind: RefusalKind) -> (&'static str, &'static str) {
    match kind {
        RefusalKind::NotFound => ("refusal.not-found.message", "refusal.not-found.hint"),
        RefusalKind::Unreadable => ("refusal.unreadable.message", "refusal.unreadable.hint"),
        RefusalKind::Empty => ("refusal.empty.message", "refusal.empty.hint"),
        RefusalKind::CutOff => ("refusal.cut-off.message", "refusal.cut-off.hint"),
        RefusalKind::Encrypted => ("refusal.encrypted.message", "refusal.encrypted.hint"),
        RefusalKind::WebPage => ("refusal.web-page.message", "refusal.web-page.hint"),
        RefusalKind::Foreign => ("refusal.foreign.message", "refusal.foreign.hint"),
        RefusalKind::Damaged => ("refusal.damaged.message", "refusal.damaged.hint"),
        RefusalKind::TooLarge => ("refusal.too-large.message", "refusal.too-large.hint"),
        RefusalKind::Encoding => ("refusal.encoding.message", "refusal.encoding.hint"),
        RefusalKind::OpenQuote => ("refusal.open-quote.message", "refusal.open-quote.hint"),
        RefusalKind::PeopleAbove => ("refusal.people-above.message", "refusal.people-above.hint"),
        RefusalKind::TurnedHeader => ("refusal.turned-header.message", "refusal.turned-header.hint"),
        RefusalKind::NoSheet => ("refusal.no-sheet.message", "refusal.no-sheet.hint"),
        RefusalKind::NoHeader => ("refusal.no-header.message", "refusal.no-header.hint"),
        RefusalKind::BlankHeader => ("refusal.blank-header.message", "refusal.blank-header.hint"),
        RefusalKind::PersonHeader => ("refusal.person-header.message", "refusal.person-header.hint"),
        RefusalKind::Program => ("refusal.program.message", "refusal.program.hint"),
    }
}
