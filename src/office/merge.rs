//! One roster out of several (并表): the rows of files and sheets under one header, each with where it came from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::export::now;
use super::roster::sorted_keys;
use super::{LoadedRoster, Office, RosterReading, RosterRefused, bug};
use crate::domain::batch::{Across, Batch, SharedRows};
use crate::domain::profile_choice::ChosenBy;
use crate::domain::roster::{Beside, BlockBuilder, Origin, RowId, RowOrigin, names_apart};
use crate::domain::sheet::{ColumnMap, Field, SourceColumn, column_letters};
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::read_back::{digest, verify};
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::formats::write_upload::width;

/// What stands for all sheets of a workbook that are shown and look like a roster; no sheet can be called so.
pub const EVERY_SHEET: &str = "*";

/// The sheet of a merged workbook, and how a column without a label is called in it.
const SHEET: &str = "名册";
const UNNAMED: &str = "无列名";

/// What a label of the form becomes that is none: the column gave way to another.
const ASIDE: &str = "（原有）";

/// What is put together, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct MergeOrder<'a> {
    pub files: &'a [PathBuf],
    /// The sheets of each workbook, in this order; the first roster where none is named.
    pub sheets: &'a [String],
    pub reading: &'a RosterReading,
    pub target: &'a Path,
    pub format: TableFormat,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
}

/// A file, or a sheet of one, whose rows are in a merged roster.
#[derive(Debug)]
pub struct MergedPart {
    pub file: PathBuf,
    pub sha256: Option<String>,
    pub batch: Batch,
    /// The row of the merged table at which its rows begin, from 1.
    pub first_line: u32,
}

/// A roster that was put together.
#[derive(Debug)]
pub struct Merged {
    pub parts: Vec<MergedPart>,
    pub rows: u32,
    /// The labels of the columns.
    pub labels: Vec<String>,
    /// How many cells could not be written as they are.
    pub made_safe: usize,
    pub sha256: String,
    /// What the parts share and should not, by the number of the part.
    pub shared: Vec<SharedRows>,
}

/// What stands in a column of the merged table.
#[derive(Debug, Clone, PartialEq, Eq)]
enum MergedColumn {
    Field(Field),
    /// Where it stands in each part.
    Aside(BTreeMap<usize, usize>),
    Origin(usize),
}

impl Office {
    /// Puts rosters together into one file, all of them or nothing. `begin` is told before each is read.
    ///
    /// # Errors
    /// One of them cannot be read, or is of another profile or form than the first.
    pub fn merge(
        &self,
        order: &MergeOrder<'_>,
        begin: &mut dyn FnMut(usize, &Path),
        tell: &mut dyn FnMut(String),
    ) -> Result<Merged, Failure> {
        for file in order.files {
            self.spare_source(file, Some(order.target))?;
        }
        let mut parts = Vec::new();
        for (at, file) in order.files.iter().enumerate() {
            begin(at, file);
            for loaded in self.sheets_of(file, order, tell)? {
                parts.push((file, loaded));
            }
        }
        let parts = self.of_one_form(parts, order, tell)?;
        let mut merged = Merged {
            parts: Vec::new(),
            rows: 0,
            labels: Vec::new(),
            made_safe: 0,
            sha256: String::new(),
            shared: Vec::new(),
        };
        let mut across = Across::default();
        for (part, (file, (loaded, sha256))) in parts.into_iter().enumerate() {
            self.is_settled(&loaded.batch)?;
            across.take(part, &loaded.batch);
            let first_line = merged.rows + 2;
            merged.rows += loaded.batch.roster().len();
            merged.parts.push(MergedPart { file: file.clone(), sha256, batch: loaded.batch, first_line });
        }
        merged.shared = across.finish();
        let files: Vec<(&str, &Path)> =
            merged.parts.iter().map(|part| (&*part.batch.origin.file, &*part.file)).collect();
        let names = names_apart(&files, |one, other| files[one] == files[other]);
        merged.parts.iter_mut().zip(names).for_each(|(part, name)| part.batch.origin.file = name);
        let read: Vec<(PathBuf, String)> =
            merged.parts.iter().map(|part| (part.file.clone(), part.batch.origin.sheet.clone())).collect();
        for MergedPart { file, batch, .. } in &mut merged.parts {
            let is_left = |sheet: &str| !read.iter().any(|(of, name)| of == file && name == sheet);
            Arc::make_mut(&mut batch.origin.beside).others.retain(|other| is_left(&other.name));
        }
        if merged.rows == 0 {
            return Err(self.locale().write_failure(&WriteError::Empty));
        }
        self.spare_state(order.target)
            .and_then(|()| write(&mut merged, order))
            .map_err(|e| self.locale().write_failure(&e))?;
        Ok(merged)
    }

    /// Reads the sheets of a file that are wanted, in their order.
    fn sheets_of(
        &self,
        file: &Path,
        order: &MergeOrder<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Vec<(LoadedRoster, Option<String>)>, Failure> {
        let read = |sheet: Option<&str>, tell: &mut dyn FnMut(String)| {
            let reading = RosterReading { sheet: sheet.map(String::from), ..order.reading.clone() };
            self.load_one(file, &reading, tell).map_err(RosterRefused::failure)
        };
        if order.sheets.is_empty() {
            return Ok(vec![read(None, tell)?]);
        }
        let mut all = Vec::new();
        for sheet in order.sheets {
            if sheet == EVERY_SHEET {
                let first = read(None, tell)?;
                let others = first.0.batch.origin.beside.others.iter();
                let others: Vec<String> =
                    others.filter(|o| o.is_visible && o.looks_like_a_roster).map(|o| o.name.clone()).collect();
                all.push(first);
                for other in others {
                    all.push(read(Some(&other), tell)?);
                }
            } else {
                all.push(read(Some(sheet), tell)?);
            }
            // A text has one table, whatever its sheets are called.
            if all.iter().any(|(loaded, _)| loaded.batch.origin.sheet.is_empty()) {
                break;
            }
        }
        Ok(all)
    }

    /// Reads several sheets of a workbook as one roster, each row with where it came from. What is to be known of each sheet stands
    /// in that: the rows of the roster are none of a single one.
    pub fn load_sheets(
        &self,
        file: &Path,
        sheets: &[String],
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<LoadedRoster, RosterRefused> {
        let files = [file.to_path_buf()];
        let order = MergeOrder {
            files: &files,
            sheets,
            reading,
            target: Path::new(""),
            format: TableFormat::Xlsx,
            overwrite: false,
        };
        let parts = self.sheets_of(file, &order, tell)?.into_iter().map(|part| (&files[0], part)).collect();
        let mut first: Option<LoadedRoster> = None;
        let mut merged = Vec::new();
        for (file, (mut loaded, sha256)) in self.of_one_form(parts, &order, tell)? {
            self.is_settled(&loaded.batch)?;
            let batch = {
                let empty = empty_like(&loaded.batch);
                std::mem::replace(&mut loaded.batch, empty)
            };
            merged.push(MergedPart { file: file.clone(), sha256, batch, first_line: 0 });
            first.get_or_insert(loaded);
        }
        let mut loaded = first.ok_or_else(|| bug("sheets"))?;
        loaded.batch = self.together(&merged);
        loaded.sheets = merged;
        // That the ledger cannot be read was told with the first sheet.
        if let Ok(Some(ledger)) = self.ledger_to_compare()
            && let Err(failure) = self.compare(&mut loaded.batch, &ledger, None)
        {
            tell(failure.to_string());
        }
        Ok(loaded)
    }

    /// Makes one roster of parts of one form, and checks it; its rows are numbered on.
    fn together(&self, parts: &[MergedPart]) -> Batch {
        let columns = columns(parts);
        let field = |column: &MergedColumn| match column {
            MergedColumn::Field(field) => Some(*field),
            MergedColumn::Aside(_) | MergedColumn::Origin(_) => None,
        };
        let source = columns.iter().map(|(label, column)| SourceColumn {
            label: label.clone(),
            field: field(column),
            ..SourceColumn::default()
        });
        let first = &parts[0].batch;
        let context = first.context();
        let context = Office::context(
            (Arc::clone(context.profile()), Arc::clone(context.sheet())),
            Arc::clone(context.tables()),
            context.today(),
        );
        let names: Vec<&str> = parts.iter().map(|part| part.batch.origin.sheet.as_str()).collect();
        let mut beside = Beside { others: first.origin.beside.others.clone(), ..Beside::default() };
        beside.others.retain(|other| !names.contains(&other.name.as_str()));
        let sheet = names.join(self.locale().text("finding.comma"));
        let origin = Origin { sheet, beside: Arc::new(beside), ..first.origin.clone() };
        let mut batch = Batch::new(origin, ColumnMap::new(source.collect()), 2, context);
        for (number, part) in parts.iter().enumerate() {
            let roster = part.batch.roster();
            let mut block = BlockBuilder::new();
            for row in 0..roster.len() {
                for (_, column) in &columns {
                    block.cell(&cell(parts, (number, row), column));
                    let at = field(column).and_then(|field| roster.columns.of(field));
                    if let Some(kind) = at.and_then(|at| roster.mark(row, at)) {
                        block.mark(kind);
                    }
                }
                block.end_row(row);
            }
            let block = Arc::new(block.finish(roster.len()));
            let report = batch.checker().check_block(&block);
            batch.append(block, report);
        }
        batch.finish(sorted_keys);
        batch
    }

    /// Has all parts read under one profile and form: those of which nothing tells the profile under that of the others.
    #[expect(clippy::type_complexity, reason = "a file with what was read of it")]
    fn of_one_form<'f>(
        &self,
        mut parts: Vec<(&'f PathBuf, (LoadedRoster, Option<String>))>,
        order: &MergeOrder<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Vec<(&'f PathBuf, (LoadedRoster, Option<String>))>, Failure> {
        let told = told_profile(parts.iter().map(|(_, (loaded, _))| loaded)).map(String::from);
        if let Some(told) = told {
            for (file, part) in parts.iter_mut().filter(|(_, (loaded, _))| !is_profile_told(loaded)) {
                if profile_id(&part.0) != told {
                    let sheet = Some(part.0.batch.origin.sheet.clone()).filter(|sheet| !sheet.is_empty());
                    let reading = RosterReading { profile: Some(told.clone()), sheet, ..order.reading.clone() };
                    *part = self.load_one(file, &reading, tell).map_err(RosterRefused::failure)?;
                }
            }
        }
        let Some((first_file, (first, _))) = parts.first() else { return Ok(parts) };
        if let Some((file, (other, _))) =
            parts.iter().find(|(_, (loaded, _))| form(&loaded.batch) != form(&first.batch))
        {
            return Err(self.other_form("merge", (first_file, &first.batch), (file, &other.batch)));
        }
        Ok(parts)
    }

    /// Says that two rosters cannot be treated as one, being of different profiles or forms, in the words of what was to be done.
    pub(super) fn other_form(&self, words: &str, first: (&Path, &Batch), second: (&Path, &Batch)) -> Failure {
        let locale = self.locale();
        let named = |(file, batch): (&Path, &Batch)| locale.file_place(&file.to_string_lossy(), &batch.origin.sheet);
        let ((profile, sheet), (other_profile, other_sheet)) = (form(first.1), form(second.1));
        let places = [
            ("first", &*named(first)),
            ("profile", profile),
            ("form", sheet),
            ("second", &named(second)),
            ("other-profile", other_profile),
            ("other-form", other_sheet),
        ];
        let message = locale.fill(&format!("{words}.other-form"), &places);
        Failure::new(FailureKind::Rule, message, locale.text(&format!("{words}.other-form-hint")))
    }
}

pub(super) fn profile_id(loaded: &LoadedRoster) -> &str {
    &loaded.batch.context().profile().id
}

/// Tells whether anything tells the profile of a roster that was read.
pub(super) fn is_profile_told(loaded: &LoadedRoster) -> bool {
    loaded.profile_by != Some(ChosenBy::Nothing)
}

/// Gives the profile that the first of several rosters tells that tells any.
pub(super) fn told_profile<'a>(mut loaded: impl Iterator<Item = &'a LoadedRoster>) -> Option<&'a str> {
    loaded.find(|loaded| is_profile_told(loaded)).map(profile_id)
}

/// Gives the profile and the form that a roster was read under.
pub(super) fn form(batch: &Batch) -> (&str, &str) {
    (&batch.context().profile().id, &batch.context().sheet().id)
}

/// Makes a batch without rows, to stand in the place of one that is taken.
fn empty_like(batch: &Batch) -> Batch {
    Batch::new(Origin::default(), ColumnMap::default(), 1, batch.context().clone())
}

/// Lists the columns: the form's that some part has, in its order; what the parts have besides, by label; the origin.
fn columns(parts: &[MergedPart]) -> Vec<(String, MergedColumn)> {
    let Some(first) = parts.first() else { return Vec::new() };
    let form = first.batch.context().sheet();
    let has = |field: Field| parts.iter().any(|part| part.batch.roster().columns.of(field).is_some());
    let of_form = form.columns.iter().filter(|column| has(column.field));
    let mut columns: Vec<(String, MergedColumn)> =
        of_form.map(|column| (column.label.clone(), MergedColumn::Field(column.field))).collect();
    for (number, part) in parts.iter().enumerate() {
        let roster = part.batch.roster();
        let width = (0..roster.len()).map(|row| roster.source_width(row)).max().unwrap_or(0);
        for at in 0..width.max(roster.columns.source.len()) {
            let source = roster.columns.source.get(at);
            let label = source.map_or("", |source| source.label.trim());
            let is_filled = || (0..roster.len()).any(|row| !roster.source_cell(row, at).trim().is_empty());
            if source.is_some_and(|source| source.field.is_some()) || RowOrigin::is_label(label) || !is_filled() {
                continue;
            }
            // Where a row of people was taken for the header, a label may be somebody's name or ID number.
            let is_somebodys = source.is_some_and(|source| source.shown_label() != source.label);
            let label = match label {
                _ if is_somebodys => format!("{UNNAMED}{}", column_letters(at)),
                "" => format!("{UNNAMED}{}", column_letters(at)),
                label if form.field_of(label).is_some() => format!("{label}{ASIDE}"),
                label => label.split_whitespace().collect::<Vec<_>>().join(" "),
            };
            // Two columns of one label in one part stay two.
            let known = columns.iter_mut().find_map(|(known, column)| match column {
                MergedColumn::Aside(places) if *known == label && !places.contains_key(&number) => Some(places),
                _ => None,
            });
            match known {
                Some(places) => drop(places.insert(number, at)),
                None => columns.push((label, MergedColumn::Aside(BTreeMap::from([(number, at)])))),
            }
        }
    }
    let origin = RowOrigin::LABELS.iter().enumerate().map(|(at, label)| (label.to_string(), MergedColumn::Origin(at)));
    columns.extend(origin);
    columns
}

fn cell<'a>(parts: &'a [MergedPart], (number, row): (usize, RowId), column: &MergedColumn) -> Cow<'a, str> {
    let part = &parts[number];
    let roster = part.batch.roster();
    match column {
        MergedColumn::Field(field) => roster.cell(row, *field).into(),
        MergedColumn::Aside(places) => places.get(&number).map_or("", |at| roster.source_cell(row, *at)).into(),
        MergedColumn::Origin(at) => {
            // What was merged before says itself where it came from.
            let RowOrigin { file, sheet, line } = roster.origin_of(row).unwrap_or_else(|| RowOrigin {
                file: text::visible(&part.batch.origin.file).into_owned(),
                sheet: text::visible(&part.batch.origin.sheet).into_owned(),
                line: roster.line(row),
            });
            [file, sheet, line.to_string()].into_iter().nth(*at).unwrap_or_default().into()
        }
    }
}

/// Writes the table, reads it back and compares it before it has its name.
fn write(merged: &mut Merged, order: &MergeOrder<'_>) -> Result<(), WriteError> {
    let MergeOrder { target, format, overwrite, .. } = *order;
    let parts = &merged.parts;
    let columns = columns(parts);
    let labels: Vec<Cow<'_, str>> = columns.iter().map(|(label, _)| neutral(label, format)).collect();
    let widths = columns.iter().map(|(_, column)| match column {
        MergedColumn::Field(field) => width(*field),
        MergedColumn::Aside(_) | MergedColumn::Origin(_) => 16.0,
    });
    let head = TableHead {
        format,
        sheet: SHEET,
        labels: labels.clone(),
        widths: widths.collect(),
        rows: merged.rows,
        created: now(),
        is_filtered: false,
    };
    let rows = || {
        let places = parts.iter().enumerate().flat_map(|(n, part)| (0..part.batch.roster().len()).map(move |r| (n, r)));
        places.map(|place| columns.iter().map(|(_, column)| cell(parts, place, column)).collect::<Vec<_>>())
    };
    let mut made_safe = 0;
    let safe = |cell: Cow<'_, str>| -> String { neutral(&cell, format).into_owned() };
    let mut staged = StagedFile::new(target, overwrite, None)?;
    staged.write(|out| {
        let cells = rows().map(|row| {
            let row = row.into_iter().map(|cell| {
                let safe = safe(cell.clone());
                made_safe += usize::from(safe != *cell);
                TableCell::from(safe)
            });
            Ok::<Vec<TableCell<'_>>, Infallible>(row.collect())
        });
        write_table(out, target, &head, cells)
    })?;
    let again = rows().map(|row| row.into_iter().map(|cell| Cow::Owned(safe(cell))).collect());
    verify(staged.path(), format, std::iter::once(labels.clone()).chain(again))?;
    let (sha256, _) = digest(staged.path()).map_err(WriteError::io(target))?;
    staged.commit()?;
    let labels = columns.into_iter().map(|(label, _)| label).collect();
    (merged.labels, merged.made_safe, merged.sha256) = (labels, made_safe, sha256);
    Ok(())
}
