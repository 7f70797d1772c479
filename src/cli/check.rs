//! `skillcert check FILE`: every finding of a roster, as text, JSON, csv or xlsx; of several files a line each.

mod several;

mod json;
mod text;

pub(super) use several::csv_cell;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use self::json::json;
use self::text::text;
use super::due;
use super::escape::{Escaping, Written};
use super::io::Io;
use super::json::CHECK;
use super::reading::{FoundRoster, RosterArgs};
use super::share::tell_share;
use super::typed::{ReportLangArgs, filled};
use crate::cli::io::audit_head;
use crate::cli::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::rules::{Finding, RULES, RuleSpec, Severity};
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{
    DueList, ExportTarget, KeptRows, NotWritten, Office, PIPE, Purpose, ReportSummary, RosterRefused, Watch,
};
use crate::words::{ANSWERS_MASKED_TAIL, ANSWERS_TAIL, FINDINGS_TAIL, Locale};

/// How many findings of a rule are shown as text.
const SHOWN: usize = 5;

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, value_enum, default_value_t)]
    format: CheckFormat,
    /// Stdout when not given.
    #[arg(long, short, value_name = "FILE", help = "output")]
    output: Option<PathBuf>,
    #[arg(long)]
    with_rows: bool,
    #[arg(long)]
    unmask: bool,
    #[arg(long)]
    for_answers: bool,
    #[arg(long)]
    strict: bool,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CheckFormat {
    #[default]
    Text,
    Json,
    Csv,
    Xlsx,
}

impl CheckArgs {
    /// Gives the words that what was found is told in: those of the lists for what goes out as one, those of the screen for
    /// the rest. Machines get them in JSON, and know the rules by their codes.
    fn words(&self, office: &Office) -> Locale {
        match (self.format, &self.output) {
            (CheckFormat::Csv, _) | (CheckFormat::Text, Some(_)) => office.report_locale(),
            _ => (**office.locale()).clone(),
        }
    }

    /// Gives the key of what the names of its lists end with.
    fn list_tail(&self) -> &'static str {
        match (self.for_answers, self.unmask) {
            (false, _) => FINDINGS_TAIL,
            (true, false) => ANSWERS_MASKED_TAIL,
            (true, true) => ANSWERS_TAIL,
        }
    }

    /// Writes the list of findings: to be read, or to be filled in.
    fn write_list(
        &self,
        (id, batch): (Option<BatchId>, &Batch),
        target: &ExportTarget<'_>,
        office: &Office,
    ) -> Result<ReportSummary, NotWritten> {
        if self.for_answers {
            office.export_for_answers((id, batch), !self.unmask, target)
        } else {
            office.export_findings(batch, !self.unmask, target)
        }
    }
}

/// Checks a roster and prints what was found. Exit code 1 when there are errors, or warnings with `--strict`.
pub fn run(mut args: CheckArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    // Without a file for it the report goes to stdout anyway.
    args.output.take_if(|output| *output == Path::new(PIPE));
    if args.for_answers && args.format != CheckFormat::Xlsx {
        return Err(usage(locale, "cli.for-answers-is-xlsx", &[]));
    }
    if args.format == CheckFormat::Xlsx && args.output.is_none() {
        return Err(usage(locale, "cli.xlsx-needs-output", &[]));
    }
    if let Some(named) = args.roster.several(io, office)? {
        return several::run(&args, &named, io, office);
    }
    let mut roster = args.roster.find(args.unmask, io, office)?;
    office.spare_source(&roster.file, args.output.as_deref())?;
    roster.tells_sheets = matches!(args.format, CheckFormat::Csv | CheckFormat::Xlsx);
    roster.tell_worked_on(io, office);
    let file = roster.file.to_string_lossy();
    if let (Some((session, stored)), true) = (&roster.stored, args.unmask) {
        let reason = args.reason.as_deref().ok_or_else(|| usage(locale, "cli.unmask-needs-reason", &[]))?;
        session.unmask(&UnmaskedObject::Batch(stored.id), reason)?;
    }
    let keep = if args.format == CheckFormat::Text { KeptRows::Findings(SHOWN) } else { KeptRows::All };
    let loaded = roster.load((keep, Purpose::Look), io, office);
    let to = To { output: args.output.as_deref(), force: args.force, source: &roster.file };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(RosterRefused::Failed(failure)) => return Err(failure),
        Err(RosterRefused::File { kind, failure }) => {
            if args.format == CheckFormat::Json {
                let rejected = json!({ "schema": CHECK, "file": file, "rejected": {
                    "kind": kind, "message": failure.message, "hint": failure.hint } });
                to.write(Written::Json, io, office, |w| writeln!(w, "{rejected}"))?;
            }
            return Err(failure);
        }
    };
    let masked = !args.unmask;
    let batch = &loaded.batch;
    match (args.format, to.output) {
        (CheckFormat::Json, _) => {
            let due = due_of(&roster, office)?;
            to.write(Written::Json, io, office, |w| json(w, &file, &loaded, &args, (locale, due.as_ref())))?;
        }
        (CheckFormat::Csv, output) => {
            let bytes = office.findings_csv(batch, masked, output.unwrap_or(Path::new(PIPE)))?;
            to.write(Written::File, io, office, |w| w.write_all(&bytes))?;
        }
        (CheckFormat::Xlsx, Some(path)) => {
            let (format, overwrite, source) = (TableFormat::Xlsx, args.force, Some(&*roster.file));
            let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
            let id = roster.stored.as_ref().map(|(_, stored)| stored.id);
            let summary = args.write_list((id, batch), &target, office).map_err(|e| e.failure)?;
            let places = [("file", &*path.to_string_lossy()), ("rows", &summary.rows.to_string())];
            io.note(&locale.fill("cli.report-written", &places));
            // The list has the organiser's rows, and what is wrong with the table stands in none.
            if let Some((message, hint)) = locale.table_disputes(batch) {
                io.message(&format!("{message}\n{hint}"));
            }
            if let Some(head) = audit_head(io, office) {
                io.note(&locale.audit_head(&head));
            }
        }
        _ => {
            let words = args.words(office);
            let due = due_of(&roster, office)?.map_or_else(String::new, |list| due::lines(&list, &words));
            to.write(Written::Text, io, office, |w| text(w, &loaded, masked, (&words, office), &due))?;
        }
    }
    if let (Some((session, stored)), Some(path), Some(reason)) =
        (&roster.stored, &args.output, args.reason.as_deref().filter(|_| args.unmask))
    {
        let holds = office.report_locale().fill("share.holds-findings", &[("batch", &stored.id.to_string())]);
        tell_share(&session.note_handed_out(path, (&holds, reason), None)?, io, locale);
    }
    // Text and JSON have it; lists of cells have no place for it.
    if matches!(args.format, CheckFormat::Csv | CheckFormat::Xlsx) {
        io.tell_beside(batch, locale);
    }
    if batch.roster().is_empty() {
        io.message(locale.text("write.empty"));
        return Ok(1);
    }
    let count = |severity| batch.count(severity);
    Ok(u8::from(0 < count(Severity::Error) || (args.strict && 0 < count(Severity::Warning))))
}

/// Lists what is due of a stored batch; a file that was only looked at has no deadlines.
fn due_of(roster: &FoundRoster, office: &Office) -> Result<Option<DueList>, Failure> {
    let Some((_, stored)) = &roster.stored else { return Ok(None) };
    office.ledger()?.map(|ledger| ledger.due_of_batch(stored.id)).transpose()
}

fn found_rules(batch: &Batch) -> impl Iterator<Item = &'static RuleSpec> + '_ {
    RULES.iter().filter(|r| 0 < batch.findings().count_of(r.id))
}

fn clause<'a>(batch: &'a Batch, finding: &Finding) -> &'a str {
    batch.context().clause(finding.rule, finding.field, finding.detail)
}

/// Gives a clause with its words.
fn clause_quoted(clause: &str, office: &Office) -> String {
    let quote = office.catalogue().clause(clause).map_or(String::new(), |c| format!(" “{}”", c.quote));
    format!("{clause}{quote}")
}

fn value_of(batch: &Batch, finding: &Finding, masked: bool) -> String {
    let value = batch.roster().cell(finding.row, finding.field);
    if masked { batch.masked(finding.row, finding.field, value).into_owned() } else { value.to_string() }
}

/// Where what was found goes: the file that was named, whole or not at all, or stdout.
struct To<'a> {
    output: Option<&'a Path>,
    force: bool,
    source: &'a Path,
}

impl To<'_> {
    fn write(
        &self,
        written: Written,
        io: &mut Io,
        office: &Office,
        put: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match self.output {
            None => io.answer_as(written, office.locale(), put),
            Some(target) => {
                office.write_file(target, self.force, Some(self.source), |w| put(&mut Escaping::new(w, written)))
            }
        }
    }
}
