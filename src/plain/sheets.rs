//! The sheets of a workbook: which one is read, or which several as one batch.

use super::Talk;
use super::topic::Topic;
use crate::app::command::Command;
use crate::domain::sheet::SheetLine;

/// So much of a sheet's first row is told.
const FIRST_ROW: usize = 40;

impl Talk {
    pub(super) fn sheet_lines(&self, from: usize, most: usize) -> Vec<String> {
        self.app.import.sheets().iter().skip(from).take(most).map(|sheet| self.sheet_line(sheet)).collect()
    }

    fn sheet_line(&self, sheet: &SheetLine) -> String {
        let told = self.app.locale.sheet_told(sheet, self.app.import.sheet_held(sheet));
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

    /// Takes several numbers at once: 1,3 or 2-4, or * for all that look like rosters. Tells whether it is that what was typed.
    pub(super) fn take_several_sheets(&mut self, typed: &str) -> bool {
        if typed == "*" {
            self.take_every_sheet();
            return true;
        }
        let (from, count) = (self.first(Topic::Sheets), self.app.import.sheets().len());
        match numbers(typed, count.saturating_sub(from)) {
            Some(numbers) if 1 < numbers.len() => {
                self.take_sheets(numbers.into_iter().map(|at| from + at));
                true
            }
            _ => false,
        }
    }

    pub(super) fn take_every_sheet(&mut self) {
        let rosters = self.app.import.rosters();
        if rosters.is_empty() {
            // Which says so.
            return self.order(Command::MarkRosters);
        }
        self.take_sheets(rosters);
    }

    pub(super) fn take_sheets(&mut self, sheets: impl IntoIterator<Item = usize>) {
        self.app.import.mark_sheets(sheets);
        self.order(Command::ChooseSheet);
    }
}

/// Reads numbers and runs of them, of `count` in all; gives them counted from 0, or nothing where it is something else.
pub(super) fn numbers(typed: &str, count: usize) -> Option<Vec<usize>> {
    let number = |typed: &str| typed.trim().parse::<usize>().ok().filter(|n| (1..=count).contains(n)).map(|n| n - 1);
    // A blank parts numbers as well, but for those around a dash.
    let mut joined = typed.to_string();
    for dash in ['-', '~', '–', '—', '至', '到'] {
        joined = joined.split(dash).map(str::trim).collect::<Vec<_>>().join("-");
    }
    let parts = joined.split([',', '、', ';', ' ']).filter(|part| !part.is_empty());
    let runs = parts.map(|part| match part.split_once('-') {
        Some((first, last)) => Some(number(first)?..=number(last)?).filter(|run| !run.is_empty()),
        None => number(part).map(|at| at..=at),
    });
    Some(runs.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn several_sheets_are_typed_as_numbers_and_runs() {
        for (typed, read) in [
            ("1,3", Some(vec![0, 2])),
            ("3 4", Some(vec![2, 3])),
            ("1-3", Some(vec![0, 1, 2])),
            ("1,3-5", Some(vec![0, 2, 3, 4])),
            ("1、 3 - 4", Some(vec![0, 2, 3])),
            ("2至3", Some(vec![1, 2])),
            ("1-6", None),
            ("3-1", None),
            ("0,1", None),
            ("1,一组", None),
            ("1-2-3", None),
        ] {
            assert_eq!(numbers(typed, 5), read, "{typed}");
        }
    }
}
