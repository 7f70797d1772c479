//! What the system and its kin said, in the user's words: the one place that words an error of the outside.

use std::io;
use std::path::Path;

use crate::cause::{Cause, OwnFileFault, System};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::words::Locale;

/// Result codes of `SQLite` that say more than their number, with the keys of the words.
const SQLITE: [(i32, &str); 5] = [
    (10, "cause.sqlite.input-output"),
    (11, "cause.sqlite.corrupt"),
    (14, "cause.sqlite.cannot-open"),
    (8, "cause.sqlite.read-only"),
    (26, "cause.sqlite.no-database"),
];

impl Locale {
    /// Tells what stood in the way.
    pub fn cause(&self, cause: &Cause) -> String {
        match cause {
            Cause::System(system) => self.system(*system),
            // The lowest byte is the kind, those above it the case.
            Cause::Sqlite(code, words) => match SQLITE.iter().find(|(known, _)| *known == code & 0xff) {
                Some((_, key)) => self.text(key).to_string(),
                None => {
                    let code = code.to_string();
                    self.fill("cause.sqlite.other", &[("number", &code), ("words", &text::visible(words))])
                }
            },
            Cause::Found(found @ (OwnFileFault::Part(name) | OwnFileFault::Schema(name))) => {
                self.fill(&format!("cause.found.{}", found.key()), &[("name", &text::visible(name))])
            }
            Cause::Found(found) => self.text(&format!("cause.found.{}", found.key())).to_string(),
        }
    }

    /// Tells what the operating system refused.
    pub fn system(&self, system: System) -> String {
        let number = system.number().map(|number| number.to_string());
        let key = match number {
            None if system.kind() == "other" => "unnamed",
            _ => system.kind(),
        };
        self.fill(&format!("cause.system.{key}"), &[("number", number.as_deref().unwrap_or_default())])
    }

    /// Tells an error of the outside.
    pub fn io(&self, error: &io::Error) -> String {
        self.system(System::of(error))
    }

    /// Tells what to do about an error on writing; empty where nothing better than its cause can be said.
    pub fn write_hint(&self, error: &io::Error) -> &str {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => self.text("write.hint.no-folder"),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => self.text("write.hint.no-right"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => self.text("write.hint.no-space"),
            _ => "",
        }
    }

    /// Tells that a file cannot be read.
    pub fn unread(&self, path: &Path, error: &io::Error) -> Failure {
        let (path, why) = (path.to_string_lossy(), self.io(error));
        let message = self.fill("cause.unread", &[("path", &text::visible(&path)), ("why", &why)]);
        Failure::new(FailureKind::File, message, self.text("cause.unread-hint"))
    }

    /// Tells that a file cannot be written.
    pub fn unwritten(&self, path: &Path, error: &io::Error) -> Failure {
        let path = path.to_string_lossy();
        let message = self.fill("write.io", &[("file", &text::visible(&path)), ("detail", &self.io(error))]);
        Failure::new(FailureKind::File, message, self.write_hint(error))
    }

    /// Tells that stdout does not take what was written.
    pub fn stdout_refused(&self, error: &io::Error) -> Failure {
        let message = self.fill("cli.unwritten", &[("error", &self.io(error))]);
        Failure::new(FailureKind::File, message, self.write_hint(error))
    }

    /// Tells that the system does not give the program what only a fault could keep from it.
    pub fn bug(&self, error: &io::Error) -> Failure {
        Failure::new(FailureKind::Bug, self.fill("cause.fault", &[("why", &self.io(error))]), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_cause_has_its_words_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let locale = Locale::load(lang);
            let numbered = (1..134).map(io::Error::from_raw_os_error);
            let kinds = [io::ErrorKind::Other, io::ErrorKind::UnexpectedEof, io::ErrorKind::InvalidData];
            for error in numbered.chain(kinds.map(io::Error::from)) {
                let told = locale.io(&error);
                assert!(!told.contains("cause.") && !told.contains(['{', '}']), "{error:?}: {told}");
                assert!(lang == Lang::En || !told.contains("rror"), "{error:?}: {told}");
            }
            for code in 0..30 {
                let told = locale.cause(&Cause::Sqlite(code, "words of the library".into()));
                assert!(!told.contains("cause.") && !told.contains(['{', '}']), "{code}: {told}");
            }
        }
        let zh = Locale::load(Lang::Zh);
        assert_eq!(zh.io(&io::Error::from_raw_os_error(28)), "磁盘满了");
        assert!(zh.io(&io::Error::from_raw_os_error(6)).ends_with(" 6"));
    }
}
