//! The archive of a batch (存档): all that explains its certificates years later in one zip that ordinary tools open (SC-30). Its
//! first entry lists the others with their sizes and sums.
//!
//! Personal data stand in it in full: writing one is an entry of the audit chain, and the file is its owner's alone.

use std::collections::{BTreeSet, HashSet};
use std::convert::Infallible;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use chrono::Utc;
use serde::{Deserialize, Serialize};

use super::archive_files::Belonging;
use super::export::now;
use super::shares::HandOut;
use super::{FactSheet, ListedFact, Office, Purpose, RosterReading, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::{AuditEntry, Head};
use crate::domain::ledger::case::{CaseFilter, StoredCase};
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::share::ShareId;
use crate::domain::ledger::{BatchId, Certificate, Holder};
use crate::domain::roster::RowId;
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, StagedFile, WriteError};
use crate::formats::bundle::{Bundle, BundlePart, digest, pack};
use crate::formats::plain_file;
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::locale::local_time;
use crate::words::Locale;

/// The entry that lists the others.
const LIST: &str = "archive.json";

/// What such a list is called, with the version of its form.
const SCHEMA: &str = "skillcert-archive-1";

/// What is archived, and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveOrder<'a> {
    pub batch: BatchId,
    /// Further files to be kept with it: the upload as it was handed in, the reply, scans.
    pub with: &'a [PathBuf],
    pub path: &'a Path,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
    /// Why; it stands in the audit chain.
    pub reason: &'a str,
    /// The entry of the share register under which it goes out; one is made where none is named.
    pub share: Option<ShareId>,
}

/// The list of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveList {
    pub schema: String,
    /// The version of the program that wrote it.
    pub program: String,
    /// When, UTC.
    pub made: String,
    pub user: String,
    pub batch: BatchId,
    /// The name of the batch's file.
    pub file: String,
    /// The profile's id.
    pub profile: String,
    pub rows: u32,
    pub certificates: u32,
    /// Where the audit chain of the ledger stood, the entry about this archive included.
    pub head: Head,
    pub parts: Vec<ArchivedPart>,
    /// Files that belong to the batch and are not in it, for they are gone or are others now, each as it would be called there;
    /// the first archives name only those that it came from, without a folder.
    pub missing: Vec<String>,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedPart {
    /// Its name there, folders divided by `/`.
    pub name: String,
    /// How long it is, in bytes.
    pub size: u64,
    pub sha256: String,
}

/// What is wrong with an archive, and with which of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFault {
    /// It is another than was archived.
    Changed,
    /// It is not there, or cannot be read.
    Missing,
    /// Nothing lists it.
    Unlisted,
}

/// What came of reading an archive back.
#[derive(Debug)]
pub struct CheckedArchive {
    pub list: ArchiveList,
    pub faults: Vec<(String, ArchiveFault)>,
    /// Whether it goes with the ledger here: its chain has the link that the list names. `None` where there is no ledger.
    pub is_of_ledger: Option<bool>,
}

impl Session {
    /// Archives a batch, once that is an entry of the audit chain: the files it came from, the upload files that were written of it
    /// with their manifests, and those that are attached to it and its cases, as long as they are what they were; its rows as they
    /// stand, what was found, its certificates, facts, cases and entries of the chain, and what is added.
    ///
    /// # Errors
    /// A batch that is not there or not whole, a file that is not there, two files of one name.
    pub fn write_archive(
        &self,
        order: &ArchiveOrder<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<(ArchiveList, ShareId), Failure> {
        let office = &self.office;
        self.may_hand_out(order.share)?;
        if order.reason.trim().is_empty() {
            return Err(office.usage("cli.blank-reason", &[]));
        }
        let failed = |e: &WriteError| office.locale().write_failure(e);
        office.spare_state(order.path).map_err(|e| failed(&e))?;
        let stored = self.batch(order.batch)?;
        let certificates = self.with(|store| store.certificates_of_batch(order.batch))?;
        let belongings = self.belongings(&stored, &certificates)?;
        // Before anything is noted; and what goes into it is never replaced by it.
        for file in belongings.iter().map(|one| &one.path).chain(order.with) {
            StagedFile::new(order.path, order.overwrite, Some(file)).map_err(|e| failed(&e))?;
        }
        let batch = self.reopen(&stored, &RosterReading::default(), Purpose::Look, tell)?;
        let places = office.places().map_err(|e| office.told(&e))?;
        let staging = places.staging().map_err(|e| office.told(&e))?;
        let mut packed = Packed { office, folder: staging.path().to_path_buf(), parts: Vec::new() };
        let mut missing = Vec::new();
        let given: HashSet<String> =
            order.with.iter().filter_map(|path| digest(path).ok()).map(|(_, sum)| sum).collect();
        for Belonging { name, path, sha256 } in &belongings {
            if sha256.as_ref().is_some_and(|wanted| digest(path).is_ok_and(|(_, found)| *wanted == found)) {
                packed.put(name.clone(), path)?;
            } else if !sha256.as_ref().is_some_and(|wanted| given.contains(wanted)) {
                missing.push(name.clone());
            }
        }
        for file in order.with {
            packed.add("with", file)?;
        }
        packed.rows(&batch)?;
        let findings = office.findings_csv(&batch, false, order.path)?;
        packed.write("findings.csv", |path| fs::write(path, &findings).map_err(WriteError::io(order.path)))?;
        packed.certificates(&certificates)?;
        packed.facts(&self.fact_sheet(&Thing::Batch(order.batch))?)?;
        self.unmask(&UnmaskedObject::Batch(order.batch), order.reason)?;
        packed.cases(self, &certificates)?;
        packed.entries(&self.with(|store| store.entries_about_batch(order.batch))?)?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let list = ArchiveList {
            schema: SCHEMA.to_string(),
            program: env!("CARGO_PKG_VERSION").to_string(),
            made: Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            user: office.user().to_string(),
            batch: order.batch,
            file: stored.origin.file.clone(),
            profile: stored.profile.clone(),
            rows: stored.rows,
            certificates: count(certificates.len()),
            head: self.audit_head()?,
            parts: packed.parts.iter().map(|(part, _)| part.clone()).collect(),
            missing,
        };
        let text = serde_json::to_vec_pretty(&list).map_err(|e| super::bug(&e.to_string()))?;
        let parts: Vec<BundlePart> = packed.parts.iter().map(|(part, path)| part.to_pack(path)).collect();
        let written = atomic::write(order.path, order.overwrite, None, |out| {
            pack(out, (LIST, &text), &parts).map(drop).map_err(WriteError::io(order.path))
        });
        written.map_err(|e| failed(&e))?;
        let holds = office.report_locale().fill("share.holds-archive", &[("batch", &order.batch.to_string())]);
        let out = HandOut { share: order.share, path: order.path, holds: &holds, purpose: order.reason, receiver: "" };
        let share = self.hand_out(out)?;
        Ok((list, share))
    }
}

impl Office {
    /// Reads an archive back: every file is what was archived, and nothing else is in it.
    ///
    /// # Errors
    /// It is no archive of this program.
    pub fn check_archive(&self, path: &Path) -> Result<CheckedArchive, Failure> {
        let none = || {
            let told = self.locale().fill("archive.none", &[("file", &text::visible(&path.to_string_lossy()))]);
            Failure::new(FailureKind::File, told, self.locale().text("archive.none-hint"))
        };
        let file = plain_file::open(path).map_err(|e| self.locale().unread(path, &e))?;
        let mut bundle = Bundle::open(BufReader::new(file)).map_err(|_| none())?;
        let list = bundle.list(LIST).map_err(|_| none())?;
        let list: ArchiveList = serde_json::from_slice(&list).map_err(|_| none())?;
        if list.schema != SCHEMA {
            return Err(none());
        }
        let mut faults = Vec::new();
        for part in &list.parts {
            match bundle.extract(&part.name, part.size, io::sink()) {
                Ok((size, sha256)) if (size, &sha256) == (part.size, &part.sha256) => {}
                Ok(_) => faults.push((part.name.clone(), ArchiveFault::Changed)),
                Err(_) => faults.push((part.name.clone(), ArchiveFault::Missing)),
            }
        }
        let listed: HashSet<&str> = list.parts.iter().map(|part| part.name.as_str()).chain([LIST]).collect();
        let unlisted = bundle.names().into_iter().filter(|name| !listed.contains(name.as_str()));
        faults.extend(unlisted.map(|name| (name, ArchiveFault::Unlisted)));
        let ledger = self.reader().map_err(|e| self.told(&e))?;
        let is_of_ledger = ledger.map(|reader| reader.has_link(&list.head)).transpose().map_err(|e| self.told(&e))?;
        Ok(CheckedArchive { list, faults, is_of_ledger })
    }
}

/// The files of an archive while it is made, each with its place on the disk; what is made for it stands in a folder of the owner's.
struct Packed<'a> {
    office: &'a Office,
    folder: PathBuf,
    parts: Vec<(ArchivedPart, PathBuf)>,
}

impl Packed<'_> {
    /// Adds a file that is there.
    fn add(&mut self, folder: &str, path: &Path) -> Result<(), Failure> {
        let file = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        let name = format!("{folder}/{}", text::visible(&file));
        if self.parts.iter().any(|(part, at)| part.name == name && at != path) {
            return Err(self.office.usage("archive.twice", &[("file", &text::visible(&file))]));
        }
        self.put(name, path)
    }

    /// Adds a file that is there under a name of its own.
    fn put(&mut self, name: String, path: &Path) -> Result<(), Failure> {
        let (size, sha256) = digest(path).map_err(|e| self.office.locale().unread(path, &e))?;
        if self.parts.iter().all(|(part, _)| part.name != name) {
            self.parts.push((ArchivedPart { name, size, sha256 }, path.to_path_buf()));
        }
        Ok(())
    }

    /// Adds a file that is made for it.
    fn write(&mut self, name: &str, write: impl FnOnce(&Path) -> Result<(), WriteError>) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let failed = |e: &WriteError| self.office.locale().write_failure(e);
        write(&path).map_err(|e| failed(&e))?;
        let (size, sha256) = digest(&path).map_err(|e| self.office.locale().unread(&path, &e))?;
        self.parts.push((ArchivedPart { name: name.to_string(), size, sha256 }, path));
        Ok(())
    }

    /// Adds a table, as CSV.
    fn table(
        &mut self,
        name: &str,
        labels: Vec<String>,
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<(), Failure> {
        let head = TableHead {
            format: TableFormat::CsvUtf8,
            sheet: "",
            widths: Vec::new(),
            labels: labels.into_iter().map(Into::into).collect(),
            rows: 0,
            created: now(),
            is_filtered: false,
        };
        let cell = |text: &String| TableCell::from(neutral(text, TableFormat::CsvUtf8).into_owned());
        let rows = rows.map(|row| Ok::<Vec<TableCell<'_>>, Infallible>(row.iter().map(cell).collect()));
        self.write(name, |path| {
            let mut out = io::BufWriter::new(File::create(path).map_err(WriteError::io(path))?);
            write_table(&mut out, path, &head, rows)?;
            out.into_inner().map(drop).map_err(|e| WriteError::io(path)(e.into_error()))
        })
    }

    /// Adds the rows as they stand: of which row of which file each is, and its cells.
    fn rows(&mut self, batch: &Batch) -> Result<(), Failure> {
        let (locale, roster) = (self.office.report_locale(), batch.roster());
        let columns = &batch.context().sheet().columns;
        let fields: Vec<_> = columns.iter().map(|column| column.field).collect();
        let labels = [locale.text("archive.row").to_string()].into_iter();
        let labels = labels.chain(columns.iter().map(|column| column.label.clone())).collect();
        let row = |row: RowId| {
            let at = locale.row_named(roster, row);
            std::iter::once(at).chain(fields.iter().map(|field| roster.cell(row, *field).to_string())).collect()
        };
        self.table("rows.csv", labels, (0..roster.len()).map(row))
    }

    /// Adds the certificates: code, what became of each, and what it says.
    fn certificates(&mut self, all: &[Certificate]) -> Result<(), Failure> {
        let locale = self.office.report_locale();
        let heads = ["archive.code", "archive.status", "archive.since"].map(|key| locale.text(key).to_string());
        let labels = heads.into_iter().chain(Holder::fields().map(|field| locale.field_name(field))).collect();
        let row = |one: &Certificate| {
            let since = one.status_on.map_or_else(String::new, |day| day.to_string());
            let first = [one.code.to_string(), locale.status(one.status).to_string(), since].into_iter();
            let cells = Holder::fields().map(|field| one.holder.cell(field).unwrap_or_default().to_string());
            first.chain(cells).collect()
        };
        self.table("certificates.csv", labels, all.iter().map(row))
    }

    /// Adds what is noted of the batch that stands in no row.
    fn facts(&mut self, sheet: &FactSheet) -> Result<(), Failure> {
        let locale = self.office.report_locale();
        let labels = ["label", "value", "clause"].map(|key| locale.text(&format!("fact.column.{key}")).to_string());
        let noted = sheet.facts.iter().filter(|fact| !fact.value.is_empty());
        let row = |fact: &ListedFact| {
            let value = locale.fact_value(&fact.def, &fact.value, false);
            vec![locale.fact_label(&fact.def), value, fact.clauses.join(" ")]
        };
        self.table("facts.csv", labels.to_vec(), noted.map(row))
    }

    /// Adds the cases about them; what is asked for in each stands in the entries of the chain.
    fn cases(&mut self, session: &Session, certificates: &[Certificate]) -> Result<(), Failure> {
        let locale = self.office.report_locale();
        let codes: BTreeSet<_> = certificates.iter().map(|one| one.code).collect();
        let all = session.cases(&CaseFilter::default())?;
        let labels = ["case", "kind", "state", "code", "opened", "user", "reason", "approval"];
        let labels = labels.map(|key| locale.text(&format!("archive.{key}")).to_string()).to_vec();
        let row = |StoredCase { case, opened, .. }: &StoredCase| {
            let approval = case.approval.as_ref().map_or_else(String::new, |a| format!("{} {}", a.reference, a.on));
            let (kind, state) = (locale.case_kind(case.kind()).to_string(), locale.case_state(case.state).to_string());
            let (code, reason) = (case.code.to_string(), case.application.reason.clone());
            vec![
                case.id.to_string(),
                kind,
                state,
                code,
                local_time(&opened.time),
                opened.user.clone(),
                reason,
                approval,
            ]
        };
        self.table("cases.csv", labels, all.iter().filter(|one| codes.contains(&one.case.code)).map(row))
    }

    /// Adds the entries of the audit chain, each with its link: they can be found again in the ledger's own chain.
    fn entries(&mut self, all: &[AuditEntry]) -> Result<(), Failure> {
        let locale: Locale = self.office.report_locale();
        let labels = ["seq", "time", "user", "action", "object", "before", "after", "reason", "previous", "hash"];
        let labels = labels.map(|key| locale.text(&format!("audit.column.{key}")).to_string()).to_vec();
        let row = |entry: &AuditEntry| {
            let AuditEntry { seq, time, user, action, object, before, after, reason, previous, hash } = entry.clone();
            let action = locale.audit_action_in_full(&action);
            vec![seq.to_string(), local_time(&time), user, action, object, before, after, reason, previous, hash]
        };
        self.table("audit.csv", labels, all.iter().map(row))
    }
}

impl ArchivedPart {
    fn to_pack(&self, path: &Path) -> BundlePart {
        BundlePart { name: self.name.clone(), path: path.to_path_buf(), size: self.size }
    }
}
