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

#[derive(Debug)]
pub struct ImportPage {
    facts: Vec<ImportFact>,
    /// The first rows of the runs that are listed row by row.
    open: BTreeSet<u32>,
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

    /// Lists the lines: what is told, and the skipped rows that it is about.
    pub fn lines(&self, locale: &Locale) -> Vec<(String, Option<(u32, u32)>)> {
        let of = |fact: &ImportFact| {
            let opened = fact.rows.filter(|(first, _)| self.open.contains(first));
            let row =
                |row: u32| (format!("  {}", locale.fill("import.row", &[("row", &row.to_string())])), Some((row, row)));
            let rows = opened.into_iter().flat_map(|(first, last)| first..=last.min(first + ROWS - 1)).map(row);
            std::iter::once((fact.text.clone(), fact.rows)).chain(rows).collect::<Vec<_>>()
        };
        self.facts.iter().flat_map(of).collect()
    }

    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if command != Command::TakeBack {
            return None;
        }
        Some(match self.lines(to.locale).into_iter().nth(self.at).and_then(|(_, rows)| rows) {
            Some((first, last)) if first == last => Intent::TakeBack(first),
            Some((first, _)) => {
                if !self.open.remove(&first) {
                    self.open.insert(first);
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
