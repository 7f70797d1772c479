//! The error list for the organiser (问题清单) and the findings as a table.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use super::atomic::{self, WriteError};
use super::watch::Watch;
use super::write_table::{TableCell, TableHead, Tint, write_table};
use super::write_upload::width;
use crate::domain::answers::{LINE_LABEL, NOTES_LABEL, REASONS_LABEL};
use crate::domain::batch::Batch;
use crate::domain::roster::{RowId, RowOrigin, RowWhat};
use crate::domain::rules::{Finding, Severity, TableFinding};
use crate::domain::sheet::{Field, SourceColumn};
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral, neutral_of};

/// The words of a finding, which `formats` does not know.
#[derive(Clone, Copy)]
pub struct FindingWords<'a> {
    pub message: &'a dyn Fn(&Finding) -> String,
    /// The clause it breaks, such as `甘人社通〔2024〕302号 GS-37`; may be empty.
    pub clause: &'a dyn Fn(&Finding) -> String,
    /// Says what a finding is told as, where it is not told alone.
    pub folded: &'a dyn Fn(&Finding) -> Option<String>,
    /// Says what was found about the table.
    pub table: &'a dyn Fn(&TableFinding) -> String,
    /// Says that a row was put aside, and why.
    pub aside: &'a dyn Fn(&str) -> String,
}

/// How a report is written.
#[derive(Clone, Copy)]
pub struct ReportOptions<'a> {
    pub format: TableFormat,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    /// Which findings are told.
    pub severities: &'a [Severity],
    /// Whether names and ID numbers are masked.
    pub masked: bool,
    /// The workbook's time of creation.
    pub created_at: DateTime<FixedOffset>,
    /// Who is told how far it is.
    pub watch: Watch<'a>,
}

impl ReportOptions<'_> {
    /// The severities an organiser is asked to correct.
    pub const ASKED: [Severity; 2] = [Severity::Error, Severity::Warning];
}

/// What a report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportSummary {
    pub rows: usize,
    pub findings: usize,
}

/// The sheet's name and the labels of the columns that the error list adds; of several files it says where each row stands as a
/// merged file does.
const REPORT_SHEET: &str = "问题清单";
pub(super) const REPORT_LINE: &str = LINE_LABEL;
pub(super) const REPORT_REASONS: &str = REASONS_LABEL;
/// What was noted of the rows; the other where the organiser has a column of that name.
const REPORT_NOTES: [&str; 2] = ["备注", NOTES_LABEL];
pub(super) const ORIGIN: [&str; 3] = RowOrigin::LABELS;

/// Tells whether the number of a row alone does not say which is meant.
pub(super) fn is_of_several(batch: &Batch) -> bool {
    !batch.roster().parts().is_empty()
}

/// Gives the label of the column for notes, where there are any.
fn notes_label(batch: &Batch) -> Option<&'static str> {
    let is_theirs = own_columns(batch).any(|(_, c)| c.label.trim() == REPORT_NOTES[0]);
    (batch.roster().all_said(RowWhat::Note).len() != 0).then_some(REPORT_NOTES[usize::from(is_theirs)])
}

/// Lists the organiser's columns that an error list has. Where it says of each row where it stands, what a file that was
/// merged before says of that stands there.
fn own_columns(batch: &Batch) -> impl Iterator<Item = (usize, &SourceColumn)> {
    let (source, is_said) = (&batch.roster().columns.source, is_of_several(batch));
    source.iter().enumerate().filter(move |(_, c)| !(is_said && c.field.is_none() && RowOrigin::is_label(&c.label)))
}

/// Gives the cells that say where a row came from; they are empty for a roster that is one file's.
pub(super) fn origin_cells<'a>(batch: &Batch, row: RowId, format: TableFormat) -> [TableCell<'a>; 3] {
    let cells = batch
        .roster()
        .origin_of(row)
        .map_or_else(Default::default, |RowOrigin { file, sheet, line }| [file, sheet, line.to_string()]);
    cells.map(|cell| on_a_line(&cell, format).into())
}

/// Writes the error list to a file: the organiser's own columns and imported values, rows with findings, and those of
/// which something is said.
pub fn write_report(
    batch: &Batch,
    target: &Path,
    overwrite: bool,
    options: &ReportOptions<'_>,
    words: &FindingWords<'_>,
) -> Result<ReportSummary, WriteError> {
    options.watch.ended()?;
    let mut summary = ReportSummary::default();
    atomic::write(target, overwrite, options.source, |out| {
        summary = report_to(batch, out, target, options, words)?;
        Ok(())
    })?;
    Ok(summary)
}

/// Writes the error list to a stream. `name` is what errors call it.
pub fn report_to(
    batch: &Batch,
    out: &mut (impl Write + Send),
    name: &Path,
    options: &ReportOptions<'_>,
    words: &FindingWords<'_>,
) -> Result<ReportSummary, WriteError> {
    let places: &[(&str, f64)] = if is_of_several(batch) {
        &[(ORIGIN[0], 24.0), (ORIGIN[1], 16.0), (ORIGIN[2], 8.0)]
    } else {
        &[(REPORT_LINE, 8.0)]
    };
    let mut labels: Vec<Cow<'_, str>> = places.iter().map(|(label, _)| Cow::Borrowed(*label)).collect();
    labels.extend(own_columns(batch).map(|(_, c)| label(&c.label, options.format)));
    labels.push(Cow::Borrowed(REPORT_REASONS));
    labels.extend(notes_label(batch).map(Cow::Borrowed));
    let mut widths: Vec<f64> = places.iter().map(|(_, width)| *width).collect();
    widths.extend(own_columns(batch).map(|(_, c)| c.field.map_or(16.0, width)));
    widths.push(80.0);
    widths.extend(notes_label(batch).map(|_| 40.0));
    let head = TableHead {
        format: options.format,
        sheet: REPORT_SHEET,
        labels,
        widths,
        rows: told_rows(batch, options.severities).count() as u32,
        created: options.created_at,
        is_filtered: true,
    };
    let mut summary = ReportSummary::default();
    let rows = options.watch.rows(told_rows(batch, options.severities)).map(|(row, found)| {
        summary.rows += 1;
        summary.findings += found.len();
        Ok::<_, Infallible>(report_row(batch, (row, &found), options, words))
    });
    write_table(out, name, &head, rows)?;
    options.watch.ended()?;
    Ok(summary)
}

/// Lists the rows that are told, each with its findings of the chosen severities: those that have some, and those that were put
/// aside or noted upon.
pub(super) fn told_rows<'a>(
    batch: &'a Batch,
    severities: &'a [Severity],
) -> impl Iterator<Item = (RowId, Vec<Finding>)> + 'a {
    let said = RowWhat::ALL.into_iter().flat_map(|what| batch.roster().all_said(what));
    let mut said = said.map(|(row, _)| row).collect::<BTreeSet<RowId>>().into_iter().peekable();
    let mut wanted = batch.findings().iter().filter(|f| is_told(f, severities)).copied().peekable();
    std::iter::from_fn(move || {
        let row = wanted.peek().map(|f| f.row).into_iter().chain(said.peek().copied()).min()?;
        said.next_if_eq(&row);
        let mut found = Vec::new();
        while let Some(more) = wanted.next_if(|f| f.row == row) {
            found.push(more);
        }
        Some((row, found))
    })
}

/// Tells whether a finding is for whoever handed the rows in: a number that a row waits for, nobody there can give.
pub(super) fn is_told(finding: &Finding, severities: &[Severity]) -> bool {
    severities.contains(&finding.severity()) && !finding.wants_number()
}

fn report_row<'a>(
    batch: &'a Batch,
    (row, found): (RowId, &[Finding]),
    options: &ReportOptions<'_>,
    words: &FindingWords<'_>,
) -> Vec<TableCell<'a>> {
    let roster = batch.roster();
    let note = |f: &Finding| (words.folded)(f).unwrap_or_else(|| (words.message)(f));
    let mut cells: Vec<TableCell<'a>> = if is_of_several(batch) {
        origin_cells(batch, row, options.format).into()
    } else {
        vec![roster.line(row).to_string().into()]
    };
    for (column, source) in own_columns(batch) {
        let value = shown((batch, row), roster.source_cell(row, column), source.field.ok_or(column), options);
        let here = || found.iter().filter(|f| Some(f.field) == source.field);
        cells.push(TableCell {
            text: value,
            tint: here().map(Finding::severity).min().and_then(tint),
            note: if options.format == TableFormat::Xlsx {
                here().map(|f| text::visible(&note(f)).into_owned()).collect::<Vec<_>>().join("\n")
            } else {
                String::new()
            },
        });
    }
    let aside = said((batch, row), RowWhat::Aside, options.masked).map(|why| (words.aside)(&why));
    let reasons: Vec<String> = aside.into_iter().chain(found.iter().map(|f| reason(batch, f, words))).collect();
    cells.push(safe_owned(reasons.join("；"), options.format).into());
    if notes_label(batch).is_some() {
        cells.push(
            safe_owned(said((batch, row), RowWhat::Note, options.masked).unwrap_or_default(), options.format).into(),
        );
    }
    cells
}

/// Gives what is said of a row, masked where the list is.
pub(super) fn said((batch, row): (&Batch, RowId), what: RowWhat, hide: bool) -> Option<String> {
    let text = batch.roster().said(row, what)?;
    Some(if hide { batch.masked_said(row, text) } else { text.to_string() })
}

/// Writes one reason: the column in front, in the organiser's own words or, where the source does not have it, the
/// standard's in 【】; the clause behind.
pub(super) fn reason(batch: &Batch, finding: &Finding, words: &FindingWords<'_>) -> String {
    let columns = &batch.roster().columns;
    if let Some(folded) = (words.folded)(finding) {
        return folded;
    }
    let message = (words.message)(finding);
    let message = message.trim_end_matches(['。', '；']);
    let mut out = match columns.of(finding.field).and_then(|c| columns.source.get(c)) {
        Some(own) if message.contains(own.label.trim()) => String::new(),
        Some(own) => format!("{}：", own.label.trim()),
        None => format!("【{}】", batch.context().sheet().label(finding.field)),
    };
    out += message;
    let clause = (words.clause)(finding);
    if !clause.is_empty() {
        out.extend(["（", &clause, "）"]);
    }
    out
}

pub(super) fn tint(severity: Severity) -> Option<Tint> {
    match severity {
        Severity::Error => Some(Tint::Red),
        Severity::Warning => Some(Tint::Yellow),
        Severity::Notice => None,
    }
}

/// How the findings are written as a table.
#[derive(Clone, Copy)]
pub struct FindingsOptions<'a> {
    pub format: TableFormat,
    /// The labels of the columns: row, column, rule, name, severity, clause, value, message, fix, and in which file and sheet it
    /// stands and where, in a roster that was put together of several.
    pub labels: [&'a str; FINDING_KEYS.len()],
    /// Whether names and ID numbers are masked.
    pub masked: bool,
    /// The workbook's time of creation.
    pub created_at: DateTime<FixedOffset>,
    /// What the cell would become, as it is told; may be empty.
    pub fix: &'a dyn Fn(&Finding) -> String,
}

/// The labels of the findings' columns as JSON names them.
pub const FINDING_KEYS: [&str; 12] = [
    "row",
    "column",
    "rule",
    "name",
    "severity",
    "clause",
    "value",
    "message",
    "fix",
    "origin_file",
    "origin_sheet",
    "origin_row",
];

/// Writes findings to a file, one line each.
pub fn write_findings(
    batch: &Batch,
    findings: &[Finding],
    target: &Path,
    overwrite: bool,
    options: &FindingsOptions<'_>,
    words: &FindingWords<'_>,
) -> Result<(), WriteError> {
    atomic::write(target, overwrite, None, |out| findings_to(batch, findings, out, target, options, words))
}

/// Writes findings to a stream, such as the standard output. `name` is what errors call it.
pub fn findings_to(
    batch: &Batch,
    findings: &[Finding],
    out: &mut (impl Write + Send),
    name: &Path,
    options: &FindingsOptions<'_>,
    words: &FindingWords<'_>,
) -> Result<(), WriteError> {
    let of_table = batch.table_findings();
    let head = TableHead {
        format: options.format,
        sheet: REPORT_SHEET,
        labels: options.labels.map(Cow::Borrowed).to_vec(),
        widths: vec![8.0, 16.0, 8.0, 22.0, 10.0, 10.0, 30.0, 60.0, 30.0, 24.0, 16.0, 8.0],
        rows: (of_table.len() + findings.len()) as u32,
        created: options.created_at,
        is_filtered: true,
    };
    let of_table = of_table.iter().map(|f| table_row(batch, f, options, words));
    let of_rows = findings.iter().map(|f| finding_row(batch, f, options, words));
    let rows = of_table.chain(of_rows).map(Ok::<_, Infallible>);
    write_table(out, name, &head, rows)
}

/// Gives the line of what stands in no row, and so before all that do.
fn table_row<'a>(
    batch: &'a Batch,
    finding: &TableFinding,
    options: &FindingsOptions<'_>,
    words: &FindingWords<'_>,
) -> Vec<TableCell<'a>> {
    let (sheet, format) = (batch.context().sheet(), options.format);
    let label = finding.fields.first().map_or("", |field| sheet.label(*field));
    vec![
        "".into(),
        neutral(label, format).into(),
        finding.fault.code().into(),
        finding.fault.key().into(),
        finding.severity.key().into(),
        safe_owned(finding.clause(batch.context().profile(), sheet).to_string(), format).into(),
        "".into(),
        on_a_line(&(words.table)(finding), format).into(),
        "".into(),
        "".into(),
        "".into(),
        "".into(),
    ]
}

fn finding_row<'a>(
    batch: &'a Batch,
    finding: &Finding,
    options: &FindingsOptions<'_>,
    words: &FindingWords<'_>,
) -> Vec<TableCell<'a>> {
    let spec = finding.rule.spec();
    let value = masked(
        (batch, finding.row),
        batch.roster().cell(finding.row, finding.field),
        Ok(finding.field),
        options.masked,
    );
    let format = options.format;
    let [file, sheet, line] = origin_cells(batch, finding.row, format);
    vec![
        batch.roster().line(finding.row).to_string().into(),
        neutral(batch.context().sheet().label(finding.field), format).into(),
        spec.code.into(),
        spec.name.into(),
        spec.severity.key().into(),
        safe_owned((words.clause)(finding), format).into(),
        on_a_line(&value, format).into(),
        on_a_line(&(words.message)(finding), format).into(),
        on_a_line(&(options.fix)(finding), format).into(),
        file,
        sheet,
        line,
    ]
}

/// Masks a cell of a column of the form, or of one that it does not have, by its place in the source.
fn masked<'a>((batch, row): (&Batch, RowId), value: &'a str, field: Result<Field, usize>, hide: bool) -> Cow<'a, str> {
    match field {
        _ if !hide => Cow::Borrowed(value),
        Ok(field) => batch.masked(row, field, value),
        Err(column) => batch.masked_aside(row, column, value),
    }
}

pub(super) fn shown<'a>(
    at: (&Batch, RowId),
    value: &'a str,
    field: Result<Field, usize>,
    options: &ReportOptions<'_>,
) -> Cow<'a, str> {
    made_safe(masked(at, value, field, options.masked), options.format)
}

fn made_safe(value: Cow<'_, str>, format: TableFormat) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => neutral(value, format),
        Cow::Owned(value) => Cow::Owned(safe_owned(value, format)),
    }
}

/// Makes a text safe for a terminal too, where the findings may be printed.
fn on_a_line(value: &str, format: TableFormat) -> String {
    neutral_of(value, text::visible(value), format).into_owned()
}

pub(super) fn safe_owned(value: String, format: TableFormat) -> String {
    match neutral(&value, format) {
        Cow::Borrowed(_) => value,
        Cow::Owned(safe) => safe,
    }
}

/// Makes a column's label safe to open, on one line: a line break made visible would no longer match when it is read again.
pub fn label(value: &str, format: TableFormat) -> Cow<'_, str> {
    match text::trimmed(value) {
        Cow::Borrowed(value) => neutral(value, format),
        Cow::Owned(value) => Cow::Owned(safe_owned(value, format)),
    }
}
