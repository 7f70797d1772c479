//! The sheets of a workbook: which one is read, or which several as one batch.

use super::Talk;
use super::acts::Topic;
use crate::app::command::Command;
use crate::domain::sheet::SheetLine;

/// So much of a sheet's first row is told.
const FIRST_ROW: usize = 40;

impl Talk {
    pub(super) fn sheet_lines(&self, from: usize, most: usize) -> Vec<String> {
        self.app.import.sheets().iter().skip(from).take(most).map(|sheet| self.sheet_line(sheet)).collect()
    }

    fn sheet_line(&self, sheet: &SheetLine) -> String {
        let told = self.app.locale.sheet_told(sheet);
        let is_filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
        let Some(row) = sheet.first_rows.iter().find(is_filled) else { return told };
        let cells: Vec<&str> = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let mut row: String = cells.join(" | ");
        if let Some((end, _)) = row.char_indices().nth(FIRST_ROW) {
            row.truncate(end);
            row.push('…');
        }
        told + &self.app.locale.fill("plain.sheet-first-row", &[("row", &row)])
    }

    /// Takes several numbers at once: 1,3. Tells whether it is that what was typed.
    pub(super) fn take_several_sheets(&mut self, typed: &str) -> bool {
        let numbers: Option<Vec<usize>> = typed
            .split([',', '、', ';', ' '])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse::<usize>().ok()?.checked_sub(1))
            .collect();
        let (from, count) = (self.first(Topic::Sheets), self.app.import.sheets().len());
        match numbers {
            Some(numbers) if 1 < numbers.len() && numbers.iter().all(|at| from + at < count) => {
                self.take_sheets(numbers.into_iter().map(|at| from + at));
                true
            }
            _ => false,
        }
    }

    pub(super) fn take_every_sheet(&mut self) {
        self.take_sheets(self.app.import.rosters());
    }

    pub(super) fn take_sheets(&mut self, sheets: impl IntoIterator<Item = usize>) {
        self.app.import.mark_sheets(sheets);
        self.order(Command::ChooseSheet);
    }
}
