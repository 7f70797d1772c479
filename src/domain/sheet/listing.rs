//! The sheets of a workbook (工作表) as one chooses among them: what each looks like, and how many rows it has.

use super::row_words::{RowWord, RowWords};
use crate::domain::vocabulary::vocabulary;

/// A cell that explains something is not shorter.
const EXPLAINING: usize = 8;

vocabulary! {
    /// Whether the tab of a sheet is shown.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum TabState {
        #[default]
        Visible = "visible",
        /// It can be brought back by its name in the menu of the tabs.
        Hidden = "hidden",
        /// Only a macro brings it back.
        VeryHidden = "very-hidden",
    }
}

vocabulary! {
    /// What a sheet looks like.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum SheetKind {
        /// It has the header of a roster.
        Roster = "roster",
        /// It says how a roster is filled in.
        Instructions = "instructions",
        /// It has rows, and no header that is known.
        #[default]
        Other = "other",
        Blank = "blank",
        /// Nobody has looked at it.
        Unknown = "unknown",
    }
}

impl SheetKind {
    /// Tells by its name and its first rows what a sheet without a header looks like.
    pub fn without_header(name: &str, rows: &[Vec<String>], words: &RowWords) -> SheetKind {
        let filled = rows.iter().map(|row| row.iter().filter(|cell| !cell.trim().is_empty()));
        let (mut count, mut alone, mut explains) = (0, 0, false);
        for mut cells in filled {
            let Some(first) = cells.next() else { continue };
            count += 1;
            if cells.next().is_none() {
                alone += 1;
                explains |= EXPLAINING <= first.trim().chars().count();
            }
        }
        match count {
            0 => SheetKind::Blank,
            _ if words.any(RowWord::Guide, |word| name.to_lowercase().contains(word)) => SheetKind::Instructions,
            _ if explains && count < 2 * alone => SheetKind::Instructions,
            _ => SheetKind::Other,
        }
    }
}

/// A sheet among those of its workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetLine {
    pub name: String,
    pub tab: TabState,
    pub kind: SheetKind,
    /// How many rows were counted: those below the header where it looks like a roster, else all that are not blank.
    pub rows: u32,
    /// Whether there are more than those, or none were counted.
    pub has_more: bool,
    /// The first rows; what is personal in the columns of a roster is masked.
    pub first_rows: Vec<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_instructions_by_their_name_or_by_rows_of_one_cell() {
        let words = RowWords::new([("说明".to_string(), RowWord::Guide)], std::sync::Arc::default());
        let rows = |rows: &[&[&str]]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_string()).collect()).collect()
        };
        let kind = |name: &str, cells: &[&[&str]]| SheetKind::without_header(name, &rows(cells), &words);
        let table: &[&[&str]] = &[&["栏目", "怎么填"], &["姓名", "按身份证"]];
        let lines: &[&[&str]] = &[&["填报要求"], &["", "一、姓名按身份证填写。"], &[], &["二、日期写八位。", ""]];
        assert_eq!(kind("填写说明（必读）", table), SheetKind::Instructions);
        assert_eq!(kind("Sheet1", table), SheetKind::Other);
        assert_eq!(kind("Sheet1", lines), SheetKind::Instructions);
        assert_eq!(kind("Sheet1", &[&["一"], &["二"]]), SheetKind::Other);
        assert_eq!(kind("填表说明", &[&["", " "], &[]]), SheetKind::Blank);
    }
}
