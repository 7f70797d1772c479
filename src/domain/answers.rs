//! Answers (答复): what an organiser writes into the list of what is to be corrected. Each row is found again by its anchor, however
//! the list was sorted, filtered or cut meanwhile.

mod list;
mod person;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use list::{
    AnswerColumns, AnswerRow, LINE_LABEL, NOTES_LABEL, REASONS_LABEL, Unread, UnreadPart, anchor, asked_label,
    labels_of,
};

use super::batch::{Batch, asked};
use super::ledger::BatchId;
use super::roster::{CellEdit, RowId};
use super::rules::{RuleId, Severity};
use super::sheet::Field;
use super::text;
use super::vocabulary::vocabulary;

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
        /// Its anchor is of somebody else; by all that is told of the person, its row was found otherwise.
        Moved = "moved",
        /// Its row was put aside meanwhile.
        Aside = "aside",
        /// It is a code for a row that waits for its number, which is given here.
        Number = "number",
    }
}

impl AnswerState {
    /// Tells whether it may be taken at all.
    pub fn may_be_taken(self) -> bool {
        !matches!(self, AnswerState::Masked | AnswerState::Lost | AnswerState::Aside | AnswerState::Number)
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
        /// It tells of somebody else than the anchor is of, or of nobody.
        OtherPerson = "other-person",
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
    /// What was written, where that was only unclean: the text is what the safe fixes make of it.
    pub written: Option<Arc<str>>,
    pub state: AnswerState,
    /// The rule that the cell breaks with the answer in it.
    pub rule: Option<RuleId>,
    pub is_taken: bool,
}

/// Which answers are taken although something stands against them. One that is masked, has lost digits,
/// is of a row that was put aside, or a number that is given here, never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedAnswers {
    All,
    /// Those in a row of the list.
    Line(u32),
    /// Those that break a rule, and those to cells that break it now.
    Rule(RuleId),
    State(AnswerState),
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The rows of the list that are of the batch, in the order of the list.
    pub rows: Vec<(u32, RowId, RowState)>,
    pub cells: Vec<Answer>,
    /// The rows that are not, with the batch that they name.
    pub unknown: Vec<(u32, UnknownRow, Option<i64>)>,
    /// What else somebody may have written that is no answer.
    pub unread: Vec<UnreadPart>,
    /// The sheet of a workbook that the list is on.
    pub sheet: String,
}

impl Answers {
    /// Judges what came back for a batch, which stays as it is.
    pub fn judged(
        (columns, rows): (&AnswerColumns, &[AnswerRow]),
        (id, batch): (Option<BatchId>, &Batch),
        accepted: &[AcceptedAnswers],
    ) -> Answers {
        let mut answers = Answers { unread: columns.unread(rows), ..Answers::default() };
        let people = person::People::of(batch);
        let found: Vec<_> = rows.iter().map(|row| people.row_of(row, list::find(row.anchor(), batch, id))).collect();
        let mut times: HashMap<RowId, usize> = HashMap::new();
        found.iter().flatten().for_each(|found| *times.entry(found.row).or_default() += 1);
        for (row, found) in rows.iter().zip(found) {
            match found {
                Ok(found) if times.get(&found.row) == Some(&1) => answers.take_row(row, found, (columns, batch)),
                Ok(_) => answers.unknown.push((row.line, UnknownRow::Twice, None)),
                Err((why, other)) => answers.unknown.push((row.line, why, other)),
            }
        }
        answers.try_out(batch, accepted);
        answers
    }

    /// Takes what was answered in a row of the list, and tells of what was written where nothing is answered.
    fn take_row(&mut self, row: &AnswerRow, found: person::Found, (columns, batch): (&AnswerColumns, &Batch)) {
        let is_aside = batch.roster().is_aside(found.row);
        self.rows.push((row.line, found.row, RowState::Unanswered));
        for cell in row.cells() {
            let answer = answer(row.line, found.row, cell, batch).map(|answer| match answer.state {
                _ if is_aside => Answer { state: AnswerState::Aside, ..answer },
                _ if waits_for_number(&answer, batch) => Answer { state: AnswerState::Number, ..answer },
                AnswerState::Taken if found.is_moved => Answer { state: AnswerState::Moved, ..answer },
                _ => answer,
            });
            if !cell.text.is_empty() && cell.text != cell.now && cell.is_written(found.row, batch) {
                list::leave_unread(&mut self.unread, Unread::Overwritten, columns.told_label(cell.field), row.line);
            }
            self.cells.extend(answer);
        }
        if !found.is_moved && row.has_other_reasons() {
            list::leave_unread(&mut self.unread, Unread::Overwritten, columns.reasons_named(), row.line);
        }
    }

    /// Tries the answers on a copy of the batch until none that is taken breaks a rule, then tells how each row came back.
    fn try_out(&mut self, batch: &Batch, accepted: &[AcceptedAnswers]) {
        let mut trial = batch.clone();
        for answer in &mut self.cells {
            let is_plain = matches!(answer.state, AnswerState::Taken | AnswerState::Same);
            answer.is_taken = is_plain || answer.is_accepted(accepted, batch);
        }
        self.clean(&mut trial);
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
                answer.rule = wrong.map(|f| f.rule).or_else(|| double(answer, (batch, &trial)));
                // What says nothing new is no answer that could be accepted.
                if answer.rule.is_some() && answer.state == AnswerState::Taken {
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
            // The number that a row waits for was not asked for.
            let has = |severity: Severity| found.iter().any(|f| f.severity() == severity && !f.wants_number());
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

    /// Has what is taken and was only written uncleanly as the safe fixes make it; the trial stays as it is.
    fn clean(&mut self, trial: &mut Batch) {
        let change = trial.change("", self.taken(&[], trial).collect::<Vec<_>>());
        if change.edits.is_empty() {
            return;
        }
        let places: HashSet<(RowId, Field)> = change.edits.iter().map(|edit| (edit.row, edit.field)).collect();
        trial.apply(change);
        let plan = trial.plan_fixes(false, |finding| places.contains(&(finding.row, finding.field)));
        trial.undo();
        let fixed: HashMap<(RowId, Field), Arc<str>> =
            plan.edits.into_iter().map(|edit| ((edit.row, edit.field), edit.after)).collect();
        for answer in self.cells.iter_mut().filter(|answer| answer.is_taken && answer.state != AnswerState::Same) {
            let Some(clean) = fixed.get(&(answer.row, answer.field)) else { continue };
            let written = std::mem::replace(&mut answer.text, Arc::clone(clean));
            if *trial.roster().cell(answer.row, answer.field) == **clean && answer.state == AnswerState::Taken {
                answer.state = AnswerState::Same;
            } else {
                answer.written = Some(written);
            }
        }
    }

    /// Lists the answers that are taken otherwise than they were written.
    pub fn cleaned(&self) -> impl Iterator<Item = (&Answer, &Arc<str>)> {
        let taken = self.cells.iter().filter(|answer| answer.is_taken);
        taken.filter_map(|answer| Some((answer, answer.written.as_ref()?)))
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

    /// Lists the rows of the list that are not answered.
    pub fn unanswered(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().filter(|(.., state)| *state == RowState::Unanswered).map(|(line, ..)| *line)
    }

    /// Tells whether anything is left to be asked or decided.
    pub fn is_left_open(&self) -> bool {
        let is_done = |state: RowState| matches!(state, RowState::Answered | RowState::Settled);
        !self.unknown.is_empty() || !self.unread.is_empty() || self.rows.iter().any(|(.., state)| !is_done(*state))
    }
}

impl Answer {
    /// Tells whether it is accepted.
    pub fn is_accepted(&self, accepted: &[AcceptedAnswers], batch: &Batch) -> bool {
        let breaks = |rule: RuleId| {
            let now = batch.findings().of_row(self.row);
            self.rule == Some(rule) || now.iter().any(|f| f.rule == rule && f.field == self.field)
        };
        self.state.may_be_taken()
            && accepted.iter().any(|accepted| match accepted {
                AcceptedAnswers::All => true,
                AcceptedAnswers::Line(line) => *line == self.line,
                AcceptedAnswers::Rule(rule) => breaks(*rule),
                AcceptedAnswers::State(state) => *state == self.state,
            })
    }
}

/// Finds the rule that an answered code or ID number breaks because another row has it, with all answers in their cells.
fn double(answer: &Answer, (batch, trial): (&Batch, &Batch)) -> Option<RuleId> {
    let (row, field) = (answer.row, answer.field);
    if batch.roster().cell(row, field) == &*answer.text {
        return None;
    }
    let mut others = trial.rows_with(field, &asked(field, &answer.text));
    others.retain(|other| *other != row && !trial.roster().is_aside(*other));
    let name = |row| text::compact(trial.roster().cell(row, Field::Name));
    let is_double = |of: &Batch, row| of.findings().of_row(row).iter().any(|f| f.rule == RuleId::AwardTwice);
    match field {
        _ if others.is_empty() => None,
        Field::Code => Some(RuleId::CodeTwice),
        _ if others.iter().any(|other| name(*other) != name(row)) => Some(RuleId::IdTwoNames),
        _ => others.iter().any(|o| is_double(trial, *o) && !is_double(batch, *o)).then_some(RuleId::AwardTwice),
    }
}

/// Tells whether an answer stands where a number of ours is to be given.
fn waits_for_number(answer: &Answer, batch: &Batch) -> bool {
    let found = batch.findings().of_row(answer.row);
    found.iter().any(|f| f.field == answer.field && f.wants_number())
}

/// Takes what stands in the cell for an answer, or beside it; nothing where nobody has written anything.
fn answer(line: u32, row: RowId, cell: &list::AnswerCell, batch: &Batch) -> Option<Answer> {
    let (roster, field) = (batch.roster(), cell.field);
    let here = roster.cell(row, field);
    let of = |text: &str, state| {
        let text = Arc::from(text);
        Some(Answer { line, row, field, text, written: None, state, rule: None, is_taken: false })
    };
    if cell.text.is_empty() {
        let state = if cell.is_now_lost { AnswerState::Lost } else { AnswerState::InPlace };
        return if cell.is_written(row, batch) { of(&cell.now, state) } else { None };
    }
    let state = if cell.is_lost {
        AnswerState::Lost
    } else if list::has_stars(&cell.text, (row, field), batch) {
        AnswerState::Masked
    } else if cell.text == here {
        AnswerState::Same
    } else if roster.is_edited(row, field) && !cell.tells(row, batch, here) {
        AnswerState::Conflict
    } else {
        AnswerState::Taken
    };
    of(&cell.text, state)
}
