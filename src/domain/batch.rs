//! The batch (批次): a roster under one profile, with its findings and its history. The one door for changes.

mod across;
mod beside;
mod called;
mod eaten;
mod findings;
mod folded;
mod known;
mod masked;
mod mended;
mod parts;
mod planned;
mod put;
mod said;
mod sexes;
mod skipped;
pub mod versions;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use across::{Across, SharedRow, SharedRows};
pub use beside::{Cleaned, Look};
pub use findings::Findings;
pub use folded::{Folded, FoldedBy, Folds, Told};

use super::fact::CertificateKind;
use super::roster::{Block, CellEdit, Change, History, KeyIndex, Origin, Roster, RowId};
use super::rules::{
    BlockReport, CheckContext, Checker, Detail, Finding, Fix, RowNumbers, RuleId, Safety, Severity, WayCounts, award,
    key_of_text,
};
use super::sheet::{ColumnMap, Field, SkipReason, SkippedTexts};
use called::Called;
use eaten::Numbers;
pub use known::{all_asked, asked};
pub(in crate::domain) use masked::StrayNames;
pub use masked::{ColumnMask, masked_cell, of_moved_row};
pub use mended::{ColumnState, Mended};
pub use parts::PartFound;
pub use planned::{SamePlan, SameText, Saying};
pub use put::{Made, Making};
use sexes::Sexes;
use whole::ColumnTexts;

/// So many findings are looked at before it is asked again whether to stop.
const FIXES_BETWEEN: usize = 0x400;

/// A roster with its findings and history.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Where the roster came from.
    pub origin: Origin,
    /// Rows that were not taken as data: spreadsheet row and reason.
    pub skipped: Vec<(u32, SkipReason)>,
    /// What stands in the first rows of their runs.
    skipped_texts: SkippedTexts,
    /// Whether every row of the source has arrived.
    pub complete: bool,
    roster: Roster,
    findings: Findings,
    /// The cells that were at fault in the rows as they were imported.
    imported: mended::Faulty,
    history: History,
    checker: Checker,
    /// The keys of the rows by kind: codes and ID numbers only until the reading ends, then they are in `index`. Rows
    /// that share an award key share an ID number and are found through it.
    keys: [Vec<u64>; 3],
    /// Hashes of the names, where blocks were thinned and the names themselves are gone.
    names: Vec<u64>,
    /// Hashes of the whole rows, likewise.
    wholes: Vec<u64>,
    index: [KeyIndex; 2],
    /// The different texts of the columns in which the same ones stand in many rows.
    texts: ColumnTexts,
    /// How the columns are written that may be written in several ways.
    ways: WayCounts,
    /// What is found of the roster as a whole, by row.
    whole: Vec<Finding>,
    /// What tells whether a spreadsheet took the last digits of the ID numbers, for each part.
    numbers: Vec<Numbers>,
    /// What tells whether a column of the sex is the person's.
    sexes: Sexes,
    /// How many cells are filled in columns that were put out.
    left_out: u64,
    /// How the numbers of the rows follow each other.
    row_numbers: RowNumbers,
    /// What was cleaned of the columns when they were read.
    cleaned: Vec<Cleaned>,
    /// How many cells of each column hold something.
    held: [u64; Field::COUNT],
    called: Called,
}

/// A group of fixes as one change, with how many cells each rule touches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FixPlan {
    /// The edits, first to last.
    pub edits: Vec<CellEdit>,
    /// Cells by the rule whose fix changed them; a cell repaired twice counts for both.
    pub cells_by_rule: BTreeMap<RuleId, usize>,
}

impl Batch {
    /// Makes an empty batch; blocks are appended as they arrive. `first_line` is the spreadsheet row they begin at.
    pub fn new(origin: Origin, columns: ColumnMap, first_line: u32, context: CheckContext) -> Batch {
        let checker = Checker::new(context.counting_from_1904(origin.date_1904), columns.clone());
        Batch {
            origin,
            skipped: Vec::new(),
            skipped_texts: SkippedTexts::default(),
            complete: false,
            roster: Roster::new(columns, first_line),
            findings: Findings::default(),
            imported: [0; Field::COUNT],
            history: History::default(),
            checker,
            keys: Default::default(),
            names: Vec::new(),
            wholes: Vec::new(),
            index: Default::default(),
            texts: ColumnTexts::default(),
            ways: WayCounts::default(),
            whole: Vec::new(),
            numbers: Vec::new(),
            sexes: Sexes::default(),
            left_out: 0,
            row_numbers: RowNumbers::default(),
            cleaned: Vec::new(),
            held: [0; Field::COUNT],
            called: Called::default(),
        }
    }

    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Counts what is found of a severity, in the rows and about the table.
    pub fn count(&self, severity: Severity) -> usize {
        let of_table = self.table_findings().iter().filter(|f| f.severity == severity).count();
        self.findings.count(severity) + of_table
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// Gives the profile, the form, the tables and the day the batch is checked with.
    pub fn context(&self) -> &CheckContext {
        self.checker.context()
    }

    /// Gives the checker, to check further blocks on other threads.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// Gives the kind of certificate that a row is for.
    pub fn kind_of(&self, row: RowId) -> CertificateKind {
        self.checker.kind_of(&self.roster, row)
    }

    /// Counts the rows that are for a certificate without a code of 22 characters, by kind.
    pub fn kinds_without_code(&self) -> Vec<(CertificateKind, u32)> {
        if !self.checker.tells_kinds() {
            return Vec::new();
        }
        let counted = CertificateKind::ALL.into_iter().filter(|kind| !kind.has_code()).map(|kind| {
            let n = self.roster.left().filter(|row| self.kind_of(*row) == kind).count();
            (kind, n as u32)
        });
        counted.filter(|(_, n)| *n != 0).collect()
    }

    /// Lists the rows whose code or ID number is a text, in ascending order; nothing for other fields, and nothing until
    /// every row is there. `text` is in the clean form codes and numbers are compared in; where that of a row was thinned away, the
    /// key alone decides.
    pub fn rows_with(&self, field: Field, text: &str) -> Vec<RowId> {
        let kind = match field {
            Field::Code => 0,
            Field::IdNumber => 1,
            _ => return Vec::new(),
        };
        if text.is_empty() {
            return Vec::new();
        }
        let mut rows = self.index[kind].rows(key_of_text(text.as_bytes()));
        rows.retain(|row| self.is_gone(*row) || asked(field, self.roster.cell(*row, field)) == text);
        rows
    }

    /// Appends a block with the report its check gave. Rows are compared with each other once all are there, by
    /// [`Batch::finish`].
    pub fn append(&mut self, block: Arc<Block>, mut report: BlockReport) {
        let first = self.roster.append(block);
        let (part, begins) = (self.roster.part_of(first), self.roster.first_line_of_last());
        if self.numbers.len() <= part {
            self.numbers.resize_with(part + 1, Numbers::default);
            self.row_numbers.begin_anew();
        }
        self.row_numbers.join(&report.row_numbers, begins);
        self.texts.take(first, &mut report);
        self.ways.join(&report.ways);
        let mut findings = report.findings;
        if first != 0 {
            findings.iter_mut().for_each(|f| f.row += first);
        }
        for (all, new) in self.keys.iter_mut().zip(report.keys) {
            all.extend(new);
        }
        self.names.extend(report.names);
        self.wholes.extend(report.wholes);
        self.left_out += report.left_out;
        self.note_cleaned((part, first), &report.cleaned);
        self.held.iter_mut().zip(report.held).for_each(|(all, new)| *all += new);
        self.numbers[part].take(first, report.numbers);
        self.sexes.take(first, &report.sexes);
        report.filled.into_iter().for_each(|column| self.roster.columns.contest(column));
        self.findings.append(first, findings);
    }

    /// Ends the reading: every row is there. `build` sorts the keys of the codes and of the ID numbers; it is a parameter
    /// so that the caller may use several threads.
    pub fn finish(&mut self, build: impl FnOnce([Vec<u64>; 2]) -> [KeyIndex; 2]) {
        self.mark_eaten_numbers();
        self.leave_strange_sex();
        let [codes, ids, _] = &mut self.keys;
        self.index = build([std::mem::take(codes), std::mem::take(ids)]);
        self.complete = true;
        let mut shared: Vec<Finding> = Vec::new();
        for (kind, index) in self.index.iter().enumerate() {
            shared.extend(index.groups().flat_map(|group| self.shared_in(kind, group)));
        }
        shared.sort_unstable();
        for group in shared.chunk_by(|a, b| a.row == b.row) {
            let mut findings = self.findings.of_row(group[0].row).to_vec();
            findings.extend(group);
            findings.sort_unstable();
            self.findings.replace(group[0].row, &findings);
        }
        self.renew_whole(&[], &[], false);
        self.imported = *self.findings.faulty();
    }

    /// Compares rows with equal keys, given in ascending order. What two rows cannot both be right in is found in both: nobody
    /// knows yet which of them is wrong.
    fn shared_in(&self, kind: usize, rows: &[RowId]) -> Vec<Finding> {
        let mut found = Vec::new();
        for same in self.same_keys(kind, rows) {
            if kind == 0 {
                self.repeated(0, &same, &mut found);
                continue;
            }
            self.contradicted(kind, &same, &mut found);
            let award = |row: &RowId| self.keys[2].get(*row as usize).copied().filter(|key| *key != 0);
            let mut awards: Vec<(u64, RowId)> = same.iter().filter_map(|row| Some((award(row)?, *row))).collect();
            self.doubted(&mut awards, &mut found);
            awards.iter_mut().for_each(|(key, _)| *key = award::what(*key));
            awards.sort_unstable();
            for group in awards.chunk_by(|a, b| a.0 == b.0).filter(|group| 1 < group.len()) {
                let rows: Vec<RowId> = group.iter().map(|(_, row)| *row).collect();
                self.same_keys(2, &rows).iter().for_each(|same| self.repeated(2, same, &mut found));
            }
        }
        found
    }

    /// Parts rows with equal keys by the texts behind the keys: one part, but for a chance in 2^64.
    fn same_keys(&self, kind: usize, rows: &[RowId]) -> Vec<Vec<RowId>> {
        let mut parts: Vec<Vec<RowId>> = Vec::new();
        for row in rows {
            match parts.iter_mut().find(|part| self.same_key(kind, part[0], *row)) {
                Some(part) => part.push(*row),
                None => parts.push(vec![*row]),
            }
        }
        parts
    }

    /// Finds rows that say once more what another says: each names the nearest before it, the first one the next that is not a
    /// mere copy of it. Of rows that are equal in every column the first is as good as alone.
    fn repeated(&self, kind: usize, rows: &[RowId], found: &mut Vec<Finding>) {
        let Some(first) = rows.first() else { return };
        let other = rows[1..].iter().find(|row| !self.is_copy(*first, **row));
        found.extend(other.and_then(|other| self.shared(kind, *other, *first)));
        found.extend(rows.windows(2).filter_map(|pair| self.shared(kind, pair[0], pair[1])));
    }

    /// Finds rows with a name of which another has another: each names the nearest of these, one before it if there is one.
    fn contradicted(&self, kind: usize, rows: &[RowId], found: &mut Vec<Finding>) {
        let mut named = rows.iter().map(|row| (self.name(*row), *row)).filter(|(name, _)| *name != 0);
        let Some(mut last) = named.next() else { return };
        let mut before = None;
        let mut first_name = vec![last.1];
        for (name, row) in named {
            if name != last.0 {
                first_name.drain(..).for_each(|early| found.extend(self.shared(kind, row, early)));
                before = Some(last.1);
            }
            match before {
                Some(other) => found.extend(self.shared(kind, other, row)),
                None => first_name.push(row),
            }
            last = (name, row);
        }
    }

    /// Checks and appends the only block of a small roster, and ends the reading.
    pub fn check_and_append(&mut self, block: Arc<Block>) {
        let report = self.checker.check_block(&block);
        self.append(block, report);
        self.finish(|keys| keys.map(KeyIndex::build));
    }

    /// Tells whether rows with equal keys have equal texts. Where the text was thinned away, the key alone decides.
    fn same_key(&self, kind: usize, a: RowId, b: RowId) -> bool {
        self.is_gone(a) || self.is_gone(b) || self.checker.same_key(kind, &self.roster, a, b)
    }

    fn is_gone(&self, row: RowId) -> bool {
        !self.names.is_empty() && self.roster.source_width(row) == 0
    }

    /// Tells whether two rows say the same in every column, those that the form does not know among them.
    fn is_copy(&self, a: RowId, b: RowId) -> bool {
        let roster = &self.roster;
        let is_known = |column: usize| roster.columns.source.get(column).is_some_and(|c| c.field.is_some());
        match (self.wholes.get(a as usize), self.wholes.get(b as usize)) {
            (Some(a), Some(b)) => a == b,
            _ => {
                let width = roster.source_width(a).max(roster.source_width(b));
                Field::ALL.iter().all(|field| roster.cell(a, *field) == roster.cell(b, *field))
                    && (0..width).all(|c| is_known(c) || roster.source_cell(a, c) == roster.source_cell(b, c))
            }
        }
    }

    /// Gives a hash of a row's name, 0 for none.
    fn name(&self, row: RowId) -> u64 {
        self.names.get(row as usize).copied().unwrap_or_else(|| Checker::name(&self.roster, row))
    }

    fn shared(&self, kind: usize, other: RowId, row: RowId) -> Option<Finding> {
        self.checker.shared(kind, other, row, || {
            let (a, b) = (self.name(other), self.name(row));
            a != b && a != 0 && b != 0
        })
    }

    /// Gives back a block that was thinned, as it was read.
    pub fn restore_block(&mut self, number: usize, block: Arc<Block>) {
        self.roster.restore_block(number, block);
    }

    /// Makes a change that puts texts into cells; cells that would stay the same are left out.
    pub fn change(
        &self,
        title: impl Into<String>,
        cells: impl IntoIterator<Item = (RowId, Field, Arc<str>)>,
    ) -> Change {
        let edits = cells
            .into_iter()
            .filter(|(row, ..)| *row < self.roster.len())
            .filter_map(|(row, field, after)| {
                let before = self.roster.cell(row, field);
                (before != &*after).then(|| CellEdit { row, field, before: before.into(), after })
            })
            .collect();
        Change { title: title.into(), edits, ..Change::default() }
    }

    /// Proposes a repair for a finding.
    pub fn fix(&self, finding: &Finding) -> Option<Fix> {
        let Finding { row, field, .. } = *finding;
        // What says the same as another row throughout goes as a whole.
        if self.double_of(finding).is_some() {
            return None;
        }
        let own = asked(field, self.roster.cell(row, field));
        // Another spelling of its own code or number takes nobody else's.
        let is_taken = |to: &str| {
            let to = asked(field, to);
            to != own && self.rows_with(field, &to).iter().any(|other| *other != row)
        };
        self.checker.fix(&self.roster, finding, is_taken)
    }

    /// Plans the fixes of all findings that pass `wanted`, safe ones only unless `also_unsafe`: repeated on the result until
    /// nothing more changes, at most ten rounds. Nothing is changed yet.
    pub fn plan_fixes(&mut self, also_unsafe: bool, wanted: impl Fn(&Finding) -> bool) -> FixPlan {
        self.plan_fixes_unless(also_unsafe, wanted, &|| false).unwrap_or_default()
    }

    /// The same; nothing where `stop` says so on the way, and then the batch is of no use any more.
    pub fn plan_fixes_unless(
        &mut self,
        also_unsafe: bool,
        wanted: impl Fn(&Finding) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<FixPlan> {
        let follow = |_, _| stop();
        let mut plan = FixPlan::default();
        let mut cells: BTreeMap<(RowId, Field), CellEdit> = BTreeMap::new();
        let mut candidates: Vec<Finding> = self.findings.iter().filter(|f| wanted(f)).copied().collect();
        for _ in 0..10 {
            let mut touched = BTreeSet::new();
            let mut round: Vec<CellEdit> = Vec::new();
            for (n, finding) in candidates.iter().enumerate() {
                if n.is_multiple_of(FIXES_BETWEEN) && stop() {
                    return None;
                }
                let place = (finding.row, finding.field);
                let Some(fix) = self.fix(finding).filter(|f| also_unsafe || f.safety == Safety::Safe) else { continue };
                let before = self.roster.cell(finding.row, finding.field);
                if before == fix.to || !touched.insert(place) {
                    continue;
                }
                round.push(CellEdit {
                    row: finding.row,
                    field: finding.field,
                    before: before.into(),
                    after: fix.to.into(),
                });
                *plan.cells_by_rule.entry(finding.rule).or_insert(0) += 1;
            }
            if round.is_empty() {
                break;
            }
            // The rounds are tried on the roster itself and taken back below: the rules then see what they would see.
            self.put(&round, &[], true, &follow).then_some(())?;
            let rows: BTreeSet<RowId> = round.iter().map(|e| e.row).collect();
            for edit in round {
                let place = (edit.row, edit.field);
                match cells.get_mut(&place) {
                    Some(first) => first.after = edit.after,
                    None => drop(cells.insert(place, edit)),
                }
            }
            candidates =
                rows.iter().flat_map(|row| self.findings.of_row(*row)).filter(|f| wanted(f)).copied().collect();
        }
        plan.edits = cells.into_values().collect();
        self.put(&plan.edits, &[], false, &follow).then_some(())?;
        plan.edits.retain(|e| e.before != e.after);
        Some(plan)
    }

    /// Finds the first finding that blocks the export.
    pub fn first_blocking(&self) -> Option<Finding> {
        self.findings.iter().find(|f| f.severity() == Severity::Error).copied()
    }
}

impl Finding {
    /// Makes a finding without further detail.
    pub fn plain(row: RowId, field: Field, rule: RuleId) -> Finding {
        Finding { row, field, rule, detail: Detail::None }
    }
}
