//! What an import did (读入情况): how the file was read and why so, and what of it is not in the roster. A row that was skipped
//! can be taken back from here.

use std::collections::BTreeSet;

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::batch::Batch;
use crate::words::{ImportFact, Locale};

/// So many rows of one run are listed one by one.
const ROWS: u32 = 200;

/// Rows that were skipped: of which part, the first and the last.
pub type SkippedRows = (usize, u32, u32);

#[derive(Debug)]
pub struct ImportPage {
    facts: Vec<ImportFact>,
    /// The runs that are listed row by row: of which part, and from which row on.
    open: BTreeSet<(usize, u32)>,
    at: usize,
}

impl ImportPage {
    pub(super) fn new(batch: &Batch, locale: &Locale) -> ImportPage {
        ImportPage { facts: locale.import_facts(batch), open: BTreeSet::new(), at: 0 }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Lists the lines: what is told, and the skipped rows that it is about, with their part.
    pub fn lines(&self, locale: &Locale) -> Vec<(String, Option<SkippedRows>)> {
        let of = |fact: &ImportFact| {
            let opened = fact.rows.filter(|(first, _)| self.open.contains(&(fact.part, *first)));
            let row = |row: u32| {
                let told = locale.fill("import.row", &[("row", &row.to_string())]);
                (format!("  {told}"), Some((fact.part, row, row)))
            };
            let rows = opened.into_iter().flat_map(|(first, last)| first..=last.min(first + ROWS - 1)).map(row);
            let own = fact.rows.map(|(first, last)| (fact.part, first, last));
            std::iter::once((fact.text.clone(), own)).chain(rows).collect::<Vec<_>>()
        };
        self.facts.iter().flat_map(of).collect()
    }

    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if command != Command::TakeBack {
            return None;
        }
        Some(match self.lines(to.locale).into_iter().nth(self.at).and_then(|(_, rows)| rows) {
            Some((part, first, last)) if first == last => Intent::TakeBack(part, first),
            Some((part, first, _)) => {
                if !self.open.remove(&(part, first)) {
                    self.open.insert((part, first));
                }
                Intent::Nothing
            }
            None => {
                to.warn("status.not-skipped");
                Intent::Nothing
            }
        })
    }
}
