//! `skillcert check FILE... FOLDER...`: a line for each file, what several of them share, and the total.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{CheckArgs, CheckFormat, SHOWN, clause_quoted, json as document_of};
use crate::cli::escape::{Escaping, Written};
use crate::cli::io::Io;
use crate::cli::json::{CHECK, MANY, document};
use crate::cli::many::{self, Total, shown};
use crate::cli::usage::usage;
use crate::domain::batch::{Across, SharedRow, SharedRows};
use crate::domain::rules::Severity;
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::Failure;
use crate::office::{ExportTarget, LoadedRoster, NamedFiles, Office, RosterRefused, Watch};
use crate::words::Locale;

/// How many digits of a digest tell two files apart for the eye.
const DIGITS: usize = 12;

/// How many rows of those that share something are named in a line.
const NAMED: usize = 6;

/// What is told of all files once each was told.
struct Told<'a> {
    args: &'a CheckArgs,
    /// The words the lines are in.
    words: Locale,
    files: &'a [PathBuf],
    total: Total,
    /// An entry for each file.
    entries: Vec<Value>,
    /// The sheet of each file that was read.
    sheets: Vec<String>,
    /// What goes into a file in the end.
    kept: Vec<u8>,
}

/// Checks the files one by one and goes on past those that cannot be read. Exit code: the highest of the files'; 1 too where
/// two of them share a certificate code.
pub fn run(args: &CheckArgs, named: &NamedFiles, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let output = args.output.as_deref();
    let mut lists = Vec::new();
    match (args.format, output) {
        (CheckFormat::Xlsx, _) => {
            let tail = args.list_tail();
            let words = office.report_locale();
            let name = |file: &Path| words.written_name(&name_of(file), tail, "xlsx");
            lists = many::targets(&named.files, output, office, name)?;
        }
        (_, Some(output)) if output.is_dir() => {
            return Err(usage(locale, "many.output-is-folder", &[("file", &shown(output))]));
        }
        (_, Some(output)) => named.files.iter().try_for_each(|file| office.spare_source(file, Some(output)))?,
        _ => {}
    }
    let files = &named.files;
    let (entries, sheets) = (Vec::new(), vec![String::new(); files.len()]);
    let mut told =
        Told { args, words: args.words(office), files, total: Total::default(), entries, sheets, kept: Vec::new() };
    let mut across = Across::default();
    for (at, file) in files.iter().enumerate() {
        many::begin(io, locale, (at, files.len()), file);
        let found = args.roster.of(file);
        found.tell_worked_on(io, office);
        let read = office.load_one(file, found.reading(), &mut |words| io.message(&words));
        let done = match read {
            Ok((loaded, sha256)) => {
                across.take(at, &loaded.batch);
                told.read(at, &loaded, sha256.as_deref(), lists.get(at).map(PathBuf::as_path), io, office)
            }
            Err(RosterRefused::Failed(failure)) => told.failed(at, (None, &failure), io, office),
            Err(RosterRefused::File { kind, failure }) => told.failed(at, (Some(kind), &failure), io, office),
        };
        done?;
    }
    io.about(None);
    told.end(&across.finish(), named, io, office)
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Told<'_> {
    /// Tells a file that was read.
    fn read(
        &mut self,
        at: usize,
        loaded: &LoadedRoster,
        sha256: Option<&str>,
        list: Option<&Path>,
        io: &mut Io,
        office: &Office,
    ) -> Result<(), Failure> {
        let (file, locale, batch) = (&self.files[at], &self.words.clone(), &loaded.batch);
        let [errors, warnings, notices] = Severity::ALL.map(|severity| batch.count(severity));
        let rows = batch.roster().len();
        let is_bad = rows == 0 || errors != 0 || (self.args.strict && warnings != 0);
        let code = u8::from(is_bad);
        self.total.add(file, rows, (errors, warnings), code);
        self.sheets[at].clone_from(&batch.origin.sheet);
        let profile = &batch.context().profile().id;
        let name = file.to_string_lossy();
        self.entries.push(json!({
            "file": name, "sheet": batch.origin.sheet, "row_count": rows, "errors": errors, "warnings": warnings,
            "notices": notices, "profile": profile, "sha256": sha256, "exit_code": code, "rejected": false,
        }));
        match self.args.format {
            CheckFormat::Json => {
                let mut bytes = Vec::new();
                let written = document_of(&mut OnALine(&mut bytes), &name, loaded, self.args, (locale, None));
                written.map_err(|e| locale.stdout_refused(&e))?;
                bytes.push(b'\n');
                self.put(Written::Json, &bytes, io, office)
            }
            CheckFormat::Csv => {
                io.tell_beside(batch, locale);
                let bytes = office.findings_csv(batch, !self.args.unmask, file)?;
                let bytes = self.with_file(at, &String::from_utf8_lossy(&bytes));
                self.put(Written::File, &bytes, io, office)
            }
            CheckFormat::Xlsx | CheckFormat::Text => {
                let mut line = locale.fill(
                    "many.line",
                    &[
                        ("file", &*locale.file_place(&name, &batch.origin.sheet)),
                        ("rows", &rows.to_string()),
                        ("errors", &errors.to_string()),
                        ("warnings", &warnings.to_string()),
                        ("profile", profile),
                        ("sha256", sha256.map_or("", |all| all.get(..DIGITS).unwrap_or(all))),
                    ],
                );
                if rows == 0 {
                    line += locale.text("many.no-rows");
                }
                let others = batch.origin.beside.others.iter().filter(|sheet| sheet.looks_like_a_roster).count();
                if others != 0 {
                    line += &locale.fill("many.other-sheets", &[("n", &others.to_string())]);
                }
                if let Some(path) = list.filter(|_| errors + warnings != 0) {
                    let (format, overwrite, source) = (TableFormat::Xlsx, self.args.force, Some(&**file));
                    let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
                    match self.args.write_list((None, batch), &target, office) {
                        Ok(_) => line += &locale.fill("many.list-written", &[("file", &shown(path))]),
                        Err(not) => {
                            io.complain(&not.failure);
                            self.total.worse(not.failure.exit_code());
                        }
                    }
                }
                self.line(&line, io, office)?;
                let skipped = locale.skipped_notes(batch, false, !self.args.unmask).into_iter();
                // That there are other rosters in it stands in the line.
                let others = batch.origin.beside.others.len();
                let beside = locale.source_notes(batch).into_iter().skip(others);
                for note in skipped.chain(locale.kept_notes(batch)).chain(beside) {
                    self.line(&format!("  {note}"), io, office)?;
                }
                Ok(())
            }
        }
    }

    /// Tells a file that cannot be read.
    fn failed(
        &mut self,
        at: usize,
        (kind, failure): (Option<&'static str>, &Failure),
        io: &mut Io,
        office: &Office,
    ) -> Result<(), Failure> {
        let (file, code) = (&self.files[at], failure.exit_code());
        self.total.fail(file, code);
        let name = file.to_string_lossy();
        let rejected = json!({ "kind": kind, "message": failure.message, "hint": failure.hint });
        self.entries.push(json!({ "file": name, "exit_code": code, "rejected": rejected }));
        io.complain(failure);
        match self.args.format {
            CheckFormat::Text | CheckFormat::Xlsx => {
                self.line(&self.words.fill("many.line-failed", &[("file", &shown(file))]), io, office)
            }
            CheckFormat::Json => {
                let refused = json!({ "schema": CHECK, "file": name, "rejected": rejected });
                self.put(Written::Json, format!("{refused}\n").as_bytes(), io, office)
            }
            CheckFormat::Csv => Ok(()),
        }
    }

    /// Tells what the files share, and the total.
    fn end(mut self, shared: &[SharedRows], named: &NamedFiles, io: &mut Io, office: &Office) -> Result<u8, Failure> {
        let locale = &self.words.clone();
        let of = |severity| shared.iter().filter(move |one| one.rule.spec().severity == severity);
        let count = |severity| of(severity).map(|one| one.rows.len()).sum();
        let is_wrong = |one: &&SharedRows| match one.rule.spec().severity {
            Severity::Error => true,
            Severity::Warning => self.args.strict,
            Severity::Notice => false,
        };
        let wrong = shared.iter().filter(is_wrong).flat_map(|one| &one.rows).map(|at| at.part).collect();
        self.total.add_across(self.files, (count(Severity::Error), count(Severity::Warning)), &wrong);
        match self.args.format {
            CheckFormat::Json => {
                let repeated: Vec<Value> = shared.iter().map(|one| self.shared_json(one, locale)).collect();
                let left_out: Vec<Value> = named
                    .left_out
                    .iter()
                    .map(|(path, why)| {
                        json!({ "file": path.to_string_lossy(), "kind": why.key(), "reason": many::left_out(*why, locale) })
                    })
                    .collect();
                let body = json!({
                    "files": self.entries, "left_out": left_out, "repeated": repeated, "total": self.total.to_json(),
                    "exit_code": self.total.code,
                });
                let bytes = format!("{}\n", document(MANY, body)).into_bytes();
                self.put(Written::Json, &bytes, io, office)?;
            }
            CheckFormat::Csv => {
                let lines: Vec<String> = shared.iter().flat_map(|one| self.shared_csv(one, locale)).collect();
                self.put(Written::File, lines.concat().as_bytes(), io, office)?;
            }
            CheckFormat::Text | CheckFormat::Xlsx => {
                let total = self.total.line(locale);
                self.line(&total, io, office)?;
                for line in self.shared_lines(shared, office) {
                    self.line(&line, io, office)?;
                }
            }
        }
        if let Some(output) = self.args.output.as_deref().filter(|_| self.args.format != CheckFormat::Xlsx) {
            office.write_file(output, self.args.force, None, |w| w.write_all(&self.kept))?;
        }
        Ok(self.total.code)
    }

    fn line(&mut self, line: &str, io: &mut Io, office: &Office) -> Result<(), Failure> {
        self.put(Written::Text, format!("{}\n", text::visible(line)).as_bytes(), io, office)
    }

    /// Puts something out as soon as it is there; what goes into a file is kept until all is there.
    fn put(&mut self, written: Written, bytes: &[u8], io: &mut Io, office: &Office) -> Result<(), Failure> {
        let is_kept = self.args.output.is_some() && self.args.format != CheckFormat::Xlsx;
        if is_kept {
            let locale = office.locale();
            return Escaping::new(&mut self.kept, written).write_all(bytes).map_err(|e| locale.stdout_refused(&e));
        }
        io.answer_as(written, office.locale(), |w| w.write_all(bytes))
    }

    /// Puts the file before each line of its findings; the line of the labels is that of the first file.
    fn with_file(&self, at: usize, findings: &str) -> Vec<u8> {
        let is_first = self.entries.iter().filter(|entry| entry["rejected"] == false).count() == 1;
        let name = csv_cell(&self.files[at].to_string_lossy());
        let findings = findings.trim_start_matches('\u{FEFF}');
        let mut out = String::new();
        for (nth, line) in findings.split_inclusive("\r\n").enumerate() {
            match nth {
                0 if is_first => out.extend(["\u{FEFF}file,", line]),
                0 => {}
                _ => out.extend([&name, ",", line]),
            }
        }
        out.into_bytes()
    }

    fn shared_json(&self, one: &SharedRows, locale: &Locale) -> Value {
        let spec = one.rule.spec();
        let place = |at: &SharedRow| json!({ "file": self.files[at.part].to_string_lossy(), "sheet": self.sheets[at.part], "row": at.line });
        json!({
            "rule": spec.code, "name": spec.name, "severity": spec.severity.key(), "clause": one.clause,
            "column": column(one), "title": locale.rule(spec.code).map_or(spec.name, |page| &page.title),
            "value": self.value(one), "places": one.rows.iter().map(place).collect::<Vec<Value>>(),
        })
    }

    /// Gives the code or the ID number, masked as within a file.
    fn value(&self, one: &SharedRows) -> String {
        if self.args.unmask { one.value.clone() } else { one.field.masked(&one.value) }
    }

    /// Gives a line for each row that shares something, as findings have them.
    fn shared_csv(&self, one: &SharedRows, locale: &Locale) -> Vec<String> {
        let spec = one.rule.spec();
        let title = locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
        let line = |at: &SharedRow| {
            let others: Vec<String> =
                one.rows.iter().filter(|other| *other != at).map(|at| self.place(at, locale)).collect();
            let message = locale.labelled(title, &locale.listed(&others));
            let (file, value) = (self.files[at.part].to_string_lossy(), self.value(one));
            let cells: [&str; 13] = [
                &file,
                &at.line.to_string(),
                column(one),
                spec.code,
                spec.name,
                spec.severity.key(),
                &one.clause,
                &value,
                &message,
                "",
                "",
                "",
                "",
            ];
            cells.map(csv_cell).join(",") + "\r\n"
        };
        one.rows.iter().map(line).collect()
    }

    fn place(&self, at: &SharedRow, locale: &Locale) -> String {
        locale.row_place(&self.files[at.part].to_string_lossy(), &self.sheets[at.part], at.line)
    }

    /// Lists what is shared by its rules, the first of each.
    fn shared_lines(&self, shared: &[SharedRows], office: &Office) -> Vec<String> {
        let locale = &self.words;
        let mut lines = Vec::new();
        for of_rule in shared.chunk_by(|a, b| a.rule == b.rule) {
            let Some(first) = of_rule.first() else { continue };
            let spec = first.rule.spec();
            let title = locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
            let title = locale.fill("many.shared", &[("title", title)]);
            let clause = clause_quoted(&first.clause, office);
            lines.push(String::new());
            lines.push(format!("{} {} {title} ({})  {clause}", locale.severity(spec.severity), spec.code, spec.name));
            for one in of_rule.iter().take(SHOWN) {
                let mut places: Vec<String> = one.rows.iter().take(NAMED).map(|at| self.place(at, locale)).collect();
                if NAMED < one.rows.len() {
                    places.push("…".to_string());
                }
                lines.push(format!("  {}  {}", self.value(one), places.join(locale.text("finding.comma"))));
            }
            if SHOWN < of_rule.len() {
                let places = [("shown", &*SHOWN.to_string()), ("total", &of_rule.len().to_string())];
                lines.push(format!("  {}", locale.fill("check.showing", &places)));
            }
        }
        lines
    }
}

fn column(one: &SharedRows) -> &'static str {
    one.field.upload_label().unwrap_or(one.field.key())
}

/// Makes a text fit to be a cell of a csv file.
pub(in crate::cli) fn csv_cell(cell: &str) -> String {
    let visible = text::visible(cell);
    let safe = neutral(&visible, TableFormat::CsvUtf8);
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe.into_owned() }
}

/// Writes on without line breaks: in JSON they stand between the fields only.
struct OnALine<'a>(&'a mut Vec<u8>);

impl Write for OnALine<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend(bytes.iter().filter(|byte| **byte != b'\n'));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
