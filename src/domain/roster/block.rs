//! A block: some thousand imported rows in one piece of text.

use crate::domain::sheet::SkippedTexts;

/// What the importer noted about a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum MarkKind {
    /// The workbook stores a number, not a text.
    Number,
    /// The workbook stores a number of more than 15 digits: the last ones are lost (C1, C2).
    LongNumber,
    /// The workbook stores a date; the text is its ISO form.
    Date,
    /// The cell shows a spreadsheet error such as #N/A.
    Error,
    /// The cell holds a formula whose result was never stored.
    FormulaWithoutValue,
    /// Bytes that are no text in the file's encoding; each is shown as U+FFFD.
    BadBytes,
    /// The cell lies inside a merged range and is empty; its value stands in the range's first cell.
    Merged,
    /// A quotation mark opens the cell and nothing closes it; it stands in the text.
    OpenQuote = 7,
    /// The workbook stores a date with a time of day.
    DateWithTime = 8,
    /// The text stood as `="…"`.
    AsFormula = 9,
    /// A `'` or its like stood before the text, by which a spreadsheet keeps it a text.
    WithTextMark = 10,
    /// Tabs stood before the text.
    WithTab = 11,
    /// A byte order mark stood before the text.
    WithByteOrderMark = 12,
    /// The text begins with words in quotation marks, which were kept.
    WithQuotes = 13,
    /// The cell lies inside a merged range that begins in another column, and is empty.
    MergedAside = 14,
}

impl MarkKind {
    /// All kinds. Their numbers are stored: they never change, and new kinds get new ones.
    const ALL: [MarkKind; 15] = [
        MarkKind::Number,
        MarkKind::LongNumber,
        MarkKind::Date,
        MarkKind::Error,
        MarkKind::FormulaWithoutValue,
        MarkKind::BadBytes,
        MarkKind::Merged,
        MarkKind::OpenQuote,
        MarkKind::DateWithTime,
        MarkKind::AsFormula,
        MarkKind::WithTextMark,
        MarkKind::WithTab,
        MarkKind::WithByteOrderMark,
        MarkKind::WithQuotes,
        MarkKind::MergedAside,
    ];

    /// Names what was done to the cell's text when it was read; nothing where it was read as it stands.
    pub fn cleaning(self) -> Option<&'static str> {
        match self {
            MarkKind::DateWithTime => Some("time"),
            MarkKind::AsFormula => Some("formula-text"),
            MarkKind::WithTextMark => Some("text-mark"),
            MarkKind::WithTab => Some("tab"),
            MarkKind::WithByteOrderMark => Some("byte-order-mark"),
            MarkKind::WithQuotes => Some("quotes-kept"),
            MarkKind::Number
            | MarkKind::LongNumber
            | MarkKind::Date
            | MarkKind::Error
            | MarkKind::FormulaWithoutValue
            | MarkKind::BadBytes
            | MarkKind::Merged
            | MarkKind::MergedAside
            | MarkKind::OpenQuote => None,
        }
    }

    /// Tells whether the importer found no text of the cell's own.
    pub fn has_no_text(self) -> bool {
        self.cleaning().is_none() && !matches!(self, MarkKind::Number | MarkKind::LongNumber | MarkKind::Date)
    }

    fn of_number(number: u8) -> Option<MarkKind> {
        MarkKind::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// A note about one cell of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The row's place in the block.
    pub row: u32,
    pub column: u16,
    pub kind: MarkKind,
}

/// Imported rows: one text and the places where its cells end. Never changes once built.
///
/// Cell `k` of a row begins one byte after the end of cell `k - 1` (the separator's place), the first at the row's start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    text: Vec<u8>,
    starts: Vec<u32>,
    first: Vec<u32>,
    ends: Vec<u32>,
    lines: Vec<u32>,
    line_count: u32,
    marks: Vec<Mark>,
    /// What stood in the rows that were skipped; not stored with the block.
    skipped_texts: SkippedTexts,
}

impl Block {
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Tells whether the block has no rows.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Counts the bytes of text.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Counts the bytes of memory it takes.
    pub fn size(&self) -> usize {
        let places = self.starts.len() + self.first.len() + self.ends.len() + self.lines.len();
        self.text.len() + places * size_of::<u32>() + self.marks.len() * size_of::<Mark>()
    }

    /// Gives a row's spreadsheet row, counted from the block's first.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    /// Counts the spreadsheet rows the block covers, skipped ones included.
    pub fn line_count(&self) -> u32 {
        self.line_count
    }

    /// Counts the cells of a row.
    pub fn width(&self, row: usize) -> usize {
        match (self.first.get(row), self.first.get(row + 1)) {
            (Some(from), Some(to)) => (to - from) as usize,
            _ => 0,
        }
    }

    /// Gives a cell's bytes, valid UTF-8; nothing for a cell the row does not have.
    pub fn bytes(&self, row: usize, column: usize) -> &[u8] {
        if self.width(row) <= column {
            return &[];
        }
        let at = self.first[row] as usize + column;
        let start = if column == 0 { self.starts[row] } else { self.ends[at - 1] + 1 };
        &self.text[start as usize..self.ends[at] as usize]
    }

    /// Puts the bytes of the wanted columns of a row at once, each in its place: pairs of place and column. What is missing is
    /// empty, and what is not wanted stays.
    pub fn read_row<'a, const N: usize>(&'a self, row: usize, wanted: &[(usize, usize)], cells: &mut [&'a [u8]; N]) {
        let (from, to) = (self.first[row] as usize, self.first[row + 1] as usize);
        let ends = &self.ends[from..to];
        for (place, column) in wanted {
            cells[*place] = ends.get(*column).map_or(&[], |end| {
                let start = column.checked_sub(1).map_or(self.starts[row], |before| ends[before] + 1);
                &self.text[start as usize..*end as usize]
            });
        }
    }

    /// Gives the bytes of a whole row, the places of the separators with them.
    pub fn whole(&self, row: usize) -> &[u8] {
        let cells = &self.ends[self.first[row] as usize..self.first[row + 1] as usize];
        cells.last().map_or(&[], |end| &self.text[self.starts[row] as usize..*end as usize])
    }

    /// Gives a cell's text; nothing for a cell the row does not have.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        std::str::from_utf8(self.bytes(row, column)).unwrap_or_default()
    }

    /// Gives what stood in the rows that were skipped, by their lines counted from the block's first.
    pub fn skipped_texts(&self) -> &SkippedTexts {
        &self.skipped_texts
    }

    /// Lists the notes about cells, in order of row and column.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Gives the note about one cell.
    pub fn mark(&self, row: usize, column: usize) -> Option<MarkKind> {
        let key = (row as u32, column as u16);
        self.marks.binary_search_by_key(&key, |m| (m.row, m.column)).ok().map(|i| self.marks[i].kind)
    }

    /// Keeps the text of some rows only; the others stay as rows without cells. Gives back the text that is no longer needed,
    /// so that its memory can be used again.
    pub fn keep_text_of(self, keep: impl Fn(usize) -> bool) -> (Block, Vec<u8>) {
        let Block { lines, line_count, skipped_texts, .. } = self;
        let mut thin = Block { lines, line_count, skipped_texts, ..Block::default() };
        thin.starts.reserve(self.starts.len());
        thin.first.reserve(self.first.len());
        thin.first.push(0);
        for (row, start) in self.starts.iter().enumerate() {
            let cells = &self.ends[self.first[row] as usize..self.first[row + 1] as usize];
            let moved = thin.text.len() as u32;
            thin.starts.push(moved);
            if let (true, Some(last)) = (keep(row), cells.last()) {
                thin.text.extend_from_slice(&self.text[*start as usize..*last as usize]);
                thin.text.push(b'\n');
                thin.ends.extend(cells.iter().map(|end| end - start + moved));
                thin.marks.extend(self.marks.iter().filter(|m| m.row as usize == row));
            }
            thin.first.push(thin.ends.len() as u32);
        }
        (thin, self.text)
    }

    /// Packs the block into bytes for storage; [`Block::unpack`] is the inverse.
    pub fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() + 4 * (self.starts.len() * 3 + self.ends.len()) + 32);
        let mut list = |values: &[u32]| {
            out.extend((values.len() as u32).to_le_bytes());
            values.iter().for_each(|v| out.extend(v.to_le_bytes()));
        };
        list(&self.starts);
        list(&self.first);
        list(&self.ends);
        list(&self.lines);
        list(&[self.line_count]);
        let marks: Vec<u32> =
            self.marks.iter().flat_map(|m| [m.row, u32::from(m.column) << 8 | m.kind as u32]).collect();
        list(&marks);
        out.extend(&self.text);
        out
    }

    /// Unpacks a stored block; `None` when the bytes are damaged.
    pub fn unpack(bytes: &[u8]) -> Option<Block> {
        let mut rest = bytes;
        let mut list = || -> Option<Vec<u32>> {
            let (count, tail) = rest.split_first_chunk::<4>()?;
            let (values, tail) = tail.split_at_checked(u32::from_le_bytes(*count) as usize * 4)?;
            rest = tail;
            Some(values.chunks_exact(4).map(|v| u32::from_le_bytes([v[0], v[1], v[2], v[3]])).collect())
        };
        let (starts, first, ends, lines, line_count, marks) = (list()?, list()?, list()?, list()?, list()?, list()?);
        let marks = marks
            .chunks_exact(2)
            .map(|m| Some(Mark { row: m[0], column: (m[1] >> 8) as u16, kind: MarkKind::of_number(m[1] as u8)? }))
            .collect::<Option<Vec<Mark>>>()?;
        let (text, line_count, skipped_texts) = (rest.to_vec(), *line_count.first()?, SkippedTexts::default());
        let block = Block { text, starts, first, ends, lines, line_count, marks, skipped_texts };
        block.is_sound().then_some(block)
    }

    fn is_sound(&self) -> bool {
        let rows = self.starts.len();
        let ordered = |v: &[u32]| v.is_sorted();
        self.lines.len() == rows
            && self.first.len() == if rows == 0 && self.first.is_empty() { 0 } else { rows + 1 }
            && ordered(&self.first)
            && self.first.last().is_none_or(|last| *last as usize == self.ends.len())
            && self.ends.iter().chain(&self.starts).all(|e| *e as usize <= self.text.len())
            && (0..rows).all(|r| {
                let cells = &self.ends[self.first[r] as usize..self.first[r + 1] as usize];
                cells.first().is_none_or(|end| self.starts[r] <= *end) && cells.windows(2).all(|w| w[0] < w[1])
            })
    }
}

/// Builds a block row by row.
#[derive(Debug)]
pub struct BlockBuilder {
    block: Block,
    row_start: usize,
    row_ends: usize,
    open: bool,
}

impl Default for BlockBuilder {
    fn default() -> BlockBuilder {
        BlockBuilder::new()
    }
}

impl BlockBuilder {
    /// Makes a builder over raw text in which cells are separated by one byte: per row its spreadsheet row and the start of
    /// its first cell, per row the number of its cells, and the end of every cell.
    pub fn from_rows(text: Vec<u8>, rows: &[(u32, u32)], counts: &[u16], ends: Vec<u32>) -> BlockBuilder {
        let mut first = Vec::with_capacity(rows.len() + 1);
        let mut total = 0;
        first.push(0);
        first.extend(counts.iter().map(|n| {
            total += u32::from(*n);
            total
        }));
        let block = Block {
            text,
            starts: rows.iter().map(|(_, start)| *start).collect(),
            first,
            ends,
            lines: rows.iter().map(|(line, _)| *line).collect(),
            ..Block::default()
        };
        BlockBuilder { block, row_start: 0, row_ends: 0, open: false }
    }

    /// Makes a builder to which cells are pushed one by one.
    pub fn new() -> BlockBuilder {
        BlockBuilder::from_rows(Vec::new(), &[], &[], Vec::new())
    }

    /// Counts the rows so far.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// Tells whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.block.is_empty()
    }

    /// Counts the bytes of text so far.
    pub fn text_len(&self) -> usize {
        self.block.text.len()
    }

    /// Adds a cell to the row that is being built.
    pub fn cell(&mut self, text: &str) {
        if self.open {
            self.block.text.push(b'\t');
        } else {
            self.open = true;
            self.row_start = self.block.text.len();
            self.row_ends = self.block.ends.len();
        }
        self.block.text.extend_from_slice(text.as_bytes());
        self.block.ends.push(self.block.text.len() as u32);
    }

    /// Notes something about the cell that was added last.
    pub fn mark(&mut self, kind: MarkKind) {
        let column = (self.block.ends.len() - self.row_ends).saturating_sub(1) as u16;
        self.mark_at(self.block.starts.len() as u32, column, kind);
    }

    /// Notes something about a cell by its place; notes must come in order of row and column.
    pub fn mark_at(&mut self, row: u32, column: u16, kind: MarkKind) {
        self.block.marks.push(Mark { row, column, kind });
    }

    /// Notes something about every cell that holds some bytes.
    pub fn mark_cells_with(&mut self, needle: &[u8], kind: MarkKind) {
        let block = &self.block;
        let holds = |row: usize, column: usize| memchr::memmem::find(block.bytes(row, column), needle).is_some();
        let marks: Vec<Mark> = (0..block.len())
            .flat_map(|row| (0..block.width(row)).map(move |column| (row, column)))
            .filter(|(row, column)| holds(*row, *column))
            .map(|(row, column)| Mark { row: row as u32, column: column as u16, kind })
            .collect();
        self.block.marks.extend(marks);
    }

    /// Notes something about cells in any order; a cell that has a note already keeps it.
    pub fn mark_all(&mut self, marks: Vec<Mark>) {
        if marks.is_empty() {
            return;
        }
        self.block.marks.extend(marks);
        self.block.marks.sort_by_key(|m| (m.row, m.column));
        self.block.marks.dedup_by_key(|m| (m.row, m.column));
    }

    /// Ends the row that is being built. `line` is its spreadsheet row, counted from the block's first.
    pub fn end_row(&mut self, line: u32) {
        let start = if self.open { self.row_start } else { self.block.text.len() };
        self.block.starts.push(start as u32);
        self.block.first.push(self.block.ends.len() as u32);
        self.block.lines.push(line);
        self.open = false;
    }

    /// Drops the row that is being built.
    pub fn drop_row(&mut self) {
        if self.open {
            self.block.text.truncate(self.row_start);
            self.block.ends.truncate(self.row_ends);
            let row = self.block.starts.len() as u32;
            self.block.marks.retain(|m| m.row < row);
            self.open = false;
        }
    }

    /// Counts the cells of the row that is being built.
    pub fn open_width(&self) -> usize {
        if self.open { self.block.ends.len() - self.row_ends } else { 0 }
    }

    /// Gives a cell's bytes in the row that is being built.
    pub fn open_cell(&self, column: usize) -> &[u8] {
        let ends = &self.block.ends[self.row_ends..];
        let start = column.checked_sub(1).map_or(self.row_start, |before| ends[before] as usize + 1);
        &self.block.text[start..ends[column] as usize]
    }

    /// Gives the note about a cell of the row that is being built.
    pub fn open_mark(&self, column: usize) -> Option<MarkKind> {
        let row = self.block.starts.len() as u32;
        let of_row = self.block.marks.iter().rev().take_while(|m| m.row == row);
        of_row.into_iter().find(|m| usize::from(m.column) == column).map(|m| m.kind)
    }

    /// Notes what stood in rows that were skipped.
    pub fn note_skipped(&mut self, texts: SkippedTexts) {
        self.block.skipped_texts = texts;
    }

    /// Ends the block, which covers `line_count` spreadsheet rows, skipped ones included.
    pub fn finish(mut self, line_count: u32) -> Block {
        self.block.line_count = line_count;
        self.block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_put_in() {
        let mut b = BlockBuilder::new();
        b.cell("张伟");
        b.cell("");
        b.cell("3");
        b.mark(MarkKind::Number);
        b.end_row(0);
        b.cell("注：");
        b.drop_row();
        b.end_row(3);
        let block = b.finish(4);
        assert_eq!((block.len(), block.width(0), block.width(1)), (2, 3, 0));
        assert_eq!(
            (block.cell(0, 0), block.cell(0, 1), block.cell(0, 2), block.cell(0, 9), block.cell(1, 0)),
            ("张伟", "", "3", "", "")
        );
        assert_eq!((block.line(1), block.mark(0, 2), block.mark(0, 0)), (3, Some(MarkKind::Number), None));
        assert_eq!(Block::unpack(&block.pack()).as_ref(), Some(&block));
    }

    #[test]
    fn keeps_the_rows_it_is_told_to() {
        let mut b = BlockBuilder::new();
        for name in ["张伟", "李娜", "王芳"] {
            b.cell(name);
            b.cell("3");
            b.mark(MarkKind::Number);
            b.end_row(b.len() as u32);
        }
        let (thin, _) = b.finish(3).keep_text_of(|row| row == 1);
        assert_eq!((thin.len(), thin.width(0), thin.width(1), thin.line(2)), (3, 0, 2, 2));
        assert_eq!((thin.cell(0, 0), thin.cell(1, 0), thin.cell(1, 1), thin.cell(2, 0)), ("", "李娜", "3", ""));
        assert_eq!((thin.mark(1, 1), thin.mark(2, 1)), (Some(MarkKind::Number), None));
    }

    #[test]
    fn refuses_damaged_bytes() {
        let mut b = BlockBuilder::new();
        b.cell("a");
        b.end_row(0);
        let packed = b.finish(1).pack();
        for cut in 0..packed.len() {
            assert_eq!(Block::unpack(&packed[..cut]), None, "cut at {cut}");
        }
        for i in 0..packed.len() - 1 {
            let mut bent = packed.clone();
            bent[i] ^= 0x40;
            let _ = Block::unpack(&bent).map(|block| block.cell(0, 0).len());
        }
    }
}
