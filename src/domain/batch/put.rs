//! Changes that are put into a batch, and what is found of its rows after them: the rows themselves and all that share a key with
//! them. A change of very many cells can be followed and stopped on the way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Batch;
use crate::domain::roster::{CellEdit, Change, History, KeyIndex, RowEdit, RowId};
use crate::domain::rules::{Finding, Keys, Memo};
use crate::domain::sheet::Field;

/// After so many cells or rows it is told how far it has come.
const STEP: usize = 0x400;

/// So many rows are checked before it is told how far that has come.
const CHECKED_AT_ONCE: usize = 1 << 14;

/// In so many parts are they checked, side by side, where they are enough for each part to learn which words are clean.
const PARTS: usize = 8;
const WORTH_PARTING: usize = 1 << 12;

/// For so many rows it is worth to remember which words are clean.
const WORTH_REMEMBERING: usize = 64;

/// Where codes or ID numbers of more than such a part of the rows change, all are compared with each other anew, in place of each
/// with those that share its keys.
const COMPARED_ANEW: usize = 8;

/// Told how much is done of how much; says whether to stop.
pub type Following<'a> = &'a dyn Fn(usize, usize) -> bool;

/// Never stops.
pub(super) fn never(_: usize, _: usize) -> bool {
    false
}

/// What a batch is to become.
#[derive(Debug, Clone)]
pub enum Making {
    Change(Change),
    /// So many steps are to be in force.
    Steps(usize),
}

impl Making {
    /// Counts the cells and rows it touches in a batch.
    pub fn size(&self, batch: &Batch) -> usize {
        let of = |change: &Change| change.edits.len() + change.rows.len();
        match self {
            Making::Change(change) => of(change),
            Making::Steps(wanted) => {
                let (applied, undone) = (batch.history.applied(), batch.history.undone_steps());
                let back = &applied[(*wanted).min(applied.len())..];
                let on = &undone[..wanted.saturating_sub(applied.len()).min(undone.len())];
                back.iter().chain(on).map(|step| of(step)).sum()
            }
        }
    }
}

/// What became of it.
#[derive(Debug)]
pub struct Made {
    /// The changes in the order they were made, and whether each was made or taken back.
    pub steps: Vec<(Arc<Change>, bool)>,
    /// How many undone steps were dropped.
    pub dropped: usize,
}

impl Batch {
    /// Applies a change and records it; returns it for the store, with how many undone steps it dropped.
    pub fn apply(&mut self, change: Change) -> (Arc<Change>, usize) {
        let change = Arc::new(change);
        self.put(&change.edits, &change.rows, true, &never);
        let dropped = self.history.push(Arc::clone(&change));
        (change, dropped)
    }

    /// Takes the last change back; returns it.
    pub fn undo(&mut self) -> Option<Arc<Change>> {
        self.move_by_one(false, &never)
    }

    /// Applies the change that was taken back last; returns it.
    pub fn redo(&mut self) -> Option<Arc<Change>> {
        self.move_by_one(true, &never)
    }

    /// Makes what is wanted, as far as steps can be taken back; nothing where `follow` says so on the way, and then the batch is
    /// of no use any more.
    pub fn make(&mut self, making: Making, follow: Following<'_>) -> Option<Made> {
        let all = making.size(self);
        let (mut made, mut before) = (Made { steps: Vec::new(), dropped: 0 }, 0);
        match making {
            Making::Change(change) => {
                let change = Arc::new(change);
                self.put(&change.edits, &change.rows, true, follow).then_some(())?;
                made.dropped = self.history.push(Arc::clone(&change));
                made.steps.push((change, true));
            }
            Making::Steps(wanted) => loop {
                let now = self.history.applied().len();
                let follow_on = |done: usize, of: usize| follow(2 * before + done, 2 * all.max(of / 2));
                let forward = now < wanted;
                let can = if forward { self.history.redoable() } else { self.history.undoable() };
                if now == wanted || can.is_none() {
                    break;
                }
                let change = self.move_by_one(forward, &follow_on)?;
                before += change.edits.len() + change.rows.len();
                made.steps.push((change, forward));
            },
        }
        Some(made)
    }

    fn move_by_one(&mut self, forward: bool, follow: Following<'_>) -> Option<Arc<Change>> {
        let change = Arc::clone(if forward { self.history.redoable() } else { self.history.undoable() }?);
        self.put(&change.edits, &change.rows, forward, follow).then_some(())?;
        if forward {
            self.history.redone();
        } else {
            self.history.undone();
        }
        Some(change)
    }

    /// Puts a stored history in force, once all rows are there.
    pub fn restore(&mut self, history: History) {
        for change in history.applied().to_vec() {
            self.put(&change.edits, &change.rows, true, &never);
        }
        self.history = history;
    }

    /// Makes edits, or takes them back, and checks the rows again and all that share a key with them; tells whether it came to
    /// the end.
    pub(super) fn put(&mut self, edits: &[CellEdit], said: &[RowEdit], forward: bool, follow: Following<'_>) -> bool {
        let mut rows: Vec<RowId> = Vec::with_capacity(edits.len() + said.len());
        let len = self.roster.len();
        let all = 2 * (edits.len() + said.len());
        for (done, edit) in edits.iter().filter(|edit| edit.row < len).enumerate() {
            if done % STEP == STEP - 1 && follow(done, all) {
                return false;
            }
            let text = if forward { &edit.after } else { &edit.before };
            self.called.note(edit, &self.context().tables().row_words);
            self.note_text(edit.row, edit.field, text);
            self.roster.set(edit.row, edit.field, text);
            rows.push(edit.row);
        }
        let is_moved = self.put_said(said, forward, &mut rows);
        rows.sort_unstable();
        rows.dedup();
        let Some(mut alone) = self.check_alone(&rows, &|done| follow(all / 2 + done, all)) else { return false };
        let mut groups: Vec<(usize, u64)> = Vec::new();
        let is_of_keys = is_moved || edits.iter().any(|e| matches!(e.field, Field::Code | Field::IdNumber));
        let is_many = WORTH_REMEMBERING < rows.len() && len as usize <= COMPARED_ANEW * rows.len();
        let is_anew = self.complete && is_of_keys && is_many;
        for (row, keys) in rows.iter().zip(std::mem::take(&mut alone.keys)) {
            for (kind, key) in keys.into_iter().enumerate() {
                if let Some(place) = self.keys[kind].get_mut(*row as usize) {
                    *place = key;
                }
                let Some(index) = self.index.get_mut(kind).filter(|_| self.complete) else { continue };
                if is_anew {
                    index.put(*row, key);
                    continue;
                }
                let old = index.key(*row);
                // Most rows share nothing, neither before nor now.
                if old != key || !index.is_surely_alone(*row) {
                    groups.extend([(kind, old), (kind, key)]);
                    index.set(*row, key);
                }
            }
        }
        groups.sort_unstable();
        groups.dedup();
        let shared = if is_anew { self.all_shared_findings() } else { self.shared_findings(&groups, &rows) };
        self.replace_found((&rows, &alone.findings, &alone.ends), shared);
        self.renew_whole(&rows, edits, is_moved);
        true
    }

    /// Checks rows by themselves; nothing where `stop`, told how many are done, says so on the way.
    fn check_alone(&self, rows: &[RowId], stop: &dyn Fn(usize) -> bool) -> Option<Alone> {
        let parts = if rows.len() < WORTH_PARTING { 1 } else { PARTS };
        let memo = || if rows.len() < WORTH_REMEMBERING { Memo::none() } else { Memo::uncounted() };
        let parts: Vec<Mutex<(Memo, Alone)>> = (0..parts).map(|_| Mutex::new((memo(), Alone::default()))).collect();
        let mut all =
            Alone { ends: Vec::with_capacity(rows.len()), keys: Vec::with_capacity(rows.len()), ..Alone::default() };
        for (n, some) in rows.chunks(CHECKED_AT_ONCE).enumerate() {
            if n != 0 && stop(n * CHECKED_AT_ONCE) {
                return None;
            }
            let size = some.len().div_ceil(parts.len());
            (self.context().side_by_side)(parts.len(), &|part| {
                let mut place = parts[part].lock().unwrap_or_else(PoisonError::into_inner);
                let (memo, found) = &mut *place;
                for row in some.chunks(size).nth(part).unwrap_or_default() {
                    found.add(self.check_left(*row, memo));
                }
            });
            for part in &parts {
                all.append(&mut part.lock().unwrap_or_else(PoisonError::into_inner).1);
            }
        }
        Some(all)
    }

    /// Puts in place what was found of rows by themselves, and of them and others together.
    fn replace_found(&mut self, (rows, local, ends): (&[RowId], &[Finding], &[usize]), shared: SharedFound) {
        let (mut found, mut spans): (Vec<Finding>, Vec<(RowId, usize)>) = (Vec::with_capacity(local.len()), Vec::new());
        spans.reserve(rows.len());
        let mut shared = shared.into_iter().peekable();
        let (mut at, mut from) = (0, 0);
        loop {
            let (own, other) = (rows.get(at).copied(), shared.peek().map(|(row, _)| *row));
            let Some(row) = own.into_iter().chain(other).min() else { break };
            let before = found.len();
            let of_several = shared.next_if(|(of, _)| *of == row).map(|(_, of_several)| of_several);
            if own == Some(row) {
                found.extend_from_slice(&local[from..ends[at]]);
                (from, at) = (ends[at], at + 1);
            } else if let Some((kinds, _)) = &of_several {
                let kept = |f: &&Finding| f.rule.key_kind().is_none_or(|kind| !kinds[kind]);
                found.extend(self.findings.of_row(row).iter().filter(kept));
            }
            found.extend(of_several.into_iter().flat_map(|(_, found)| found));
            found[before..].sort_unstable();
            spans.push((row, found.len()));
        }
        self.findings.replace_rows(&spans, &found);
    }

    /// Compares all rows with each other anew.
    fn all_shared_findings(&mut self) -> SharedFound {
        self.index.iter_mut().for_each(KeyIndex::build_again);
        let mut shared = SharedFound::new();
        // What was found of rows that share nothing any more goes.
        let before = self.findings.iter().filter(|f| f.rule.key_kind().is_some()).map(|f| f.row);
        shared.extend(before.map(|row| (row, ([true; 3], Vec::new()))));
        for (kind, index) in self.index.iter().enumerate() {
            for finding in index.groups().flat_map(|group| self.shared_in(kind, group)) {
                shared.entry(finding.row).or_insert(([true; 3], Vec::new())).1.push(finding);
            }
        }
        shared
    }

    /// Compares the rows of each group of equal keys; tells per row which kinds of key were looked at and what was found. Of `rows`
    /// it is known that they are looked at.
    fn shared_findings(&self, groups: &[(usize, u64)], rows: &[RowId]) -> SharedFound {
        let mut shared = SharedFound::new();
        for (kind, key) in groups {
            let same = self.index[*kind].rows(*key);
            if let [alone] = same.as_slice()
                && rows.binary_search(alone).is_ok()
            {
                continue;
            }
            for row in &same {
                let (kinds, _) = shared.entry(*row).or_default();
                kinds[*kind] = true;
                kinds[2] |= *kind == 1;
            }
            for finding in self.shared_in(*kind, &same) {
                shared.entry(finding.row).or_default().1.push(finding);
            }
        }
        shared
    }
}

/// What is found of rows by themselves, and their keys.
#[derive(Debug, Default)]
struct Alone {
    findings: Vec<Finding>,
    /// Up to which of these each row goes.
    ends: Vec<usize>,
    keys: Vec<Keys>,
}

impl Alone {
    fn add(&mut self, (findings, keys): (Vec<Finding>, Keys)) {
        self.findings.extend(findings);
        self.ends.push(self.findings.len());
        self.keys.push(keys);
    }

    /// Takes over what was found of the rows behind, and leaves nothing there.
    fn append(&mut self, other: &mut Alone) {
        let before = self.findings.len();
        self.findings.append(&mut other.findings);
        self.ends.extend(other.ends.drain(..).map(|end| before + end));
        self.keys.append(&mut other.keys);
    }
}

/// What is found of rows together with others: the kinds of key that were looked at, and what was found.
type SharedFound = BTreeMap<RowId, ([bool; 3], Vec<Finding>)>;
