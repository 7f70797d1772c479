//! Backups and what becomes of them, in the user's words.

use crate::backup::{BackupError, BackupManifest, MadeBackup};
use crate::domain::ledger::verify::{ProblemKind, VerifyReport};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::WriteError;
use crate::store::{Lacking, Unsaved};
use crate::words::Locale;

impl Locale {
    /// Tells why a backup was not made, or not put back.
    pub fn backup_failure(&self, error: &BackupError) -> Failure {
        let mut key = error.key().unwrap_or_default();
        let told;
        let (path, detail) = match error {
            BackupError::Store(error) => return self.store_failure(error, &|_| None),
            BackupError::Write(WriteError::Exists(path)) => {
                key = "exists";
                (path, "")
            }
            BackupError::Write(error) => return self.write_failure(error),
            BackupError::Unread { path, cause } | BackupError::Damaged { path, cause } => {
                told = self.cause(cause);
                (path, told.as_str())
            }
            BackupError::Newer { path, program } => (path, program.as_str()),
            BackupError::Unsound { path, problems } => {
                told = self.ledger_problems(problems).join(self.text("store.and"));
                (path, told.as_str())
            }
            BackupError::Locked(path) | BackupError::Passphrase(path) | BackupError::OtherLock(path) => (path, ""),
        };
        let (path, detail) = (path.to_string_lossy(), text::visible(detail));
        let places = [("path", &*text::visible(&path)), ("detail", &*detail)];
        let text = |part: &str| self.fill(&format!("backup.{key}.{part}"), &places);
        Failure::new(FailureKind::File, text("message"), text("hint"))
    }

    /// Tells what is wrong with a ledger, a line for each kind with the first that it was found of.
    pub fn ledger_problems(&self, report: &VerifyReport) -> Vec<String> {
        let line = |(kind, count): (&ProblemKind, &u64)| {
            let first = report.problems().iter().find(|problem| problem.kind == *kind);
            let first = first.map_or("", |problem| problem.object.as_str());
            let key = format!("verify.{}.title", kind.key());
            let title = self.text(&key);
            let (n, first) = (count.to_string(), text::visible(first));
            let places = [("title", title), ("n", &*n), ("first", &*first)];
            self.fill("backup.problem", &places)
        };
        report.counts().iter().map(line).collect()
    }

    /// Tells where a backup is.
    pub fn backup_made(&self, made: &MadeBackup) -> String {
        let (path, size) = (made.path.to_string_lossy(), made.size.div_ceil(1024).to_string());
        let key = if made.problems.is_sound() { "backup.made" } else { "backup.made-unsound" };
        self.fill(key, &[("path", &text::visible(&path)), ("size", &size)])
    }

    /// Tells that a backup is none to rely on, where the ledger in it is not sound.
    pub fn backup_unsound(&self, made: &MadeBackup) -> Option<Failure> {
        let detail = self.ledger_problems(&made.problems).join(self.text("store.and"));
        let path = made.path.to_string_lossy();
        let places = [("path", &*text::visible(&path)), ("detail", &*detail)];
        let message = self.fill("backup.unsound-copy.message", &places);
        let told = || Failure::new(FailureKind::Store, message, self.text("backup.unsound-copy.hint"));
        (!made.problems.is_sound()).then(told)
    }

    /// Tells that the last backup is `days` or more days old, where it is; 0 is never told.
    pub fn backup_reminder(&self, unsaved: &Unsaved, days: u16) -> Option<String> {
        let key = if unsaved.was_made { "backup.old" } else { "backup.never" };
        let (age, at) = (unsaved.days.to_string(), self.moment(&unsaved.at));
        let is_old = days != 0 && i64::from(days) <= unsaved.days;
        is_old.then(|| self.fill(key, &[("days", &age), ("at", &at)]))
    }

    /// Tells how much a backup holds.
    pub fn backup_counts(&self, manifest: &BackupManifest) -> String {
        let counts = &manifest.counts;
        let numbers = [counts.batches, counts.certificates, counts.series, counts.cases, counts.institutions];
        let numbers = numbers.map(|n| n.to_string());
        let [batches, certificates, series, cases, institutions] = numbers.each_ref().map(String::as_str);
        // The database and the file of its end are no files of the user's.
        let files = manifest.files.len().saturating_sub(2).to_string();
        let places = [
            ("batches", batches),
            ("certificates", certificates),
            ("series", series),
            ("cases", cases),
            ("institutions", institutions),
            ("files", &files),
        ];
        self.fill("backup.counts", &places)
    }

    /// Tells what a store has that a backup lacks, line by line.
    pub fn backup_lacking(&self, manifest: &BackupManifest, lacking: &Lacking) -> Vec<String> {
        let (entries, count) = (lacking.entries.to_string(), manifest.head_count.to_string());
        if lacking.entries == 0 {
            let key = if lacking.is_sure { "backup.nothing-lacking" } else { "backup.lacking-unknown" };
            return vec![self.text(key).to_string()];
        }
        let told = self.fill("backup.lacking", &[("n", &entries), ("count", &count)]);
        // Where the store that was there is damaged, nobody knows which.
        let listed = |told: String| self.fill("backup.listed", &[("told", &told)]);
        let mut lines = vec![if lacking.actions.is_empty() { told } else { listed(told) }];
        for (action, times) in &lacking.actions {
            lines.push(format!("  {} × {times}", self.audit_action(action)));
        }
        let numbers: u64 = lacking.numbers.iter().flat_map(|m| &m.given).map(|(a, b)| u64::from(b - a) + 1).sum();
        if numbers != 0 {
            lines.push(self.fill("backup.numbers", &[("n", &numbers.to_string())]));
        }
        if !lacking.spent.is_empty() {
            lines.push(self.fill("backup.spent", &[("n", &lacking.spent.len().to_string())]));
        }
        lines
    }
}
