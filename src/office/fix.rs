//! A corrected copy of the organiser's own file (修正稿): where its kind allows it, only the cells that changed are others.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::Office;
use super::export::now;
use crate::domain::batch::Batch;
use crate::domain::roster::{Block, MarkKind};
use crate::domain::sheet::{Field, SkipReason};
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, StagedFile, WriteError};
use crate::formats::csv_text::BlockScratch;
use crate::formats::package::{self, SheetCopy};
use crate::formats::plain_file;
use crate::formats::read::OpenedTable;
use crate::formats::sheet_xml::{CellRange, CellTexts, Place};
use crate::formats::text_copy::{self, TextManner};
use crate::formats::write_report::label;
use crate::formats::write_table::{TableCell, TableHead, write_table};

/// How the names of workbooks end that are copied as packages.
const BOOKS: [&str; 4] = ["xlsx", "xlsm", "xltx", "xltm"];

/// What a corrected copy lacks of its file, where it is written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// Other sheets.
    Sheets(Vec<String>),
    /// The rows above the header.
    Above(u32),
    /// Rows among the data or below that are none.
    NoData(usize),
    /// Widths, fonts, choices, comments and formulas.
    Looks,
    /// Separators that are no single byte.
    Separators,
    /// A digital signature.
    Signature,
}

impl Loss {
    /// Gives the stable name used in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            Loss::Sheets(_) => "sheets",
            Loss::Above(_) => "above",
            Loss::NoData(_) => "no-data",
            Loss::Looks => "looks",
            Loss::Separators => "separators",
            Loss::Signature => "signature",
        }
    }
}

/// A corrected copy that is ready to be written.
#[derive(Debug)]
pub struct FixedCopy<'a> {
    batch: &'a Batch,
    source: &'a Path,
    target: &'a Path,
    overwrite: bool,
    planned: Planned,
}

/// How a corrected copy is written, and at what price.
#[derive(Debug)]
struct Planned {
    way: Way,
    lack: FixedLack,
}

/// What a corrected copy will not have of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FixedLack {
    /// What is lost where the table is written anew; the user is asked first.
    pub losses: Vec<Loss>,
    /// Whether the file is signed and the signature, which stays in the copy, is not valid there.
    pub voids_signature: bool,
}

#[derive(Debug)]
enum Way {
    /// Only the cells with a text are others; so many texts are not what the cells should hold.
    Book(Box<SheetCopy>, usize),
    Text(TextManner, CellTexts, usize),
    /// A table of its own.
    Anew(TableFormat),
}

/// What came of a corrected copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedWritten {
    /// Whether all but the changed cells is as it was.
    pub is_copy: bool,
    /// How many cells could not be written as they are.
    pub made_safe: usize,
    /// How many merged ranges were taken apart because a cell under them was filled.
    pub apart: usize,
    /// Whether texts took the place of formulas.
    pub replaced_formulas: bool,
}

impl FixedCopy<'_> {
    pub fn lack(&self) -> &FixedLack {
        &self.planned.lack
    }
}

impl Office {
    /// Looks how the corrected table can be written: into a copy of its own file, or anew. `source` is where the file is read
    /// again; `format` is what the target's name asks for. Nothing where the name asks for nothing that can be written.
    pub fn fixed_copy<'a>(
        &self,
        batch: &'a Batch,
        (source, target): (&'a Path, &'a Path),
        format: Option<TableFormat>,
        overwrite: bool,
    ) -> Result<Option<FixedCopy<'a>>, Failure> {
        // Nobody who is refused wants to be asked before.
        if !overwrite && target.symlink_metadata().is_ok() {
            return Err(self.locale().write_failure(&WriteError::Exists(target.to_path_buf())));
        }
        let planned = self.plan_fixed(batch, &self.place_of(source), Some(target), format)?;
        Ok(planned.map(|planned| FixedCopy { batch, source, target, overwrite, planned }))
    }

    /// Tells what the corrected table would lack of its file, under the name it is to have or, where none was given yet, one
    /// like the file's own. Nothing where the name asks for nothing that can be written.
    pub fn fixed_lack(
        &self,
        batch: &Batch,
        source: &Path,
        target: Option<&Path>,
        format: Option<TableFormat>,
    ) -> Result<Option<FixedLack>, Failure> {
        let own = if batch.origin.sheet.is_empty() { TableFormat::CsvUtf8 } else { TableFormat::Xlsx };
        let format = if target.is_some() { format } else { Some(own) };
        Ok(self.plan_fixed(batch, &self.place_of(source), target, format)?.map(|planned| planned.lack))
    }

    fn plan_fixed(
        &self,
        batch: &Batch,
        source: &Path,
        target: Option<&Path>,
        format: Option<TableFormat>,
    ) -> Result<Option<Planned>, Failure> {
        self.is_settled(batch)?;
        let ending = target.map(ending_of);
        let is_text = batch.origin.sheet.is_empty();
        let is_book = ending.as_ref().is_none_or(|ending| BOOKS.contains(&ending.as_str()));
        let mut losses = Vec::new();
        let way = if batch.origin.encoding == "xlsx" && is_book {
            self.book_copy(batch, source, ending.as_deref())?
        } else if is_text && matches!(format, Some(TableFormat::CsvUtf8 | TableFormat::CsvGb18030)) {
            let opened =
                self.open_table(source, None, (&batch.origin.as_given(), &HashMap::new()), batch.context().sheet())?;
            let manner = opened.and_then(OpenedTable::manner).unwrap_or_default();
            if manner.is_none() {
                losses.push(Loss::Separators);
            }
            let (texts, made_safe) = changed_cells(batch, TableFormat::CsvUtf8);
            manner.map(|manner| Way::Text(manner, texts, made_safe))
        } else {
            None
        };
        let Some(way) = way.or(format.map(Way::Anew)) else { return Ok(None) };
        let is_signed = !is_text && package::is_signed(source);
        let mut voids_signature = false;
        match &way {
            Way::Anew(_) => {
                losses.extend(lost_anew(batch));
                losses.extend(is_signed.then_some(Loss::Signature));
            }
            // Where no cell is another, what was signed is what stands there.
            Way::Book(copy, _) => voids_signature = is_signed && !copy.texts().is_empty(),
            Way::Text(..) => {}
        }
        Ok(Some(Planned { way, lack: FixedLack { losses, voids_signature } }))
    }

    /// Looks through a workbook; nothing where its inside is not written as programs write it.
    fn book_copy(&self, batch: &Batch, source: &Path, ending: Option<&str>) -> Result<Option<Way>, Failure> {
        let (texts, made_safe) = changed_cells(batch, TableFormat::Xlsx);
        let Ok(copy) = SheetCopy::plan(source, &batch.origin.sheet, texts) else { return Ok(None) };
        if ending.is_some_and(|ending| ending != copy.ending()) {
            let key = if copy.ending() == "xlsx" { "fix.other-ending-plain" } else { "fix.other-ending" };
            let message = self.locale().fill(key, &[("ending", copy.ending())]);
            return Err(Failure::new(FailureKind::Usage, message, ""));
        }
        Ok(Some(Way::Book(Box::new(copy), made_safe)))
    }

    /// Writes a corrected copy; one of the user's own file counts only when it reads back as it should.
    pub fn write_fixed(&self, copy: FixedCopy<'_>) -> Result<FixedWritten, Failure> {
        let FixedCopy { batch, source, target, overwrite, planned: Planned { way, .. } } = copy;
        let refused = |e: WriteError| self.locale().write_failure(&e);
        self.spare_state(target).map_err(refused)?;
        let staged = || StagedFile::new(target, overwrite, Some(source)).map_err(refused);
        let copied = |made_safe| FixedWritten { is_copy: true, made_safe, apart: 0, replaced_formulas: false };
        match way {
            Way::Anew(format) => {
                let made_safe = write_anew(batch, (target, format), overwrite, source).map_err(refused)?;
                Ok(FixedWritten { is_copy: false, ..copied(made_safe) })
            }
            Way::Book(mut book, made_safe) => {
                let mut staged = staged()?;
                staged.write(|out| book.write(out).map_err(WriteError::io(target))).map_err(refused)?;
                let placed = book.texts().placed(book.first_new_column());
                self.reads_back(&staged, batch, &placed, &book.apart())?;
                staged.commit().map_err(refused)?;
                let (apart, replaced_formulas) = (book.apart().len(), book.replaces_formulas());
                Ok(FixedWritten { apart, replaced_formulas, ..copied(made_safe) })
            }
            Way::Text(manner, texts, made_safe) => {
                let mut staged = staged()?;
                let io = WriteError::io(target);
                let file = plain_file::open(&self.place_of(source)).map_err(|e| refused(io(e)))?;
                let placed = texts.placed(widest(batch));
                let mut others_made_safe = 0;
                let copying = staged.write(|out| {
                    let text = file.metadata().map_err(&io)?.len().saturating_sub(manner.tail);
                    let mut source = BufReader::new(file);
                    others_made_safe =
                        text_copy::copy(source.by_ref().take(text), out, manner, &placed).map_err(&io)?;
                    std::io::copy(&mut source, out).map_err(&io)?;
                    Ok(())
                });
                copying.map_err(refused)?;
                self.reads_back(&staged, batch, &placed, &[])?;
                staged.commit().map_err(refused)?;
                Ok(copied(made_safe + others_made_safe))
            }
        }
    }

    /// Refuses sheets of which one cannot be written into a copy of its own workbook.
    pub fn sheets_can_be_copied(&self, batches: &[Batch], source: &Path, target: Option<&Path>) -> Result<(), Failure> {
        let ending = target.map(ending_of);
        batches.iter().try_for_each(|batch| self.sheet_copy(batch, &self.place_of(source), ending.as_deref()).map(drop))
    }

    /// Looks how the cells of one of several sheets are written; a table of its own would lack the others.
    fn sheet_copy(&self, batch: &Batch, source: &Path, ending: Option<&str>) -> Result<(SheetCopy, usize), Failure> {
        self.is_settled(batch)?;
        let is_book = batch.origin.encoding == "xlsx" && ending.is_none_or(|ending| BOOKS.contains(&ending));
        let way = if is_book { self.book_copy(batch, source, ending)? } else { None };
        match way {
            Some(Way::Book(copy, made_safe)) => Ok((*copy, made_safe)),
            _ => Err(self.usage("fix.sheets-anew", &[])),
        }
    }

    /// Writes a copy in which cells of several sheets are others: one sheet after the other, each into a copy of the one before,
    /// which nobody sees. Tells whether the copy holds a signature that is not valid any more.
    pub fn write_fixed_sheets(
        &self,
        batches: &[Batch],
        (source, target): (&Path, &Path),
        overwrite: bool,
    ) -> Result<(FixedWritten, bool), Failure> {
        let refused = |e: WriteError| self.locale().write_failure(&e);
        self.spare_state(target).map_err(refused)?;
        let (place, ending) = (self.place_of(source), ending_of(target));
        let mut all = FixedWritten { is_copy: true, made_safe: 0, apart: 0, replaced_formulas: false };
        let (mut last, mut is_changed): (Option<StagedFile>, bool) = (None, false);
        for batch in batches {
            let mut next = StagedFile::new(target, overwrite, Some(source)).map_err(refused)?;
            let from = last.as_ref().map_or(&*place, StagedFile::path);
            let (mut book, made_safe) = self.sheet_copy(batch, from, Some(&ending))?;
            next.write(|out| book.write(out).map_err(WriteError::io(target))).map_err(refused)?;
            let placed = book.texts().placed(book.first_new_column());
            self.reads_back(&next, batch, &placed, &book.apart())?;
            is_changed |= !book.texts().is_empty();
            all.made_safe += made_safe;
            all.apart += book.apart().len();
            all.replaced_formulas |= book.replaces_formulas();
            last = Some(next);
        }
        if let Some(staged) = last {
            staged.commit().map_err(refused)?;
        }
        Ok((all, is_changed && package::is_signed(&place)))
    }

    /// Reads a copy as every roster is read, and compares each cell with what should be there.
    fn reads_back(
        &self,
        staged: &StagedFile,
        batch: &Batch,
        texts: &BTreeMap<Place, &str>,
        apart: &[CellRange],
    ) -> Result<(), Failure> {
        let roster = batch.roster();
        let reach = texts.keys().map(|(_, column)| *column as usize + 1).max().unwrap_or_default();
        let differs = |row: u32, column: Option<usize>| {
            let label = column.and_then(|c| roster.columns.source.get(c)).map(|c| c.label.clone());
            self.locale().write_failure(&WriteError::ReadBack { row, column: label.unwrap_or_default() })
        };
        let is_text = batch.origin.sheet.is_empty();
        let sheet = Some(batch.origin.sheet.as_str()).filter(|_| !is_text);
        let opened = self.open_table(
            staged.path(),
            sheet,
            (&batch.origin.as_given(), &HashMap::new()),
            batch.context().sheet(),
        )?;
        let mut opened = opened.map_err(|_| differs(batch.origin.header_row, None))?;
        opened.columns = roster.columns.clone();
        // Which rows are people is known already; what was changed may look otherwise.
        opened.take_every_row();
        let (mut row, mut first, mut found) = (0, opened.first_line, None);
        let same = |block: &Block, at: usize, row: u32, line: u32| {
            let width = block.width(at).max(roster.source_width(row)).max(reach);
            (0..width).find(|column| {
                let read = block.cell(at, *column);
                let place = (line - 1, *column as u32);
                match texts.get(&place) {
                    Some(text) => read != *text,
                    // What a merged range covered is seen where it was taken apart.
                    None if is_under(apart, place) && roster.mark(row, *column) == Some(MarkKind::Merged) => false,
                    None if is_text => read != neutral(roster.source_cell(row, *column), TableFormat::CsvUtf8),
                    None => read != roster.source_cell(row, *column),
                }
            })
        };
        let check = |block: Block, _: &mut BlockScratch| (block, ());
        let read = opened.read(&check, &mut |piece, ()| {
            for at in 0..piece.block.len() {
                let line = first + piece.block.line(at);
                if roster.len() <= row || line < roster.line(row) {
                    continue;
                }
                if roster.line(row) != line {
                    found = Some((line, None));
                } else if let Some(column) = same(&piece.block, at, row, line) {
                    found = Some((line, Some(column)));
                }
                if found.is_some() {
                    return ControlFlow::Break(());
                }
                row += 1;
            }
            first += piece.block.line_count();
            ControlFlow::Continue(())
        });
        match (read, found) {
            (_, Some((line, column))) => Err(differs(line, column)),
            (Ok(_), None) if row == roster.len() => Ok(()),
            _ => Err(differs(first, None)),
        }
    }
}

fn ending_of(path: &Path) -> String {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// Tells whether a cell lies in one of some ranges.
fn is_under(ranges: &[CellRange], place: Place) -> bool {
    ranges.iter().any(|range| range.has(place))
}

/// Lists the fields that the file has no column for and that have been filled, in the order of the form.
fn added(batch: &Batch) -> Vec<Field> {
    let roster = batch.roster();
    let is_filled = |f: Field| (0..roster.len()).any(|row| !roster.cell(row, f).is_empty());
    let fields = batch.context().sheet().columns.iter().map(|c| c.field);
    fields.filter(|f| roster.columns.of(*f).is_none() && is_filled(*f)).collect()
}

/// Lists the texts of the cells that changed, in the columns they have or in new ones; counts those that are not written as they
/// are.
fn changed_cells(batch: &Batch, format: TableFormat) -> (CellTexts, usize) {
    let (roster, added) = (batch.roster(), added(batch));
    let mut texts = CellTexts::default();
    let mut made_safe = 0;
    for (nth, field) in (0..).zip(&added) {
        let label = batch.context().sheet().label(*field).to_string();
        texts.beside.insert((batch.origin.header_row.saturating_sub(1), nth), label);
    }
    for row in 0..roster.len() {
        for field in Field::ALL.into_iter().filter(|field| roster.is_edited(row, *field)) {
            let cell = roster.cell(row, field);
            let safe = neutral(cell, format);
            made_safe += usize::from(safe != cell);
            let line = roster.line(row).saturating_sub(1);
            if let Some(column) = roster.columns.of(field) {
                texts.at.insert((line, column as u32), safe.into_owned());
            } else if let Some(nth) = added.iter().position(|f| *f == field) {
                texts.beside.insert((line, nth as u32), safe.into_owned());
            }
        }
    }
    (texts, made_safe)
}

/// Gives the first column that no row reaches.
fn widest(batch: &Batch) -> u32 {
    let roster = batch.roster();
    let rows = (0..roster.len()).map(|row| roster.source_width(row)).max();
    rows.unwrap_or(0).max(roster.columns.source.len()) as u32
}

/// Lists what a table that is written anew lacks of its file.
fn lost_anew(batch: &Batch) -> Vec<Loss> {
    let mut losses = Vec::new();
    let others: Vec<String> = batch.origin.beside.others.iter().map(|sheet| sheet.name.clone()).collect();
    if !others.is_empty() {
        losses.push(Loss::Sheets(others));
    }
    if 1 < batch.origin.header_row {
        losses.push(Loss::Above(batch.origin.header_row - 1));
    }
    let no_data = batch.skipped.iter().filter(|(_, reason)| *reason != SkipReason::Blank).count();
    if 0 < no_data {
        losses.push(Loss::NoData(no_data));
    }
    if !batch.origin.sheet.is_empty() {
        losses.push(Loss::Looks);
    }
    losses
}

/// Writes a table of its own in the organiser's columns; a column that was missing and has been filled comes after them, then
/// the cells that stand beyond the header: without a label, so that they are found again. Counts the cells that could not be
/// written as they are.
fn write_anew(
    batch: &Batch,
    (target, format): (&Path, TableFormat),
    overwrite: bool,
    source: &Path,
) -> Result<usize, WriteError> {
    let roster = batch.roster();
    let added = added(batch);
    let mut labels: Vec<Cow<'_, str>> = roster.columns.source.iter().map(|c| label(&c.label, format)).collect();
    labels.extend(added.iter().map(|f| Cow::Borrowed(batch.context().sheet().label(*f))));
    let rows = roster.count_left();
    let head =
        TableHead { format, sheet: "名册", labels, widths: Vec::new(), rows, created: now(), is_filtered: false };
    let mut made_safe = 0;
    let rows = roster.left().map(|row| {
        let own = roster.columns.source.iter().enumerate().map(|(column, source)| match source.field {
            Some(field) => roster.cell(row, field),
            None => roster.source_cell(row, column),
        });
        let added = added.iter().map(|f| roster.cell(row, *f));
        let beyond = (roster.columns.source.len()..roster.source_width(row)).map(|c| roster.source_cell(row, c));
        let safe = |cell| {
            let safe = neutral(cell, format);
            made_safe += usize::from(safe != cell);
            safe.into()
        };
        Ok::<Vec<TableCell<'_>>, Infallible>(own.chain(added).chain(beyond).map(safe).collect())
    });
    atomic::write(target, overwrite, Some(source), |out| write_table(out, target, &head, rows))?;
    Ok(made_safe)
}
