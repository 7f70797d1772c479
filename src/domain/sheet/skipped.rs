//! Rows under the header that are no data (跳过的行), as runs of neighbours with one reason.

use std::collections::BTreeMap;

use super::rows::SkipReason;
use crate::domain::text;

/// What stands between the cells of a row that is told.
const BETWEEN: &str = " | ";
/// So many characters of a row are kept.
const KEPT: usize = 80;
/// Of so many rows the text is kept.
const ROWS: usize = 2000;

/// Neighbouring rows that were skipped for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRun {
    /// The first and the last, as the spreadsheet numbers them.
    pub first: u32,
    pub last: u32,
    pub reason: SkipReason,
    /// What stands in the first; may be empty.
    pub text: String,
}

impl SkippedRun {
    /// Lists the rows of runs.
    pub fn rows(runs: &[SkippedRun]) -> Vec<(u32, SkipReason)> {
        runs.iter().flat_map(|run| (run.first..=run.last).map(|line| (line, run.reason))).collect()
    }

    /// Gives the first row with each cell in another form; a cell comes with its place.
    pub fn text_with(&self, form: impl Fn((usize, &str)) -> String) -> String {
        let cells: Vec<String> = self.text.split(BETWEEN).enumerate().map(form).collect();
        cells.join(BETWEEN)
    }
}

/// The texts of skipped rows, each the first of its run, by their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkippedTexts(BTreeMap<u32, String>);

impl SkippedTexts {
    /// Keeps the text of a row that is skipped behind others, where it is the first of a run and says something.
    pub fn keep<'a>(
        &mut self,
        (line, reason): (u32, SkipReason),
        before: Option<&(u32, SkipReason)>,
        cells: impl Iterator<Item = &'a [u8]>,
    ) {
        let says_nothing = matches!(reason, SkipReason::Blank | SkipReason::RepeatedHeader | SkipReason::TurnedHeader);
        let goes_on = before.is_some_and(|(last, of)| *of == reason && last + 1 == line);
        if !says_nothing && !goes_on && self.0.len() < ROWS {
            self.0.insert(line, first_cells(cells));
        }
    }

    /// Takes the texts of rows that are counted from a line.
    pub fn join(&mut self, others: &SkippedTexts, from: u32) {
        let left = ROWS.saturating_sub(self.0.len());
        self.0.extend(others.0.iter().take(left).map(|(line, text)| (from + line, text.clone())));
    }

    /// Takes those of runs.
    pub fn take(&mut self, runs: Vec<SkippedRun>) {
        let told = runs.into_iter().filter(|run| !run.text.is_empty());
        self.0.extend(told.map(|run| (run.first, run.text)));
    }

    pub fn of(&self, line: u32) -> &str {
        self.0.get(&line).map_or("", String::as_str)
    }

    /// Puts neighbouring rows with one reason together, with what stands in the first of them.
    pub fn runs(&self, skipped: &[(u32, SkipReason)]) -> Vec<SkippedRun> {
        let run = |(first, last, reason)| SkippedRun { first, last, reason, text: self.of(first).to_string() };
        SkipReason::runs(skipped).into_iter().map(run).collect()
    }
}

/// Gives the first cells of a row, as many as are told; a number is not cut, for half of one is masked by nobody.
fn first_cells<'a>(cells: impl Iterator<Item = &'a [u8]>) -> String {
    let mut told = String::new();
    let mut left = KEPT;
    let mut filled = 0;
    for (at, cell) in cells.enumerate() {
        let cell = String::from_utf8_lossy(cell);
        let cell = cell.trim();
        let length = cell.chars().count();
        if at != 0 {
            told.push_str(BETWEEN);
        }
        if left < length + BETWEEN.len() {
            let cut: String = if at == 0 || told.trim_matches([' ', '|']).is_empty() {
                cell.chars().take(left).collect()
            } else {
                String::new()
            };
            told.push_str(cut.trim_end_matches(|c: char| text::half_width(c).is_ascii_alphanumeric()));
            told.push('…');
            return told;
        }
        left -= length + BETWEEN.len();
        told.push_str(cell);
        if length != 0 {
            filled = told.len();
        }
    }
    told.truncate(filled);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(cells: &[&str]) -> String {
        first_cells(cells.iter().map(|cell| cell.as_bytes()))
    }

    #[test]
    fn a_row_is_kept_as_far_as_it_is_told() {
        assert_eq!(kept(&["合计", "", " 1800 ", "", ""]), "合计 |  | 1800");
        assert_eq!(kept(&["", ""]), "");
        let long = kept(&[&"长".repeat(200), "2"]);
        assert_eq!((long.chars().count(), long.ends_with('…')), (KEPT + 1, true));
        let number = "110105194912310021";
        let cut = kept(&[&"长".repeat(70), number]);
        assert!(!cut.contains("1101"), "{cut}");
        let within = kept(&[&format!("{}{number}{}", "长".repeat(70), "短".repeat(70))]);
        assert!(!within.contains("1101"), "{within}");
    }

    #[test]
    fn the_first_of_a_run_says_what_was_skipped() {
        let mut texts = SkippedTexts::default();
        let mut skipped: Vec<(u32, SkipReason)> = Vec::new();
        for (line, reason, cell) in [
            (3, SkipReason::Title, "甲组"),
            (4, SkipReason::Title, "乙组"),
            (5, SkipReason::Blank, ""),
            (9, SkipReason::Title, "丙组"),
        ] {
            texts.keep((line, reason), skipped.last(), std::iter::once(cell.as_bytes()));
            skipped.push((line, reason));
        }
        let mut all = SkippedTexts::default();
        all.join(&texts, 100);
        let lines: Vec<(u32, SkipReason)> = skipped.iter().map(|(line, reason)| (line + 100, *reason)).collect();
        let runs = all.runs(&lines);
        let told: Vec<_> = runs.iter().map(|run| (run.first, run.last, run.text.as_str())).collect();
        assert_eq!(told, [(103, 104, "甲组"), (105, 105, ""), (109, 109, "丙组")]);
        assert_eq!(SkippedRun::rows(&runs), lines);
    }
}
