//! `skillcert check FILE`: every finding of a roster, as text, JSON, csv or xlsx.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::args::CheckArgs;
use super::json::CHECK;
use super::load::{Keep, LoadError, Loaded, SHOWN, load};
use super::note::note;
use super::piped::PIPE;
use super::{export, out, stored};
use crate::data;
use crate::domain::batch::Batch;
use crate::domain::rules::{Finding, Fix, RULES, RuleId, RuleSpec, Severity};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::formats::atomic::{self, WriteError};
use crate::formats::watch::Watch;
use crate::formats::write_report::{FINDING_KEYS, FindingsOptions, ReportOptions, Words, findings_to, write_report};
use crate::words::{Lang, Locale};

/// Checks a roster and prints what was found. Exit code 1 when there are errors, or warnings with `--strict`.
pub fn run(mut args: CheckArgs, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    // Without a file for it the report goes to stdout anyway.
    args.output.take_if(|output| *output == Path::new(PIPE));
    if args.format == "xlsx" && args.output.is_none() {
        return Err(super::usage(locale, "cli.xlsx-needs-output", &[]));
    }
    let stored = stored::named(&mut args.source, home, locale)?;
    let args = &args;
    super::spare_source(&args.source.file, args.output.as_deref(), locale)?;
    let file = args.source.file.to_string_lossy();
    let keep = if args.format == "text" { Keep::Findings } else { Keep::All };
    let loaded = match stored {
        Some((store, stored)) => {
            if args.unmask {
                if args.reason.is_empty() {
                    return Err(super::usage(locale, "cli.unmask-needs-reason", &[]));
                }
                let noted = store.note_unmask(&format!("batch:{}", stored.id.0), &args.reason);
                noted.map_err(|e| locale.store_failure(&e))?;
            }
            let batch = stored::reopen(&store, &stored, &args.source, locale)?;
            Ok(Loaded { batch, profile_from_codes: false, not_compared: Vec::new() })
        }
        None => load(&args.source, keep, locale),
    };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(LoadError::Failed(failure)) => return Err(failure),
        Err(LoadError::Refused(refusal)) => {
            let failure = locale.refusal(&refusal, &file);
            if args.format == "json" {
                let rejected = json!({ "schema": CHECK, "file": file, "rejected": {
                    "kind": refusal.kind.key(), "message": failure.message, "hint": failure.hint } });
                write_to(args, locale, |w| writeln!(w, "{rejected}"))?;
            }
            return Err(failure);
        }
    };
    let masked = !args.unmask;
    let batch = &loaded.batch;
    match args.format.as_str() {
        "json" => write_to(args, locale, |w| json(w, &file, &loaded, args, locale))?,
        "csv" => {
            let findings: Vec<Finding> = batch.findings().iter().copied().collect();
            let fix = |f: &Finding| fix_words(batch, f, masked, locale);
            let options = FindingsOptions {
                format: TableFormat::CsvUtf8,
                labels: FINDING_KEYS,
                masked,
                created_at: export::now(),
                fix: &fix,
            };
            let message = |f: &Finding| locale.finding(batch, f, masked);
            let clause = |f: &Finding| clause(batch, f).to_string();
            let words = Words { message: &message, clause: &clause };
            let mut bytes = Vec::new();
            let name = args.output.as_deref().unwrap_or(Path::new("-"));
            findings_to(batch, &findings, &mut bytes, name, &options, &words).map_err(|e| locale.write_failure(&e))?;
            write_to(args, locale, |w| w.write_all(&bytes))?;
        }
        "xlsx" => {
            let message = |f: &Finding| locale.finding(batch, f, masked);
            let clause = |f: &Finding| clause(batch, f).to_string();
            let words = Words { message: &message, clause: &clause };
            let options = ReportOptions {
                format: TableFormat::Xlsx,
                source: Some(&args.source.file),
                severities: &ReportOptions::ASKED,
                masked,
                created_at: export::now(),
                watch: Watch::nobody(),
            };
            let target = args.output.as_deref().unwrap_or(Path::new(""));
            let summary =
                write_report(batch, target, args.force, &options, &words).map_err(|e| locale.write_failure(&e))?;
            let places = [("file", target.to_string_lossy().into_owned()), ("rows", summary.rows.to_string())];
            note(&locale.fill("cli.report-written", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
            if let Some(head) = super::audit_head(home, locale) {
                note(&locale.audit_head(&head));
            }
        }
        _ => write_to(args, locale, |w| text(w, &loaded, masked, locale))?,
    }
    if batch.roster().is_empty() {
        out::message(&locale.write_failure(&WriteError::Empty).to_string());
        return Ok(1);
    }
    let count = |severity| batch.findings().count(severity);
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
}

#[derive(Serialize)]
struct FixJson {
    to: String,
    safety: &'static str,
}

fn json(w: &mut dyn Write, file: &str, loaded: &Loaded, args: &CheckArgs, locale: &Locale) -> io::Result<()> {
    let batch = &loaded.batch;
    let sheet = &batch.context().sheet();
    let roster = batch.roster();
    let masked = !args.unmask;
    let field = |f: Option<Field>| f.map_or(Value::Null, |f| Value::from(sheet.label(f)));
    let columns: Vec<Value> =
        roster.columns.source.iter().map(|c| json!({ "label": c.label, "field": field(c.field) })).collect();
    let by_label: Map<String, Value> =
        roster.columns.source.iter().map(|c| (c.label.clone(), field(c.field))).collect();
    let skipped: Vec<Value> = batch
        .skipped
        .iter()
        .map(|(row, reason)| json!({ "row": row, "reason": locale.skip_reason(*reason) }))
        .collect();
    let head = json!({
        "schema": CHECK,
        "file": file,
        "sheet": batch.origin.sheet,
        "profile": batch.context().profile().id,
        "profile_from_codes": loaded.profile_from_codes,
        "encoding": batch.origin.encoding,
        "header_row": batch.origin.header_row,
        "columns": by_label,
        "column_list": columns,
        "row_count": roster.len(),
        "skipped_rows": skipped,
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
            fix: batch.fix(finding).map(|fix| FixJson { to: led_to(finding, &fix, masked), safety: fix.safety.key() }),
        };
        write!(w, "{}", if i == 0 { "\n" } else { ",\n" })?;
        serde_json::to_writer(&mut *w, &told)?;
    }
    let severities: Map<String, Value> =
        Severity::ALL.iter().map(|s| (s.key().to_string(), batch.findings().count(*s).into())).collect();
    let rules: Map<String, Value> =
        found_rules(batch).map(|r| (r.code.to_string(), batch.findings().count_of(r.id).into())).collect();
    writeln!(w, "],\"summary\":{}}}", json!({ "severities": severities, "rules": rules }))
}

fn found_rules(batch: &Batch) -> impl Iterator<Item = &'static RuleSpec> + '_ {
    RULES.iter().filter(|r| 0 < batch.findings().count_of(r.id))
}

fn clause<'a>(batch: &'a Batch, finding: &Finding) -> &'a str {
    batch.context().clause(finding.rule, finding.field, finding.detail)
}

fn value_of(batch: &Batch, finding: &Finding, masked: bool) -> String {
    let value = batch.roster().cell(finding.row, finding.field);
    if masked { finding.field.masked(value) } else { value.to_string() }
}

/// Gives the text that a fix leads to as it is told. What comes from the ledger stays masked: only its own verbs show that
/// whole, with a reason.
fn led_to(finding: &Finding, fix: &Fix, masked: bool) -> String {
    let is_ledgers = finding.rule == RuleId::RecordDiffers;
    if masked || is_ledgers { fix.field.masked(&fix.to) } else { fix.to.clone() }
}

/// Tells a finding's fix in one cell: the text it leads to and its safety.
fn fix_words(batch: &Batch, finding: &Finding, masked: bool, locale: &Locale) -> String {
    batch.fix(finding).map_or_else(String::new, |fix| {
        let to = led_to(finding, &fix, masked);
        format!("{to} ({})", locale.safety(fix.safety))
    })
}

/// Prints the findings grouped by rule, the first rows of each.
fn text(w: &mut dyn Write, loaded: &Loaded, masked: bool, locale: &Locale) -> io::Result<()> {
    let batch = &loaded.batch;
    let context = batch.context();
    let fill = |key: &str, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale.fill(key, &places)
    };
    let origin = &batch.origin;
    let profile = if locale.lang == Lang::Zh { &context.profile().name } else { &context.profile().name_en };
    let place = if origin.sheet.is_empty() { String::new() } else { format!(" [{}]", text::visible(&origin.sheet)) };
    writeln!(w, "{}{place}  {}", text::visible(&origin.file), origin.encoding)?;
    let chosen = if loaded.profile_from_codes { "check.profile-guessed" } else { "check.profile" };
    writeln!(
        w,
        "{}",
        fill(
            chosen,
            &[
                ("profile", profile.clone()),
                ("id", context.profile().id.clone()),
                ("document", context.profile().document.clone())
            ]
        )
    )?;
    writeln!(
        w,
        "{}",
        fill("check.rows", &[("rows", batch.roster().len().to_string()), ("header", origin.header_row.to_string())])
    )?;
    let unmatched: Vec<String> = batch
        .roster()
        .columns
        .source
        .iter()
        .filter(|c| c.field.is_none() && !c.label.trim().is_empty())
        .map(|c| text::visible(&c.label).into_owned())
        .collect();
    if !unmatched.is_empty() {
        writeln!(w, "{}", fill("check.unmatched", &[("columns", unmatched.join(", "))]))?;
    }
    let missing: Vec<&str> = context
        .sheet()
        .columns
        .iter()
        .filter(|c| batch.roster().columns.of(c.field).is_none())
        .map(|c| c.label.as_str())
        .collect();
    if !missing.is_empty() {
        writeln!(w, "{}", fill("check.missing", &[("columns", missing.join(", "))]))?;
    }
    for (row, reason) in batch.skipped.iter().take(SHOWN) {
        writeln!(
            w,
            "{}",
            fill("check.skipped", &[("row", row.to_string()), ("reason", locale.skip_reason(*reason).to_string())])
        )?;
    }
    if SHOWN < batch.skipped.len() {
        writeln!(w, "{}", fill("check.skipped-more", &[("number", batch.skipped.len().to_string())]))?;
    }
    let counts = Severity::ALL.map(|s| format!("{} {}", locale.severity(s), batch.findings().count(s)));
    writeln!(w, "{}", counts.join(", "))?;
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
        let quote = data::clause(clause).map_or(String::new(), |c| format!(" “{}”", c.quote));
        writeln!(w, "\n{} {} {} ({})  {clause}{quote}", locale.severity(rule.severity), rule.code, title, rule.name)?;
        for finding in shown {
            let row = batch.roster().line(finding.row).to_string();
            let words = [
                ("row", row),
                ("column", context.sheet().label(finding.field).to_string()),
                ("value", text::visible(&value_of(batch, finding, masked)).chars().take(40).collect()),
                ("message", locale.finding(batch, finding, masked)),
            ];
            writeln!(w, "  {}", fill("check.finding", &words))?;
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

/// Writes to the file that was named, whole or not at all, or to stdout; a closed pipe ends quietly.
fn write_to(
    args: &CheckArgs,
    locale: &Locale,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    match args.output.as_deref() {
        None => {
            let mut stdout = out::stdout();
            let result = write(&mut stdout).and_then(|()| stdout.flush());
            out::settled(result).map_err(|e| locale.untold(&e))
        }
        Some(target) => {
            atomic::write(target, args.force, Some(&args.source.file), |out| write(out).map_err(WriteError::io(target)))
                .map_err(|e| locale.write_failure(&e))
        }
    }
}
