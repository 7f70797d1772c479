//! `skillcert check FILE`: every finding of a roster, as text, JSON, csv or xlsx; of several files a line each.

mod several;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::escape::{Escaping, Written};
use super::io::Io;
use super::json::{CHECK, other_sheets, workbook};
use super::reading::RosterArgs;
use super::values::filled;
use crate::cli::io::audit_head;
use crate::cli::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::profile::Profile;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::roster::{RowId, RowOrigin};
use crate::domain::rules::{Finding, RULES, RuleSpec, Severity, TableFault};
use crate::domain::sheet::{Field, SkipReason};
use crate::domain::text;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{ExportTarget, KeptRows, LoadedRoster, Office, PIPE, Purpose, RosterRefused, Watch};
use crate::words::{Lang, Locale};

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
    strict: bool,
    #[arg(long)]
    force: bool,
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

/// Checks a roster and prints what was found. Exit code 1 when there are errors, or warnings with `--strict`.
pub fn run(mut args: CheckArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    // Without a file for it the report goes to stdout anyway.
    args.output.take_if(|output| *output == Path::new(PIPE));
    if args.format == CheckFormat::Xlsx && args.output.is_none() {
        return Err(usage(locale, "cli.xlsx-needs-output", &[]));
    }
    if let Some(named) = args.roster.several(io, office)? {
        return several::run(&args, &named, io, office);
    }
    let roster = args.roster.find(args.unmask, io, office)?;
    office.spare_source(&roster.file, args.output.as_deref())?;
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
        (CheckFormat::Json, _) => to.write(Written::Json, io, office, |w| json(w, &file, &loaded, &args, locale))?,
        (CheckFormat::Csv, output) => {
            let bytes = office.findings_csv(batch, masked, output.unwrap_or(Path::new(PIPE)))?;
            to.write(Written::File, io, office, |w| w.write_all(&bytes))?;
        }
        (CheckFormat::Xlsx, Some(path)) => {
            let (format, overwrite, source) = (TableFormat::Xlsx, args.force, Some(&*roster.file));
            let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
            let summary = office.export_findings(batch, masked, &target).map_err(|e| e.failure)?;
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
        _ => to.write(Written::Text, io, office, |w| text(w, &loaded, masked, office))?,
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

/// A finding as JSON tells it.
#[derive(Serialize)]
struct FindingJson<'a> {
    row: u32,
    column: &'a str,
    rule: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    clause: &'a str,
    value: String,
    fix: Option<FixJson>,
    /// Where the row came from, in a roster that was put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Value>,
}

#[derive(Serialize)]
struct FixJson {
    to: String,
    safety: &'static str,
}

fn json(w: &mut dyn Write, file: &str, loaded: &LoadedRoster, args: &CheckArgs, locale: &Locale) -> io::Result<()> {
    let batch = &loaded.batch;
    let sheet = &batch.context().sheet();
    let roster = batch.roster();
    let masked = !args.unmask;
    let field = |f: Option<Field>| f.map_or(Value::Null, |f| Value::from(sheet.label(f)));
    let source_column = |index: usize| {
        let column = &roster.columns.source[index];
        let source = if masked { column.shown_label() } else { column.label.as_str().into() };
        json!({ "source": source, "index": index + 1 })
    };
    let columns: Vec<Value> = (0..roster.columns.source.len())
        .map(|index| {
            let column = &roster.columns.source[index];
            let lost = column.lost.map(|lost| json!({ "field": field(Some(lost.field)), "to": lost.to.key() }));
            let mut told = source_column(index);
            told["field"] = field(column.field);
            told["gave_way"] = lost.unwrap_or_default();
            told["by"] = column.field.map_or(Value::Null, |_| column.by.key().into());
            told
        })
        .collect();
    let table: Vec<Value> = batch
        .table_findings()
        .iter()
        .map(|f| {
            let fields: Vec<Value> = f.fields.iter().map(|f| field(Some(*f))).collect();
            let columns: Vec<Value> = f.columns.iter().map(|i| source_column(*i)).collect();
            json!({ "rule": f.fault.code(), "name": f.fault.key(), "severity": f.severity.key(), "fields": fields,
                    "columns": columns, "message": locale.table_finding(sheet, &roster.columns, f),
                    "hint": locale.table_hint(f), "clause": f.clause(batch.context().profile(), sheet) })
        })
        .collect();
    let vote = |(profile, rows): &(Arc<Profile>, usize)| json!({ "profile": profile.id, "rows": rows });
    let votes: Vec<Value> = loaded.votes.iter().map(vote).collect();
    let skipped: Vec<Value> = batch
        .skipped
        .iter()
        .map(|(row, reason)| json!({ "row": row, "kind": reason.key(), "reason": locale.skip_reason(*reason) }))
        .collect();
    let how = &batch.origin.beside.how;
    let head = json!({
        "schema": CHECK,
        "file": file,
        "sheet": batch.origin.sheet,
        "profile": batch.context().profile().id,
        "profile_from_codes": loaded.profile_by == Some(ChosenBy::Codes),
        "profile_from": loaded.profile_by.map(ChosenBy::key),
        "profile_votes": votes,
        "encoding": batch.origin.encoding,
        "encoding_from": batch.origin.sheet.is_empty().then(|| how.encoding.key()),
        "header_row": batch.origin.header_row,
        "header_from": how.header.key(),
        "columns_from": how.columns.key(),
        "columns": columns,
        "table_findings": table,
        "other_sheets": other_sheets(&batch.origin.beside.others),
        "row_count": roster.len(),
        "hidden_rows": batch.hidden_lines(),
        "workbook": workbook(batch),
        "skipped_rows": skipped,
        "kept_rows": how.kept,
        "not_compared": loaded.not_compared,
        "rejected": false,
    });
    // The object is written piece by piece: a million rows need not stand in memory twice.
    let head = head.to_string();
    write!(w, "{}", head.trim_end_matches('}'))?;
    if args.with_rows {
        write!(w, ",\"rows\":[")?;
        for row in 0..roster.len() {
            let mut object = Map::new();
            object.insert("row".into(), roster.line(row).into());
            object.extend(origin_json(batch, row).map(|origin| ("origin".to_string(), origin)));
            for column in &sheet.columns {
                let value = roster.cell(row, column.field);
                let value = if masked { column.field.masked(value) } else { value.to_string() };
                object.insert(column.label.clone(), value.into());
            }
            write!(w, "{}", if row == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *w, &object)?;
        }
        write!(w, "]")?;
    }
    write!(w, ",\"findings\":[")?;
    for (i, finding) in batch.findings().iter().enumerate() {
        let spec = finding.rule.spec();
        let told = FindingJson {
            row: roster.line(finding.row),
            column: sheet.label(finding.field),
            rule: spec.code,
            name: spec.name,
            severity: spec.severity.key(),
            message: locale.finding(batch, finding, masked),
            clause: clause(batch, finding),
            value: value_of(batch, finding, masked),
            origin: origin_json(batch, finding.row),
            fix: batch.fix(finding).map(|fix| FixJson { to: fix.told(finding.rule, masked), safety: fix.safety.key() }),
        };
        write!(w, "{}", if i == 0 { "\n" } else { ",\n" })?;
        serde_json::to_writer(&mut *w, &told)?;
    }
    let severities: Map<String, Value> =
        Severity::ALL.iter().map(|s| (s.key().to_string(), batch.count(*s).into())).collect();
    let mut rules: Map<String, Value> =
        found_rules(batch).map(|r| (r.code.to_string(), batch.findings().count_of(r.id).into())).collect();
    for fault in TableFault::ALL {
        let count = table.iter().filter(|f| f["rule"] == fault.code()).count();
        if count != 0 {
            rules.insert(fault.code().to_string(), count.into());
        }
    }
    writeln!(w, "],\"summary\":{}}}", json!({ "severities": severities, "rules": rules }))
}

fn origin_json(batch: &Batch, row: RowId) -> Option<Value> {
    let RowOrigin { file, sheet, line } = batch.roster().origin_of(row)?;
    Some(json!({ "file": file, "sheet": sheet, "row": line }))
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
    if masked { finding.field.masked(value) } else { value.to_string() }
}

/// Says what the profile was chosen by, with how many rows speak for which one where they do not agree.
fn told_by(loaded: &LoadedRoster, locale: &Locale) -> String {
    let by = loaded.profile_by.map_or_else(|| locale.text("profile.noted").to_string(), |by| locale.chosen_by(by));
    if loaded.votes.len() < 2 {
        return by;
    }
    locale.fill("profile.by-votes", &[("by", &by), ("votes", &locale.profile_votes(&loaded.votes))])
}

/// Prints the findings grouped by rule, the first rows of each.
fn text(w: &mut dyn Write, loaded: &LoadedRoster, masked: bool, office: &Office) -> io::Result<()> {
    let locale = office.locale();
    let batch = &loaded.batch;
    let context = batch.context();
    let fill = |key: &str, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale.fill(key, &places)
    };
    let origin = &batch.origin;
    let profile = if locale.lang == Lang::Zh { &context.profile().name } else { &context.profile().name_en };
    let place = if origin.sheet.is_empty() { String::new() } else { format!(" [{}]", text::visible(&origin.sheet)) };
    writeln!(w, "{}{place}  {}", text::visible(&origin.file), locale.encoding_told(batch))?;
    writeln!(
        w,
        "{}",
        fill(
            "check.profile",
            &[
                ("by", told_by(loaded, locale)),
                ("profile", profile.clone()),
                ("id", context.profile().id.clone()),
                ("document", context.profile().document.clone())
            ]
        )
    )?;
    writeln!(
        w,
        "{}",
        fill("check.rows", &[("rows", batch.roster().len().to_string()), ("header", locale.header_told(batch))])
    )?;
    if let Some(told) = locale.columns_told(batch) {
        writeln!(w, "{told}")?;
    }
    let unmatched: Vec<String> = batch
        .roster()
        .columns
        .source
        .iter()
        .filter(|c| c.field.is_none() && !c.label.trim().is_empty() && !RowOrigin::is_label(&c.label))
        .map(|c| text::visible(&c.shown_label()).into_owned())
        .collect();
    if !unmatched.is_empty() {
        writeln!(w, "{}", fill("check.unmatched", &[("columns", unmatched.join(", "))]))?;
    }
    let to_number = locale.to_number(context.sheet(), &batch.roster().columns);
    let missing: Vec<&str> = context
        .sheet()
        .columns
        .iter()
        .filter(|c| batch.roster().columns.of(c.field).is_none())
        .filter(|c| c.field != Field::Code || to_number.is_none())
        .map(|c| c.label.as_str())
        .collect();
    if !missing.is_empty() {
        writeln!(w, "{}", fill("check.missing", &[("columns", missing.join(", "))]))?;
    }
    if let Some(told) = to_number {
        writeln!(w, "{told}")?;
    }
    let runs = SkipReason::runs(&batch.skipped);
    for (first, last, reason) in runs.iter().take(SHOWN) {
        writeln!(w, "{}", locale.skipped_told(*first, *last, *reason))?;
    }
    if SHOWN < runs.len() {
        writeln!(w, "{}", fill("check.skipped-more", &[("number", batch.skipped.len().to_string())]))?;
    }
    for note in locale.source_notes(batch) {
        writeln!(w, "{note}")?;
    }
    let counts = Severity::ALL.map(|s| format!("{} {}", locale.severity(s), batch.count(s)));
    writeln!(w, "{}", counts.join(", "))?;
    for finding in batch.table_findings() {
        let (severity, fault) = (locale.severity(finding.severity), finding.fault);
        let title = locale.table_title(fault);
        let clause = finding.clause(context.profile(), context.sheet());
        writeln!(w, "\n{severity} {} {title} ({})  {clause}", fault.code(), fault.key())?;
        writeln!(w, "  {}", locale.table_finding(context.sheet(), &batch.roster().columns, &finding))?;
        let hint = locale.table_hint(&finding);
        if !hint.is_empty() {
            writeln!(w, "  {hint}")?;
        }
    }
    let mut rules: Vec<&RuleSpec> = found_rules(batch).collect();
    rules.sort_by_key(|r| (r.severity, r.code));
    let mut first: Vec<Vec<Finding>> = vec![Vec::new(); RULES.len()];
    for finding in batch.findings().iter() {
        let list = &mut first[finding.rule.index()];
        if list.len() < SHOWN {
            list.push(*finding);
        }
    }
    for rule in rules {
        let total = batch.findings().count_of(rule.id);
        let shown = &first[rule.id.index()];
        let title = locale.rule(rule.code).map_or(rule.name, |p| p.title.as_str());
        let clause = shown.first().map_or("", |f| clause(batch, f));
        let clause = clause_quoted(clause, office);
        writeln!(w, "\n{} {} {} ({})  {clause}", locale.severity(rule.severity), rule.code, title, rule.name)?;
        for finding in shown {
            let row = batch.roster().line(finding.row).to_string();
            let words = [
                ("row", row),
                ("column", context.sheet().label(finding.field).to_string()),
                ("value", text::visible(&value_of(batch, finding, masked)).chars().take(40).collect()),
                ("message", locale.finding(batch, finding, masked)),
            ];
            let origin = locale.row_origin(batch, finding.row).map_or(String::new(), |origin| format!("  {origin}"));
            writeln!(w, "  {}{origin}", fill("check.finding", &words))?;
        }
        if shown.len() < total {
            writeln!(
                w,
                "  {}",
                fill("check.showing", &[("shown", shown.len().to_string()), ("total", total.to_string())])
            )?;
        }
    }
    Ok(())
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
