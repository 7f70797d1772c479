//! The error list that the organiser fills in (供填写的问题清单): a row for each row that is to be corrected, beside each faulty cell
//! one for the answer, and an anchor by which the answers find their way back.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::Write;
use std::path::Path;

use chrono::Utc;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::atomic::{self, WriteError};
use super::write_report::{
    FindingWords, ORIGIN, REPORT_LINE, REPORT_REASONS, ReportOptions, ReportSummary, is_of_several, is_told,
    origin_cells, reason, safe_owned, said, shown, tint, told_rows,
};
use super::write_table::{SPOOL_FROM, TableCell, TableHead, Tint, fitting, room_for_spool, write_table};
use super::write_upload::width;
use crate::domain::answers::{NOTES_LABEL, anchor, asked_label, labels_of};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::RowWhat;
use crate::domain::rules::Finding;
use crate::domain::sheet::{ANCHOR_LABEL, Field, column_letters};
use crate::domain::text;
use crate::domain::upload::TableFormat;

/// What a list to be filled in says besides the findings.
#[derive(Clone, Copy)]
pub struct AnswerWords<'a> {
    pub sheet: &'a str,
    /// The name of the hidden sheet with the lists to choose from.
    pub lists: &'a str,
    /// What stands above the labels and in the properties of the file: how to fill it in, and whether it is masked.
    pub head: &'a str,
    /// The values to choose from in a column; empty for any.
    pub choices: &'a dyn Fn(Field) -> Vec<String>,
}

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Where the row stands; of several files file, sheet and row.
    Place(usize),
    /// Who it is.
    Who(Field),
    Reasons,
    /// What was noted of the row.
    Notes,
    /// What stands in a cell that is asked about.
    Now(Field),
    Answer(Field),
    Anchor,
}

/// By these a person is known; each row tells them, whatever is asked.
const WHO: [Field; 2] = [Field::Name, Field::IdNumber];

/// Writes the list to a file. In CSV it has neither a head nor lists to choose from.
pub fn write_answers(
    (id, batch): (Option<BatchId>, &Batch),
    target: &Path,
    overwrite: bool,
    options: &ReportOptions<'_>,
    (findings, words): (&FindingWords<'_>, &AnswerWords<'_>),
) -> Result<ReportSummary, WriteError> {
    options.watch.ended()?;
    let mut summary = ReportSummary::default();
    atomic::write(target, overwrite, options.source, |out| {
        let parts = parts(batch, options);
        let labels = parts.iter().map(|part| label(batch, *part)).collect();
        let head = TableHead {
            format: options.format,
            sheet: words.sheet,
            labels,
            widths: parts.iter().map(|part| wide(*part)).collect(),
            rows: told_rows(batch, options.severities).count() as u32,
            created: options.created_at,
            is_filtered: true,
        };
        let rows = options.watch.rows(told_rows(batch, options.severities)).map(|(row, found)| {
            summary.rows += 1;
            summary.findings += found.len();
            parts.iter().map(|part| cell((id, batch), *part, (row, &found), options, findings)).collect::<Vec<_>>()
        });
        if options.format == TableFormat::Xlsx {
            xlsx(out, target, &head, (&parts, words), rows)?;
        } else {
            write_table(out, target, &head, rows.map(Ok::<_, Infallible>))?;
        }
        options.watch.ended()
    })?;
    Ok(summary)
}

/// Lists the columns: who and why first, then what is asked, in the order of the form.
fn parts(batch: &Batch, options: &ReportOptions<'_>) -> Vec<Part> {
    let mut is_asked = [false; Field::COUNT];
    let told = batch.findings().iter().filter(|f| is_told(f, options.severities));
    told.for_each(|f| is_asked[f.field as usize] = true);
    let asked = |field: &Field| is_asked[*field as usize];
    let places = if is_of_several(batch) { ORIGIN.len() } else { 1 };
    let mut parts: Vec<Part> = (0..places).map(Part::Place).collect();
    parts.extend(WHO.map(Part::Who));
    parts.push(Part::Reasons);
    parts.extend((batch.roster().all_said(RowWhat::Note).len() != 0).then_some(Part::Notes));
    let form = &batch.context().sheet().fields;
    let others = Field::ALL.into_iter().filter(|field| !form.contains(field));
    let fields = form.iter().copied().chain(others).filter(asked);
    let told = |field: Field| (!WHO.contains(&field)).then_some(Part::Now(field));
    parts.extend(fields.flat_map(|field| told(field).into_iter().chain([Part::Answer(field)])));
    parts.push(Part::Anchor);
    parts
}

fn label(batch: &Batch, part: Part) -> Cow<'_, str> {
    match part {
        Part::Place(_) if !is_of_several(batch) => Cow::Borrowed(REPORT_LINE),
        Part::Place(at) => Cow::Borrowed(ORIGIN[at]),
        Part::Who(field) => super::write_report::label(asked_label(batch, field), TableFormat::Xlsx),
        Part::Reasons => Cow::Borrowed(REPORT_REASONS),
        Part::Notes => Cow::Borrowed(NOTES_LABEL),
        Part::Now(field) => Cow::Owned(safe_owned(labels_of(batch, field)[0].clone(), TableFormat::Xlsx)),
        Part::Answer(field) => Cow::Owned(safe_owned(labels_of(batch, field)[1].clone(), TableFormat::Xlsx)),
        Part::Anchor => Cow::Borrowed(ANCHOR_LABEL),
    }
}

fn wide(part: Part) -> f64 {
    match part {
        Part::Place(_) => 10.0,
        Part::Who(field) | Part::Now(field) | Part::Answer(field) => width(field),
        Part::Reasons => 60.0,
        Part::Notes => 30.0,
        Part::Anchor => 40.0,
    }
}

/// Writes a cell. One for an answer is marked where something is asked there.
fn cell<'a>(
    (id, batch): (Option<BatchId>, &'a Batch),
    part: Part,
    (row, found): (u32, &[Finding]),
    options: &ReportOptions<'_>,
    words: &FindingWords<'_>,
) -> TableCell<'a> {
    let value = |field| shown((batch, row), batch.roster().cell(row, field), Ok(field), options);
    let reasons = || {
        let aside = said((batch, row), RowWhat::Aside, options.masked).map(|why| (words.aside)(&why));
        let reasons: Vec<String> = aside.into_iter().chain(found.iter().map(|f| reason(batch, f, words))).collect();
        safe_owned(text::visible(&reasons.join("；")).into_owned(), options.format)
    };
    let notes = || {
        let notes = said((batch, row), RowWhat::Note, options.masked).unwrap_or_default();
        safe_owned(text::visible(&notes).into_owned(), options.format)
    };
    let worst = |field| found.iter().filter(|f| f.field == field).map(Finding::severity).min();
    match part {
        Part::Place(at) if is_of_several(batch) => {
            let [file, sheet, line] = origin_cells(batch, row, options.format);
            [file, sheet, line].into_iter().nth(at).unwrap_or_default()
        }
        Part::Place(_) => batch.roster().line(row).to_string().into(),
        Part::Who(field) => TableCell { tint: worst(field).and_then(tint), ..value(field).into() },
        Part::Reasons => reasons().into(),
        Part::Notes => notes().into(),
        Part::Now(field) => match worst(field) {
            Some(severity) => TableCell { tint: tint(severity), ..value(field).into() },
            None => TableCell::default(),
        },
        Part::Answer(field) => TableCell { tint: worst(field).and_then(tint), ..TableCell::default() },
        Part::Anchor => safe_owned(anchor(batch, id, row, &(reasons() + &notes())), options.format).into(),
    }
}

/// The looks of the cells; every one is a text, so that no number loses digits.
struct Looks {
    plain: Format,
    header: Format,
    head: Format,
    reasons: Format,
    red: Format,
    yellow: Format,
    /// A cell that waits for an answer, and one that does not.
    answer: Format,
    no_answer: Format,
    anchor: Format,
}

impl Looks {
    fn new() -> Looks {
        let plain = Format::new().set_num_format_index(49).set_align(FormatAlign::VerticalCenter);
        let with = |color| plain.clone().set_background_color(Color::RGB(color));
        Looks {
            header: plain.clone().set_bold().set_text_wrap(),
            head: plain.clone().set_bold().set_font_color(Color::RGB(0xC0_00_00)),
            reasons: plain.clone().set_text_wrap(),
            red: with(0xFF_C7_CE),
            yellow: with(0xFF_F2_B3),
            answer: with(0xE2_F0_D9).set_border(FormatBorder::Thin),
            no_answer: with(0xF2_F2_F2),
            anchor: plain.clone().set_font_color(Color::RGB(0x80_80_80)),
            plain,
        }
    }

    fn of(&self, part: Part, tint: Option<Tint>) -> &Format {
        match (part, tint) {
            (Part::Answer(_), Some(_)) => &self.answer,
            (Part::Answer(_), None) => &self.no_answer,
            (_, Some(Tint::Red)) => &self.red,
            (_, Some(Tint::Yellow)) => &self.yellow,
            (Part::Reasons | Part::Notes, None) => &self.reasons,
            (Part::Anchor, None) => &self.anchor,
            _ => &self.plain,
        }
    }
}

/// The row of the labels: the head stands above it.
const LABELS: u32 = 1;

fn xlsx<'r>(
    out: &mut (dyn Write + Send),
    target: &Path,
    head: &TableHead<'_>,
    (parts, words): (&[Part], &AnswerWords<'_>),
    rows: impl Iterator<Item = Vec<TableCell<'r>>>,
) -> Result<(), WriteError> {
    let refused = |e: XlsxError| match e {
        XlsxError::IoError(e) | XlsxError::TempFileError(_, e) => WriteError::io(target)(e),
        other => WriteError::Xlsx(other.to_string()),
    };
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(head.created.with_timezone(&Utc).timestamp()).map_err(refused)?;
    let properties = DocProperties::new().set_author("skillcert").set_comment(words.head);
    book.set_properties(&properties.set_creation_datetime(&created));
    let sheet = if SPOOL_FROM < head.rows {
        room_for_spool(target, head)?;
        book.set_tempdir(atomic::folder(target)).map_err(refused)?;
        book.add_worksheet_with_constant_memory().map_err(refused)?
    } else {
        book.add_worksheet()
    };
    let (looks, last) = (Looks::new(), LABELS + head.rows.max(1));
    let choices: Vec<(u16, Vec<String>)> = (0u16..)
        .zip(parts)
        .filter_map(|(x, part)| match part {
            Part::Answer(field) => Some((x, (words.choices)(*field))).filter(|(_, choices)| !choices.is_empty()),
            _ => None,
        })
        .collect();
    start(sheet, head, (parts, words, &looks), last).map_err(refused)?;
    for (nth, (x, choices)) in choices.iter().enumerate() {
        sheet.add_data_validation(LABELS + 1, *x, last, *x, &list(words.lists, nth, choices.len())).map_err(refused)?;
    }
    for (y, row) in (LABELS + 1..).zip(rows) {
        for ((x, part), cell) in (0u16..).zip(parts).zip(row) {
            let look = looks.of(*part, cell.tint);
            sheet.write_string_with_format(y, x, fitting(cell.text), look).map_err(refused)?;
        }
    }
    if !choices.is_empty() {
        lists(book.add_worksheet(), words.lists, &choices).map_err(refused)?;
    }
    book.save_to_writer(out).map_err(refused)
}

fn start(
    sheet: &mut Worksheet,
    head: &TableHead<'_>,
    (parts, words, looks): (&[Part], &AnswerWords<'_>, &Looks),
    last: u32,
) -> Result<(), XlsxError> {
    // Who it is stays in sight, too.
    let frozen = parts.iter().take_while(|part| matches!(part, Part::Place(_) | Part::Who(_))).count() as u16;
    let last_column = parts.len().saturating_sub(1) as u16;
    sheet.set_name(head.sheet)?.set_freeze_panes(LABELS + 1, frozen)?;
    sheet.write_string_with_format(0, 0, words.head, &looks.head)?;
    for ((x, part), label) in (0u16..).zip(parts).zip(&head.labels) {
        sheet.set_column_format(x, &looks.plain)?;
        sheet.set_column_width(x, wide(*part))?;
        sheet.write_string_with_format(LABELS, x, fitting(Cow::Borrowed(label)), &looks.header)?;
    }
    // It is sorted with the rest, and nobody types into it.
    sheet.set_column_hidden(last_column)?;
    sheet.autofilter(LABELS, 0, last, last_column)?;
    sheet.ignore_error_range(LABELS, 0, last, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Gives the check of a column with a list to choose from. 3 and 三级 are both right: what is not in it is asked about, not refused.
fn list(sheet: &str, nth: usize, choices: usize) -> DataValidation {
    let of = column_letters(nth);
    let formula = Formula::new(format!("='{sheet}'!${of}$1:${of}${choices}"));
    DataValidation::new().allow_list_formula(formula).set_error_style(DataValidationErrorStyle::Warning)
}

fn lists(sheet: &mut Worksheet, name: &str, choices: &[(u16, Vec<String>)]) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format_index(49);
    sheet.set_name(name)?.set_hidden(true);
    for (x, (_, choices)) in (0u16..).zip(choices) {
        for (y, choice) in (0u32..).zip(choices) {
            sheet.write_string_with_format(y, x, choice, &text)?;
        }
    }
    Ok(())
}
