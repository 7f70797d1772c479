//! The rows that a selection shows, and how they are worked out.

use super::condition::Test;
use super::order::Sorting;
use super::{Chosen, Condition, RowSelection, SortBy};
use crate::domain::roster::RowId;
use crate::domain::rules::Finding;

/// How many rows are looked at in one step.
const STEP: RowId = 0x1_0000;

/// Stands for a row that is not shown.
const NOWHERE: u32 = u32::MAX;

/// The rows that a selection shows. Rows that stop matching stay until it is set anew, so that none jumps away under an edit.
#[derive(Debug, Clone)]
pub struct Shown {
    selection: RowSelection,
    /// The rows, in the order shown.
    rows: Vec<RowId>,
    /// How many rows each condition leaves of those that the ones before it leave.
    left: Vec<usize>,
    /// The place of each row among those shown, where they are not in the order of the file.
    places: Vec<u32>,
    scanned: RowId,
}

/// Rows being chosen and sorted, by steps.
#[derive(Debug)]
pub struct Selecting {
    tests: Vec<Test>,
    edited: Vec<RowId>,
    shown: Shown,
    sorting: Option<Sorting>,
}

impl Selecting {
    pub fn new(selection: RowSelection, of: Chosen<'_>) -> Selecting {
        Selecting {
            tests: selection.conditions.iter().map(Test::new).collect(),
            edited: edited(&selection, of),
            sorting: None,
            shown: Shown {
                left: vec![0; selection.conditions.len()],
                selection,
                rows: Vec::new(),
                places: Vec::new(),
                scanned: 0,
            },
        }
    }

    /// Gives what is being worked out.
    pub fn selection(&self) -> &RowSelection {
        &self.shown.selection
    }

    /// Goes on by one step; tells whether that was the last. Rows that are changed meanwhile may be shown as they were.
    pub fn step(&mut self, of: Chosen<'_>) -> bool {
        let len = of.batch.roster().len();
        if self.shown.scanned < len {
            let upto = len.min(self.shown.scanned + STEP);
            self.shown.scan(&self.tests, &self.edited, upto, of);
            return upto == len && self.shown.selection.order.is_none();
        }
        let Some(by) = self.shown.selection.order else { return true };
        let sorted = self.sorting.get_or_insert_with(|| Sorting::new(by)).step(of.batch, &self.shown.rows);
        let Some(sorted) = sorted else { return false };
        self.shown.rows = sorted;
        self.shown.note_places(len);
        true
    }

    /// Gives what has been worked out.
    pub fn done(self) -> Shown {
        self.shown
    }
}

impl Shown {
    /// Chooses and sorts rows at once.
    pub fn new(selection: RowSelection, of: Chosen<'_>) -> Shown {
        let mut selecting = Selecting::new(selection, of);
        while !selecting.step(of) {}
        selecting.done()
    }

    pub fn selection(&self) -> &RowSelection {
        &self.selection
    }

    pub fn conditions(&self) -> &[Condition] {
        &self.selection.conditions
    }

    pub fn order(&self) -> Option<SortBy> {
        self.selection.order
    }

    /// Lists the rows in the order shown.
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// Tells how many rows each condition leaves of those that the ones before it leave.
    pub fn left(&self) -> &[usize] {
        &self.left
    }

    /// Lists the rows in the order of the file.
    pub fn in_file_order(&self) -> Vec<RowId> {
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        rows
    }

    /// Looks at the rows that have arrived since; they come behind those that are there.
    pub fn extend(&mut self, of: Chosen<'_>) {
        let tests: Vec<Test> = self.selection.conditions.iter().map(Test::new).collect();
        let len = of.batch.roster().len();
        self.scan(&tests, &edited(&self.selection, of), len, of);
        if self.selection.order.is_some() {
            self.note_places(len);
        }
    }

    fn scan(&mut self, tests: &[Test], edited: &[RowId], upto: RowId, of: Chosen<'_>) {
        let run = self.scanned..upto;
        self.scanned = upto;
        let Some((first, others)) = tests.split_first() else { return self.rows.extend(run) };
        let mut rows = first.list(run, of, edited);
        self.left[0] += rows.len();
        for (test, left) in others.iter().zip(&mut self.left[1..]) {
            rows.retain(|row| test.holds(*row, of, edited));
            *left += rows.len();
        }
        self.rows.append(&mut rows);
    }

    fn note_places(&mut self, len: RowId) {
        self.places = vec![NOWHERE; len as usize];
        self.rows.iter().zip(0..).for_each(|(row, place)| self.places[*row as usize] = place);
    }

    /// Gives the place of a row; of one that is not shown that of the next below it in the file which is.
    pub fn place_of(&self, row: RowId) -> usize {
        if self.selection.order.is_none() {
            return self.rows.partition_point(|r| *r < row);
        }
        let from = self.places.iter().skip(row as usize);
        from.copied().find(|place| *place != NOWHERE).map_or(self.rows.len(), |place| place as usize)
    }

    pub fn has(&self, row: RowId) -> bool {
        match self.selection.order {
            Some(_) => self.places.get(row as usize).is_some_and(|place| *place != NOWHERE),
            None => self.rows.binary_search(&row).is_ok(),
        }
    }

    /// Tells whether a finding is one of those filtered by, in whatever row.
    pub fn wants(&self, finding: &Finding) -> bool {
        let mut of_findings = self.selection.conditions.iter().filter(|c| c.is_of_findings()).peekable();
        of_findings.peek().is_none() || of_findings.any(|c| c.wants(finding))
    }
}

/// Lists the edited rows, where it matters which they are.
fn edited(selection: &RowSelection, of: Chosen<'_>) -> Vec<RowId> {
    let asks = |c: &Condition| matches!(c, Condition::Edited | Condition::Text { field: None, .. });
    if selection.conditions.iter().any(asks) { of.batch.roster().edited_rows() } else { Vec::new() }
}
