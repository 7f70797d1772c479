//! Files that are written of a roster (导出): the upload file, the public list, the error list; and any other file that
//! appears whole or not at all.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Local};

use super::{Office, PIPE, Session};
use crate::domain::batch::{Batch, all_asked};
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::{BatchId, UploadChanges};
use crate::domain::rules::{Finding, TableFinding};
use crate::domain::text;
use crate::domain::upload::{self, TableFormat, Upload, UploadPart};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, WriteError, is_same_file};
use crate::formats::read_back::digest;
use crate::formats::watch::Watch;
use crate::formats::write_public::{PublicSummary, write_public};
use crate::formats::write_report::{
    FINDING_KEYS, FindingWords, FindingsOptions, ReportOptions, ReportSummary, findings_to, write_report,
};
use crate::formats::write_upload::{UploadManifest, UploadOptions, UploadSummary, write_upload};
use crate::store::{ExportFile, Store};

/// The file that is written of a roster.
#[derive(Clone, Copy)]
pub struct ExportTarget<'a> {
    pub path: &'a Path,
    pub format: TableFormat,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    pub watch: Watch<'a>,
}

impl<'a> ExportTarget<'a> {
    fn options(&self, part: &'a UploadPart, user: &'a str, audit: Option<&'a Head>) -> UploadOptions<'a> {
        let ExportTarget { format, overwrite, source, watch, .. } = *self;
        UploadOptions { format, overwrite, source, created_at: now(), user, audit, part, watch }
    }

    pub(super) fn report(&self, masked: bool) -> ReportOptions<'a> {
        let ExportTarget { format, source, watch, .. } = *self;
        ReportOptions { format, source, severities: &ReportOptions::ASKED, masked, created_at: now(), watch }
    }
}

/// Why a file was not written, as the fronts tell it apart.
#[derive(Debug)]
pub enum WhyNotWritten {
    /// Findings block it.
    Blocked,
    /// There is nothing to write.
    Empty,
    /// There is such a file, and it may not be replaced.
    Exists,
    /// It was stopped as asked.
    Stopped,
    Other,
}

/// A file that was not written.
#[derive(Debug)]
pub struct NotWritten {
    pub why: WhyNotWritten,
    pub failure: Failure,
}

/// A file that was written, and where the audit chain stood before, when there is a store.
#[derive(Debug)]
pub struct Exported<T> {
    pub summary: T,
    pub audit: Option<Head>,
}

/// The upload file of a batch of the store, which the ledger has not noted yet; what was written is told with the note.
#[must_use = "the ledger is to note what was exported"]
#[derive(Debug)]
pub struct UnnotedUpload {
    id: BatchId,
    part: UploadPart,
    /// The batch it was written of, where the ledger knew more than the one that was handed in.
    renewed: Option<Box<Batch>>,
    written: Exported<UploadSummary>,
}

/// The upload file of a batch, and what the ledger has noted of it, or why it could not.
#[derive(Debug)]
pub struct NotedUpload {
    pub written: Exported<UploadSummary>,
    pub noted: Result<UploadChanges, Failure>,
}

impl UnnotedUpload {
    /// Notes in the ledger which certificates are in the file. `batch` is the one it was written of.
    pub fn note(self, office: &Office, session: Result<&Session, Failure>, batch: &Batch, reason: &str) -> NotedUpload {
        let UnnotedUpload { id, part, renewed, written } = self;
        let batch = renewed.as_deref().unwrap_or(batch);
        let UploadManifest { file, sha256, rows, .. } = &written.summary.manifest;
        let path = path::absolute(&written.summary.path).unwrap_or_else(|_| written.summary.path.clone());
        // What cannot be read any more is not there for an archive either.
        let manifest_sha256 = digest(&written.summary.manifest_path).map(|(sha256, _)| sha256).unwrap_or_default();
        let file = ExportFile {
            name: file,
            sha256,
            rows: *rows,
            path: &path.to_string_lossy(),
            manifest_sha256: &manifest_sha256,
            on: batch.context().today(),
            reason,
        };
        let note =
            |session: &Session| session.with(|store| store.note_export(id, upload::part_of(batch, &part), &file));
        let noted = session.and_then(note).map_err(|Failure { kind, message, .. }| {
            // The file is there and whole: what the store says of its own step must not be taken for that of the file.
            let locale = office.locale();
            let path = written.summary.path.to_string_lossy();
            let told = locale.fill("ledger.not-noted", &[("path", &*text::visible(&path)), ("why", &message)]);
            let hint = locale.fill("ledger.not-noted-hint", &[("id", &id.to_string())]);
            Failure::new(kind, told, hint)
        });
        NotedUpload { written, noted }
    }
}

impl Office {
    /// Tells whether there is a file of that name, which is asked about before it is replaced.
    pub fn is_there(&self, path: &Path) -> bool {
        path.exists()
    }

    /// Writes the upload file of a roster that is no batch of the store, and its manifest; errors of a row that would be in it
    /// block it.
    pub fn export_roster(
        &self,
        batch: &Batch,
        part: &UploadPart,
        target: &ExportTarget<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Exported<UploadSummary>, NotWritten> {
        self.upload((None, batch), part, (target, ""), tell).map(|(written, _)| written)
    }

    /// Does the first half of [`Session::export_batch`], for whoever writes on another thread than the one with the session.
    pub fn write_batch(
        &self,
        (id, batch): (BatchId, &Batch),
        part: &UploadPart,
        (target, reason): (&ExportTarget<'_>, &str),
        tell: &mut dyn FnMut(String),
    ) -> Result<UnnotedUpload, NotWritten> {
        let (written, renewed) = self.upload((Some(id), batch), part, (target, reason), tell)?;
        Ok(UnnotedUpload { id, part: part.clone(), renewed, written })
    }

    /// Writes the upload file of the rows as the ledger judges them now, and gives the batch back where it was judged anew.
    fn upload(
        &self,
        (id, batch): (Option<BatchId>, &Batch),
        part: &UploadPart,
        (target, reason): (&ExportTarget<'_>, &str),
        tell: &mut dyn FnMut(String),
    ) -> Result<(Exported<UploadSummary>, Option<Box<Batch>>), NotWritten> {
        self.settled_to_write(batch)?;
        // Without the ledger nobody knows which rows may leave only as they are on record.
        let refused = |failure| NotWritten { why: WhyNotWritten::Other, failure };
        self.must_be_second_to_export(id).map_err(refused)?;
        let batch = self.renewed(id, batch).map_err(refused)?;
        let blocked = |failure| NotWritten { why: WhyNotWritten::Blocked, failure };
        self.must_not_be_rectifying(&batch).map_err(blocked)?;
        self.tell_left_out(upload::part_of(&batch, part), tell);
        self.facts_to_export(id, &batch, reason, tell).map_err(blocked)?;
        let audit = self.audit_head_told(tell);
        let options = target.options(part, self.user(), audit.as_ref());
        self.spare_state(target.path).map_err(|e| self.not_written(&e, upload::part_of(&batch, part)))?;
        let summary = write_upload(&batch, target.path, &options)
            .map_err(|e| self.not_written(&e, upload::part_of(&batch, part)))?;
        let renewed = match batch {
            Cow::Owned(batch) => Some(Box::new(batch)),
            Cow::Borrowed(_) => None,
        };
        Ok((Exported { summary, audit }, renewed))
    }

    /// Tells how many rows are not in the file for the kind of their certificates, by clause.
    fn tell_left_out(&self, upload: Upload<'_>, tell: &mut dyn FnMut(String)) {
        let kinds = &upload.batch().context().profile().certificate_kinds;
        for (kind, n) in upload.left_out() {
            let name = self.locale().fact_choice(kind.key());
            let places = [("kind", &*name), ("n", &n.to_string()), ("clause", kinds.clause_of(kind))];
            tell(self.locale().fill("export.other-kind", &places));
        }
    }

    /// Has the ledger asked again what it knows of the rows: what was handed in or accepted since they were read may leave only
    /// as it is on record.
    fn renewed<'b>(&self, id: Option<BatchId>, batch: &'b Batch) -> Result<Cow<'b, Batch>, Failure> {
        let known = self.known(id, || all_asked(batch.roster()))?;
        if batch.context().known().says_as(&known) {
            return Ok(Cow::Borrowed(batch));
        }
        let mut renewed = batch.clone();
        renewed.renew_known(Arc::new(known));
        Ok(Cow::Owned(renewed))
    }

    /// Writes the public list, masked. Errors of the roster stop nothing, and the ledger has nothing to note: no certificate
    /// is handed in.
    pub fn export_public(
        &self,
        batch: &Batch,
        target: &ExportTarget<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Exported<PublicSummary>, NotWritten> {
        self.settled_to_write(batch)?;
        let audit = self.audit_head_told(tell);
        let options = target.options(&UploadPart::Whole, self.user(), audit.as_ref());
        self.spare_state(target.path).map_err(|e| self.not_written(&e, upload::of(batch)))?;
        let summary =
            write_public(batch, target.path, &options).map_err(|e| self.not_written(&e, upload::of(batch)))?;
        Ok(Exported { summary, audit })
    }

    /// Writes the error list: the organiser's own rows with what they are asked to correct.
    pub fn export_findings(
        &self,
        batch: &Batch,
        masked: bool,
        target: &ExportTarget<'_>,
    ) -> Result<ReportSummary, NotWritten> {
        self.spare_state(target.path).map_err(|e| self.not_written(&e, upload::of(batch)))?;
        let written = self.with_finding_words(batch, masked, |words| {
            write_report(batch, target.path, target.overwrite, &target.report(masked), words)
        });
        written.map_err(|e| self.not_written(&e, upload::of(batch)))
    }

    /// Has a list written in the words that an organiser reads: what concerns many rows in the same way is said once.
    pub(super) fn with_finding_words<T>(
        &self,
        batch: &Batch,
        masked: bool,
        write: impl FnOnce(&FindingWords<'_>) -> T,
    ) -> T {
        let locale = self.report_locale();
        let message = |f: &Finding| locale.finding(batch, f, masked);
        let clause = |f: &Finding| batch.context().clause(f.rule, f.field, f.detail).to_string();
        let table = |f: &TableFinding| locale.table_finding(batch.context().sheet(), &batch.roster().columns, f);
        let aside = |why: &str| locale.fill("aside.told", &[("why", why)]);
        let folds = batch.folds();
        let folded = |f: &Finding| match folds.of(f)? {
            all if all.first == *f => Some(locale.folded(batch, all, masked)),
            // Where each says something else, such as what it should be, it says so.
            all if message(f) == message(&all.first) => Some(locale.as_above(batch, &all.first)),
            _ => None,
        };
        let words = FindingWords { message: &message, clause: &clause, folded: &folded, table: &table, aside: &aside };
        write(&words)
    }

    /// Gives all findings as CSV, one line each. `name` is what failures call it.
    pub fn findings_csv(&self, batch: &Batch, masked: bool, name: &Path) -> Result<Vec<u8>, Failure> {
        let locale = self.report_locale();
        let fix = |f: &Finding| {
            let fix = batch.fix(f);
            fix.map_or_else(String::new, |fix| format!("{} ({})", fix.told(f.rule, masked), locale.safety(fix.safety)))
        };
        let (format, labels) = (TableFormat::CsvUtf8, FINDING_KEYS);
        let options = FindingsOptions { format, labels, masked, created_at: now(), fix: &fix };
        let message = |f: &Finding| {
            let origin =
                locale.row_origin(batch, f.row).map_or_else(String::new, |origin| format!(" {}", origin.trim_start()));
            locale.finding(batch, f, masked) + &origin
        };
        let clause = |f: &Finding| batch.context().clause(f.rule, f.field, f.detail).to_string();
        let table = |f: &TableFinding| locale.table_finding(batch.context().sheet(), &batch.roster().columns, f);
        // A table of cells has a line for each.
        let words = FindingWords {
            message: &message,
            clause: &clause,
            folded: &|_| None,
            table: &table,
            aside: &|_| String::new(),
        };
        let findings: Vec<Finding> = batch.findings().iter().copied().collect();
        let mut bytes = Vec::new();
        let written = findings_to(batch, &findings, &mut bytes, name, &options, &words);
        written.map_err(|e| self.locale().write_failure(&e)).map(|()| bytes)
    }

    /// Refuses to write over the roster that is read: the organiser's file is the only proof of what was sent. Nor is a roster
    /// written into a pipe: it is read back before it counts as written.
    pub fn spare_source(&self, source: &Path, target: Option<&Path>) -> Result<(), Failure> {
        let refused =
            |key: &str, file: &str| Failure::new(FailureKind::Usage, self.locale().fill(key, &[("file", file)]), "");
        match target {
            Some(target) if target == Path::new(PIPE) => Err(refused("cli.output-is-pipe", "")),
            Some(target) if is_same_file(source, target) => {
                Err(refused("cli.output-is-source", &target.to_string_lossy()))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file that appears whole or not at all; `source` is never replaced.
    pub fn write_file(
        &self,
        path: &Path,
        overwrite: bool,
        source: Option<&Path>,
        put: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.spare_state(path)
            .and_then(|()| atomic::write(path, overwrite, source, |out| put(out).map_err(WriteError::io(path))))
            .map_err(|e| self.locale().write_failure(&e))
    }

    /// Writes what was copied to a file of its own, named by the time.
    pub fn keep_copy(&self, folder: &Path, text: &str) -> Result<PathBuf, Failure> {
        let path = folder.join(Local::now().format("skillcert-%Y%m%d-%H%M%S%.3f.txt").to_string());
        self.write_file(&path, false, None, |out| out.write_all(text.as_bytes()))?;
        Ok(path)
    }

    /// Removes from a folder what writers that were killed have left in it.
    pub fn clear_leftovers(&self, folder: &Path) {
        atomic::clear(folder);
    }

    /// Gives where the audit chain stands, for what is exported; nothing without a store. A store that does not answer stops
    /// no export, which needs nothing of it.
    ///
    /// # Errors
    /// What such a store says, to be told at most.
    pub fn audit_head(&self) -> Result<Option<Head>, Failure> {
        let Ok(places) = self.places() else { return Ok(None) };
        Store::head_of(&places).map_err(|e| self.told(&e))
    }

    fn audit_head_told(&self, tell: &mut dyn FnMut(String)) -> Option<Head> {
        self.audit_head().unwrap_or_else(|failure| {
            tell(failure.to_string());
            None
        })
    }

    fn settled_to_write(&self, batch: &Batch) -> Result<(), NotWritten> {
        self.is_settled(batch).map_err(|failure| NotWritten { why: WhyNotWritten::Other, failure })
    }

    pub(super) fn not_written(&self, error: &WriteError, upload: Upload<'_>) -> NotWritten {
        let why = match error {
            WriteError::Blocking(_) => WhyNotWritten::Blocked,
            WriteError::Empty | WriteError::NoneReturned | WriteError::NoneUnexported => WhyNotWritten::Empty,
            WriteError::Exists(_) => WhyNotWritten::Exists,
            WriteError::Stopped => WhyNotWritten::Stopped,
            _ => WhyNotWritten::Other,
        };
        let failure = match error {
            WriteError::Blocking(finding) => self.blocked(upload, finding),
            other => self.locale().write_failure(other),
        };
        NotWritten { why, failure }
    }

    /// Tells how many errors block a file, and the first of them.
    fn blocked(&self, upload: Upload<'_>, first: &Finding) -> Failure {
        let batch = upload.batch();
        let origin = self.locale().row_origin(batch, first.row).unwrap_or_default();
        let places = [
            ("number", &*upload.blocking().to_string()),
            ("row", &batch.roster().line(first.row).to_string()),
            ("column", batch.context().sheet().label(first.field)),
            ("message", &(self.locale().finding(batch, first, true) + &origin)),
        ];
        Failure::new(FailureKind::Rule, self.locale().fill("cli.blocked", &places), "")
    }
}

impl Session {
    /// Writes the upload file of a batch of the store, and notes in the ledger which of its certificates are in it. The
    /// batch's own file is never replaced.
    pub fn export_batch(
        &self,
        (id, batch): (BatchId, &Batch),
        part: &UploadPart,
        target: &ExportTarget<'_>,
        reason: &str,
        tell: &mut dyn FnMut(String),
    ) -> Result<NotedUpload, NotWritten> {
        let other = |failure| NotWritten { why: WhyNotWritten::Other, failure };
        let source = self.batch(id).map_err(other)?.source.path;
        let target = ExportTarget { source: Some(&source), ..*target };
        let written = self.office.write_batch((id, batch), part, (&target, reason), tell)?;
        Ok(written.note(&self.office, Ok(self), batch, reason))
    }
}

/// Gives the clock's time with its zone.
pub(super) fn now() -> DateTime<FixedOffset> {
    Local::now().fixed_offset()
}
