//! The upload file (上报文件): the rows of a batch as the upload form wants them. Nothing is written here.

use std::borrow::Cow;
use std::sync::Arc;

use super::batch::Batch;
use super::date::{self, DateReading};
use super::fact::CertificateKind;
use super::identity::IdTypeReading;
use super::ledger::case::Case;
use super::ledger::{ExportedAgain, KnownCertificate, Status};
use super::level::{self, LevelReading};
use super::profile::IdTypeForm;
use super::roster::RowId;
use super::rules::{CheckContext, Finding, RuleId, Severity, typed_code};
use super::sheet::{Column, Field, SheetSpec};
use super::text;
use super::vocabulary::vocabulary;

vocabulary! {
    /// Which rows of a batch an upload file holds (导出范围).
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    pub enum UploadPart {
        #[default]
        Whole = "all",
        /// Those without an error; the others go back to whoever sent them.
        WithoutErrors = "without-errors",
        /// Those whose certificates came back, as the ledger has it.
        Returned = "returned",
        /// Those whose certificates have been in no upload file yet, as far as the ledger knows.
        Unexported = "unexported",
        /// Those that a filter lets through, in ascending order.
        Shown(Arc<[RowId]>) = "shown",
    }
}

static WHOLE: UploadPart = UploadPart::Whole;

impl UploadPart {
    /// Tells whether the ledger says which rows they are.
    pub fn asks_ledger(&self) -> bool {
        matches!(self, UploadPart::Returned | UploadPart::Unexported)
    }
}

vocabulary! {
    /// The file formats a table is written in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum TableFormat {
        /// An Excel workbook in which every cell is a text.
        Xlsx = "xlsx",
        /// CSV in UTF-8 with a byte order mark, so that Excel reads it right.
        CsvUtf8 = "csv",
        /// CSV in GB18030, the default of Chinese Excel.
        CsvGb18030 = "csv-gb18030",
    }
}

impl TableFormat {
    /// Gives the format that a file's name asks for: a workbook unless it ends in csv.
    pub fn of_name(path: &std::path::Path) -> TableFormat {
        let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if is_csv { TableFormat::CsvUtf8 } else { TableFormat::Xlsx }
    }

    /// Gives the file name's extension.
    pub fn extension(self) -> &'static str {
        if self == TableFormat::Xlsx { "xlsx" } else { "csv" }
    }

    /// Gives the text encoding.
    pub fn encoding(self) -> &'static str {
        if self == TableFormat::CsvGb18030 { "GB18030" } else { "UTF-8" }
    }
}

/// A batch seen as its upload file: the form's columns in the form's order (clause GS-12).
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    batch: &'a Batch,
    part: &'a UploadPart,
    /// What was returned is exported again already: then that is what is asked for.
    is_again: bool,
}

/// Looks at a batch as its upload file.
pub fn of(batch: &Batch) -> Upload<'_> {
    part_of(batch, &WHOLE)
}

/// Looks at a part of a batch as its upload file.
pub fn part_of<'a>(batch: &'a Batch, part: &'a UploadPart) -> Upload<'a> {
    let upload = Upload { batch, part, is_again: false };
    let is_again = *part == UploadPart::Returned && upload.returned() == 0;
    Upload { is_again, ..upload }
}

impl<'a> Upload<'a> {
    pub fn batch(&self) -> &'a Batch {
        self.batch
    }

    /// Lists the columns in the order of the form.
    pub fn columns(&self) -> &'a [Column] {
        &self.batch.context().sheet.columns
    }

    /// Gives the label of the running number before the columns, where the form has one (SC-20).
    pub fn number_label(&self) -> Option<&'a str> {
        Some(self.batch.context().sheet.row_number.as_str()).filter(|label| !label.is_empty())
    }

    /// Lists the form's labels, the header of the file.
    pub fn header(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let labels = self.columns().iter().map(|c| c.label.as_str());
        self.number_label().into_iter().chain(labels).map(Cow::Borrowed)
    }

    /// Tells whether a row is in the file.
    pub fn has(self, row: RowId) -> bool {
        !self.batch.roster().is_aside(row) && self.wants(row)
    }

    /// Lists how many rows are for certificates without a code, which the upload form does not take, by kind.
    pub fn left_out(self) -> Vec<(CertificateKind, u32)> {
        if self.leaves_kinds_out() { self.batch.kinds_without_code() } else { Vec::new() }
    }

    /// Tells whether it is the form that is uploaded, of rows that may be of other kinds.
    fn leaves_kinds_out(self) -> bool {
        let context = self.batch.context();
        self.batch.checker().tells_kinds() && context.sheet.id == context.profile.upload_sheet()
    }

    fn wants(self, row: RowId) -> bool {
        if self.leaves_kinds_out() && !self.batch.kind_of(row).has_code() {
            return false;
        }
        match self.part {
            UploadPart::Whole => true,
            UploadPart::WithoutErrors => !self.batch.findings().of_row(row).iter().any(is_error),
            UploadPart::Returned if self.is_again => self.exported_again(row).is_some(),
            UploadPart::Returned => self.status(row) == Some(Status::Returned),
            // What became void before it left is in error, and told as such.
            UploadPart::Unexported => {
                self.status(row).is_none_or(|s| matches!(s, Status::Reserved | Status::Allocated | Status::Void))
            }
            UploadPart::Shown(rows) => rows.binary_search(&row).is_ok(),
        }
    }

    /// Counts the rows of the batch whose certificates came back and were not exported since.
    pub fn returned(self) -> u32 {
        let known = self.batch.context().known().certificates();
        if !known.iter().any(|one| one.status == Status::Returned) {
            return 0;
        }
        self.batch.roster().left().filter(|row| self.status(*row) == Some(Status::Returned)).count() as u32
    }

    /// Names the exports that wrote the rows before, where what came back has been exported since and is asked for again.
    pub fn written_before(self) -> Vec<ExportedAgain> {
        let mut all: Vec<ExportedAgain> = Vec::new();
        for again in self.batch.roster().left().filter(|_| self.is_again).filter_map(|row| self.exported_again(row)) {
            if !all.contains(again) {
                all.push(again.clone());
            }
        }
        all.sort_by_key(|again| again.entry);
        all
    }

    fn exported_again(self, row: RowId) -> Option<&'a ExportedAgain> {
        let known = self.known(row)?;
        known.again.as_ref().filter(|_| known.status == Status::Exported)
    }

    /// Gives what became of a row's certificate, where the ledger knows it as the row's own.
    fn status(self, row: RowId) -> Option<Status> {
        self.known(row).map(|known| known.status)
    }

    fn known(self, row: RowId) -> Option<&'a KnownCertificate> {
        let code = typed_code(self.batch.roster().cell(row, Field::Code))?;
        let (_, certificate) = self.batch.context().known().of_code(code)?;
        let is_anothers = |finding: &Finding| finding.rule == RuleId::CodeOfAnother;
        (!self.batch.findings().of_row(row).iter().any(is_anothers)).then_some(certificate)
    }

    /// Counts the rows that are in the file.
    pub fn count(self) -> u32 {
        let all = self.batch.roster().count_left();
        if self.leaves_kinds_out() {
            return self.row_ids().count() as u32;
        }
        match self.part {
            UploadPart::Whole => all,
            // Findings are fewer than rows.
            UploadPart::WithoutErrors => {
                let mut last = None;
                let errors = self.batch.findings().iter().filter(|f| is_error(f));
                all - errors.filter(|f| last.replace(f.row) != Some(f.row)).count() as u32
            }
            UploadPart::Shown(rows) => rows.iter().filter(|row| self.has(**row)).count() as u32,
            UploadPart::Returned | UploadPart::Unexported => self.row_ids().count() as u32,
        }
    }

    /// Counts the errors that block the file.
    pub fn blocking(self) -> usize {
        match self.part {
            UploadPart::Whole if !self.leaves_kinds_out() => self.batch.findings().count(Severity::Error),
            UploadPart::WithoutErrors if self.count() != 0 => 0,
            _ => self.errors().count(),
        }
    }

    /// Finds the first error that blocks the file. A part without errors is blocked only where no row is left of it.
    pub fn first_blocking(self) -> Option<Finding> {
        match self.part {
            UploadPart::WithoutErrors if self.count() != 0 => None,
            _ => self.errors().next(),
        }
    }

    fn errors(self) -> impl Iterator<Item = Finding> + use<'a> {
        let is_all = *self.part == UploadPart::WithoutErrors;
        self.batch.findings().iter().filter(move |f| is_error(f) && (is_all || self.has(f.row))).copied()
    }

    /// Lists the rows of the batch that are in the file.
    pub fn row_ids(self) -> impl Iterator<Item = RowId> {
        self.batch.roster().left().filter(move |row| self.wants(*row))
    }

    /// Lists the rows, the header not among them.
    pub fn rows(self) -> impl Iterator<Item = Vec<Cow<'a, str>>> {
        self.row_ids().zip(1u32..).map(move |(row, number)| {
            let number = self.number_label().map(|_| Cow::Owned(number.to_string()));
            number.into_iter().chain(self.columns().iter().map(|column| self.cell(row, column.field))).collect()
        })
    }

    /// Gives a cell as it stands now; ID type and level take the form the profile sets, the date is ISO.
    ///
    /// A text that cannot be read that way stays as it is: then a finding blocks the export anyway.
    pub fn cell(self, row: RowId, field: Field) -> Cow<'a, str> {
        let raw = self.batch.roster().cell(row, field);
        let context = self.batch.context();
        // Only the upload form asks for codes; another form is handed in as it was filled in.
        if context.sheet.id != context.profile.upload_sheet() && field != Field::IssueDate {
            return Cow::Borrowed(raw);
        }
        written(context, field, raw)
    }

    /// Finds the first cell that a spreadsheet would take for a formula; the token for "no work type" (`--`) is legal.
    ///
    /// Upload data is never altered to make it harmless, so such a cell has to be corrected by a person.
    pub fn first_formula(self) -> Option<(RowId, Field)> {
        let token = &self.batch.context().profile.empty_work_type.text;
        let bad = |row, field| {
            let cell = self.cell(row, field);
            text::starts_formula(&cell) && !(field == Field::WorkType && *cell == **token)
        };
        let fields = || self.columns().iter().map(|c| c.field);
        self.row_ids().find_map(|row| fields().find(|f| bad(row, *f)).map(|field| (row, field)))
    }
}

fn is_error(finding: &Finding) -> bool {
    finding.severity() == Severity::Error
}

/// Gives a value in the form the profile's upload file has it; one that cannot be read that way stays as it is.
pub fn written<'a>(context: &'a CheckContext, field: Field, raw: &'a str) -> Cow<'a, str> {
    match field {
        Field::IdType => match context.tables.id_types.read(raw) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => {
                let id_type = &context.tables.id_types.all()[i];
                Cow::Borrowed(match context.profile.output.id_type {
                    IdTypeForm::Code => id_type.code.as_str(),
                    IdTypeForm::Name => id_type.name.as_str(),
                })
            }
            IdTypeReading::Unknown(_) => Cow::Borrowed(raw),
        },
        Field::Level => match level::read(raw) {
            LevelReading::Exact(l)
            | LevelReading::Short(l)
            | LevelReading::Other(l)
            | LevelReading::Qualification(l) => Cow::Owned(l.written(context.profile.output.level)),
            LevelReading::Outside | LevelReading::Several | LevelReading::Unknown => Cow::Borrowed(raw),
        },
        Field::IssueDate => match date::read(raw) {
            DateReading::Other(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            _ => Cow::Borrowed(raw),
        },
        _ => Cow::Borrowed(raw),
    }
}

/// Gives the row a correction is handed in with: in the columns that repeat the published record its snapshot (BJ-60), in all
/// others the record as it is after the correction.
pub fn correction_row(case: &Case, form: &SheetSpec, context: &CheckContext) -> Vec<String> {
    let after = case.corrected();
    let cell = |column: &Column| match column.field {
        Field::Code | Field::OldCode => case.code.to_string(),
        Field::OldName => case.snapshot.name.clone(),
        Field::OldIdNumber => case.snapshot.id_number.clone(),
        Field::WorkType if after.work_type.is_empty() => context.profile.empty_work_type.text.clone(),
        field => written(context, field, after.cell(field).unwrap_or_default()).into_owned(),
    };
    form.columns.iter().map(cell).collect()
}

/// Tells whether a cell consists of dashes only, as in the token for "no work type".
pub fn is_dashes(cell: &str) -> bool {
    !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}'))
}

/// Makes a text of unknown origin safe to open: control and bidirectional characters become visible, the rest stays; in CSV, what a
/// spreadsheet would take for a formula gets a leading `'`. A workbook's cells are texts, whatever they begin with.
pub fn neutral(value: &str, format: TableFormat) -> Cow<'_, str> {
    neutral_of(value, text::harmless(value), format)
}

/// Puts a `'` before the written form of a value that a spreadsheet would take for a formula.
pub fn neutral_of<'a>(value: &str, written: Cow<'a, str>, format: TableFormat) -> Cow<'a, str> {
    if format != TableFormat::Xlsx && text::starts_formula(value) && !is_dashes(value) {
        return Cow::Owned(format!("'{written}"));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_alone_are_no_formula() {
        assert!(is_dashes("--") && is_dashes("——") && !is_dashes("--x") && !is_dashes(""));
    }
}
