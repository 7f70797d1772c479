//! Rows (行) under a header: people, and what stands between and below them.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{are_column_names, is_line};
use super::header::FEWEST;
use super::row_words::{
    RowWords, begins_a_number, has_number, is_date, is_field_code, is_number_of_a_kind, is_plain_name, may_be_example,
    may_be_name,
};
use super::{ColumnMap, Field, SheetSpec};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

mod feet;

vocabulary! {
    /// Why a row under the header is not taken as data; listed, never silent (L5).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SkipReason {
        /// Every cell is blank.
        Blank = "blank",
        /// The header stands here once more, as on each printed page.
        RepeatedHeader = "repeated-header",
        /// A header whose columns stand in another order: what follows cannot be read by the first one.
        TurnedHeader = "turned-header",
        /// A note, a total or a signature line.
        Note = "note",
        /// The title of a block: text in one cell only.
        Title = "title",
        /// Only a row number.
        NumberOnly = "number-only",
        /// Of the template: names of fields, numbers of columns, what is to be filled in.
        Template = "template",
        /// The template's example of a person.
        Example = "example",
        /// Only what every row holds, as where a template was filled down.
        Filling = "filling",
        /// Signs alone, as drawn between the header and the people.
        Line = "line",
    }
}

impl SkipReason {
    /// Joins neighbouring rows with one reason, in order, into runs: first row, last row, reason.
    pub fn runs(skipped: &[(u32, SkipReason)]) -> Vec<(u32, u32, SkipReason)> {
        let chained = |a: &(u32, SkipReason), b: &(u32, SkipReason)| a.1 == b.1 && a.0 + 1 == b.0;
        let run = |run: &[(u32, SkipReason)]| (run[0].0, run[run.len() - 1].0, run[0].1);
        skipped.chunk_by(chained).map(run).collect()
    }
}

/// How rows are told from people. Rows keep their numbers only among readings of one version: to be raised with every change
/// of the rules.
pub const READING: u32 = 8;

/// A row of a note has no more filled cells than this.
const FEW: usize = 6;
/// A line of text has no more cells than this, whatever it is cut at.
const LEAST: usize = 5;

/// So many rows whose name has such a word beside it are no foot; so many rows under the header may be the template's.
const MANY_POSTS: usize = 4;
const TEMPLATE_ROWS: usize = 3;
/// What the reader noted about a cell, as far as it tells rows from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellNote {
    Nothing,
    /// Its value stands in the first cell of a merged range.
    Merged,
    /// A formula whose value is not known.
    NoValue,
    /// Something that has to be told: the row stays.
    Told,
}

/// Tells the rows of one table from people.
#[derive(Debug, Clone, Default)]
pub struct RowKinds {
    /// What the columns hold and what their labels name, in the order of the file.
    fields: Vec<Option<Field>>,
    named: Vec<Option<Field>>,
    name: Option<usize>,
    id: Option<usize>,
    code: Option<usize>,
    spec: Option<Box<SheetSpec>>,
    words: RowWords,
    /// Rows of the header, of what stands above it, and of the template.
    known: Vec<(Vec<String>, SkipReason)>,
    /// What most rows have in each column, where rows may hold nothing else.
    usual: Option<Vec<Option<String>>>,
    /// Rows that look as a signature does, and whether they are people, for people stand above and below them.
    signed: Vec<(Vec<String>, bool)>,
    /// Columns that hold what people are: 职务.
    posts: Vec<usize>,
    /// Whether a row with text in one cell is a title.
    has_titles: bool,
    /// Whether somebody's number was seen.
    has_people: bool,
    /// Rows that somebody takes for people, from 0 under the header.
    kept: BTreeSet<u32>,
    takes_all: bool,
}

impl RowKinds {
    /// Makes them for a table. `above` are the rows down to the header, `sample` those that follow it; `is_cut` tells that more
    /// rows come behind these.
    pub fn new(
        columns: &ColumnMap,
        spec: &SheetSpec,
        words: &RowWords,
        above: &[Vec<String>],
        (sample, is_cut): (&[Vec<String>], bool),
    ) -> RowKinds {
        let compact = |row: &Vec<String>| trimmed(row.iter().map(|cell| text::compact(cell).into_owned()).collect());
        let sample: Vec<Vec<String>> = sample.iter().map(compact).collect();
        let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
        let lone = sample.iter().filter(|row| filled(row) == 1).count();
        let rows = sample.iter().filter(|row| filled(row) != 0).count();
        let mut kinds = RowKinds {
            fields: columns.source.iter().map(|column| column.field).collect(),
            named: columns.source.iter().map(|column| spec.field_of(&column.label)).collect(),
            name: columns.of(Field::Name),
            id: columns.of(Field::IdNumber),
            code: columns.of(Field::Code),
            spec: Some(Box::new(spec.clone())),
            words: words.clone(),
            known: Vec::new(),
            usual: None,
            signed: Vec::new(),
            posts: Vec::new(),
            has_titles: 2 * lone <= rows,
            has_people: false,
            kept: BTreeSet::new(),
            takes_all: false,
        };
        let heads =
            above.iter().map(compact).filter(|row| !row.is_empty()).map(|row| (row, SkipReason::RepeatedHeader));
        let template = sample.iter().take(TEMPLATE_ROWS).filter(|row| kinds.is_template(row));
        kinds.known = heads.chain(template.map(|row| (row.clone(), SkipReason::Template))).collect();
        kinds.has_people = sample.iter().any(|row| kinds.is_numbered(row));
        kinds.usual = kinds.usual_of(&sample, is_cut);
        kinds.posts = (0..columns.source.len()).filter(|at| kinds.holds_posts(&sample, *at)).collect();
        kinds.signed = kinds.signed_of(&sample, is_cut);
        kinds
    }

    /// Tells whether what stands in a column is what people are, row for row: words that stand before a name at a foot, too.
    fn holds_posts(&self, sample: &[Vec<String>], at: usize) -> bool {
        let cell = |row: &'_ Vec<String>, at: Option<usize>| at.and_then(|at| row.get(at)).cloned().unwrap_or_default();
        let named = sample.iter().filter(|row| is_plain_name(&cell(row, self.name)));
        let posts = named.clone().filter(|row| self.words.is_bare_label(&cell(row, Some(at)))).count();
        Some(at) != self.name && MANY_POSTS <= posts && named.count() < 2 * posts
    }

    /// Finds the rows that look as a signature does, and those of them that stand right between people.
    fn signed_of(&self, sample: &[Vec<String>], is_cut: bool) -> Vec<(Vec<String>, bool)> {
        let mut signed = Vec::new();
        let mut is_below = false;
        let mut rows = sample;
        while let [first, rest @ ..] = rows {
            let run = rows.iter().take_while(|row| self.may_be_signed(row)).count();
            if run == 0 {
                (is_below, rows) = (self.is_numbered(first), rest);
                continue;
            }
            let behind = rows.get(run);
            // What stands behind the last row that is seen decides of those before it.
            if behind.is_some() || !is_cut {
                let is_between = is_below && behind.is_some_and(|row| self.is_numbered(row));
                signed.extend(rows[..run].iter().map(|row| (row.clone(), is_between)));
            }
            (is_below, rows) = (false, &rows[run..]);
        }
        signed
    }

    /// Tells whether a row has a number by which it is a person's.
    fn is_numbered(&self, row: &[String]) -> bool {
        let at = |column: Option<usize>| column.and_then(|c| row.get(c)).map_or("", String::as_str);
        let (id, is_named) = (at(self.id), is_plain_name(at(self.name)));
        has_number(id) || is_named && (has_number(at(self.code)) || is_number_of_a_kind(id) && !is_date(id))
    }

    /// Tells whether a row has a name that may be a person's or that of whoever signs, and no number.
    fn may_be_signed(&self, row: &[String]) -> bool {
        let name = self.name.and_then(|c| row.get(c)).map_or("", String::as_str);
        is_plain_name(name) && !self.words.is_foot(name) && !self.words.is_remark(name) && !self.is_numbered(row)
    }

    /// More of them below each other are no people in between.
    pub const MOST_BETWEEN: usize = 16;

    /// Tells whether a row that was taken for a note may be a person all the same, where people stand right above and below it;
    /// or whether one that was taken for a person says nothing of those above. Of rows that were seen with the header it is known
    /// which.
    pub fn may_stand_between<'a>(
        &self,
        reason: Option<SkipReason>,
        count: usize,
        cell: impl Fn(usize) -> &'a [u8],
    ) -> bool {
        if reason.is_some_and(|reason| reason != SkipReason::Note) {
            return false;
        }
        let row = compact_row(count, cell);
        let is_known = || reason.is_some() && self.signed.iter().any(|(known, _)| *known == row);
        self.may_be_signed(&row) && !is_known()
    }

    /// Tells whether a row is a person's by its number.
    pub fn is_person<'a>(&self, count: usize, cell: impl Fn(usize) -> &'a [u8]) -> bool {
        self.is_numbered(&compact_row(count, cell))
    }

    /// Takes every row for data, whatever it holds.
    pub fn every_row(columns: &ColumnMap) -> RowKinds {
        RowKinds { fields: vec![None; columns.source.len()], takes_all: true, ..RowKinds::default() }
    }

    /// Tells whether every row is taken for data.
    pub fn takes_all(&self) -> bool {
        self.takes_all
    }

    /// Takes some rows for data all the same; they are counted from 0 under the header.
    pub fn keep(mut self, rows: BTreeSet<u32>) -> RowKinds {
        self.kept = rows;
        self
    }

    /// Tells whether rows are kept by their numbers.
    pub fn keeps_some(&self) -> bool {
        !self.kept.is_empty()
    }

    /// Tells whether a row is data all the same.
    pub fn keeps(&self, row: u32) -> bool {
        self.kept.contains(&row)
    }

    /// Counts the columns.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// Tells whether the text of one cell is rows of the table: a line has their width, or a number among its cells.
    pub fn are_rows(&self, cell: &[u8], delimiter: u8) -> bool {
        let text = String::from_utf8_lossy(cell);
        text.split(['\n', '\r']).any(|line| {
            let cells = line.split(char::from(delimiter));
            let count = cells.clone().count();
            // As many cells as a narrow table has are no sign of a row.
            1 < count && (self.width().max(LEAST) <= count || cells.map(str::trim).any(has_number))
        })
    }

    /// Tells whether names stand in a column.
    pub fn is_name(&self, column: usize) -> bool {
        self.name == Some(column)
    }

    /// Tells whether a row under the header is something other than data. `cell` gives the bytes of a cell, valid UTF-8.
    pub fn kind<'a>(
        &self,
        count: usize,
        cell: impl Fn(usize) -> &'a [u8],
        note: impl Fn(usize) -> CellNote,
    ) -> Option<SkipReason> {
        if self.takes_all {
            return None;
        }
        let at = |column: Option<usize>| column.filter(|c| *c < count).map_or(&[][..], &cell);
        // Nearly every row has a number that begins as it should: it is a person.
        let (id, code) = (at(self.id), at(self.code));
        if (begins_a_number(id) || begins_a_number(code)) && !may_be_example(at(self.name)) && !may_be_example(id) {
            return None;
        }
        let is_nothing = |c: char| text::is_blank(c) || text::is_control(c);
        let text_of = |i: usize| std::str::from_utf8(cell(i)).unwrap_or_default();
        let notes = || (0..count).map(&note);
        if (0..count).all(|i| text_of(i).chars().all(is_nothing))
            && notes().all(|n| matches!(n, CellNote::Nothing | CellNote::Merged))
        {
            return Some(SkipReason::Blank);
        }
        if self.spec.is_none() || notes().any(|n| n == CellNote::Told) {
            return None;
        }
        let is_unknown = |column: &Option<usize>| column.is_some_and(|c| c < count && note(c) == CellNote::NoValue);
        let own = [self.name, self.id, self.code].iter().filter(|column| is_unknown(column)).count();
        if own != 0 {
            let unknown = notes().filter(|n| *n == CellNote::NoValue).count();
            // Whoever has a name and a number has two of them at least.
            let most = if own == 1 && !is_unknown(&self.name) { LEAST } else { 1 };
            return self.is_counted(&compact_row(count, cell), (unknown, most)).then_some(SkipReason::Note);
        }
        let beside = notes().filter(|n| *n != CellNote::Nothing).count();
        self.other_than_data(&compact_row(count, cell), beside)
    }

    /// `beside` counts the cells that are empty and stand for something nevertheless.
    fn other_than_data(&self, row: &[String], beside: usize) -> Option<SkipReason> {
        let filled: Vec<(usize, &str)> =
            row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(i, cell)| (i, cell.as_str())).collect();
        let at = |column: Option<usize>| column.and_then(|c| row.get(c)).map_or("", String::as_str);
        if let Some((_, reason)) = self.known.iter().find(|(known, _)| known == row) {
            return Some(*reason);
        }
        if let Some(reason) = self.header(&filled) {
            return Some(reason);
        }
        if are_column_names(&filled) {
            return Some(SkipReason::Template);
        }
        if self.words.is_example(at(self.name)) || self.words.is_example(at(self.id)) {
            return Some(SkipReason::Example);
        }
        if beside == 0 && is_line(&filled) {
            return Some(SkipReason::Line);
        }
        if self.has_people && self.words.are_figures(&filled, self.name) {
            return Some(SkipReason::Note);
        }
        if beside == 0 && self.is_counted_title(&filled) {
            return Some(SkipReason::Title);
        }
        if filled.iter().any(|(_, cell)| has_number(cell))
            || is_number_of_a_kind(at(self.id)) && !self.is_foots(&filled, at(self.id))
        {
            return None;
        }
        let name = at(self.name);
        let is_title = |cell: &str| self.words.is_title(cell);
        if let [(column, cell)] = filled[..]
            && beside == 0
        {
            if cell.bytes().all(|b| b.is_ascii_digit()) {
                return Some(SkipReason::NumberOnly);
            }
            // A label alone may be a name in a list of names.
            let is_label = || self.has_titles && self.words.is_bare_label(cell) && !self.is_between(row);
            if self.words.is_foot(cell) || is_date(cell) || self.words.is_remark(cell) || is_label() {
                return Some(SkipReason::Note);
            }
            let is_nobody = Some(column) != self.name || !may_be_name(cell) || is_title(cell);
            return (self.has_titles && is_nobody).then_some(SkipReason::Title);
        }
        let is_foot = |cells: &[(usize, &str)]| {
            cells.iter().any(|(_, cell)| self.words.is_foot(cell))
                || cells.iter().all(|(_, cell)| is_date(cell) || self.words.is_remark(cell))
        };
        let is_post = |(column, cell): &(usize, &str)| self.posts.contains(column) && self.words.is_bare_label(cell);
        if is_plain_name(name) && (filled.iter().any(is_post) || self.is_between(row)) {
            return None;
        }
        // Whoever has a name is a person, whatever stands beside it, unless a label before it says who signs.
        let is_named = || !name.is_empty() && !is_foot(&[(0, name)]) && !is_title(name);
        let is_note = || self.is_signed(&filled) || self.words.is_sentence(name) || is_foot(&filled) && !is_named();
        if filled.len() <= FEW && is_note() {
            return Some(SkipReason::Note);
        }
        self.is_filling(&filled, name).then_some(SkipReason::Filling)
    }

    /// Tells whether a row that looks as a signature does is known to stand between people.
    fn is_between(&self, row: &[String]) -> bool {
        self.signed.iter().any(|(known, is_between)| *is_between && known == row)
    }

    /// Tells whether a row is a header: most of its cells name columns, or its names and numbers are labels.
    fn header(&self, filled: &[(usize, &str)]) -> Option<SkipReason> {
        let spec = self.spec.as_ref()?;
        // No label is longer than a line.
        let field = |cell: &str| Some(cell).filter(|cell| cell.len() <= 120).and_then(|cell| spec.field_of(cell));
        // Whoever's name and number are labels is no person, whatever the other cells say.
        let at = |column: Option<usize>| filled.iter().find(|(i, _)| Some(*i) == column);
        let heads = |column| at(column).is_some_and(|(_, cell)| field(cell).is_some());
        let is_head = heads(self.name) && heads(self.id);
        let mut named: Vec<(usize, Field)> = Vec::new();
        for (seen, (i, cell)) in filled.iter().enumerate() {
            named.extend(field(cell).map(|field| (*i, field)));
            // Half of the cells name nothing: no need to ask the others.
            if !is_head && filled.len() <= 2 * (seen + 1 - named.len()) {
                return None;
            }
        }
        if !is_head && named.len() < FEWEST {
            return None;
        }
        let holds = |fields: &[Option<Field>], i: usize, field| fields.get(i).is_some_and(|f| *f == Some(field));
        let is_in_place = |i: usize, field| holds(&self.fields, i, field) || holds(&self.named, i, field);
        // A column whose label is another one now holds something else from here on.
        let is_kept = |(i, _): &(usize, &str)| match named.iter().find(|(at, _)| at == i) {
            Some((_, field)) => is_in_place(*i, *field),
            None => self.fields.get(*i).is_none_or(Option::is_none),
        };
        let in_order = filled.iter().all(is_kept);
        Some(if in_order { SkipReason::RepeatedHeader } else { SkipReason::TurnedHeader })
    }

    /// Tells whether a row is the template's: the columns numbered, or half of the cells say what is to be filled in.
    fn is_template(&self, row: &[String]) -> bool {
        let filled: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
        if filled.len() < 3 || filled.iter().any(|cell| has_number(cell)) {
            return false;
        }
        let [name, id, code] =
            [self.name, self.id, self.code].map(|c| c.and_then(|c| row.get(c)).map_or("", String::as_str));
        let are_numbered = filled.iter().zip(1..).all(|(cell, number)| cell.parse() == Ok(number));
        // A person's row may say yes and no, too.
        let is_words = |cell: &str| is_field_code(cell) || self.words.is_asked(cell) || self.words.is_flag(cell);
        let is_persons = is_plain_name(name) && !is_words(name);
        are_numbered || !is_persons && self.words.are_asked(&filled, name, [id, code])
    }

    /// Gives what most rows have in each column that holds something, where rows are seen or may come that hold nothing else.
    fn usual_of(&self, sample: &[Vec<String>], is_cut: bool) -> Option<Vec<Option<String>>> {
        let own = [self.name, self.id, self.code];
        let has_own = |row: &Vec<String>| own.iter().any(|c| c.and_then(|c| row.get(c)).is_some_and(|t| !t.is_empty()));
        let is_filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.is_empty());
        let people = sample.iter().filter(|row| has_own(row)).count();
        let others = sample.iter().filter(is_filled).filter(|row| !has_own(row)).count();
        if people == 0 || (others < 2 && !is_cut) {
            return None;
        }
        let usual = |column: usize| {
            let mut count: BTreeMap<&str, usize> = BTreeMap::new();
            for cell in sample.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()) {
                *count.entry(cell).or_default() += 1;
            }
            let (text, often) = count.iter().max_by_key(|(_, often)| **often)?;
            // Where no such row was seen, only what nearly every row has says that one is coming.
            (2 <= others || sample.len() < often * 2).then(|| (*text).to_string())
        };
        Some((0..self.fields.len()).map(usual).collect())
    }

    fn is_filling(&self, filled: &[(usize, &str)], name: &str) -> bool {
        let Some(usual) = &self.usual else { return false };
        let is_own = |i: usize| [self.name, self.id, self.code].contains(&Some(i));
        name.is_empty()
            && filled.iter().all(|(i, cell)| {
                let is_usual = usual.get(*i).is_some_and(|usual| usual.as_deref() == Some(*cell));
                // Rows are counted in columns that are none of the form's; what else stands there is somebody's own.
                let is_count =
                    || self.fields.get(*i).is_none_or(Option::is_none) && cell.bytes().all(|b| b.is_ascii_digit());
                !is_own(*i) && (is_usual || is_count())
            })
    }
}

/// Gives the cells of a row in the form they are compared in.
fn compact_row<'a>(count: usize, cell: impl Fn(usize) -> &'a [u8]) -> Vec<String> {
    let text_of = |i: usize| std::str::from_utf8(cell(i)).unwrap_or_default();
    trimmed((0..count).map(|i| text::compact(text_of(i)).into_owned()).collect())
}

/// Leaves out the empty cells behind the last filled one.
fn trimmed(mut row: Vec<String>) -> Vec<String> {
    row.truncate(row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |i| i + 1));
    row
}
