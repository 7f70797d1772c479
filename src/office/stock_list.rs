//! Lists of blank numbers (号码清单): scanned or pasted for a stocktake, another system's balance, and our own for it.

use std::convert::Infallible;
use std::path::Path;

use super::export::now;
use super::stock::named;
use super::{Office, bug};
use crate::domain::code::CertCode;
use crate::domain::ledger::stock::{BlankKind, BlankNumber, BlankRun, BlankState, Standing, StockRefusal, typed_runs};
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::small_table::{self, TableRow};
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::store::StoreError;
use crate::words::{Lang, Locale};

/// A list of more bytes is none of ours.
const MOST: u64 = 64 << 20;

/// A list of blanks.
#[derive(Debug, Clone, Default)]
pub struct BlankList {
    entries: Vec<(BlankRun, BlankState)>,
    /// Whether it tells how each stands; else all are taken to be in stock.
    pub has_states: bool,
}

/// Where a list has what.
#[derive(Debug, Clone, Copy, Default)]
struct ListColumns {
    first: usize,
    last: Option<usize>,
    state: Option<usize>,
    kind: Option<usize>,
}

/// The labels of the columns, in both languages.
const FIRST: [&str; 16] = [
    "起号",
    "起始号",
    "起始编号",
    "起始号码",
    "起始流水号",
    "号码",
    "编号",
    "空白证书编号",
    "空白证书号",
    "空白证书号码",
    "空白号",
    "流水号",
    "证书流水号",
    "空白证书流水号",
    "first",
    "number",
];
const LAST: [&str; 7] = ["止号", "终止号", "终止编号", "终止号码", "终止流水号", "结束号", "last"];
const STATE: [&str; 2] = ["状态", "state"];
const KIND: [&str; 2] = ["类别", "kind"];

impl BlankList {
    /// Lists those in a state.
    pub fn of(&self, state: BlankState) -> impl Iterator<Item = BlankRun> {
        self.entries.iter().filter(move |(_, of)| *of == state).map(|(run, _)| *run)
    }

    /// Lists all runs, whatever their state.
    pub fn runs(&self) -> Vec<BlankRun> {
        self.entries.iter().map(|(run, _)| *run).collect()
    }
}

impl ListColumns {
    /// Finds the columns by the labels of a header; nothing where a row is none.
    fn of(row: &TableRow) -> Option<ListColumns> {
        let at = |labels: &[&str]| {
            let is_label = |cell: &String| labels.iter().any(|label| label.eq_ignore_ascii_case(cell.trim()));
            row.cells.iter().position(is_label)
        };
        Some(ListColumns { first: at(&FIRST)?, last: at(&LAST), state: at(&STATE), kind: at(&KIND) })
    }
}

impl Office {
    /// Reads a list: numbers and ranges in any cells, or a table whose header names the first and last number, and the state.
    /// Of a table that names kinds only those of `kind` are taken.
    ///
    /// # Errors
    /// A cell that is no number of eight digits is named with its file, row and column: nothing is guessed.
    pub fn blank_list(&self, path: &Path, kind: BlankKind) -> Result<BlankList, Failure> {
        let (program, place) = (self.program()?, self.place_of(path));
        let rows = small_table::read(&place, program, MOST)
            .map_err(|refusal| self.refused(&refusal, &named(path)).failure())?;
        let header = rows.first().and_then(ListColumns::of);
        let mut list = BlankList { entries: Vec::new(), has_states: header.is_some_and(|h| h.state.is_some()) };
        for row in &rows[usize::from(header.is_some())..] {
            let fault = |at: usize, refusal: StockRefusal| self.list_fault(path, row, at, &refusal);
            match header {
                None => {
                    for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                        let runs = typed_runs(cell).map_err(|refusal| fault(at, refusal))?;
                        list.entries.extend(runs.into_iter().map(|run| (run, BlankState::Stock)));
                    }
                }
                Some(columns) => list.entries.extend(self.list_row(path, row, columns, kind)?),
            }
        }
        if list.entries.is_empty() {
            return Err(self.usage("stock.empty-list", &[("file", &named(path))]));
        }
        Ok(list)
    }

    /// Reads a row of a table; nothing for one of another kind.
    fn list_row(
        &self,
        path: &Path,
        row: &TableRow,
        columns: ListColumns,
        kind: BlankKind,
    ) -> Result<Option<(BlankRun, BlankState)>, Failure> {
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let locales = [Lang::Zh, Lang::En].map(Locale::load);
        if let Some(at) = columns.kind {
            let is_other = |of: &BlankKind| {
                *of != kind && (cell(at) == of.key() || locales.iter().any(|locale| cell(at) == locale.blank_kind(*of)))
            };
            if BlankKind::ALL.iter().any(is_other) {
                return Ok(None);
            }
        }
        let run = match columns.last.filter(|last| !cell(*last).is_empty()) {
            None => BlankRun::read(cell(columns.first)).map_err(|refusal| (columns.first, refusal)),
            Some(last) => {
                BlankNumber::read(cell(columns.first)).map_err(|refusal| (columns.first, refusal)).and_then(|first| {
                    let end = BlankNumber::read(cell(last)).map_err(|refusal| (last, refusal))?;
                    BlankRun::new(first, end).map_err(|refusal| (last, refusal))
                })
            }
        };
        let run = run.map_err(|(at, refusal)| self.list_fault(path, row, at, &refusal))?;
        let state = match columns.state {
            None => BlankState::Stock,
            Some(at) => {
                let named = |state: &BlankState| {
                    cell(at) == state.key() || locales.iter().any(|locale| cell(at) == locale.blank_state(*state))
                };
                BlankState::ALL.into_iter().find(named).ok_or_else(|| {
                    let known: Vec<&str> = BlankState::ALL.iter().map(|s| self.locale().blank_state(*s)).collect();
                    let known = known.join(self.locale().text("finding.comma"));
                    self.at_cell(path, row, at, &self.locale().fill("stock.no-state", &[("known", &known)]))
                })?
            }
        };
        Ok(Some((run, state)))
    }

    fn list_fault(&self, path: &Path, row: &TableRow, at: usize, refusal: &StockRefusal) -> Failure {
        let told = self.told(&StoreError::Stock(refusal.clone()));
        let mut failure = self.at_cell(path, row, at, &told.message);
        failure.hint = told.hint;
        if row.lost.contains(&at) {
            failure.hint = self.locale().text("stock.lost-digits").to_string();
        }
        failure
    }

    fn at_cell(&self, path: &Path, row: &TableRow, at: usize, why: &str) -> Failure {
        let (row, column) = (row.line.to_string(), (at + 1).to_string());
        let places = [("file", &*named(path)), ("row", &row), ("column", &column), ("why", why)];
        Failure::new(FailureKind::File, self.locale().fill("stock.bad-cell", &places), "")
    }

    /// Makes a table of blanks that another program reads, and [`Office::blank_list`] as well.
    pub fn blank_table(&self, pieces: &[(BlankKind, Standing, Option<CertCode>)]) -> Result<Vec<u8>, Failure> {
        let locale = self.report_locale();
        let labels = ["kind", "first", "last", "count", "state", "keeper", "place", "since", "code"];
        let head = TableHead {
            format: TableFormat::CsvUtf8,
            sheet: "",
            widths: vec![10.0; labels.len()],
            labels: labels
                .iter()
                .map(|label| locale.text(&format!("stock.column.{label}")).to_string().into())
                .collect(),
            rows: pieces.len() as u32,
            created: now(),
            is_filtered: false,
        };
        let rows = pieces.iter().map(|(kind, piece, code)| {
            let cells = [
                locale.blank_kind(*kind).to_string(),
                piece.run.first.to_string(),
                piece.run.last.to_string(),
                piece.run.count().to_string(),
                locale.blank_state(piece.state).to_string(),
                piece.keeper.clone(),
                piece.place.clone(),
                piece.since.to_string(),
                code.map(|code| code.to_string()).unwrap_or_default(),
            ];
            let cell = |cell: String| TableCell::from(neutral(&cell, TableFormat::CsvUtf8).into_owned());
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.into_iter().map(cell).collect())
        });
        let mut out = Vec::new();
        write_table(&mut out, Path::new("stock.csv"), &head, rows).map_err(|_| bug("stock"))?;
        Ok(out)
    }
}
