//! The list itself (清单): its anchors, its columns and rows, and what of it is not read.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::UnknownRow;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::{RowId, RowOrigin};
use crate::domain::rules::is_scientific;
use crate::domain::sheet::{ANCHOR_LABEL, Field, column_letters};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// The labels of the columns that say where a row stands, and what is wrong with it.
pub const LINE_LABEL: &str = "原行号";
pub const REASONS_LABEL: &str = "问题说明";

/// The label of the column of notes; organisers call one of their own 备注.
pub const NOTES_LABEL: &str = "核对备注";

/// The columns of reasons and notes, whichever of them was written over.
const REASONS_AND_NOTES: &str = "问题说明、核对备注";

/// What stands behind a column's label where it is told what a cell holds, and where the answer goes.
const NOW: &str = "（现填）";
const ANSWER: &str = "（请改为）";

/// What every anchor begins with.
const MARK: &str = "skillcert";

/// So many bytes of the digest tell whether a row is the one that was sent, and so many whether its reasons are.
const CHECKED: usize = 6;
const REASONS_CHECKED: usize = 3;

/// By these a person is known; each row tells them, whatever is asked.
pub const WHO: [Field; 2] = [Field::Name, Field::IdNumber];

vocabulary! {
    /// Why something in a list is no answer.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Unread {
        /// A column that the list has not from us.
        Column = "column",
        /// What a column holds is told, and there is none for the answers.
        NoAnswers = "no-answers",
        /// The column by which a person is known is not there.
        NoPerson = "no-person",
        /// Something was written over what is told.
        Overwritten = "overwritten",
        /// Another sheet of the workbook is such a list, too.
        Sheet = "sheet",
    }
}

/// What of a list is not read: the column or sheet by its name, and the rows of the list where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadPart {
    pub why: Unread,
    pub name: String,
    pub lines: Vec<u32>,
}

/// A row of the list that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    pub line: u32,
    anchor: String,
    /// Where it stands in the roster, or in which file, sheet and row; empty where the list does not tell.
    pub(super) place: Vec<String>,
    /// Why it is in the list, and what was noted of it.
    reasons: Option<String>,
    cells: Vec<AnswerCell>,
    /// The columns that are not the list's and hold something.
    strange: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCell {
    pub field: Field,
    /// What the list tells of the cell; empty where it tells nothing.
    pub now: String,
    pub text: String,
    pub is_lost: bool,
    pub is_now_lost: bool,
}

/// Where the columns of a list stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumns {
    anchor: usize,
    /// The fields that are told or asked for: the column that tells what there is, and the one for the answer.
    fields: Vec<(Field, Option<usize>, Option<usize>)>,
    place: Vec<usize>,
    reasons: Option<usize>,
    notes: Option<usize>,
    labels: Vec<String>,
    /// The columns that should be there.
    missing: Vec<(Unread, String)>,
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

fn hex(digest: Sha256, bytes: usize) -> String {
    digest.finalize().iter().take(bytes).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Writes the anchor of a row: the batch, the row of it, a check of what was imported and one of the reasons and notes
/// that are told beside it, and where that stood.
pub fn anchor(batch: &Batch, id: Option<BatchId>, row: RowId, reasons: &str) -> String {
    let (file, sheet, line) = stands(batch, row);
    let check = check(batch, id, row);
    let place = [file, sheet].map(|name| text::visible(&name).into_owned()).join(" ");
    let number = id.map_or(0, |id| id.0);
    format!("{MARK} {number}/{} {check}-{} {} {line}", row + 1, checked_reasons(reasons), place.trim())
}

fn stands(batch: &Batch, row: RowId) -> (String, String, u32) {
    match batch.roster().origin_of(row) {
        Some(origin) => (origin.file, origin.sheet, origin.line),
        None => (batch.origin.file.clone(), batch.origin.sheet.clone(), batch.roster().line(row)),
    }
}

fn check(batch: &Batch, id: Option<BatchId>, row: RowId) -> String {
    let roster = batch.roster();
    let (file, sheet, line) = stands(batch, row);
    let number = id.map_or(0, |id| id.0);
    let mut digest = Sha256::new();
    digest.update(format!("{number}/{row}/{line}/{file}/{sheet}"));
    for cell in (0..roster.source_width(row)).map(|at| roster.source_cell(row, at)).filter(|cell| !cell.is_empty()) {
        // As a masked list shows it at most: nobody finds a number by trying what gives the same digest.
        let is_number = 7 <= cell.chars().filter(char::is_ascii_digit).count();
        digest.update([0x1F]);
        digest.update(if is_number { text::masked_number(cell) } else { text::masked_name(cell) });
    }
    hex(digest, CHECKED)
}

fn checked_reasons(reasons: &str) -> String {
    // A spreadsheet cuts a long cell, and none types behind that.
    let told: String = folded(reasons).chars().take(4000).collect();
    hex(Sha256::new().chain_update(told), REASONS_CHECKED)
}

/// Finds the row that an anchor is of.
pub fn find(anchor: &str, batch: &Batch, id: Option<BatchId>) -> Result<RowId, (UnknownRow, Option<i64>)> {
    let mut words = anchor.split_whitespace();
    if words.next() != Some(MARK) {
        return Err((UnknownRow::NoAnchor, None));
    }
    let changed = (UnknownRow::Changed, None);
    let (place, checks) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let parsed = place.split_once('/').and_then(|(n, row)| Some((n.parse().ok()?, row.parse::<RowId>().ok()?)));
    let Some((number, row)) = parsed else { return Err(changed) };
    // A list may have been written of a file before a batch was made of it.
    let of = if number == 0 { None } else { id };
    if of.map_or(0, |id| id.0) != number {
        return Err((UnknownRow::OtherBatch, Some(number)));
    }
    let row = row.wrapping_sub(1);
    let told = checks.split('-').next();
    let is_it = row < batch.roster().len() && told == Some(&*check(batch, of, row));
    if is_it { Ok(row) } else { Err(changed) }
}

/// Brings a label to the form in which it is compared.
fn folded(label: &str) -> String {
    label.trim_start_matches('\'').split_whitespace().collect()
}

/// Tells of a place in the list that holds what is no answer.
pub fn leave_unread(unread: &mut Vec<UnreadPart>, why: Unread, name: &str, line: u32) {
    match unread.iter_mut().find(|part| part.why == why && part.name == name) {
        Some(part) => part.lines.push(line),
        None => unread.push(UnreadPart { why, name: name.to_string(), lines: vec![line] }),
    }
}

impl AnswerColumns {
    /// Finds the columns in a row of labels; nothing where it is not the header of such a list.
    pub fn of(labels: &[String], batch: &Batch) -> Option<AnswerColumns> {
        let labels: Vec<String> = labels.iter().map(|label| folded(label)).collect();
        let find = |wanted: &str| labels.iter().position(|label| *label == folded(wanted));
        let anchor = find(ANCHOR_LABEL)?;
        let (mut fields, mut missing) = (Vec::new(), Vec::new());
        for field in Field::ALL {
            let [now_label, answer_label] = labels_of(batch, field);
            let (answer, is_who) = (find(&answer_label), WHO.contains(&field));
            // A name stands there once, as what tells who it is.
            let of_who = || find(asked_label(batch, field)).filter(|_| is_who || answer.is_some());
            let now = find(&now_label).or_else(of_who);
            if is_who && now.is_none() {
                missing.push((Unread::NoPerson, asked_label(batch, field).to_string()));
            } else if !is_who && now.is_some() && answer.is_none() {
                missing.push((Unread::NoAnswers, answer_label));
            }
            if now.is_some() || answer.is_some() {
                fields.push((field, now, answer));
            }
        }
        let origin: Vec<usize> = RowOrigin::LABELS.into_iter().filter_map(find).collect();
        let is_origin = origin.len() == RowOrigin::LABELS.len();
        let place = if is_origin { origin } else { find(LINE_LABEL).into_iter().collect() };
        Some(AnswerColumns {
            anchor,
            fields,
            place,
            reasons: find(REASONS_LABEL),
            notes: find(NOTES_LABEL),
            labels,
            missing,
        })
    }

    /// Takes a row of the list; `is_lost` tells of which columns a spreadsheet has lost digits.
    pub fn row(&self, line: u32, cells: &[String], is_lost: impl Fn(usize) -> bool) -> AnswerRow {
        let cell = |at: usize| cells.get(at).map(|text| text::trimmed(text).into_owned()).unwrap_or_default();
        let answers = self.fields.iter().map(|(field, now, answer)| AnswerCell {
            field: *field,
            now: now.map(cell).unwrap_or_default(),
            text: answer.map(cell).unwrap_or_default(),
            is_lost: answer.is_some_and(|at| is_lost(at) || is_scientific(&cell(at))),
            is_now_lost: now.is_some_and(|at| is_lost(at) || is_scientific(&cell(at))),
        });
        let strange = (0..cells.len()).filter(|at| !self.is_ours(*at) && !cell(*at).is_empty());
        AnswerRow {
            line,
            anchor: cell(self.anchor),
            place: self.place.iter().map(|at| cell(*at)).collect(),
            reasons: self.reasons.map(|at| cell(at) + &self.notes.map(cell).unwrap_or_default()),
            cells: answers.collect(),
            strange: strange.collect(),
        }
    }

    fn is_ours(&self, at: usize) -> bool {
        let of_field = |(_, now, answer): &(Field, Option<usize>, Option<usize>)| [now, answer].contains(&&Some(at));
        at == self.anchor
            || [self.reasons, self.notes].contains(&Some(at))
            || self.place.contains(&at)
            || self.fields.iter().any(of_field)
    }

    /// Gives the label of the column that tells what a field holds.
    pub fn told_label(&self, field: Field) -> &str {
        let at = self.fields.iter().find(|(of, ..)| *of == field).and_then(|(_, now, _)| *now);
        at.and_then(|at| self.labels.get(at)).map_or("", String::as_str)
    }

    /// Names the columns that the check of the reasons is of.
    pub(super) fn reasons_named(&self) -> &'static str {
        if self.notes.is_some() { REASONS_AND_NOTES } else { REASONS_LABEL }
    }

    /// Lists what the columns leave out: those that are missing, and others where something stands.
    pub fn unread(&self, rows: &[AnswerRow]) -> Vec<UnreadPart> {
        let missing =
            self.missing.iter().map(|(why, name)| UnreadPart { why: *why, name: name.clone(), lines: vec![] });
        let mut unread: Vec<UnreadPart> = missing.collect();
        for row in rows {
            for at in &row.strange {
                let label = self.labels.get(*at).filter(|label| !label.is_empty());
                let name = label.cloned().unwrap_or_else(|| column_letters(*at));
                leave_unread(&mut unread, Unread::Column, &name, row.line);
            }
        }
        unread
    }
}

impl AnswerRow {
    pub(super) fn anchor(&self) -> &str {
        &self.anchor
    }

    pub(super) fn cells(&self) -> &[AnswerCell] {
        &self.cells
    }

    /// Tells whether the reasons are not those that were written beside the anchor; a list of earlier times does not say.
    pub(super) fn has_other_reasons(&self) -> bool {
        let sent = self.anchor.split_whitespace().nth(2).and_then(|checks| checks.split_once('-'));
        let told = self.reasons.as_deref().map(checked_reasons);
        sent.zip(told).is_some_and(|((_, sent), told)| sent != told)
    }
}

impl AnswerCell {
    /// Tells whether the list tells a value of a cell, whole or masked.
    pub(super) fn tells(&self, row: RowId, batch: &Batch, value: &str) -> bool {
        let (told, field) = (self.now.trim_start_matches('\''), self.field);
        [value, &*field.masked(value), &*batch.masked(row, field, value)].iter().any(|form| {
            let form = text::trimmed(form);
            form.trim_start_matches('\'') == told || text::visible(&form) == told
        })
    }

    /// Tells whether somebody has written over what the list tells.
    pub(super) fn is_written(&self, row: RowId, batch: &Batch) -> bool {
        let roster = batch.roster();
        let is_told = |value: &str| self.tells(row, batch, value);
        !self.now.is_empty()
            && !has_stars(&self.now, (row, self.field), batch)
            && !is_told(roster.cell(row, self.field))
            && !is_told(roster.imported(row, self.field))
    }
}

/// Tells whether a text has stars that stand for letters.
pub fn has_stars(text: &str, (row, field): (RowId, Field), batch: &Batch) -> bool {
    const STARS: [char; 2] = ['*', '＊'];
    let roster = batch.roster();
    let own = || [roster.cell(row, field), roster.imported(row, field)].iter().any(|text| text.contains(STARS));
    text.contains(STARS) && (field.is_personal() || !own())
}
