//! Where a row came from (行的来源), where a roster was put together of several: columns aside say it, in a merged file too.

use super::{Roster, RowId};
use crate::domain::sheet::ColumnMap;

/// Where a row of a roster that was put together came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOrigin {
    pub file: String,
    /// Empty for a text file.
    pub sheet: String,
    /// The row as the spreadsheet numbers it.
    pub line: u32,
}

impl RowOrigin {
    /// The labels of the columns in which a merged file says it; forms know them as none of theirs.
    pub const LABELS: [&'static str; 3] = ["来源文件", "来源工作表", "来源行"];

    /// Tells whether a column says where its row came from.
    pub fn is_label(label: &str) -> bool {
        RowOrigin::LABELS.contains(&label.trim())
    }

    /// Gives the columns that say it, where all are there.
    fn columns(columns: &ColumnMap) -> Option<[usize; 3]> {
        let find = |label: &str| columns.source.iter().position(|c| c.field.is_none() && c.label.trim() == label);
        let [file, sheet, line] = RowOrigin::LABELS.map(find);
        Some([file?, sheet?, line?])
    }
}

impl Roster {
    /// Tells where a row came from; nothing in a roster that is one file's.
    pub fn origin_of(&self, row: RowId) -> Option<RowOrigin> {
        let told = RowOrigin::columns(&self.columns).and_then(|columns| {
            let [file, sheet, line] = columns.map(|column| self.source_cell(row, column).trim());
            let line = line.parse().ok().filter(|_| !file.is_empty())?;
            Some(RowOrigin { file: file.to_string(), sheet: sheet.to_string(), line })
        });
        told.or_else(|| self.part_origin(row))
    }
}
