//! What a sheet does not show: rows and columns that are hidden, filtered out, folded away, or of no height or width.

use super::MAX_ROWS;
use super::merges::attribute;
use crate::domain::roster::Beside;

/// More runs than this are not kept.
const MAX_RUNS: usize = 50_000;

/// Rows or columns, from 1, as runs of the first and the last.
pub type Runs = Vec<(u32, u32)>;

/// What a sheet does not show.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub rows: Runs,
    pub columns: Runs,
    /// Those of the rows that are in a group that is folded.
    pub folded: Runs,
    pub is_filtered: bool,
}

impl Hidden {
    /// Notes what an opening tag hides: `<row r="4" hidden="1">`, `<row r="4" ht="0">`, `<col min="8" max="9" width="0"/>`.
    pub fn note(&mut self, tag: &[u8]) {
        let Some(tag) = memchr::memchr(b'>', tag).map(|end| &tag[..end]) else { return };
        let text = |name: &[u8]| std::str::from_utf8(attribute(tag, name)?).ok();
        let number = |name: &[u8]| -> Option<u32> { text(name)?.parse().ok() };
        let is_nothing =
            |name: &[u8]| text(name).and_then(|text| text.parse().ok()).is_some_and(|size: f64| size == 0.0);
        let is_hidden = matches!(attribute(tag, b"hidden"), Some(b"1" | b"true"));
        let name = tag.split(u8::is_ascii_whitespace).next().and_then(|name| name.rsplit(|b| *b == b':').next());
        match name {
            Some(b"row") if is_hidden || is_nothing(b"ht") => {
                let Some(row) = number(b"r") else { return };
                add(&mut self.rows, (row, row));
                if number(b"outlineLevel").is_some_and(|level| 0 < level) {
                    add(&mut self.folded, (row, row));
                }
            }
            Some(b"col") if is_hidden || is_nothing(b"width") => {
                if let Some(run) = number(b"min").zip(number(b"max")) {
                    add(&mut self.columns, run);
                }
            }
            _ => {}
        }
    }

    /// Notes rows that are counted from 0.
    pub fn hide_rows(&mut self, first: u32, count: u32, is_folded: bool) {
        let run = (first.saturating_add(1), first.saturating_add(count).min(MAX_ROWS));
        add(&mut self.rows, run);
        if is_folded {
            add(&mut self.folded, run);
        }
    }

    /// Notes columns that are counted from 0.
    pub fn hide_columns(&mut self, first: u32, count: u32) {
        add(&mut self.columns, (first.saturating_add(1), first.saturating_add(count)));
    }

    /// Gives what was noted, in order.
    pub fn beside(self) -> Beside {
        let Hidden { rows, columns, folded, is_filtered } = self;
        Beside {
            hidden_rows: joined(rows),
            hidden_columns: joined(columns),
            folded_rows: joined(folded),
            is_filtered,
            ..Beside::default()
        }
    }
}

fn add(runs: &mut Runs, (from, to): (u32, u32)) {
    // A row may be hidden and of no height.
    if runs.last().is_some_and(|last| last.0 <= from && to <= last.1) {
        return;
    }
    let is_full = MAX_RUNS <= runs.len();
    match runs.last_mut().filter(|last| last.1.checked_add(1) == Some(from)) {
        Some(last) => last.1 = to,
        None if is_full => {}
        None => runs.push((from, to)),
    }
}

/// Puts runs in order, and together where they meet.
pub fn joined(mut runs: Runs) -> Runs {
    runs.sort_unstable();
    let mut all: Runs = Vec::with_capacity(runs.len());
    for (from, to) in runs {
        match all.last_mut().filter(|last| from <= last.1.saturating_add(1)) {
            Some(last) => last.1 = last.1.max(to),
            None => all.push((from, to)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_runs_together() {
        assert_eq!(joined(vec![(5, 5), (1, 2), (3, 3), (2, 2), (9, 12)]), [(1, 3), (5, 5), (9, 12)]);
        let mut hidden = Hidden::default();
        hidden.note(b"row r=\"4\" ht=\"0\" customHeight=\"1\">");
        hidden.note(b"row r=\"5\" ht=\"0.75\" customHeight=\"1\">");
        hidden.note(b"x:row r='7' outlineLevel='1' hidden='true'/>");
        hidden.note(b"col min=\"2\" max=\"3\" width=\"0\"/>");
        hidden.hide_rows(4, 1, false);
        let told = hidden.beside();
        assert_eq!((told.hidden_rows, told.hidden_columns), (vec![(4, 5), (7, 7)], vec![(2, 3)]));
        assert_eq!(told.folded_rows, [(7, 7)]);
    }
}
