//! The record pane's lines: one row with all its columns, under each cell what was found in it, and how far they are scrolled.

use super::RosterPane;
use crate::app::App;
use crate::app::command::Command;
use crate::app::layout::WIDE;
use crate::domain::batch::Batch;
use crate::domain::roster::RowWhat;
use crate::domain::rules::{Finding, Severity};
use crate::domain::sheet::Field;
use crate::domain::wrap::wrap;

/// So wide are the labels before the cells.
pub const LABEL: usize = 14;

/// So many columns stand before a cell's text: its sign, its label and what parts them.
pub const BEFORE: usize = LABEL + 4;

/// What a line of the pane tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordPart {
    /// What is said of the row.
    Said,
    Cell(Field),
    /// What stood in the cell, what a finding stands on, and what may be done.
    Aid,
    Finding(Severity),
    /// A cell of a column that the form does not have.
    Kept,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    pub text: String,
    pub part: RecordPart,
    /// The label of the cell that begins here.
    pub label: Option<String>,
    /// Whether the line belongs to the cursor's column.
    pub is_current: bool,
}

/// How many lines further than its cursor needs the pane was scrolled, and at which cell: elsewhere that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordScroll {
    cell: (usize, usize),
    lines: usize,
}

/// Gives the sign of a severity, of one column.
pub fn sign(severity: Severity) -> char {
    match severity {
        Severity::Error => '!',
        Severity::Warning => '?',
        Severity::Notice => 'i',
    }
}

/// Tells what stood in a cell when it was imported; nothing is said to have been nothing.
pub fn imported_told(app: &App, imported: &str) -> String {
    let value = if imported.is_empty() { app.locale.text("ui.record.blank") } else { imported };
    app.locale.fill("ui.record.imported", &[("value", value)])
}

impl RosterPane {
    /// Tells how many lines the record was scrolled on from its cursor; none while its cell is typed into.
    fn scrolled(&self) -> usize {
        let RecordScroll { cell, lines } = self.grid.scroll;
        if cell == (self.grid.at, self.grid.column) && self.typed().is_none() { lines } else { 0 }
    }
}

impl App {
    /// Gives the lines of the cursor's row in a pane so wide.
    pub fn record_lines(&self, width: usize) -> Vec<RecordLine> {
        let (Some(batch), Some(row)) = (self.roster.batch(), self.roster.row()) else { return Vec::new() };
        let masked = self.roster.grid().unmasked != Some(row);
        let findings = batch.findings().of_row(row);
        let room = width.saturating_sub(BEFORE).max(2);
        let mut lines = Vec::new();
        for what in RowWhat::ALL {
            let Some(text) = self.roster.said(row, what) else { continue };
            for text in wrap(&self.locale.said_of_row(what, Some(&text)), width.saturating_sub(2).max(2)) {
                lines.push(RecordLine { text, part: RecordPart::Said, label: None, is_current: false });
            }
        }
        for field in self.roster.grid().fields.iter().copied() {
            let is_current = field == self.roster.grid().field();
            let mut add = |text: &str, part: RecordPart, label: Option<&str>| {
                for (i, text) in wrap(text, room).into_iter().enumerate() {
                    let label = label.filter(|_| i == 0).map(String::from);
                    lines.push(RecordLine { text, part, label, is_current });
                }
            };
            let label = batch.context().sheet().label(field);
            add(&self.roster.shown_cell(row, field), RecordPart::Cell(field), Some(label));
            if let Some(imported) = self.roster.shown_imported(row, field, &self.locale) {
                add(&imported_told(self, &imported), RecordPart::Aid, None);
            }
            for finding in findings.iter().filter(|f| f.field == field) {
                let severity = finding.severity();
                let sentence = self.locale.finding(batch, finding, masked);
                let sentence = format!("{} {} {sentence}", sign(severity), finding.rule.spec().code);
                add(&sentence, RecordPart::Finding(severity), None);
                // Beside the grid the pane has room for what the finding stands on and what may be done.
                if WIDE <= self.size.0 {
                    add(&self.on_what_and_what_to(batch, finding, width), RecordPart::Aid, None);
                }
            }
        }
        for (column, source) in batch.roster().columns.source.iter().enumerate().filter(|(_, c)| c.field.is_none()) {
            let shown = self.roster.shown_aside(row, column);
            for (i, text) in wrap(&shown, room).into_iter().enumerate().filter(|_| !shown.is_empty()) {
                let label = (i == 0).then(|| source.label_in_line());
                lines.push(RecordLine { text, part: RecordPart::Kept, label, is_current: false });
            }
        }
        lines
    }

    /// Gives which of its lines stands first in a pane so high: as far down as the cursor's lines need and it was scrolled on, no
    /// further, so that what stands above stays still while the cursor moves.
    pub fn record_top(&self, lines: &[RecordLine], height: usize) -> usize {
        let (from, to) = of_cursor(lines);
        (to.saturating_sub(height).min(from) + self.roster.scrolled()).min(last_top(lines, height, from))
    }

    /// Moves the cursor of the record down and up, line by line through what is longer than the pane and through what stands below
    /// the last cell; tells whether the command is one that does.
    pub(in crate::app) fn go_in_record(&mut self, command: Command, times: usize) -> bool {
        let Some(area) = self.layout().record else { return false };
        let (width, height) = (usize::from(area.width), usize::from(area.height.saturating_sub(1)));
        let last = self.roster.grid().fields.len().saturating_sub(1);
        match command {
            Command::LastColumn => self.scroll_record(last, usize::MAX, (width, height)),
            Command::Down => {
                for _ in 0..times {
                    let lines = self.record_lines(width);
                    let (from, to) = of_cursor(&lines);
                    let (column, scrolled) = (self.roster.grid().column, self.roster.scrolled());
                    let shown = self.record_top(&lines, height) + height;
                    let ends = if column < last { to } else { lines.len() };
                    if shown < ends && from < to {
                        self.scroll_record(column, scrolled + 1, (width, height));
                    } else if column < last {
                        self.scroll_record(column + 1, 0, (width, height));
                    } else {
                        break;
                    }
                }
            }
            Command::Up => {
                for _ in 0..times {
                    match (self.roster.grid().column, self.roster.scrolled()) {
                        (0, 0) => break,
                        (column, 0) => self.scroll_record(column - 1, 0, (width, height)),
                        (column, scrolled) => self.scroll_record(column, scrolled - 1, (width, height)),
                    }
                }
            }
            _ => return false,
        }
        true
    }

    /// Puts the cursor on a column, and scrolls on from there, not beyond the last line.
    fn scroll_record(&mut self, column: usize, lines: usize, (width, height): (usize, usize)) {
        let at = self.roster.grid().at;
        let scroll = |lines: usize| RecordScroll { cell: (at, column), lines };
        let grid = &mut self.roster.grid;
        (grid.column, grid.scroll) = (column, scroll(0));
        if lines != 0 {
            let all = self.record_lines(width);
            let (from, to) = of_cursor(&all);
            let most = last_top(&all, height, from) - to.saturating_sub(height).min(from);
            self.roster.grid.scroll = scroll(lines.min(most));
        }
    }

    /// Writes the clause a finding stands on, and what its cell may become, masked as the cell is.
    fn on_what_and_what_to(&self, batch: &Batch, finding: &Finding, width: usize) -> String {
        let document = &batch.context().profile().document;
        let clause = match batch.context().clause(finding.rule, finding.field, finding.detail) {
            "" => None,
            // One that the notices share is in none of them by that number.
            clause if width < WITH_DOCUMENT || document.is_empty() || clause.starts_with("X-") => {
                Some(self.locale.fill("ui.record.clause", &[("clause", clause)]))
            }
            clause => Some(self.locale.fill("ui.record.clause-of", &[("clause", clause), ("document", document)])),
        };
        // The key is named where it takes this proposal, and not another's.
        let is_meant = self.roster.means(finding);
        let proposal = batch.fix(finding).map(|fix| {
            let to = self.roster.shown(finding.row, fix.field, &fix.to);
            let key = if is_meant { "ui.record.proposal" } else { "ui.record.proposal-there" };
            self.told(key, &[("to", &self.locale.bracketed(&to))])
        });
        let aside = batch.may_go(finding).then(|| {
            self.told(if is_meant { "ui.record.proposal-aside" } else { "ui.record.proposal-aside-there" }, &[])
        });
        let number = finding.wants_number().then(|| self.told("ui.record.proposal-number", &[]));
        // What another finding makes of the same cell stands with that one.
        let is_elsewhere = || {
            let mut of_cell = batch.findings().of_row(finding.row).iter().filter(|f| f.field == finding.field);
            of_cell.any(|f| batch.fix(f).is_some())
        };
        let none = || (!is_elsewhere()).then(|| self.locale.text("ui.record.no-proposal").to_string());
        clause.into_iter().chain(proposal.or(aside).or(number).or_else(none)).collect::<Vec<_>>().join("  ")
    }
}

/// From this width on a clause is told with the document it stands in.
const WITH_DOCUMENT: usize = 60;

/// Gives where the lines of the cursor's column begin and end.
fn of_cursor(lines: &[RecordLine]) -> (usize, usize) {
    let from = lines.iter().position(|line| line.is_current).unwrap_or(0);
    (from, lines.iter().rposition(|line| line.is_current).unwrap_or(0) + 1)
}

/// Gives the line that stands first where the last one is on screen, or the cursor's where that is below it.
fn last_top(lines: &[RecordLine], height: usize, from: usize) -> usize {
    let needed = of_cursor(lines).1.saturating_sub(height).min(from);
    lines.len().saturating_sub(height).max(needed)
}
