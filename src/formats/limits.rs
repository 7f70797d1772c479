//! How large a file may be that is read (限度). They are settings; what goes beyond them is refused in words.

use super::workbook::MAX_ROWS;

/// What a file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a table, those above its header among them.
    pub rows: u32,
    /// Columns of a sheet that hold something.
    pub columns: u32,
    /// Kilobytes of text in one cell of a workbook.
    pub cell_kb: u32,
    /// Megabytes of a file.
    pub file_mb: u32,
    /// Texts that a workbook keeps for all its cells.
    pub texts: u32,
    /// Megabytes of memory that the process may take which reads a workbook.
    pub reader_mb: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { rows: MAX_ROWS, columns: 500, cell_kb: 1024, file_mb: 1024, texts: 6_000_000, reader_mb: 6144 }
    }
}

impl Limits {
    /// Writes them for another process of ours.
    pub fn written(&self) -> String {
        let Limits { rows, columns, cell_kb, file_mb, texts, reader_mb } = self;
        [rows, columns, cell_kb, file_mb, texts, reader_mb].map(ToString::to_string).join(",")
    }

    /// Reads what was written; where that is something else, those that are built in.
    pub fn of_text(text: &str) -> Limits {
        let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[rows, columns, cell_kb, file_mb, texts, reader_mb]) => {
                Limits { rows, columns, cell_kb, file_mb, texts, reader_mb }
            }
            _ => Limits::default(),
        }
    }

    pub fn file_bytes(&self) -> u64 {
        u64::from(self.file_mb) << 20
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_reads_what_was_written() {
        let limits = Limits { rows: 7, columns: 6, cell_kb: 5, file_mb: 4, texts: 3, reader_mb: 300 };
        assert_eq!(Limits::of_text(&limits.written()), limits);
        assert_eq!(Limits::of_text("7,6"), Limits::default());
    }
}
