//! Answers (答复): what an organiser writes into the list of what is to be corrected. Each row is found again by its anchor, however
//! the list was sorted, filtered or cut meanwhile.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::batch::Batch;
use super::ledger::BatchId;
use super::roster::{CellEdit, RowId};
use super::rules::{RuleId, Severity};
use super::sheet::Field;
use super::text;
use super::vocabulary::vocabulary;

/// The label of the column of anchors.
pub const ANCHOR_LABEL: &str = "定位（请勿改动）";

/// What stands behind a column's label where it is told what a cell holds, and where the answer goes.
const NOW: &str = "（现填）";
const ANSWER: &str = "（请改为）";

/// What every anchor begins with.
const MARK: &str = "skillcert";

/// So many bytes of the digest tell whether a row is the one that was sent.
const CHECKED: usize = 6;

vocabulary! {
    /// What becomes of an answer.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum AnswerState {
        Taken = "taken",
        /// It says what stands there already.
        Same = "same",
        /// It breaks a rule in its turn.
        Wrong = "wrong",
        /// The cell was changed here since the list was written.
        Conflict = "conflict",
        /// It was written over what is told, beside the cell for the answer.
        InPlace = "in-place",
        /// It still holds stars in the place of letters.
        Masked = "masked",
        /// A spreadsheet has made a number of it and lost digits.
        Lost = "lost",
    }
}

vocabulary! {
    /// How a row of the list came back.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RowState {
        Answered = "answered",
        /// Nothing was answered, or not all that is wrong.
        Unanswered = "unanswered",
        /// An answer breaks a rule.
        Wrong = "wrong",
        /// Something was answered that is not taken.
        Open = "open",
        /// Nothing was answered, and nothing is wrong any more.
        Settled = "settled",
    }
}

vocabulary! {
    /// Why a row of the list is of no row of the batch.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum UnknownRow {
        NoAnchor = "no-anchor",
        /// The anchor names a row that holds something else.
        Changed = "changed",
        /// Another row has the same anchor; neither counts.
        Twice = "twice",
        OtherBatch = "other-batch",
    }
}

/// An answer and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The row of the list, as a spreadsheet numbers it.
    pub line: u32,
    pub row: RowId,
    pub field: Field,
    pub text: Arc<str>,
    pub state: AnswerState,
    /// The rule that the cell breaks with the answer in it.
    pub rule: Option<RuleId>,
    pub is_taken: bool,
}

/// Which answers are taken although something stands against them. One that is masked, or has lost digits, never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedAnswers {
    All,
    /// Those in a row of the list.
    Line(u32),
    /// Those that break a rule, and those to cells that break it now.
    Rule(RuleId),
    State(AnswerState),
}

/// A row of the list that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    pub line: u32,
    anchor: String,
    cells: Vec<AnswerCell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct AnswerCell {
    field: Field,
    /// What the list tells of the cell; empty where it tells nothing.
    now: String,
    text: String,
    is_lost: bool,
}

/// Where the columns of a list stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumns {
    anchor: usize,
    /// The fields that are asked for: the column that tells what there is, and the one for the answer.
    fields: Vec<(Field, Option<usize>, usize)>,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The rows of the list that are of the batch, in the order of the list.
    pub rows: Vec<(u32, RowId, RowState)>,
    pub cells: Vec<Answer>,
    /// The rows that are not, with the batch that they name.
    pub unknown: Vec<(u32, UnknownRow, Option<i64>)>,
}

/// Gives the label under which a column is asked about: the organiser's own, else the form's.
pub fn asked_label(batch: &Batch, field: Field) -> &str {
    let columns = &batch.roster().columns;
    let own = columns.of(field).and_then(|at| columns.source.get(at)).map(|c| c.label.trim());
    own.filter(|label| !label.is_empty()).unwrap_or_else(|| batch.context().sheet().label(field))
}

/// Gives the labels of the two columns of a field: what stands there, and what it is to become.
pub fn labels_of(batch: &Batch, field: Field) -> [String; 2] {
    let label: String = asked_label(batch, field).split_whitespace().collect();
    [NOW, ANSWER].map(|tail| format!("{label}{tail}"))
}

/// Writes the anchor of a row: the batch, the row of it, a check of what was imported, and where that stood.
pub fn anchor(batch: &Batch, id: Option<BatchId>, row: RowId) -> String {
    let roster = batch.roster();
    let (file, sheet, line) = match roster.origin_of(row) {
        Some(origin) => (origin.file, origin.sheet, origin.line),
        None => (batch.origin.file.clone(), batch.origin.sheet.clone(), roster.line(row)),
    };
    let number = id.map_or(0, |id| id.0);
    let mut digest = Sha256::new();
    digest.update(format!("{number}/{row}/{line}/{file}/{sheet}"));
    for cell in (0..roster.source_width(row)).map(|at| roster.source_cell(row, at)).filter(|cell| !cell.is_empty()) {
        // As a masked list shows it at most: nobody finds a number by trying what gives the same digest.
        let is_number = 7 <= cell.chars().filter(char::is_ascii_digit).count();
        digest.update([0x1F]);
        digest.update(if is_number { text::masked_number(cell) } else { text::masked_name(cell) });
    }
    let check = digest.finalize().iter().take(CHECKED).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let place = [file, sheet].map(|name| text::visible(&name).into_owned()).join(" ");
    format!("{MARK} {number}/{} {check} {} {line}", row + 1, place.trim())
}

/// Finds the row that an anchor is of.
fn find(anchor: &str, batch: &Batch, id: Option<BatchId>) -> Result<RowId, (UnknownRow, Option<i64>)> {
    let mut words = anchor.split_whitespace();
    if words.next() != Some(MARK) {
        return Err((UnknownRow::NoAnchor, None));
    }
    let changed = (UnknownRow::Changed, None);
    let (place, check) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let parsed = place.split_once('/').and_then(|(n, row)| Some((n.parse().ok()?, row.parse::<RowId>().ok()?)));
    let Some((number, row)) = parsed else { return Err(changed) };
    // A list may have been written of a file before a batch was made of it.
    let of = if number == 0 { None } else { id };
    if of.map_or(0, |id| id.0) != number {
        return Err((UnknownRow::OtherBatch, Some(number)));
    }
    let row = row.wrapping_sub(1);
    let is_it = row < batch.roster().len() && self::anchor(batch, of, row).split_whitespace().nth(2) == Some(check);
    if is_it { Ok(row) } else { Err(changed) }
}

/// Brings a label to the form in which it is compared.
fn folded(label: &str) -> String {
    label.trim_start_matches('\'').split_whitespace().collect()
}

impl AnswerColumns {
    /// Finds the columns in a row of labels; nothing where it is not the header of such a list.
    pub fn of(labels: &[String], batch: &Batch) -> Option<AnswerColumns> {
        let labels: Vec<String> = labels.iter().map(|label| folded(label)).collect();
        let place = |wanted: &str| labels.iter().position(|label| *label == folded(wanted));
        let anchor = place(ANCHOR_LABEL)?;
        let fields = Field::ALL.into_iter().filter_map(|field| {
            let [now, answer] = labels_of(batch, field);
            // A name stands there once, as what tells who it is.
            Some((field, place(&now).or_else(|| place(asked_label(batch, field))), place(&answer)?))
        });
        Some(AnswerColumns { anchor, fields: fields.collect() })
    }

    /// Takes a row of the list; `is_lost` tells of which columns a spreadsheet has lost digits.
    pub fn row(&self, line: u32, cells: &[String], is_lost: impl Fn(usize) -> bool) -> AnswerRow {
        let cell = |at: usize| cells.get(at).map(|text| text::trimmed(text).into_owned()).unwrap_or_default();
        let fields = self.fields.iter().map(|(field, now, answer)| AnswerCell {
            field: *field,
            now: now.map(cell).unwrap_or_default(),
            text: cell(*answer),
            is_lost: is_lost(*answer),
        });
        AnswerRow { line, anchor: cell(self.anchor), cells: fields.collect() }
    }
}

impl Answers {
    /// Judges what came back for a batch, which stays as it is.
    pub fn judged(rows: &[AnswerRow], (id, batch): (Option<BatchId>, &Batch), accepted: &[AcceptedAnswers]) -> Answers {
        let mut answers = Answers::default();
        let found: Vec<_> = rows.iter().map(|row| find(&row.anchor, batch, id)).collect();
        let mut times: HashMap<RowId, usize> = HashMap::new();
        found.iter().flatten().for_each(|row| *times.entry(*row).or_default() += 1);
        for (row, found) in rows.iter().zip(found) {
            match found {
                Ok(id) if times.get(&id) == Some(&1) => {
                    answers.rows.push((row.line, id, RowState::Unanswered));
                    answers.cells.extend(row.cells.iter().filter_map(|cell| answer(row.line, id, cell, batch)));
                }
                Ok(_) => answers.unknown.push((row.line, UnknownRow::Twice, None)),
                Err((why, other)) => answers.unknown.push((row.line, why, other)),
            }
        }
        answers.try_out(batch, accepted);
        answers
    }

    /// Tries the answers on a copy of the batch until none that is taken breaks a rule, then tells how each row came back.
    fn try_out(&mut self, batch: &Batch, accepted: &[AcceptedAnswers]) {
        let mut trial = batch.clone();
        for answer in &mut self.cells {
            let is_plain = matches!(answer.state, AnswerState::Taken | AnswerState::Same);
            answer.is_taken = is_plain || answer.is_accepted(accepted, batch);
        }
        loop {
            let change = trial.change("", self.taken(&[], batch));
            let is_tried = !change.edits.is_empty();
            if is_tried {
                trial.apply(change);
            }
            let mut has_put_back = false;
            for answer in self.cells.iter_mut().filter(|answer| answer.is_taken) {
                let found = trial.findings().of_row(answer.row);
                let wrong = found.iter().find(|f| f.field == answer.field && f.severity() == Severity::Error);
                answer.rule = wrong.map(|f| f.rule);
                if answer.rule.is_some() && matches!(answer.state, AnswerState::Taken | AnswerState::Same) {
                    answer.state = AnswerState::Wrong;
                    answer.is_taken = answer.is_accepted(accepted, batch);
                    has_put_back |= !answer.is_taken;
                }
            }
            if !has_put_back {
                break;
            }
            // What was put back may have been what another answer relied on.
            if is_tried {
                trial.undo();
            }
        }
        let mut of_row: HashMap<RowId, Vec<&Answer>> = HashMap::new();
        self.cells.iter().for_each(|answer| of_row.entry(answer.row).or_default().push(answer));
        for (_, row, state) in &mut self.rows {
            let given = of_row.get(row).map_or(&[][..], Vec::as_slice);
            let found = trial.findings().of_row(*row);
            let has = |severity: Severity| found.iter().any(|f| f.severity() == severity);
            *state = if given.iter().any(|a| a.rule.is_some()) {
                RowState::Wrong
            } else if given.iter().any(|a| !a.is_taken) {
                RowState::Open
            } else if given.is_empty() && !has(Severity::Error) && !has(Severity::Warning) {
                RowState::Settled
            } else if given.is_empty() || has(Severity::Error) {
                RowState::Unanswered
            } else {
                RowState::Answered
            };
        }
    }

    /// Lists what is put into which cells, besides what is taken anyway those that are accepted now.
    fn taken<'a>(
        &'a self,
        accepted: &'a [AcceptedAnswers],
        batch: &'a Batch,
    ) -> impl Iterator<Item = (RowId, Field, Arc<str>)> + 'a {
        let is_taken = |answer: &&Answer| answer.is_taken || answer.is_accepted(accepted, batch);
        self.cells.iter().filter(is_taken).map(|answer| (answer.row, answer.field, Arc::clone(&answer.text)))
    }

    /// Gives the edits that put the answers in; `accepted` ones too.
    pub fn edits(&self, accepted: &[AcceptedAnswers], batch: &Batch) -> Vec<CellEdit> {
        batch.change("", self.taken(accepted, batch)).edits
    }

    /// Lists the answers that are not taken, and those that are although they break a rule.
    pub fn told(&self) -> impl Iterator<Item = &Answer> {
        self.cells.iter().filter(|answer| !answer.is_taken || answer.rule.is_some())
    }

    /// Counts the rows that came back in a state.
    pub fn count(&self, state: RowState) -> usize {
        self.rows.iter().filter(|(.., of)| *of == state).count()
    }

    /// Tells whether anything is left to be asked or decided.
    pub fn is_left_open(&self) -> bool {
        let is_done = |state: RowState| matches!(state, RowState::Answered | RowState::Settled);
        !self.unknown.is_empty() || self.rows.iter().any(|(.., state)| !is_done(*state))
    }
}

impl Answer {
    /// Tells whether it is accepted; one that is masked, or has lost digits, never is.
    pub fn is_accepted(&self, accepted: &[AcceptedAnswers], batch: &Batch) -> bool {
        let may_be = !matches!(self.state, AnswerState::Masked | AnswerState::Lost);
        let breaks = |rule: RuleId| {
            let now = batch.findings().of_row(self.row);
            self.rule == Some(rule) || now.iter().any(|f| f.rule == rule && f.field == self.field)
        };
        may_be
            && accepted.iter().any(|accepted| match accepted {
                AcceptedAnswers::All => true,
                AcceptedAnswers::Line(line) => *line == self.line,
                AcceptedAnswers::Rule(rule) => breaks(*rule),
                AcceptedAnswers::State(state) => *state == self.state,
            })
    }
}

/// Takes what stands in the cell for an answer, or beside it; nothing where nobody has written anything.
fn answer(line: u32, row: RowId, cell: &AnswerCell, batch: &Batch) -> Option<Answer> {
    let (roster, field) = (batch.roster(), cell.field);
    let (here, imported) = (roster.cell(row, field), roster.imported(row, field));
    let is_told = |value: &str| {
        let told = cell.now.trim_start_matches('\'');
        [value, &*field.masked(value), &*batch.masked(row, field, value)].iter().any(|form| {
            let form = text::trimmed(form);
            form.trim_start_matches('\'') == told || text::visible(&form) == told
        })
    };
    let of = |text: &str, state| {
        Some(Answer { line, row, field, text: Arc::from(text), state, rule: None, is_taken: false })
    };
    let has_stars = |text: &str| {
        text.contains(['*', '＊']) && (field.is_personal() || ![here, imported].iter().any(|t| t.contains(['*', '＊'])))
    };
    if cell.text.is_empty() {
        let is_written = !cell.now.is_empty() && !has_stars(&cell.now) && !is_told(here) && !is_told(imported);
        return if is_written { of(&cell.now, AnswerState::InPlace) } else { None };
    }
    let state = if cell.is_lost {
        AnswerState::Lost
    } else if has_stars(&cell.text) {
        AnswerState::Masked
    } else if cell.text == here {
        AnswerState::Same
    } else if roster.is_edited(row, field) && !is_told(here) {
        AnswerState::Conflict
    } else {
        AnswerState::Taken
    };
    of(&cell.text, state)
}
