//! Rows that were put aside (移出名册) and notes on rows (备注). Of a row that was put aside nothing is found, and what is found of
//! others is found without it.

use std::sync::Arc;

use super::{Batch, asked};
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::roster::{Change, RowEdit, RowId, RowWhat};
use crate::domain::rules::{Detail, Finding, Keys, Memo, RuleId};
use crate::domain::sheet::{CalledNames, Field};

impl Batch {
    /// Makes a change that says something of rows, or with nothing takes it back; rows of which that is so already are left
    /// out.
    pub fn say(
        &self,
        title: impl Into<String>,
        what: RowWhat,
        rows: impl IntoIterator<Item = RowId>,
        text: Option<&Arc<str>>,
    ) -> Change {
        let there = rows.into_iter().filter(|row| *row < self.roster.len());
        let edit = |row| RowEdit { row, what, before: self.roster.said(row, what).cloned(), after: text.cloned() };
        let rows = there.map(edit).filter(|edit| edit.before != edit.after).collect();
        Change { title: title.into(), rows, ..Change::default() }
    }

    /// Counts the rows that a change puts aside although they have numbers in the ledger: these stay there.
    pub fn numbers_put_aside(&self, change: &Change) -> usize {
        self.numbers_among(&change.rows)
    }

    pub(super) fn numbers_among(&self, rows: &[RowEdit]) -> usize {
        let known = &self.context().known;
        let has_number = |row: RowId| {
            let code = CertCode::new(&asked(Field::Code, self.roster.cell(row, Field::Code)));
            let its = code.and_then(|code| known.of_code(code)).map(|(_, its)| its);
            its.is_some_and(|its| {
                its.row.is_some() && its.row == known.batch.map(|batch| (batch, row)) && its.status != Status::Void
            })
        };
        let goes = |e: &&RowEdit| e.what == RowWhat::Aside && e.before.is_none() && e.after.is_some();
        rows.iter().filter(goes).filter(|e| has_number(e.row)).count()
    }

    /// Finds the row that says the same as a finding's in every column, before it: whoever wants one of them puts the later one
    /// aside.
    pub fn double_of(&self, finding: &Finding) -> Option<RowId> {
        let Detail::Row(other) = finding.detail else { return None };
        let is_double = finding.rule.key_kind().is_some() && other < finding.row && self.is_copy(other, finding.row);
        is_double.then_some(other)
    }

    /// Finds the row before a finding's that has the same award of the same person, and differs in nothing of the form but the code:
    /// the later one may be too many.
    pub fn repeat_of(&self, finding: &Finding) -> Option<RowId> {
        let Detail::Row(other) = finding.detail else { return None };
        let is_same = |field: Field| self.roster.cell(other, field) == self.roster.cell(finding.row, field);
        let is_repeat = finding.rule == RuleId::AwardTwice
            && other < finding.row
            && [other, finding.row].iter().all(|row| self.roster.source_width(*row) != 0)
            && Field::ALL.into_iter().all(|field| field == Field::Code || is_same(field));
        is_repeat.then_some(other)
    }

    /// Tells whether a finding's row may be put aside for what another says.
    pub fn may_go(&self, finding: &Finding) -> bool {
        self.double_of(finding).or_else(|| self.repeat_of(finding)).is_some()
    }

    /// Tells whether a row that was read as a person's may be the foot of the table: it has neither an ID number nor a code, and
    /// something in it speaks of the table.
    pub fn may_be_foot(&self, row: RowId) -> bool {
        let cell = |field| self.roster.cell(row, field);
        let has_none = |field| cell(field).trim().is_empty();
        let words = &self.context().tables().row_words;
        has_none(Field::IdNumber)
            && has_none(Field::Code)
            && self.context().sheet().fields.iter().any(|field| words.speaks_of_table(*field, cell(*field)))
    }

    /// Lists the rows in force that may be the foot of the table.
    pub fn feet(&self) -> impl Iterator<Item = RowId> {
        (0..self.roster.len()).filter(|row| !self.roster.is_aside(*row) && self.may_be_foot(*row))
    }

    /// Lists the rows in force that say the same as one before them in every column, each with that one.
    pub fn doubles(&self) -> impl Iterator<Item = (RowId, RowId)> {
        let all = self.findings.iter().filter_map(|finding| Some((finding.row, self.double_of(finding)?)));
        let mut last = None;
        all.filter(move |(row, _)| last.replace(*row) != Some(*row))
    }

    /// Masks what is said of a row: anything may stand in it.
    pub fn masked_said(&self, row: RowId, text: &str) -> String {
        let names = [Field::Name, Field::OldName].map(|field| self.roster.cell(row, field));
        let words = &self.context().tables().row_words;
        self.called.with(&self.roster, words, |called| words.masked_words_about(text, names, called))
    }

    /// Gives what the people of the roster are called.
    pub fn called_names(&self) -> CalledNames {
        self.called.with(&self.roster, &self.context().tables().row_words, CalledNames::clone)
    }

    /// Puts what is said of rows in force; rows that came or went are added to those to be checked. Tells whether any did.
    pub(super) fn put_said(&mut self, said: &[RowEdit], forward: bool, rows: &mut Vec<RowId>) -> bool {
        let mut is_moved = false;
        let len = self.roster.len();
        for edit in said.iter().filter(|edit| edit.row < len) {
            let was_aside = self.roster.is_aside(edit.row);
            let text = if forward { &edit.after } else { &edit.before };
            self.roster.say(edit.row, edit.what, text.as_ref());
            let is_aside = self.roster.is_aside(edit.row);
            if was_aside != is_aside {
                self.note_row(edit.row, !is_aside);
                rows.push(edit.row);
                is_moved = true;
            }
        }
        is_moved
    }

    /// Checks a row by itself; one that was put aside has no findings and takes no part in keys.
    pub(super) fn check_left(&self, row: RowId, memo: &mut Memo) -> (Vec<Finding>, Keys) {
        if self.roster.is_aside(row) { Default::default() } else { self.checker.check_one(&self.roster, row, memo) }
    }

    /// Takes a row into what is known of the columns, or out of it.
    fn note_row(&mut self, row: RowId, is_there: bool) {
        for field in Field::ALL {
            let text = self.roster.cell(row, field);
            let held = &mut self.held[field.index()];
            let one = u64::from(!text.is_empty());
            *held = if is_there { *held + one } else { held.saturating_sub(one) };
            self.texts.put_row(row, field, text, is_there);
            self.ways.put(self.checker.context().tables(), field, text, is_there);
        }
    }
}
