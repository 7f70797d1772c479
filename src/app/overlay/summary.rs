//! What the roster holds, counted (汇总): each line leads to its rows.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::{ColumnAsk, Effect, ExportWhat};
use crate::app::roster::RosterPane;
use crate::domain::summary::{Summary, SummaryLine, SummaryTable};

#[derive(Debug)]
pub struct SummaryPane {
    /// What was counted, once it is.
    summary: Option<Summary>,
    at: usize,
}

impl SummaryPane {
    pub(super) fn open(roster: &RosterPane, to: &mut Context<'_>) -> Option<(SummaryPane, ColumnAsk)> {
        let batch = roster.batch()?;
        if roster.is_incomplete() {
            roster.warn_incomplete(to);
            return None;
        }
        let (roster, findings) = (Box::new(batch.roster().clone()), batch.findings().clone());
        let ask = ColumnAsk::Sum { roster, findings, form: Arc::clone(batch.context().sheet()) };
        Some((SummaryPane { summary: None, at: 0 }, ask))
    }

    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn tables(&self) -> &[SummaryTable] {
        self.summary.as_ref().map_or(&[], |summary| &summary.tables)
    }

    /// Counts the lines of all tables.
    pub fn count(&self) -> usize {
        self.tables().iter().map(|table| table.lines.len()).sum()
    }

    /// Gives a line, counted through all tables.
    pub fn line(&self, at: usize) -> Option<(&SummaryTable, &SummaryLine)> {
        let mut left = at;
        for table in self.tables() {
            match table.lines.get(left) {
                Some(line) => return Some((table, line)),
                None => left -= table.lines.len(),
            }
        }
        None
    }

    pub(super) fn take(&mut self, summary: Summary) {
        self.summary = Some(summary);
    }

    pub(super) fn update(&self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        if command == Command::Back && self.summary.is_none() {
            to.push(Effect::StopWork);
            return None;
        }
        match command {
            Command::FilterByLine => {
                let (table, line) = self.line(self.at)?;
                let condition = roster.batch().and_then(|batch| line.condition(table.by, batch.roster()));
                Some(condition.map_or_else(
                    || {
                        to.warn("status.not-filtered-by");
                        Intent::Nothing
                    },
                    Intent::FilterBy,
                ))
            }
            Command::WriteSummary => Some(Intent::Write(ExportWhat::Summary)),
            _ => None,
        }
    }
}
