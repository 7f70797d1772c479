//! The first rows of a text file, as a header is looked for among them, and small tables whole.

use super::TextFile;
use crate::domain::roster::Block;
use crate::domain::sheet::RowKinds;
use crate::formats::records::{Reach, split};
use crate::formats::{FileRefusal, RefusalKind, memory};

/// A row has seldom more lines than this.
const LINES_A_ROW: usize = 4;

impl TextFile {
    /// Cuts the first rows with a separator; used to find the separator and the header.
    pub fn first_rows(&self, delimiter: u8, count: usize) -> Result<Vec<Vec<String>>, FileRefusal> {
        let mut head = self.head()?;
        let is_whole = self.size <= head.len() as u64;
        if !is_whole {
            head.truncate(memchr::memrchr(b'\n', &head).map_or(head.len(), |i| i + 1));
        }
        head.drain(..usize::try_from(self.start).unwrap_or(0).min(head.len()));
        let (mut text, _) = self.decoded(head);
        let none = RowKinds::default();
        // As a rule the rows asked for stand in far fewer lines than the head has.
        if let Some(end) = memchr::memchr_iter(b'\n', &text).nth(LINES_A_ROW * count)
            && let Ok(piece) = split(text[..=end].to_vec(), delimiter, &none, Reach::whole(false), false)
            && count <= piece.block.line_count() as usize
        {
            return Ok(rows_of(&piece.block, count));
        }
        // The same records as everywhere else; one that does not end in the head is left out, or is open to the file's end.
        let reach = Reach { grows: !is_whole, ..Reach::whole(is_whole) };
        loop {
            match split(text.clone(), delimiter, &none, reach, false) {
                Ok(piece) => return Ok(rows_of(&piece.block, count)),
                Err(open) => text.truncate(open.at),
            }
        }
    }

    /// Cuts the whole file with a separator; for tables that are small.
    pub fn all_rows(&self, delimiter: u8) -> Result<Vec<Vec<String>>, FileRefusal> {
        memory::has_room(self.size.saturating_mul(3))?;
        let mut bytes = self.bytes_at(0, usize::try_from(self.size).unwrap_or(usize::MAX))?;
        bytes.drain(..usize::try_from(self.start).unwrap_or(0).min(bytes.len()));
        let (text, damaged) = self.decoded(bytes);
        let piece = split(text, delimiter, &RowKinds::default(), Reach::whole(true), damaged)
            .map_err(|open| FileRefusal::new(RefusalKind::OpenQuote, (open.record + 1).to_string()))?;
        Ok(rows_of(&piece.block, usize::MAX))
    }

    /// Cuts the lines of the first rows at single CRs too, to see whether a header stands before one.
    pub fn first_rows_at_every_end(
        &self,
        delimiter: u8,
        count: usize,
    ) -> Result<Option<Vec<Vec<String>>>, FileRefusal> {
        let mut head = self.head()?;
        head.truncate(memchr::memrchr(b'\n', &head).map_or(0, |i| i + 1));
        head.drain(..usize::try_from(self.start).unwrap_or(0).min(head.len()));
        let is_single = |i: &usize| !matches!(head.get(i + 1), None | Some(b'\n' | b'\r'));
        let single: Vec<usize> = memchr::memchr_iter(b'\r', &head).filter(is_single).collect();
        if single.is_empty() {
            return Ok(None);
        }
        single.iter().for_each(|i| head[*i] = b'\n');
        let (text, _) = self.decoded(head);
        let piece = split(text, delimiter, &RowKinds::default(), Reach::whole(true), false).ok();
        Ok(piece.map(|piece| rows_of(&piece.block, count)))
    }
}

fn rows_of(block: &Block, count: usize) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new(); (block.line_count() as usize).min(count)];
    for row in 0..block.len() {
        if let Some(place) = rows.get_mut(block.line(row) as usize) {
            *place = (0..block.width(row)).map(|column| block.cell(row, column).to_string()).collect();
        }
    }
    rows
}
