//! Rows with their cells below each other, in columns as wide as a terminal draws them.

use unicode_width::UnicodeWidthStr;

use crate::domain::text;

/// How the cells of a table stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Texts, to the left.
    Texts,
    /// A text, then numbers, to the right.
    Numbers,
}

/// Writes rows, each on a line that begins with `indent`; a column that is empty everywhere is left out.
pub fn table(rows: &[Vec<String>], cells: Alignment, indent: &str) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let shown: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| text::visible(cell).into_owned()).collect()).collect();
    let width = |column: usize| shown.iter().filter_map(|row| row.get(column)).map(|c| c.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let stands = row.iter().zip(&widths).enumerate().filter(|(_, (_, width))| 0 < **width);
        let stands = stands.map(|(column, (cell, width))| {
            let pad = " ".repeat(width - cell.width());
            if cells == Alignment::Numbers && 0 < column { pad + cell } else { format!("{cell}{pad}") }
        });
        let line = stands.collect::<Vec<_>>().join("  ");
        format!("{indent}{}\n", line.trim_end())
    };
    shown.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_each_other_whatever_their_width() {
        let rows = [["a", "", "甲"], ["bbb", "", ""], ["乙", "", "\u{1b}c"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|r| r.map(String::from).to_vec()).collect();
        assert_eq!(table(&rows, Alignment::Texts, " "), " a    甲\n bbb\n 乙   ^[c\n");
        assert_eq!(table(&rows[..2], Alignment::Numbers, ""), "a    甲\nbbb\n");
    }
}
