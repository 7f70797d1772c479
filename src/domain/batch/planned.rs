//! One text for a column of many rows, or one thing said of many, worked out before somebody is asked about it; whoever does not
//! want it any more stops it.

use std::sync::Arc;

use super::Batch;
use crate::domain::roster::{CellEdit, RowEdit, RowId, RowWhat};
use crate::domain::sheet::Field;

/// How many rows are gone through before it is asked again whether to stop.
const STEP: usize = 0x1000;

/// A text that goes into a column of some rows.
#[derive(Debug, Clone)]
pub struct SameText {
    pub field: Field,
    pub value: Arc<str>,
    pub rows: Vec<RowId>,
}

/// What it changes.
#[derive(Debug, Clone, Default)]
pub struct SamePlan {
    pub edits: Vec<CellEdit>,
    /// Those of them that fill a blank cell, where others do not; else none.
    pub blank: Vec<CellEdit>,
    /// How many rows are left out because they are put aside.
    pub aside: usize,
}

/// What is said of some rows; with no text it is taken back.
#[derive(Debug, Clone)]
pub struct Saying {
    pub what: RowWhat,
    pub text: Option<Arc<str>>,
    pub rows: Vec<RowId>,
}

impl Batch {
    /// Works out what one text for a column changes; nothing where `stop` says so on the way.
    pub fn plan_same(&self, wish: &SameText, stop: &dyn Fn() -> bool) -> Option<SamePlan> {
        let (roster, field) = (self.roster(), wish.field);
        let mut plan = SamePlan::default();
        for rows in wish.rows.chunks(STEP) {
            if stop() {
                return None;
            }
            for row in rows.iter().copied().filter(|row| *row < roster.len()) {
                let before = roster.cell(row, field);
                if roster.is_aside(row) {
                    plan.aside += 1;
                } else if before != &*wish.value {
                    plan.edits.push(CellEdit { row, field, before: before.into(), after: Arc::clone(&wish.value) });
                }
            }
        }
        for edits in plan.edits.chunks(STEP) {
            if stop() {
                return None;
            }
            plan.blank.extend(edits.iter().filter(|edit| edit.before.trim().is_empty()).cloned());
        }
        if plan.blank.len() == plan.edits.len() {
            plan.blank.clear();
        }
        Some(plan)
    }

    /// Works out of which rows something is said otherwise, and how many numbers in the ledger are of rows that are put aside;
    /// who was put aside before keeps the reason. Nothing where `stop` says so on the way.
    pub fn plan_said(&self, saying: &Saying, stop: &dyn Fn() -> bool) -> Option<(Vec<RowEdit>, usize)> {
        let (roster, what) = (self.roster(), saying.what);
        let keeps = |row: RowId| what == RowWhat::Aside && saying.text.is_some() && roster.is_aside(row);
        let mut edits: Vec<RowEdit> = Vec::new();
        for rows in saying.rows.chunks(STEP) {
            if stop() {
                return None;
            }
            let rows = rows.iter().copied().filter(|row| *row < roster.len() && !keeps(*row));
            let edit = |row| RowEdit { row, what, before: roster.said(row, what).cloned(), after: saying.text.clone() };
            edits.extend(rows.map(edit).filter(|edit| edit.before != edit.after));
        }
        let mut numbers = 0;
        for rows in edits.chunks(STEP) {
            if stop() {
                return None;
            }
            numbers += self.numbers_among(rows);
        }
        Some((edits, numbers))
    }
}
