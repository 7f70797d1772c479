//! `skillcert export FILE --output F`: the upload file, refused while errors remain; of a batch of the store, with a note in the
//! ledger. Or the public list, masked, which nothing refuses. Of several files one each, where none of them shares a code with another.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::filtered::FilterArgs;
use super::io::Io;
use super::many::{self, Total};
use super::reading::{FoundRoster, RosterArgs};
use super::typed::{Encoding, TableKind, filled, table_format};
use crate::cli::usage::usage;
use crate::domain::batch::{Across, Batch};
use crate::domain::ledger::BatchId;
use crate::domain::rules::Severity;
use crate::domain::upload::{self, TableFormat, UploadPart};
use crate::failure::Failure;
use crate::office::{
    BatchTaken, ExportTarget, Exported, KeptRows, LoadedRoster, NotWritten, Office, PIPE, Purpose, RosterRefused,
    Session, UploadSummary, Watch, WhyNotWritten,
};
use crate::words::{Locale, PUBLIC_TAIL};

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, short, value_name = "FILE", help = "export-output")]
    output: Option<PathBuf>,
    #[arg(long, value_enum)]
    format: Option<TableKind>,
    #[arg(long, value_name = "NAME", value_enum)]
    output_encoding: Option<Encoding>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    masked: bool,
    #[arg(long, conflicts_with = "batch")]
    as_is: bool,
    #[arg(long, value_enum, default_value_t, conflicts_with = "masked", help = "export-rows")]
    rows: ExportRows,
    #[arg(long, conflicts_with_all = ["masked", "rows"])]
    without_errors: bool,
    #[command(flatten)]
    only: FilterArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Which rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExportRows {
    #[default]
    All,
    WithoutErrors,
    Returned,
    Unexported,
}

impl ExportArgs {
    /// Gives the file to write: the one that is named, else the one that the workbench would propose, beside the roster.
    fn output(&self, roster: &FoundRoster, office: &Office) -> Result<PathBuf, Failure> {
        let locale = office.locale();
        match (&self.output, roster.file.file_name()) {
            (Some(output), _) => Ok(output.clone()),
            (None, Some(_)) if roster.file != Path::new(PIPE) => {
                Ok(roster.file.with_file_name(self.name(&roster.file, &office.report_locale())))
            }
            _ => Err(usage(locale, "cli.export-needs-output", &[])),
        }
    }

    /// Proposes the name of the file that is written of another.
    fn name(&self, file: &Path, locale: &Locale) -> String {
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let tail = if self.masked { PUBLIC_TAIL } else { Locale::tail_of(&self.part()) };
        let ending = if self.format == Some(TableKind::Csv) { "csv" } else { "xlsx" };
        locale.written_name(&name, tail, ending)
    }

    /// Takes the batch that somebody has worked on in the place of its file, unless the file is wanted.
    fn chosen(&self, roster: FoundRoster, io: &mut Io, office: &Office) -> Result<FoundRoster, Failure> {
        if self.as_is { Ok(roster) } else { roster.or_worked_on(BatchTaken::UnlessAsIs, io, office) }
    }

    fn part(&self) -> UploadPart {
        match self.rows {
            // Which rows these are is known once they are read.
            _ if self.only.is_given() => UploadPart::Shown([].into()),
            _ if self.without_errors => UploadPart::WithoutErrors,
            ExportRows::All => UploadPart::Whole,
            ExportRows::WithoutErrors => UploadPart::WithoutErrors,
            ExportRows::Returned => UploadPart::Returned,
            ExportRows::Unexported => UploadPart::Unexported,
        }
    }
}

/// What came of a file.
struct Done {
    code: u8,
    /// How many rows the file holds; nothing where none was written.
    rows: Option<u32>,
    /// Why none was written.
    why: Option<Failure>,
}

impl Done {
    fn written(code: u8, rows: u32) -> Done {
        Done { code, rows: Some(rows), why: None }
    }

    /// Takes it that findings block the file, or that there is nothing to write, with exit code 1; anything else is a failure.
    fn refused(not: NotWritten) -> Result<Done, Failure> {
        match not.why {
            WhyNotWritten::Blocked | WhyNotWritten::Empty => Ok(Done { code: 1, rows: None, why: Some(not.failure) }),
            _ => Err(not.failure),
        }
    }

    fn told(self, io: &mut Io) -> u8 {
        self.why.iter().for_each(|why| io.complain(why));
        self.code
    }
}

/// Writes the upload file. Exit code 1 when findings block it.
pub fn run(mut args: ExportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let is_csv = |path: &Path| table_format(args.format, path, Encoding::Utf8) == Some(TableFormat::CsvUtf8);
    let writes_text = args.output.as_deref().map_or(args.format == Some(TableKind::Csv), is_csv);
    let (given, is_batch) = ((args.output_encoding, writes_text), args.roster.is_batch());
    args.output_encoding = Some(args.roster.reading.output_encoding(given, is_batch, io, office.locale()));
    let args = &args;
    if let Some(named) = args.roster.several(io, office)? {
        return each(args, &named.files, io, office);
    }
    let roster = args.roster.find(true, io, office)?;
    let roster = args.chosen(roster, io, office)?;
    let output = args.output(&roster, office)?;
    office.spare_source(&roster.file, Some(&output))?;
    Ok(write(args, (&roster, &output), false, &mut |_| (), io, office)?.told(io))
}

/// Writes an upload file for each of several files, with a line for each. First all are read: a code that stands in two of them,
/// or a person, is found in both as if they were one roster. A file that cannot be read, and one that is blocked, stops no other.
fn each(args: &ExportArgs, files: &[PathBuf], io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let targets =
        many::targets(files, args.output.as_deref(), office, |file| args.name(file, &office.report_locale()))?;
    let all = 2 * files.len();
    let mut across = Across::default();
    let mut looked: Vec<Result<(String, u32), Failure>> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        many::begin(io, locale, (at, all), file);
        let roster = args.chosen(args.roster.of(file), io, office);
        let loaded = roster
            .and_then(|roster| roster.load((KeptRows::All, Purpose::Work), io, office).map_err(RosterRefused::failure));
        looked.push(loaded.map(|LoadedRoster { batch, .. }| {
            across.take(at, &batch);
            (batch.origin.sheet.clone(), batch.roster().len())
        }));
    }
    let shared = if args.masked { Vec::new() } else { across.finish() };
    drop(across);
    let named = |part: usize| {
        let sheet = looked.get(part).and_then(|one| one.as_ref().ok()).map(|(sheet, _)| sheet.clone());
        (files.get(part).map(|file| file.to_string_lossy().into_owned()).unwrap_or_default(), sheet.unwrap_or_default())
    };
    let mut total = Total::default();
    for (at, (file, target)) in files.iter().zip(&targets).enumerate() {
        many::begin(io, locale, (files.len() + at, all), file);
        let done = match &looked[at] {
            Ok((_, rows)) => {
                let mut counts = (0, 0);
                let mut prepare = |batch: &mut Batch| {
                    // What was written over in between has other rows.
                    if batch.roster().len() == *rows {
                        batch.set_shared(at, &shared, named);
                    }
                    counts = (batch.count(Severity::Error), batch.count(Severity::Warning));
                };
                let done = args
                    .chosen(args.roster.of(file), io, office)
                    .and_then(|roster| write(args, (&roster, target), true, &mut prepare, io, office));
                if let Ok(done) = &done {
                    total.add(file, *rows, counts, done.code);
                }
                done
            }
            Err(failure) => Err(failure.clone()),
        };
        let (file, target) = (many::shown(file), many::shown(target));
        let line = match done {
            Ok(Done { rows: Some(rows), .. }) => {
                let places = [("file", &*file), ("rows", &rows.to_string()), ("target", &target)];
                locale.fill("many.exported", &places)
            }
            Ok(Done { why, .. }) => {
                let why = why.as_ref().map(many::in_a_line).unwrap_or_default();
                locale.fill("many.not-exported", &[("file", &*file), ("why", &why)])
            }
            Err(failure) => {
                total.fail(&files[at], failure.exit_code());
                io.complain(&failure);
                locale.fill("many.line-failed", &[("file", &file)])
            }
        };
        io.print(locale, &line)?;
    }
    io.about(None);
    io.print(locale, &total.line(locale))?;
    Ok(total.code)
}

/// Writes the file of a roster; `prepare` is shown the rows before. Of one of several files what came of it is told by whoever asked.
fn write(
    args: &ExportArgs,
    (roster, output): (&FoundRoster, &Path),
    is_one_of_several: bool,
    prepare: &mut dyn FnMut(&mut Batch),
    io: &mut Io,
    office: &Office,
) -> Result<Done, Failure> {
    let locale = office.locale();
    let format = table_format(args.format, output, args.output_encoding.unwrap_or_default())
        .ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let (path, overwrite, source) = (output, args.force, Some(&*roster.file));
    let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
    // A list for everybody to see is handed in as well.
    let mut batch = roster.load((KeptRows::All, Purpose::Work), io, office).map_err(RosterRefused::failure)?.batch;
    prepare(&mut batch);
    let part = match args.only.rows(&batch, locale)? {
        Some(rows) => UploadPart::Shown(rows.into()),
        None => args.part(),
    };
    io.tell_left_out(&batch, locale);
    if args.masked {
        return public(&batch, &target, is_one_of_several, io, office);
    }
    if let Some(told) = locale.of_returned(upload::part_of(&batch, &part), &part, true) {
        io.message(&told);
    }
    if let Some((session, stored)) = &roster.stored {
        let reason = args.reason.as_deref().unwrap_or_default();
        return of_stored((stored.id, &batch), (&part, reason), &target, io, session);
    }
    match office.export_roster(&batch, &part, &target, &mut |words| io.message(&words)) {
        Ok(written) => {
            tell(&written, is_one_of_several, io, office);
            if let Some(told) = office.facts_unknown(&batch) {
                io.note(told);
            }
            Ok(Done::written(exit_code(&written.summary), written.summary.manifest.rows))
        }
        Err(not) => Done::refused(not),
    }
}

/// Tells whether all rows were written (0) or errors kept some of them back (1).
fn exit_code(written: &UploadSummary) -> u8 {
    u8::from(written.manifest.rows_left_out != 0)
}

fn public(
    batch: &Batch,
    target: &ExportTarget<'_>,
    is_one_of_several: bool,
    io: &mut Io,
    office: &Office,
) -> Result<Done, Failure> {
    let locale = office.locale();
    let summary = match office.export_public(batch, target, &mut |words| io.message(&words)) {
        Ok(written) => written.summary,
        Err(not) if matches!(not.why, WhyNotWritten::Empty) => return Done::refused(not),
        Err(not) => return Err(not.failure),
    };
    let (file, rows) = (target.path.display().to_string(), summary.rows.to_string());
    if !is_one_of_several {
        io.note(&locale.fill("public.written", &[("file", &file), ("rows", &rows), ("sha256", &summary.sha256)]));
    }
    if summary.errors != 0 {
        io.note(&locale.fill("public.errors", &[("number", &summary.errors.to_string())]));
    }
    Ok(Done::written(0, u32::try_from(summary.rows).unwrap_or(u32::MAX)))
}

/// Writes the upload file of a batch of the store and tells what the ledger has noted. Exit code 1 when findings block it or
/// keep rows back.
pub fn of_batch(
    batch: (BatchId, &Batch),
    part: (&UploadPart, &str),
    target: &ExportTarget<'_>,
    io: &mut Io,
    session: &Session,
) -> Result<u8, Failure> {
    Ok(of_stored(batch, part, target, io, session)?.told(io))
}

fn of_stored(
    (id, batch): (BatchId, &Batch),
    (part, reason): (&UploadPart, &str),
    target: &ExportTarget<'_>,
    io: &mut Io,
    session: &Session,
) -> Result<Done, Failure> {
    let office = session.office();
    let done = match session.export_batch((id, batch), part, target, reason, &mut |words| io.message(&words)) {
        Ok(done) => done,
        Err(not) => return Done::refused(not),
    };
    tell(&done.written, false, io, office);
    let noted = done.noted?;
    let places = [("marked", &*noted.marked.to_string()), ("changed", &noted.changed.to_string())];
    io.note(&office.locale().fill("ledger.exported", &places));
    if noted.unknown != 0 {
        io.message(&office.locale().fill("ledger.exported-unknown", &[("n", &noted.unknown.to_string())]));
    }
    let UploadSummary { manifest, .. } = &done.written.summary;
    Ok(Done::written(exit_code(&done.written.summary), manifest.rows))
}

/// Tells what was written.
fn tell(written: &Exported<UploadSummary>, is_one_of_several: bool, io: &mut Io, office: &Office) {
    let (locale, Exported { summary, audit }) = (office.locale(), written);
    let places = [
        ("file", &*summary.path.display().to_string()),
        ("rows", &summary.manifest.rows.to_string()),
        ("manifest", &summary.manifest_path.display().to_string()),
        ("sha256", &summary.manifest.sha256),
    ];
    if !is_one_of_several {
        io.note(&locale.fill("cli.exported", &places));
        if let Some(head) = audit {
            io.note(&locale.audit_head(head));
        }
    }
    if summary.manifest.rows_not_chosen != 0 {
        io.note(&locale.fill("cli.not-chosen", &[("n", &summary.manifest.rows_not_chosen.to_string())]));
    }
    if summary.manifest.rows_left_out != 0 {
        io.message(&locale.fill("cli.left-out", &[("n", &summary.manifest.rows_left_out.to_string())]));
    }
}
