//! The roster pane's state (名册界面): cursor, filter, search, mask.

use super::record::RecordScroll;
use crate::app::layout::{ColumnLook, Focus};
use crate::domain::batch::{Batch, FoldedBy, Folds};
use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RuleId, Severity, TableFault};
use crate::domain::selection::{Chosen, Condition, Marks, RowSelection, Shown};
use crate::domain::sheet::Field;

/// Cursor, filter, search and mask of the roster pane.
#[derive(Debug, Default)]
pub struct Grid {
    /// The cursor's place among the rows shown.
    pub at: usize,
    /// The first row on screen, by its place among the rows shown.
    pub top: usize,
    /// What the columns that are shown hold: the name, then the others in the order of the form, unless that was changed.
    pub fields: Vec<Field>,
    /// How wide they are, and how many stay in place.
    pub look: ColumnLook,
    /// The cursor's column, by its place in `fields`.
    pub column: usize,
    /// The first column after the frozen one.
    pub left: usize,
    /// The rows shown; without it every row is, in the order of the file.
    pub shown: Option<Shown>,
    /// The rows that the user has marked.
    pub marks: Marks,
    /// The rows that are marked, as runs: what is stored.
    pub marked: Vec<(RowId, RowId)>,
    /// The text searched last.
    pub search: String,
    /// The only column it was searched in.
    pub searched: Option<Field>,
    /// Whether the next search looks in the cursor's column alone.
    pub searches_column: bool,
    /// Whether the next place of the text is gone to, and not the next finding.
    pub is_searching: bool,
    /// The row whose personal data is shown in full.
    pub unmasked: Option<RowId>,
    /// The pane that takes the keys.
    pub focus: Focus,
    /// How far the record was scrolled on from its cursor.
    pub(super) scroll: RecordScroll,
    /// The findings pane's cursor.
    pub chosen: usize,
    /// Whether it was said that the next finding is one to mend.
    pub(super) is_passing_told: bool,
}

impl Grid {
    /// Counts the rows shown.
    pub fn count(&self, batch: &Batch) -> usize {
        self.shown.as_ref().map_or(batch.roster().len() as usize, |shown| shown.rows().len())
    }

    /// Gives the row at a place among those shown.
    pub fn row_at(&self, batch: &Batch, at: usize) -> Option<RowId> {
        match &self.shown {
            Some(shown) => shown.rows().get(at).copied(),
            None => (at < batch.roster().len() as usize).then_some(at as RowId),
        }
    }

    /// Gives the place of a row among those shown, or of the next one below it.
    pub fn place_of(&self, row: RowId) -> usize {
        self.shown.as_ref().map_or(row as usize, |shown| shown.place_of(row))
    }

    /// Tells whether a row is among those shown.
    pub fn shows(&self, row: RowId) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.has(row))
    }

    /// Tells whether a finding is one of those filtered by, on a row that is shown.
    pub fn shows_finding(&self, finding: &Finding) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.wants(finding) && shown.has(finding.row))
    }

    /// Lists what is filtered by.
    pub fn conditions(&self) -> &[Condition] {
        self.shown.as_ref().map_or(&[], Shown::conditions)
    }

    /// Gives what rows are filtered and sorted by.
    pub fn selection(&self) -> RowSelection {
        self.shown.as_ref().map(|shown| shown.selection().clone()).unwrap_or_default()
    }

    /// Tells whether rows are filtered.
    pub fn is_filtered(&self) -> bool {
        !self.conditions().is_empty()
    }

    /// Gives what conditions are held against.
    pub(super) fn chosen<'a>(&'a self, batch: &'a Batch) -> Chosen<'a> {
        Chosen { batch, marks: &self.marks }
    }

    /// Works out which rows a selection shows; nothing where that is every row where it stands, or none.
    pub fn choose(&self, selection: RowSelection, batch: &Batch) -> Option<Shown> {
        if selection.is_empty() {
            return None;
        }
        Some(Shown::new(selection, self.chosen(batch))).filter(|shown| !shown.rows().is_empty())
    }

    /// Gives the cursor's column.
    pub fn field(&self) -> Field {
        self.fields.get(self.column).or(self.fields.last()).copied().unwrap_or(Field::Name)
    }

    /// Gives the place of what a column holds; the first where the form has no such column.
    pub fn place_of_field(&self, field: Field) -> usize {
        self.fields.iter().position(|f| *f == field).unwrap_or(0)
    }

    /// Keeps cursor and scroll within `count` rows of which `height` are on screen.
    pub fn settle(&mut self, count: usize, height: usize, width: u16) {
        self.at = self.at.min(count.saturating_sub(1));
        self.column = self.column.min(self.fields.len().saturating_sub(1));
        let height = height.max(1);
        self.top = self.top.clamp((self.at + 1).saturating_sub(height), self.at);
        self.top = self.top.min(count.saturating_sub(height));
        self.left = crate::app::layout::scrolled((&self.fields, &self.look), width, self.left, self.column);
    }

    /// Finds the finding after (or before) the cursor among those shown; tells whether the search went round the end. As long as
    /// there is anything that a person can mend, what only waits and what is only remarked is passed over.
    pub fn next_finding(&self, batch: &Batch, backwards: bool) -> Option<(Finding, bool)> {
        let mends = self.has_to_mend(batch);
        let wanted = |f: &&Finding| self.shows_finding(f) && (!mends || is_to_mend(f));
        let field = self.field();
        let findings = batch.findings();
        if self.shown.as_ref().is_some_and(|shown| shown.order().is_some()) {
            return self.next_finding_sorted(batch, backwards, wanted);
        }
        let here = self.row_at(batch, self.at).unwrap_or(0);
        if backwards {
            let earlier = findings.of_row(here).iter().rev().filter(|f| f.field < field);
            let before = earlier.chain(findings.before_row(here)).find(wanted);
            return match before {
                Some(f) => Some((*f, false)),
                None => findings.iter().rev().find(wanted).map(|f| (*f, true)),
            };
        }
        let after = findings.from_row(here).filter(|f| (here, field) < (f.row, f.field)).find(wanted);
        match after {
            Some(f) => Some((*f, false)),
            None => findings.iter().find(wanted).map(|f| (*f, true)),
        }
    }

    /// Tells whether anything that is shown can be mended by a person.
    fn has_to_mend(&self, batch: &Batch) -> bool {
        batch.findings().iter().any(|f| is_to_mend(f) && self.shows_finding(f))
    }

    /// Tells whether [`Grid::next_finding`] passes anything over.
    pub fn passes_over(&self, batch: &Batch) -> bool {
        self.has_to_mend(batch) && batch.findings().iter().any(|f| !is_to_mend(f) && self.shows_finding(f))
    }

    /// The same where the rows are shown in another order than the file's.
    fn next_finding_sorted(
        &self,
        batch: &Batch,
        backwards: bool,
        wanted: impl Fn(&&Finding) -> bool + Copy,
    ) -> Option<(Finding, bool)> {
        let (field, count) = (self.field(), self.count(batch));
        let of_row = |at: usize| self.row_at(batch, at).map_or(&[][..], |row| batch.findings().of_row(row));
        let first = |at: usize| of_row(at).iter().find(wanted);
        let last = |at: usize| of_row(at).iter().rev().find(wanted);
        let (next, around) = if backwards {
            let here = of_row(self.at).iter().rev().filter(|f| f.field < field).find(wanted);
            let next = here.or_else(|| (0..self.at).rev().find_map(last));
            (next, (self.at..count).rev().find_map(last))
        } else {
            let here = of_row(self.at).iter().filter(|f| field < f.field).find(wanted);
            let next = here.or_else(|| (self.at + 1..count).find_map(first));
            (next, (0..count.min(self.at + 1)).find_map(first))
        };
        next.map(|f| (*f, false)).or_else(|| around.map(|f| (*f, true)))
    }
}

/// Tells whether a finding is something that a person can mend: no notice, and no row that waits for its number.
fn is_to_mend(finding: &Finding) -> bool {
    finding.severity() != Severity::Notice && !finding.wants_number()
}

/// A line of the findings pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingLine {
    All(usize),
    /// What is found about the table as a whole and how often; it stands in no row.
    Table(TableFault, usize),
    /// A rule and how many findings it has.
    Rule(RuleId, usize),
    /// Findings of a rule in a column that are told as one: how many cells of a whole column have it, or how many ranges of
    /// merged cells there are.
    Folded(RuleId, Field, FoldedBy, usize),
    /// A column and how many findings it has.
    Column(Field, usize),
}

/// Gives the key of what findings have in common that are told as one.
pub fn folded_key(by: FoldedBy) -> &'static str {
    match by {
        FoldedBy::Range => "ui.findings.ranges",
        FoldedBy::Column => "ui.findings.whole",
    }
}

/// Lists what is told as one of a rule: a line for each column.
fn folded_lines(folds: &Folds, rule: RuleId) -> Vec<FindingLine> {
    let mut lines: Vec<FindingLine> = Vec::new();
    for folded in folds.all().iter().filter(|folded| folded.first.rule == rule) {
        let known = lines.iter_mut().find_map(|line| match line {
            FindingLine::Folded(_, field, FoldedBy::Range, n) if *field == folded.first.field => Some(n),
            _ => None,
        });
        match (folded.by, known) {
            (FoldedBy::Range, Some(n)) => *n += 1,
            (FoldedBy::Range, None) => lines.push(FindingLine::Folded(rule, folded.first.field, folded.by, 1)),
            (FoldedBy::Column, _) => {
                lines.push(FindingLine::Folded(rule, folded.first.field, folded.by, folded.count));
            }
        }
    }
    lines
}

/// Lists the lines of the findings pane: all, those about the table and the rules (worst first, most first), the columns.
pub fn entries(batch: &Batch) -> Vec<FindingLine> {
    let counts = batch.findings().counts();
    let mut rules: Vec<(RuleId, usize)> =
        RuleId::all().map(|rule| (rule, batch.findings().count_of(rule))).filter(|(_, n)| *n != 0).collect();
    rules.sort_by_key(|(rule, n)| (rule.spec().severity, std::cmp::Reverse(*n)));
    let columns = Field::ALL.into_iter().filter_map(|field| {
        let n: usize = counts.iter().filter(|((_, f), _)| *f == field).map(|(_, n)| n).sum();
        (n != 0).then_some(FindingLine::Column(field, n))
    });
    let folds = batch.folds();
    let found = batch.table_findings();
    let all = counts.values().sum::<usize>() + found.len();
    let of_table = TableFault::ALL.into_iter().filter_map(|fault| {
        let n = found.iter().filter(|f| f.fault == fault).count();
        (n != 0).then(|| (fault.severity(), vec![FindingLine::Table(fault, n)]))
    });
    let of_rules = rules.into_iter().map(|(rule, n)| {
        let lines = std::iter::once(FindingLine::Rule(rule, n)).chain(folded_lines(&folds, rule));
        (rule.spec().severity, lines.collect())
    });
    // What is said of the table stands before what is said of rows and is as bad.
    let mut groups: Vec<(Severity, Vec<FindingLine>)> = of_table.chain(of_rules).collect();
    groups.sort_by_key(|(severity, _)| *severity);
    std::iter::once(FindingLine::All(all))
        .chain(groups.into_iter().flat_map(|(_, lines)| lines))
        .chain(columns)
        .collect()
}
