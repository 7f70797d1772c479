//! Sentences about an import (导入): by what a file's encoding, header and columns were taken.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::roster::{Origin, Part};
use crate::domain::sheet::{ColumnsBy, EncodingBy, Field, FoundBy, HeaderBy, SkipReason, SkippedRun, SourceColumn};
use crate::domain::text;

/// Something that is to be known of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFact {
    pub text: String,
    /// The part that it is about; 0 in a batch of one file.
    pub part: usize,
    /// The first and the last of the skipped rows that it is about, where they can be taken back.
    pub rows: Option<(u32, u32)>,
}

impl Locale {
    /// Tells how a batch's file was read and why so, and what of it is not in the roster.
    pub fn import_facts(&self, batch: &Batch) -> Vec<ImportFact> {
        let all = batch.roster().parts().len();
        let of_part = |number: usize| {
            let alone = batch.part_alone(number);
            let place = self.file_place(&alone.origin.file, &alone.origin.sheet);
            let places = [("number", &*(number + 1).to_string()), ("all", &all.to_string()), ("place", &place)];
            let heading = ImportFact { text: self.fill("import.part", &places), part: number, rows: None };
            let told = self.facts_of_one(&alone).into_iter().map(|fact| ImportFact { part: number, ..fact });
            std::iter::once(heading).chain(told).collect::<Vec<_>>()
        };
        if all == 0 { self.facts_of_one(batch) } else { (0..all).flat_map(of_part).collect() }
    }

    /// Lists the files and sheets whose rows a batch of so many rows holds, with how each was read.
    pub fn parts_told(&self, parts: &[Part], rows: u32) -> Vec<String> {
        let ends = parts.iter().skip(1).map(|part| part.first).chain([rows]);
        let told = |(number, (part, end)): (usize, (&Part, u32))| {
            let places = [
                ("number", (number + 1).to_string()),
                ("place", self.file_place(&part.origin.file, &part.origin.sheet)),
                ("n", end.saturating_sub(part.first).to_string()),
                ("header", self.header_of(&part.origin)),
                ("encoding", self.encoding_of(&part.origin)),
            ];
            self.fill("check.part", &places.each_ref().map(|(name, value)| (*name, value.as_str())))
        };
        parts.iter().zip(ends).enumerate().map(told).collect()
    }

    /// Names a file and its sheet, with how many a batch holds where they are several.
    pub fn files_place(&self, file: &str, sheet: &str, count: usize) -> String {
        let first = self.file_place(file, sheet);
        if count < 2 {
            return first;
        }
        self.fill("ui.batches.of-files", &[("file", &first), ("n", &count.to_string())])
    }

    fn facts_of_one(&self, batch: &Batch) -> Vec<ImportFact> {
        let (origin, columns, sheet) = (&batch.origin, &batch.roster().columns, batch.context().sheet());
        let kind = if origin.sheet.is_empty() { "import.text" } else { "import.workbook" };
        let places = [
            ("file", &*self.file_name(&origin.file)),
            ("sheet", &origin.sheet),
            ("encoding", &self.encoding_told(batch)),
        ];
        let n = batch.roster().len().to_string();
        let mut texts = vec![
            self.fill(kind, &places),
            self.fill("import.rows", &[("n", &n), ("header", &self.header_told(batch))]),
        ];
        texts.extend(origin.beside.head.iter().filter_map(|(id, value)| {
            let field = sheet.head.field(id)?;
            let value = if field.is_personal() { Field::Name.masked(value) } else { value.clone() };
            Some(self.fill("import.head", &[("label", &field.label), ("value", &text::visible(&value))]))
        }));
        texts.extend(self.columns_told(batch).map(String::from));
        let held = (0..columns.source.len()).filter_map(|at| Some((at, columns.source[at].field?)));
        texts.extend(held.map(|(at, field)| {
            let (column, by) = (self.source_column(columns, at), self.found_by(columns.source[at].by));
            self.fill("import.column", &[("column", &column), ("field", sheet.label(field)), ("by", by)])
        }));
        texts.extend(self.kind_column(batch));
        let of_kind = batch.context().profile().certificate_kinds.column(columns);
        let is_aside =
            |(at, c): &(usize, &SourceColumn)| Some(*at) != of_kind && c.field.is_none() && !c.label.trim().is_empty();
        let aside = columns.source.iter().enumerate().filter(is_aside);
        let aside: Vec<_> = aside.map(|(_, column)| column.label_in_line()).collect();
        let comma = self.text("finding.comma");
        if !aside.is_empty() {
            texts.push(self.fill("check.unmatched", &[("columns", &aside.join(comma))]));
        }
        let to_number = self.still_to_number(batch);
        let missing = sheet.columns.iter().filter(|c| batch.roster().lacks(c.field));
        let missing: Vec<&str> =
            missing.filter(|c| c.field != Field::Code || to_number.is_none()).map(|c| c.label.as_str()).collect();
        if !missing.is_empty() {
            texts.push(self.fill("check.missing", &[("columns", &missing.join(comma))]));
        }
        texts.extend(to_number);
        texts.extend(self.roster_notes(batch));
        texts.extend(self.kept_notes(batch));
        let mut facts: Vec<ImportFact> =
            texts.into_iter().map(|text| ImportFact { text, part: 0, rows: None }).collect();
        let runs = batch.skipped_runs(0);
        if runs.is_empty() {
            facts.push(ImportFact { text: self.text("import.none-skipped").to_string(), part: 0, rows: None });
        }
        facts.extend(runs.into_iter().map(|run| ImportFact {
            text: self.skipped_told(batch, &run, true),
            part: 0,
            rows: (run.reason != SkipReason::Blank).then_some((run.first, run.last)),
        }));
        facts
    }

    /// Tells which column says of which kind the certificates are, where one does.
    pub fn kind_column(&self, batch: &Batch) -> Option<String> {
        let columns = &batch.roster().columns;
        let at = batch.context().profile().certificate_kinds.column(columns)?;
        Some(self.fill("import.kind-column", &[("column", &self.source_column(columns, at))]))
    }

    /// Tells of neighbouring rows that were skipped for one reason, and what stands in the first of them, masked where asked.
    pub fn skipped_told(&self, batch: &Batch, run: &SkippedRun, masked: bool) -> String {
        let key = if run.first == run.last { "check.skipped" } else { "check.skipped-rows" };
        let (row, last) = (run.first.to_string(), run.last.to_string());
        let told = self.fill(key, &[("row", &row), ("last", &last), ("reason", self.skip_reason(run.reason))]);
        let Some(text) = skipped_text(batch, run, masked) else { return told };
        let key = if run.first == run.last { "check.skipped-text" } else { "check.skipped-first-text" };
        self.fill(key, &[("told", &told), ("text", &text)])
    }

    /// Tells of the rows that were skipped, of many only the first: the last line then counts all. Blank ones only `with_blanks`.
    pub fn skipped_notes(&self, batch: &Batch, with_blanks: bool, masked: bool) -> Vec<String> {
        const SHOWN: usize = 5;
        let parts: Vec<Batch> = (0..batch.roster().parts().len()).map(|number| batch.part_alone(number)).collect();
        let of = |batch| Batch::skipped_runs(batch, 0).into_iter().map(move |run| (batch, run));
        let mut runs: Vec<(&Batch, SkippedRun)> =
            if parts.is_empty() { of(batch).collect() } else { parts.iter().flat_map(of).collect() };
        runs.retain(|(_, run)| with_blanks || run.reason != SkipReason::Blank);
        let told = |(own, run): &(&Batch, SkippedRun)| {
            let told = self.skipped_told(own, run, masked);
            if parts.is_empty() {
                return told;
            }
            let place = self.file_place(&own.origin.file, &own.origin.sheet);
            self.fill("check.skipped-of", &[("place", &place), ("told", &told)])
        };
        let mut notes: Vec<String> = runs.iter().take(SHOWN).map(told).collect();
        if SHOWN < runs.len() {
            let number: u32 = runs.iter().map(|(_, run)| run.last - run.first + 1).sum();
            notes.push(self.fill("check.skipped-more", &[("number", &number.to_string())]));
        }
        notes
    }

    /// Tells which skipped rows were taken back as data, of a batch of several files those of each.
    pub fn kept_notes(&self, batch: &Batch) -> Vec<String> {
        let kept = |origin: &Origin| {
            let rows: Vec<String> = origin.beside.how.kept.iter().map(u32::to_string).collect();
            let rows = rows.join(self.text("finding.comma"));
            (!rows.is_empty()).then(|| self.fill("import.kept", &[("rows", &rows)]))
        };
        let parts = batch.roster().parts();
        if parts.is_empty() {
            return kept(&batch.origin).into_iter().collect();
        }
        parts.iter().filter_map(|part| Some(self.of_part(&part.origin, &kept(&part.origin)?))).collect()
    }

    /// Tells of one of several sheets that are taken together what a roster of it alone would show: what was skipped and kept, and
    /// what stands beside its rows. Sheets that were not read are none of a single one.
    pub fn notes_of_sheet(&self, sheet: &Batch, with_blanks: bool, masked: bool) -> Vec<String> {
        let skipped = self.skipped_notes(sheet, with_blanks, masked).into_iter();
        let beside = self.source_notes(sheet).into_iter().skip(sheet.origin.beside.others.len());
        skipped.chain(self.kept_notes(sheet)).chain(beside).map(|note| self.of_part(&sheet.origin, &note)).collect()
    }

    fn of_part(&self, origin: &Origin, note: &str) -> String {
        self.fill("table.of-part", &[("place", &self.file_place(&origin.file, &origin.sheet)), ("note", note)])
    }

    fn found_by(&self, by: FoundBy) -> &str {
        self.text(match by {
            FoundBy::Label => "import.by-label",
            FoundBy::Nearness => "import.by-nearness",
            FoundBy::Contents => "import.by-contents",
            FoundBy::Order => "import.by-order",
            FoundBy::Remark => "import.by-remark",
            FoundBy::Doubt => "import.by-doubt",
            FoundBy::Hand => "import.by-hand",
            FoundBy::Remembered => "import.by-remembered",
        })
    }

    /// Names the encoding of a batch's file, of a text file with what it was taken by; of a workbook its kind.
    pub fn encoding_told(&self, batch: &Batch) -> String {
        self.encoding_of(&batch.origin)
    }

    fn encoding_of(&self, origin: &Origin) -> String {
        if !origin.sheet.is_empty() {
            return origin.encoding.clone();
        }
        let key = match origin.beside.how.encoding {
            EncodingBy::Mark => "import.encoding-by-mark",
            EncodingBy::Bytes => "import.encoding-by-bytes",
            EncodingBy::Header => "import.encoding-by-header",
            EncodingBy::Given => "import.encoding-given",
        };
        self.fill(key, &[("encoding", &origin.encoding)])
    }

    /// Says in which row the header of a batch's file stands and, where somebody said so, why there.
    pub fn header_told(&self, batch: &Batch) -> String {
        self.header_of(&batch.origin)
    }

    fn header_of(&self, origin: &Origin) -> String {
        let row = origin.header_row;
        let key = match (row, origin.beside.how.header) {
            (0, _) => "import.no-header",
            (_, HeaderBy::Found) => "import.header-found",
            (_, HeaderBy::Given) => "import.header-given",
            (_, HeaderBy::Remembered) => "import.header-remembered",
        };
        self.fill(key, &[("row", &row.to_string())])
    }

    /// Says that the columns were matched otherwise than by what stands over and in them, where that is so.
    pub fn columns_told(&self, batch: &Batch) -> Option<&str> {
        match batch.origin.beside.how.columns {
            ColumnsBy::Labels => None,
            ColumnsBy::Hand => Some(self.text("import.columns-by-hand")),
            ColumnsBy::Remembered => Some(self.text("import.columns-remembered")),
        }
    }
}

/// Gives what stands in the first of skipped rows, where that is known. What in it may be a name or a number is masked where asked.
pub fn skipped_text(batch: &Batch, run: &SkippedRun, is_masked: bool) -> Option<String> {
    let is_like_people = matches!(run.reason, SkipReason::Example | SkipReason::Template | SkipReason::Filling);
    let (columns, words) = (&batch.roster().columns, &batch.context().tables().row_words);
    let masked = |(at, cell): (usize, &str)| match columns.source.get(at).and_then(|column| column.field) {
        _ if !is_masked => cell.to_string(),
        Some(field) if is_like_people => field.masked(cell),
        field => words.masked_aside(field, cell),
    };
    // Cells that are empty take no room, and none before the first that is not.
    let narrow = |told: String| told.trim_start_matches([' ', '|']).replace("|  |", "| |").replace("|  |", "| |");
    (!run.text.is_empty()).then(|| text::visible(&narrow(run.text_with(masked))).into_owned())
}
