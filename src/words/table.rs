//! Sentences about a table as a whole: whose data its columns hold, and what of the workbook was not read or is not shown.

use std::path::Path;

use super::{Locale, RulePage, filled};
use crate::domain::batch::{Batch, Cleaned};
use crate::domain::ledger::ExportedAgain;
use crate::domain::roster::OtherSheet;
use crate::domain::rules::{Severity, TableFault, TableFinding};
use crate::domain::sheet::{ColumnMap, Field, FoundBy, GaveWay, Looks, SheetSpec, SourceColumn, column_letters};
use crate::domain::text;
use crate::domain::upload::{Upload, UploadPart};

/// So many columns, fields and rows are named.
const NAMED: usize = 12;

impl Locale {
    /// Names a source column as a spreadsheet does, with its label.
    pub fn source_column(&self, columns: &ColumnMap, at: usize) -> String {
        let label = columns.source.get(at).map(SourceColumn::label_in_line).unwrap_or_default();
        let places = [("letters", &*column_letters(at)), ("label", &*label)];
        self.fill(if label.is_empty() { "table.column-unnamed" } else { "table.column" }, &places)
    }

    fn source_columns(&self, columns: &ColumnMap, which: &[usize]) -> String {
        self.some_of(which.iter().map(|at| self.source_column(columns, *at)))
    }

    pub(super) fn some_of(&self, all: impl ExactSizeIterator<Item = String>) -> String {
        let is_cut = NAMED < all.len();
        let mut named: Vec<String> = all.take(NAMED).collect();
        if is_cut {
            named.push("…".to_string());
        }
        named.join(self.text("finding.comma"))
    }

    /// Says that a roster has no column of numbers since they are still to be given, where that is so.
    pub fn to_number(&self, sheet: &SheetSpec, columns: &ColumnMap) -> Option<String> {
        let label = sheet.label(Field::Code);
        sheet.is_to_be_numbered(columns).then(|| self.fill("table.to-number", &[("label", label)]))
    }

    /// Says the same of a batch, as long as no row of it has got a number.
    pub fn still_to_number(&self, batch: &Batch) -> Option<String> {
        let roster = batch.roster();
        self.to_number(batch.context().sheet(), &roster.columns).filter(|_| roster.lacks(Field::Code))
    }

    /// Says that a table beside the roster was put out.
    pub fn columns_left_out(&self, columns: &ColumnMap, which: &[usize]) -> String {
        let places = [("columns", &*self.source_columns(columns, which)), ("n", &which.len().to_string())];
        self.fill("status.columns-left-out", &places)
    }

    /// Says what was found about the columns of a table.
    pub fn table_finding(&self, sheet: &SheetSpec, columns: &ColumnMap, finding: &TableFinding) -> String {
        let named = |fields: &[Field]| {
            let mut labels: Vec<String> = fields.iter().map(|field| sheet.label(*field).to_string()).collect();
            labels.dedup();
            self.some_of(labels.into_iter())
        };
        let holders: Vec<usize> = finding.fields.iter().filter_map(|field| columns.of(*field)).collect();
        let first = finding.columns.first().and_then(|at| columns.source.get(*at));
        let group = first.map_or("", |c| c.group.as_str());
        let looks = first.and_then(|c| c.looks);
        let places = [
            ("fields", &*named(&finding.fields)),
            ("n", &*finding.columns.len().to_string()),
            ("columns", &*self.source_columns(columns, &finding.columns)),
            ("taken", &*self.source_columns(columns, &holders)),
            ("group", &*text::visible(group)),
            ("cells", &*finding.cells.to_string()),
            ("row", &*finding.line.to_string()),
            ("looks", looks.map_or("", |looks| self.looks(looks))),
        ];
        let key = match (finding.fault, finding.to) {
            (TableFault::GaveWay, GaveWay::Group) if group.is_empty() => "table.gave-way-ungrouped",
            (TableFault::GaveWay, GaveWay::Hidden) => "table.gave-way-hidden",
            (TableFault::GaveWay, GaveWay::LeftOut) if finding.cells == 0 => "table.left-out-empty",
            (TableFault::GaveWay, GaveWay::LeftOut) => "table.left-out",
            (TableFault::GaveWay, GaveWay::Empty | GaveWay::Disputed | GaveWay::Beside) => "table.gave-way-empty",
            (TableFault::Guessed, _) if first.is_some_and(|c| c.by == FoundBy::Remark) => "table.taken-with-remark",
            (TableFault::Guessed, _) if first.is_some_and(|c| c.by == FoundBy::Doubt) => "table.taken-in-doubt",
            (TableFault::Guessed, _) if first.is_some_and(|c| c.by == FoundBy::Nearness) => "table.taken-by-nearness",
            (TableFault::Guessed, _) if first.is_some_and(|c| c.by == FoundBy::Order) => "table.taken-by-order",
            _ => return filled(self.table_page(finding.fault).map_or("", |page| &page.message), &places),
        };
        self.fill(key, &places)
    }

    fn looks(&self, looks: Looks) -> &str {
        match looks {
            Looks::IdNumber => self.text("table.looks.id-number"),
            Looks::Code => self.text("table.looks.code"),
            Looks::Date => self.text("table.looks.date"),
            Looks::Level => self.text("table.looks.level"),
            Looks::IdType => self.text("table.looks.id-type"),
            Looks::Phone => self.text("table.looks.phone"),
            Looks::Organisation => self.text("table.looks.organisation"),
            Looks::Occupation => self.text("table.looks.occupation"),
            Looks::Name => self.text("table.looks.name"),
        }
    }

    fn table_page(&self, fault: TableFault) -> Option<&RulePage> {
        self.rule(fault.code())
    }

    /// Names a kind of finding about a table in a few words.
    pub fn table_title(&self, fault: TableFault) -> &str {
        self.table_page(fault).map_or(fault.key(), |page| &page.title)
    }

    /// Says what to do about it; nothing where nothing is to be done.
    pub fn table_hint(&self, finding: &TableFinding) -> &str {
        match finding.severity {
            Severity::Error => self.table_page(finding.fault).map_or("", |page| &page.todo),
            _ => "",
        }
    }

    /// Tells how many rows were read, and how many were skipped where any was.
    pub fn rows_read(&self, rows: u32, skipped: usize) -> String {
        let places = [("n", rows.to_string()), ("skipped", skipped.to_string())];
        let key = if skipped == 0 { "status.read-all" } else { "status.read" };
        self.fill(key, &places.each_ref().map(|(name, text)| (*name, text.as_str())))
    }

    /// Tells what is to be known of a roster besides its rows: what became of claims on its columns, which sheets were not
    /// read, and which people the source does not show.
    pub fn roster_notes(&self, batch: &Batch) -> Vec<String> {
        self.notes_of_roster(batch, false)
    }

    /// The same for a line with little room: what was not read is told in one.
    pub fn roster_notes_in_short(&self, batch: &Batch) -> Vec<String> {
        self.notes_of_roster(batch, true)
    }

    fn notes_of_roster(&self, batch: &Batch, in_short: bool) -> Vec<String> {
        let columns = &batch.roster().columns;
        let told = |finding: &TableFinding| {
            let told = self.table_finding(batch.context().sheet(), columns, finding);
            match batch.roster().parts().get(finding.part).filter(|_| finding.line != 0) {
                Some(part) => {
                    let place = self.file_place(&part.origin.file, &part.origin.sheet);
                    self.fill("table.of-part", &[("place", &place), ("note", &told)])
                }
                None => told,
            }
        };
        let mut notes: Vec<String> = batch.table_findings().iter().map(told).collect();
        notes.extend(self.notes_of_source(batch, in_short));
        notes
    }

    /// Tells what is to be known of one file of several besides its rows; of those before it was told when they came.
    pub fn notes_of_part(&self, batch: &Batch, number: usize) -> Vec<String> {
        let (columns, sheet) = (&batch.roster().columns, batch.context().sheet());
        let alone = batch.part_alone(number);
        let of_part = |finding: &&TableFinding| finding.line != 0 && finding.part == number;
        let found = batch.table_findings();
        let told = found.iter().filter(of_part).map(|finding| self.table_finding(sheet, columns, finding));
        let place = self.file_place(&alone.origin.file, &alone.origin.sheet);
        let notes: Vec<String> = told.chain(self.notes_of_one(&alone, true)).collect();
        // The file is named once, whatever there is to be known of it.
        let notes = (!notes.is_empty()).then(|| notes.join(self.text("finding.semicolon")));
        notes.map(|note| self.fill("table.of-part", &[("place", &place), ("note", &note)])).into_iter().collect()
    }

    /// Tells what of the file is not in the roster, or is in it without being seen there: whoever hands rows on has to know.
    pub fn notes_beside(&self, batch: &Batch) -> Vec<String> {
        let columns = &batch.roster().columns;
        let found = batch.table_findings();
        let is_told = |f: &&TableFinding| {
            f.to == GaveWay::LeftOut || matches!(f.fault, TableFault::Guessed | TableFault::Contradicted)
        };
        let told =
            found.iter().filter(is_told).map(|finding| self.table_finding(batch.context().sheet(), columns, finding));
        told.chain(self.source_notes(batch)).collect()
    }

    /// Tells which sheets of the workbook were not read, which people and columns it does not show, who is struck out in it,
    /// and what was done to what stands in it.
    pub fn source_notes(&self, batch: &Batch) -> Vec<String> {
        self.notes_of_source(batch, false)
    }

    fn notes_of_source(&self, batch: &Batch, in_short: bool) -> Vec<String> {
        let of_part = |number: usize| {
            let alone = batch.part_alone(number);
            let place = self.file_place(&alone.origin.file, &alone.origin.sheet);
            let told = |note: String| self.fill("table.of-part", &[("place", &place), ("note", &note)]);
            self.notes_of_one(&alone, in_short).into_iter().map(told).collect::<Vec<_>>()
        };
        match batch.roster().parts().len() {
            0 => self.notes_of_one(batch, in_short),
            all => (0..all).flat_map(of_part).collect(),
        }
    }

    fn notes_of_one(&self, batch: &Batch, in_short: bool) -> Vec<String> {
        let others = &batch.origin.beside.others;
        let told = |group: &str| others.iter().map(|sheet| self.other_sheet(group, sheet)).collect::<Vec<_>>();
        let mut notes = match others.len() {
            several @ 2.. if in_short => {
                let sheets = told("table.unread").join(self.text("finding.comma"));
                vec![self.fill("table.unread.sheets", &[("n", &several.to_string()), ("sheets", &sheets)])]
            }
            _ => told("table"),
        };
        let hidden = self.rows_note("table.hidden-rows", &batch.hidden_lines());
        let filtered =
            (hidden.is_some() && batch.origin.beside.is_filtered).then(|| self.text("table.filtered").to_string());
        notes.extend(hidden.into_iter().chain(filtered));
        notes.extend(self.rows_note("table.folded-rows", &batch.folded_lines()));
        let columns = &batch.roster().columns;
        let (read, unread): (Vec<usize>, Vec<usize>) =
            batch.hidden_columns().into_iter().partition(|at| columns.source[*at].field.is_some());
        for (key, which) in [("table.hidden-columns", read), ("table.hidden-columns-unread", unread)] {
            if !which.is_empty() {
                notes.push(self.fill(key, &[("columns", &self.source_columns(columns, &which))]));
            }
        }
        notes.extend(self.rows_note("table.struck-rows", &batch.struck_lines()));
        notes.extend(self.cells_note("table.struck-cells", &batch.struck_cells()));
        notes.extend(self.cells_note("table.partly-struck", &batch.partly_struck()));
        notes.extend(self.rows_note("table.greyed-rows", &batch.greyed_lines()));
        notes.extend(self.cells_note("table.remarks", &batch.remarks()));
        for (key, told) in
            [("table.formatted", &batch.origin.beside.formatted), ("table.blanked", &batch.origin.beside.blanked)]
        {
            notes.extend(told.iter().map(|(column, n)| {
                let column = self.source_column(columns, (*column as usize).saturating_sub(1));
                self.fill(key, &[("column", &column), ("n", &n.to_string())])
            }));
        }
        notes.extend(self.cleaned_notes(batch));
        notes
    }

    /// Tells what was done to cells when they were read.
    fn cleaned_notes(&self, batch: &Batch) -> Vec<String> {
        let mut notes = Vec::new();
        let columns = &batch.roster().columns;
        for Cleaned { column, how, cells, first_line, .. } in batch.cleaned() {
            let (column, n) = (self.source_column(columns, *column), cells.to_string());
            let places = [("column", &*column), ("n", &n), ("row", &first_line.to_string())];
            notes.extend(how.cleaning().map(|how| self.fill(&format!("table.cleaned.{how}"), &places)));
        }
        notes
    }

    fn rows_note(&self, key: &str, lines: &[u32]) -> Option<String> {
        let rows = self.some_of(lines.iter().map(u32::to_string));
        (!lines.is_empty()).then(|| self.fill(key, &[("n", &lines.len().to_string()), ("rows", &rows)]))
    }

    fn cells_note(&self, key: &str, places: &[(u32, usize)]) -> Option<String> {
        let cells = self.some_of(places.iter().map(|(line, column)| format!("{}{line}", column_letters(*column))));
        (!places.is_empty()).then(|| self.fill(key, &[("n", &places.len().to_string()), ("cells", &cells)]))
    }

    fn other_sheet(&self, group: &str, sheet: &OtherSheet) -> String {
        let key = match (sheet.is_visible, sheet.looks_like_a_roster) {
            (true, true) => "other-roster",
            (true, false) => "other-sheet",
            (false, true) => "hidden-roster",
            (false, false) => "hidden-sheet",
        };
        self.fill(&format!("{group}.{key}"), &[("sheet", &text::visible(&sheet.name)), ("n", &sheet.rows.to_string())])
    }

    /// Proposes the name of a file that is written of a roster's file; `tail` is the key of what tells the two apart.
    pub fn written_name(&self, file: &str, tail: &str, ending: &str) -> String {
        let file = self.file_name(file);
        let stem = Path::new(&*file).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
        format!("{stem}{}.{ending}", self.text(tail))
    }

    /// Gives the key of what the name of an upload file ends with.
    pub fn tail_of(part: &UploadPart) -> &'static str {
        match part {
            UploadPart::Whole => "ui.export.upload-tail",
            UploadPart::WithoutErrors => "ui.export.part-tail",
            UploadPart::Returned => "ui.export.returned-tail",
            UploadPart::Unexported => "ui.export.unexported-tail",
            UploadPart::Shown(_) => "ui.export.shown-tail",
        }
    }

    /// Says what of the rows that go out came back before, where that is not what was asked for alone, or was written already;
    /// and how those alone are chosen, in the shell or on the screen.
    pub fn of_returned(&self, upload: Upload<'_>, part: &UploadPart, is_shell: bool) -> Option<String> {
        let before = upload.written_before();
        if !before.is_empty() {
            let one = |again: &ExportedAgain| {
                let places = [("file", &*text::visible(&again.file)), ("entry", &*again.entry.to_string())];
                self.fill("export.written-by", &places)
            };
            let files = self.some_of(before.iter().map(one));
            return Some(self.fill("export.again", &[("n", &upload.count().to_string()), ("files", &files)]));
        }
        let returned = upload.returned();
        let is_whole = *part == UploadPart::Whole && returned != 0 && returned != upload.count();
        let places = [("n", &*returned.to_string()), ("all", &*upload.count().to_string())];
        let key = if is_shell { "export.all-with-returned-shell" } else { "export.all-with-returned" };
        is_whole.then(|| self.fill(key, &places))
    }

    /// Says what is in dispute about a table and what to do; nothing where nothing is.
    pub fn table_disputes(&self, batch: &Batch) -> Option<(String, String)> {
        let found = batch.table_findings();
        let errors: Vec<&TableFinding> = found.iter().filter(|f| f.severity == Severity::Error).collect();
        let hint = self.table_hint(errors.first()?).to_string();
        let sheet = batch.context().sheet();
        let told: Vec<String> = errors.iter().map(|f| self.table_finding(sheet, &batch.roster().columns, f)).collect();
        Some((told.join("\n"), hint))
    }
}
