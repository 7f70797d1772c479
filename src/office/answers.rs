//! The list that an organiser fills in (答复), out and back in: what was answered becomes one change of the batch.

use std::path::Path;

use super::{ExportTarget, NotWritten, Office, RosterReading, Session};
use crate::domain::answers::{AcceptedAnswers, AnswerColumns, Answers, Unread, UnreadPart};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::Change;
use crate::domain::sheet::Field;
use crate::domain::upload;
use crate::failure::{Failure, FailureKind};
use crate::formats::small_table::{self, Table, TableRow};
use crate::formats::write_answers::{AnswerWords, write_answers};
use crate::formats::write_report::ReportSummary;

/// A list of more bytes is none of ours.
const MOST: u64 = 256 << 20;

/// A list that came back.
#[derive(Debug, Clone, Copy)]
pub struct AnswerOrder<'a> {
    pub path: &'a Path,
    /// The sheet of a workbook; else the first one that is shown and is such a list.
    pub sheet: Option<&'a str>,
    pub accepted: &'a [AcceptedAnswers],
}

/// What came back, and the batch with it.
#[derive(Debug)]
pub struct TakenAnswers {
    /// The batch as the answers found it.
    pub batch: Batch,
    pub answers: Answers,
    /// How many cells were changed, or would be.
    pub cells: usize,
}

impl Office {
    /// Writes the list for an organiser to fill in; `id` is the batch in the store, by which its answers are known again.
    pub fn export_for_answers(
        &self,
        (id, batch): (Option<BatchId>, &Batch),
        masked: bool,
        target: &ExportTarget<'_>,
    ) -> Result<ReportSummary, NotWritten> {
        let locale = self.report_locale();
        let choices = |field: Field| {
            let column = batch.context().sheet().columns.iter().find(|column| column.field == field);
            column.map_or_else(Vec::new, |column| self.choices(column))
        };
        let head = if masked { "answers.head-masked" } else { "answers.head-whole" };
        let (sheet, lists) = (locale.text("answers.sheet"), locale.text("answers.lists"));
        let words = AnswerWords { sheet, lists, head: locale.text(head), choices: &choices };
        self.spare_state(target.path).map_err(|e| self.not_written(&e, upload::of(batch)))?;
        let (of, options) = ((id, batch), target.report(masked));
        let written = self.with_finding_words(batch, masked, |findings| {
            write_answers(of, target.path, target.overwrite, &options, (findings, &words))
        });
        written.map_err(|e| self.not_written(&e, upload::of(batch)))
    }

    /// Reads a list that came back and judges it for a batch, which stays as it is.
    pub fn read_answers(&self, of: (Option<BatchId>, &Batch), order: &AnswerOrder<'_>) -> Result<Answers, Failure> {
        let name = order.path.file_name().unwrap_or(order.path.as_os_str()).to_string_lossy();
        let (program, place) = (self.program()?, self.place_of(order.path));
        let read = |sheet: Option<&str>| small_table::read_sheet(&place, program, MOST, sheet);
        let header = |table: &Table| {
            let of_row = |row: &TableRow| AnswerColumns::of(&row.cells, of.1);
            table.rows.iter().enumerate().find_map(|(at, row)| Some((at, of_row(row)?)))
        };
        let first = read(order.sheet).map_err(|refusal| self.refused(&refusal, &name).failure())?;
        let others = if order.sheet.is_none() { first.others.clone() } else { Vec::new() };
        // A sheet beside it that cannot be read is none of ours.
        let beside = others.iter().filter_map(|sheet| read(Some(sheet)).ok());
        let mut lists = std::iter::once(first).chain(beside).filter_map(|table| Some((header(&table)?, table)));
        let Some(((at, columns), table)) = lists.next() else {
            let told = self.locale().fill("answers.no-list", &[("file", &name)]);
            return Err(Failure::new(FailureKind::File, told, self.locale().text("answers.no-list-hint")));
        };
        let rows: Vec<_> = table.rows[at + 1..]
            .iter()
            .map(|row| columns.row(row.line, &row.cells, |column| row.lost.contains(&column)))
            .collect();
        let lacks = |accepted: &AcceptedAnswers| match accepted {
            AcceptedAnswers::Line(line) if rows.iter().all(|row| row.line != *line) => Some(*line),
            _ => None,
        };
        if let Some(line) = order.accepted.iter().find_map(lacks) {
            return Err(self.usage("answers.no-row", &[("file", &name), ("line", &line.to_string())]));
        }
        let mut answers = Answers::judged((&columns, &rows), of, order.accepted);
        answers.unread.extend(lists.map(|(_, Table { sheet: name, .. })| UnreadPart {
            why: Unread::Sheet,
            name,
            lines: Vec::new(),
        }));
        answers.sheet = table.sheet;
        Ok(answers)
    }

    /// Makes the change that puts answers into a batch.
    pub fn change_of(&self, answers: &Answers, batch: &Batch, path: &Path) -> Change {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Change { title: self.locale().answers_title(&name), edits: answers.edits(&[], batch), ..Change::default() }
    }
}

impl Session {
    /// Puts what came back into a batch of the store, as one step; with `is_tried` it is only told what would be.
    pub fn take_answers(
        &self,
        id: BatchId,
        (order, is_tried): (&AnswerOrder<'_>, bool),
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<TakenAnswers, Failure> {
        let changed = self.change_batch(id, is_tried, reading, tell, |batch| {
            let answers = self.office.read_answers((Some(id), batch), order)?;
            Ok((self.office.change_of(&answers, batch, order.path), answers))
        })?;
        Ok(TakenAnswers { batch: changed.before, answers: changed.found, cells: changed.cells })
    }
}
