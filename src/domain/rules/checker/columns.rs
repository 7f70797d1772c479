//! Reads a few rows together, one column after the other: the code for one column stays in the processor's nearest cache from row to
//! row; that for a whole row does not fit in there.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::moved::Moved;
use super::{Checker, Keys, RowCells, Sink, hash, text};
use crate::domain::fact::CertificateKind;
use crate::domain::identity::IdReader;
use crate::domain::level::Level;
use crate::domain::roster::{Mark, MarkKind, RowId};
use crate::domain::rules::checks::{ImportNote, RowFacts};
use crate::domain::rules::code_parts::is_plain;
use crate::domain::rules::institutions::RowFiling;
use crate::domain::rules::memo::{Memo, is_same};
use crate::domain::rules::persons::award;
use crate::domain::rules::{Finding, cells, clean, institutions, kinds, names, scope};
use crate::domain::sheet::{Column, Field};

/// So many rows are read together: their cells stay in the nearest cache, too.
pub(super) const TOGETHER: usize = 64;

/// A row, and what has been read of it so far.
#[derive(Debug)]
pub(super) struct RowRead<'a> {
    pub row: RowId,
    pub cells: &'a RowCells<'a>,
    /// What stands in the column that says the sex.
    pub sex: &'a [u8],
    /// Of which kind the certificate is, and whether what says so cannot be read.
    pub kind: (CertificateKind, bool),
    /// 0 until everything is read.
    pub keys: Keys,
    /// The cells in which nothing stands that could be judged.
    void: [bool; Field::COUNT],
    /// Whether the name is one of 汉字 alone.
    is_plain_name: bool,
    /// Whether a spreadsheet took digits of the ID number.
    lost: bool,
    /// Whether the occupation was found clean before.
    is_known_occupation: bool,
    reader: Option<IdReader>,
    level: Option<Level>,
    issued: Option<NaiveDate>,
    birth: Option<NaiveDate>,
}

impl<'a> RowRead<'a> {
    pub fn new(row: RowId, cells: &'a RowCells<'a>, sex: &'a [u8]) -> RowRead<'a> {
        RowRead {
            row,
            cells,
            sex,
            kind: Default::default(),
            keys: [0; 3],
            void: [false; Field::COUNT],
            is_plain_name: names::is_plain_han_name(cells[Field::Name.index()]),
            lost: false,
            is_known_occupation: false,
            reader: None,
            level: None,
            issued: None,
            birth: None,
        }
    }

    /// Gives the hash of the name; 0 for none.
    pub fn name(&self) -> u64 {
        Checker::name_read(self.cells[Field::Name.index()], self.is_plain_name)
    }
}

/// The rows in which a column is judged.
fn judged<'r, 'a>(rows: &'r mut [RowRead<'a>], field: Field) -> impl Iterator<Item = (&'a [u8], &'r mut RowRead<'a>)> {
    let there = rows.iter_mut().filter(move |read| !read.void[field.index()]);
    there.map(move |read| (read.cells[field.index()], read))
}

impl Checker {
    /// Reads a single row.
    pub(super) fn row(
        &self,
        mut read: RowRead<'_>,
        noted: (Option<Moved>, &[Mark]),
        memo: &mut Memo,
        out: &mut Vec<Finding>,
    ) -> Keys {
        let row = read.row;
        self.note(&mut read, noted, memo, &mut Sink { row, out });
        let mut rows = [read];
        self.read_columns(&mut rows, memo, out);
        rows[0].keys
    }

    /// Notes that the cells of a row have moved, and what the importer noted about them.
    pub(super) fn note(
        &self,
        read: &mut RowRead<'_>,
        (moved, marks): (Option<Moved>, &[Mark]),
        memo: &mut Memo,
        sink: &mut Sink<'_>,
    ) {
        if let Some(moved) = moved {
            self.row_moved(moved, &mut read.void, sink);
        }
        for mark in marks {
            if moved.is_some_and(|moved| moved.from <= usize::from(mark.column)) {
                continue;
            }
            if let Some(field) = self.columns.source.get(usize::from(mark.column)).and_then(|c| c.field) {
                read.void[field.index()] = mark.kind.has_no_text();
                if read.void[field.index()] && self.specs[field.index()].is_some() {
                    memo.met(field, read.cells[field.index()], sink.row);
                }
                self.judges.noted(field, ImportNote::Mark(mark.kind), sink);
                read.lost |= field == Field::IdNumber && mark.kind == MarkKind::LongNumber;
            }
        }
    }

    /// Reads rows that follow each other. What is found stands column by column.
    pub(super) fn read_columns(&self, rows: &mut [RowRead<'_>], memo: &mut Memo, out: &mut Vec<Finding>) {
        let before = out.len();
        self.read_names(rows, out);
        for field in &self.word_fields {
            if let Some(column) = &self.specs[field.index()] {
                judged(rows, *field).for_each(|(cell, read)| {
                    self.words(column, cell, b"", memo, &mut Sink { row: read.row, out });
                    read.is_known_occupation |= *field == Field::Occupation && memo.is_last(*field, cell);
                });
            }
        }
        self.read_work_types(rows, memo, out);
        self.read_types_levels_and_days(rows, memo, out);
        self.read_numbers(rows, out);
        self.read_codes(rows, out);
        self.judge_rows(rows, memo, out);
        // A row without a code of its own kind is not held to what only such a code asks for.
        if rows.iter().any(|read| !read.kind.0.has_code()) {
            let found = out.split_off(before);
            let kind = |row: RowId| rows.iter().find(|read| read.row == row).map(|read| read.kind.0);
            out.extend(found.into_iter().filter(|f| !kind(f.row).is_some_and(|kind| kinds::spares(kind, f))));
        }
        for read in rows {
            let occupation = read.cells[Field::Occupation.index()];
            if let Some(level) = read.level.filter(|_| read.keys[1] != 0 && !occupation.is_empty()) {
                read.keys[2] = award::key(hash(occupation), level, read.issued);
            }
        }
    }

    fn read_names(&self, rows: &mut [RowRead<'_>], out: &mut Vec<Finding>) {
        let Some(column) = &self.specs[Field::Name.index()] else { return };
        let leftovers = &self.context.tables.leftovers;
        for (name, read) in judged(rows, Field::Name) {
            if !read.is_plain_name || leftovers.may_be_nothing(name) || leftovers.may_be_glued_to(name) {
                let mut sink = Sink { row: read.row, out };
                cells::words(&self.context, &self.judges, column, text(name), "", &mut sink);
            }
        }
    }

    fn read_work_types(&self, rows: &mut [RowRead<'_>], memo: &mut Memo, out: &mut Vec<Finding>) {
        let Some(column) = &self.specs[Field::WorkType.index()] else { return };
        for (value, read) in judged(rows, Field::WorkType) {
            let mut sink = Sink { row: read.row, out };
            let occupation = read.cells[Field::Occupation.index()];
            // An occupation found clean is tidy as it stands.
            let tidy = if read.is_known_occupation {
                Cow::Borrowed(occupation)
            } else {
                match clean::words(Field::Occupation, text(occupation)) {
                    Cow::Borrowed(tidy) => Cow::Borrowed(tidy.as_bytes()),
                    Cow::Owned(tidy) => Cow::Owned(tidy.into_bytes()),
                }
            };
            // "--" is the same for every occupation; another work type is clean only beside another occupation.
            if is_same(value, &tidy) || value.is_empty() {
                cells::words(&self.context, &self.judges, column, text(value), text(&tidy), &mut sink);
                memo.met(Field::WorkType, value, sink.row);
            } else {
                self.words(column, value, &tidy, memo, &mut sink);
            }
        }
    }

    fn read_types_levels_and_days(&self, rows: &mut [RowRead<'_>], memo: &mut Memo, out: &mut Vec<Finding>) {
        let (context, judges) = (&self.context, &self.judges);
        let has = |field: Field| self.specs[field.index()].is_some();
        if has(Field::IdType) {
            for (cell, read) in judged(rows, Field::IdType) {
                let mut sink = Sink { row: read.row, out };
                let meaning = |t: &str, sink: &mut Sink<'_>| cells::id_type(context, judges, t, sink);
                read.reader = memo.id_type.read_once(cell, &mut sink, meaning);
            }
        } else {
            // A form without the column is for residents.
            rows.iter_mut().for_each(|read| read.reader = Some(IdReader::Resident));
        }
        if has(Field::Level) {
            for (cell, read) in judged(rows, Field::Level) {
                let mut sink = Sink { row: read.row, out };
                let meaning = |t: &str, sink: &mut Sink<'_>| cells::skill_level(context, judges, t, sink);
                read.level = memo.level.read_once(cell, &mut sink, meaning);
            }
        }
        if has(Field::IssueDate) {
            for (cell, read) in judged(rows, Field::IssueDate) {
                let mut sink = Sink { row: read.row, out };
                let meaning = |t: &str, sink: &mut Sink<'_>| cells::issue_date(context, judges, t, sink);
                read.issued = memo.issued.read_once(cell, &mut sink, meaning);
            }
        }
    }

    fn read_numbers(&self, rows: &mut [RowRead<'_>], out: &mut Vec<Finding>) {
        let Some(column) = &self.specs[Field::IdNumber.index()] else { return };
        for (raw, read) in judged(rows, Field::IdNumber) {
            let may_be_sound = read.reader == Some(IdReader::Resident) && !read.lost;
            read.birth = Some(raw).filter(|_| may_be_sound).and_then(|raw| cells::sound_resident(&self.context, raw));
            if read.birth.is_some() {
                read.keys[1] = hash(raw);
                continue;
            }
            let id = text(raw);
            let number = clean::id_number(id);
            if 5 <= number.len() && !read.lost && !clean::is_masked(&number) && !clean::is_scientific(&number) {
                read.keys[1] = hash(number.as_bytes());
            }
            let mut sink = Sink { row: read.row, out };
            read.birth = cells::id_number(&self.context, &self.judges, column, id, (read.reader, read.lost), &mut sink);
        }
    }

    fn read_codes(&self, rows: &mut [RowRead<'_>], out: &mut Vec<Finding>) {
        if self.specs[Field::Code.index()].is_none() {
            return;
        }
        for (raw, read) in judged(rows, Field::Code).filter(|(_, read)| read.kind.0.has_code()) {
            let mut sink = Sink { row: read.row, out };
            let beside = (read.level, read.issued);
            let key = |code: &[u8], sink: &mut Sink<'_>| {
                let is_sound = self.code.check(&self.context, &self.judges, code, beside, sink);
                if is_sound { hash(code) } else { 0 }
            };
            if is_plain(raw) {
                read.keys[0] = key(raw, &mut sink);
            } else if let Some(code) = cells::code(&self.context, &self.judges, text(raw), &mut sink) {
                read.keys[0] = key(code.as_bytes(), &mut sink);
            }
        }
    }

    /// Asks the rules about whole rows.
    fn judge_rows(&self, rows: &[RowRead<'_>], memo: &mut Memo, out: &mut Vec<Finding>) {
        if self.judges.row.is_empty() {
            return;
        }
        for read in rows {
            let mut facts = RowFacts {
                context: &self.context,
                cells: read.cells,
                columns: &self.specs,
                void: &read.void,
                level: read.level,
                issued: read.issued,
                birth: read.birth,
                sex: text(read.sex),
                kind: read.kind,
                has_code: read.keys[0] != 0,
                filed: RowFiling::default(),
                is_outside_scope: false,
            };
            if self.compares_scope && facts.level.is_some() {
                let of = |field| facts.cell(field).unwrap_or_default();
                facts.is_outside_scope = scope::is_outside(&self.context, facts.level, of, &mut memo.scope);
            }
            if self.compares_registry
                && let Some(code) = facts.code()
            {
                let name = facts.cell(self.context.sheet.institution_field()).unwrap_or_default();
                facts.filed = institutions::filed(&self.context, &code, name, read.issued, &mut memo.filed);
            }
            Sink { row: read.row, out }.judge_placed(&self.judges.row, |judge| judge(&facts));
        }
    }

    fn words(&self, column: &Column, value: &[u8], occupation: &[u8], memo: &mut Memo, sink: &mut Sink<'_>) {
        let key = match memo.known(column.field, value) {
            Ok(()) if !value.is_empty() => return memo.met_again(column.field, sink.row),
            Ok(()) => None,
            Err(key) => Some(key),
        };
        let before = sink.count();
        cells::words(&self.context, &self.judges, column, text(value), text(occupation), sink);
        match key {
            Some(key) if before == sink.count() => {
                memo.remember(column.field, key, value);
                memo.met_again(column.field, sink.row);
            }
            _ => memo.met(column.field, value, sink.row),
        }
    }
}
