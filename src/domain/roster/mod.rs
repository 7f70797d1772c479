//! The roster (名册): imported cell text, which never changes, and an overlay of edits.

mod block;
mod cell_source;
mod change;
mod index;
mod origin;
mod part;
mod said;
mod scan;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

pub use block::{Block, BlockBuilder, Mark, MarkKind};
pub use cell_source::CellSource;
pub use change::{CellEdit, Change, History, Kept, RowCounts, RowEdit, RowWhat, StepMade};
pub use index::KeyIndex;
pub use origin::RowOrigin;
pub use part::{ASIDE, Part, PartLayout, names_apart};

use said::Said;

use super::sheet::{ColumnMap, EncodingBy, Field, GivenReading, HeaderBy, HowRead, TextEncoding};

/// So many runs of rows, and so many cells, are kept with a batch.
const KEPT: usize = 1000;

/// A data row's place in the roster, from 0, in file order; header, notes and blank rows have none.
pub type RowId = u32;

/// Where a roster came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file's name without its folder.
    pub file: String,
    /// The sheet's name; empty for text files.
    pub sheet: String,
    /// The text encoding, such as `UTF-8` or `GB18030`; for a workbook the kind of file, such as `xlsx`.
    pub encoding: String,
    /// The row of the header as the spreadsheet numbers it, from 1; of two header rows the lower one.
    pub header_row: u32,
    /// Whether the workbook counts days from 1904.
    pub date_1904: bool,
    /// What else the workbook has.
    pub beside: Arc<Beside>,
}

impl Origin {
    /// Gives what is to be said of the file so that it is read as it was.
    pub fn as_given(&self) -> GivenReading {
        let how = &self.beside.how;
        let is_told = matches!(how.encoding, EncodingBy::Given | EncodingBy::Header);
        GivenReading {
            header_row: (how.header != HeaderBy::Found).then_some(self.header_row),
            map: Vec::new(),
            encoding: TextEncoding::named(&self.encoding).filter(|_| is_told),
            keep_rows: how.kept.clone(),
        }
    }
}

/// What a workbook has besides the rows that are read as they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The sheets that were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherSheet>,
    /// The rows that the sheet does not show, as runs of the first and the last, numbered as the spreadsheet does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_rows: Vec<(u32, u32)>,
    /// The columns that it does not show, likewise, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_columns: Vec<(u32, u32)>,
    /// Those of the hidden rows that are in a group that is folded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folded_rows: Vec<(u32, u32)>,
    /// Whether a filter is set, by which rows are hidden.
    #[serde(default, rename = "filtered", skip_serializing_if = "std::ops::Not::not")]
    pub is_filtered: bool,
    /// The rows that are struck out, and those that are greyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub struck_rows: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub greyed_rows: Vec<(u32, u32)>,
    /// Single cells that are struck out, and those with remarks: row and column, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub struck_cells: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<(u32, u32)>,
    /// The cells of which a part is struck out: they were read whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partly_struck: Vec<(u32, u32)>,
    /// The columns, from 1, in which cells show more than they hold, and how many do: they were read as they show. Then those
    /// in which cells show nothing, though they hold something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formatted: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanked: Vec<(u32, u32)>,
    /// How the rows were read, and why so; of a text file as well.
    #[serde(default, skip_serializing_if = "HowRead::is_usual")]
    pub how: HowRead,
    /// What stands above the table, by the ids of the facts that it is; the name of the list has it masked as somebody's.
    #[serde(default, rename = "people", skip_serializing_if = "BTreeMap::is_empty")]
    pub head: BTreeMap<String, String>,
}

impl Beside {
    /// Gives what is kept with a batch; nothing where there is nothing. A roster filtered into very many pieces would fill the
    /// chain, and part of its hidden rows would be told as all of them: those are not kept.
    pub fn kept(&self) -> Option<Beside> {
        let mut kept = self.clone();
        for list in [
            &mut kept.hidden_rows,
            &mut kept.hidden_columns,
            &mut kept.folded_rows,
            &mut kept.struck_rows,
            &mut kept.greyed_rows,
            &mut kept.struck_cells,
            &mut kept.remarks,
            &mut kept.partly_struck,
        ] {
            if KEPT < list.len() {
                list.clear();
            }
        }
        (kept != Beside::default()).then_some(kept)
    }
}

/// A sheet of the same workbook that was not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherSheet {
    pub name: String,
    #[serde(rename = "visible")]
    pub is_visible: bool,
    /// How many rows it has: those below the header where it looks like a roster, else all that are not blank.
    pub rows: u32,
    /// Whether it has a header of a roster.
    pub looks_like_a_roster: bool,
}

/// A roster: blocks of imported rows and the edits over them.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Which source column holds which field.
    pub columns: ColumnMap,
    blocks: Vec<Arc<Block>>,
    first_rows: Vec<RowId>,
    first_lines: Vec<u32>,
    len: RowId,
    lines: u32,
    /// The files and sheets that the rows are of, where there are several.
    parts: Vec<Part>,
    /// The edited cells, column by column: most columns have none, and are not asked.
    edits: [HashMap<RowId, Arc<str>, RandomState>; Field::COUNT],
    said: Said,
}

impl Roster {
    /// Makes an empty roster with a column map. `first_line` is the spreadsheet row that comes first in the blocks.
    pub fn new(columns: ColumnMap, first_line: u32) -> Roster {
        Roster { columns, lines: first_line, ..Roster::default() }
    }

    /// Appends imported rows; returns the id of the first.
    pub fn append(&mut self, block: Arc<Block>) -> RowId {
        let first = self.len;
        if let Some(part) = self.parts.iter().find(|part| part.first == first && first != 0) {
            self.lines = part.first_line();
        }
        self.first_rows.push(first);
        self.first_lines.push(self.lines);
        self.len += block.len() as u32;
        self.lines += block.line_count();
        self.blocks.push(block);
        first
    }

    /// Puts a block in the place of a thinned one of the same rows.
    pub fn restore_block(&mut self, number: usize, block: Arc<Block>) {
        if let Some(place) = self.blocks.get_mut(number).filter(|b| b.len() == block.len()) {
            *place = block;
        }
    }

    /// Gives the spreadsheet row at which the next block will begin.
    pub fn next_line(&self) -> u32 {
        self.lines
    }

    /// Gives the spreadsheet row at which the block begins that was appended last.
    pub fn first_line_of_last(&self) -> u32 {
        self.first_lines.last().copied().unwrap_or(self.lines)
    }

    /// Counts the data rows.
    pub fn len(&self) -> RowId {
        self.len
    }

    /// Tells whether there is no data row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Lists the blocks with the id of each one's first row.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = (RowId, &Arc<Block>)> {
        self.first_rows.iter().copied().zip(&self.blocks)
    }

    /// Finds a row's block: its number and the row's place in it. The row must exist.
    pub fn locate(&self, row: RowId) -> (usize, usize) {
        let block = self.first_rows.partition_point(|first| *first <= row).saturating_sub(1);
        (block, (row - self.first_rows.get(block).copied().unwrap_or(0)) as usize)
    }

    /// Gives the row number the spreadsheet shows, from 1.
    pub fn line(&self, row: RowId) -> u32 {
        let (b, r) = self.locate(row);
        self.blocks.get(b).map_or(0, |block| self.first_lines[b] + block.line(r))
    }

    /// Finds the data row that the spreadsheet shows at a row number, or the next one below it; of several files in the first.
    pub fn row_at_line(&self, line: u32) -> Option<RowId> {
        self.row_at_line_in(0, line)
    }

    /// The same in one of the files.
    pub fn row_at_line_in(&self, part: usize, line: u32) -> Option<RowId> {
        let at = |row: &RowId| self.line(*row);
        let (mut low, end) = self.rows_of(part);
        let mut high = end;
        while low < high {
            let middle = low + (high - low) / 2;
            if at(&middle) < line { low = middle + 1 } else { high = middle }
        }
        (low < end).then_some(low)
    }

    /// Lists the lines of data rows that lie in runs of lines, which are in order; of several files those of the first.
    pub fn lines_in(&self, runs: &[(u32, u32)]) -> Vec<u32> {
        let mut lines = Vec::new();
        for (from, to) in runs {
            let Some(first) = self.row_at_line(*from) else { break };
            let rows = (first..self.rows_of(0).1).map(|row| self.line(row));
            lines.extend(rows.take_while(|line| line <= to));
        }
        lines
    }

    /// Finds the rows whose cell of a field was noted so.
    pub fn marked(&self, field: Field, kind: MarkKind) -> Vec<RowId> {
        let Some(column) = self.columns.of(field) else { return Vec::new() };
        let of_block = |(first, block): (RowId, &'_ Arc<Block>)| {
            let those = block.marks().iter().filter(|mark| usize::from(mark.column) == column && mark.kind == kind);
            those.map(|mark| first + mark.row).collect::<Vec<RowId>>()
        };
        self.blocks().flat_map(of_block).collect()
    }

    /// Gives a cell as it stands now: edited text where there is some, else the imported text, else nothing.
    pub fn cell(&self, row: RowId, field: Field) -> &str {
        match self.edits[field.index()].get(&row) {
            Some(text) => text,
            None => self.imported(row, field),
        }
    }

    /// Gives the bytes of all cells of a row as they stand now, by the places of their fields.
    pub fn row_bytes(&self, row: RowId) -> [&[u8]; Field::COUNT] {
        let (b, at) = self.locate(row);
        let block = self.blocks.get(b);
        let imported = |field: Field| block.zip(self.columns.of(field)).map_or(&[][..], |(b, c)| b.bytes(at, c));
        Field::ALL.map(|field| match self.edits[field.index()].get(&row) {
            Some(text) => text.as_bytes(),
            None => imported(field),
        })
    }

    /// Gives the cells of a column as they stand now, row by row.
    pub fn column(&self, field: Field) -> impl Iterator<Item = (RowId, &str)> {
        let (column, edits) = (self.columns.of(field), &self.edits[field.index()]);
        self.blocks().flat_map(move |(first, block)| {
            (0..block.len()).map(move |at| {
                let row = first + at as RowId;
                let edited = edits.get(&row);
                let imported = || column.map_or("", |column| block.cell(at, column));
                (row, edited.map_or_else(imported, |text| &**text))
            })
        })
    }

    /// Gives a cell as it was imported.
    pub fn imported(&self, row: RowId, field: Field) -> &str {
        self.columns.of(field).map_or("", |column| self.source_cell(row, column))
    }

    /// Gives an imported cell by its source column, columns that no field was matched to included.
    pub fn source_cell(&self, row: RowId, column: usize) -> &str {
        let (b, r) = self.locate(row);
        self.blocks.get(b).map_or("", |block| block.cell(r, column))
    }

    /// Counts the cells of the imported row.
    pub fn source_width(&self, row: RowId) -> usize {
        let (b, r) = self.locate(row);
        self.blocks.get(b).map_or(0, |block| block.width(r))
    }

    /// Gives what the importer noted about a cell, if anything.
    pub fn mark(&self, row: RowId, column: usize) -> Option<MarkKind> {
        let (b, r) = self.locate(row);
        self.blocks.get(b)?.mark(r, column)
    }

    /// Tells whether a cell has been edited.
    pub fn is_edited(&self, row: RowId, field: Field) -> bool {
        self.edits[field.index()].contains_key(&row)
    }

    /// Tells whether nothing stands in a column: the file does not have it, and nobody has put anything there since.
    pub fn lacks(&self, field: Field) -> bool {
        self.columns.of(field).is_none() && self.edits[field.index()].is_empty()
    }

    /// Counts the edited cells.
    pub fn edited_count(&self) -> usize {
        self.edits.iter().map(HashMap::len).sum()
    }

    /// Puts a text into a cell; a text equal to the imported one clears the edit.
    pub fn set(&mut self, row: RowId, field: Field, text: &Arc<str>) {
        if self.imported(row, field) == &**text {
            self.edits[field.index()].remove(&row);
        } else {
            self.edits[field.index()].insert(row, Arc::clone(text));
        }
    }
}
