//! Runs the rules over rows. A cell that equals one just found clean is not looked at again ([`Memo`]).

pub(super) mod across;
mod columns;
mod kind;
pub(super) mod moved;
mod sexes;

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;

use self::columns::{RowRead, TOGETHER};
use self::moved::PlacedColumns;
use super::checks::{AllChecks, Placed, Verdict};
use super::code_parts::CodePlan;
use super::memo::{Memo, MetText};
use super::numbered::RowNumbers;
use super::ways::{WAY_FIELDS, WayCounts};
use super::{CheckContext, Finding, RuleId, clean, institutions, kinds, ledger, scope};
use crate::domain::ledger::KnownCertificates;
use crate::domain::roster::{Block, Mark, MarkKind, Roster, RowId};
use crate::domain::sheet::{Column, ColumnMap, Field};

/// The current cells of one row, as bytes of valid UTF-8.
pub type RowCells<'a> = [&'a [u8]; Field::COUNT];

/// A row's keys: code, ID number, and person + occupation + level. 0 where the row takes no part.
pub type Keys = [u64; 3];

/// What checking a block gives: findings whose rows count from the block's first, and the keys of every row.
#[derive(Debug, Clone, Default)]
pub struct BlockReport {
    /// The findings in order of row and column.
    pub findings: Vec<Finding>,
    /// Per kind of key, the key of each row.
    pub keys: [Vec<u64>; 3],
    /// Hashes of the rows' names, 0 for none, where [`Checker::hashing_rows`] asked for them; empty otherwise.
    pub names: Vec<u64>,
    /// Hashes of the whole rows, likewise.
    pub wholes: Vec<u64>,
    /// The texts of watched columns that were met, and how often.
    pub texts: Vec<MetText>,
    /// How the columns are written that may be written in several ways.
    pub ways: WayCounts,
    /// The watched columns with too many texts, a bit each.
    pub crowded: u8,
    /// The source columns that seemed empty when the columns were matched, and hold something here.
    pub filled: Vec<usize>,
    /// How many cells hold something in columns that were put out of the roster.
    pub left_out: u64,
    /// How many cells of each column hold something.
    pub held: [u64; Field::COUNT],
    /// What was cleaned when the cells were read: column, how, in how many cells, the first of them.
    pub cleaned: Vec<(u16, MarkKind, u32, RowId)>,
    /// How the numbers of the rows follow each other; lines count from the block's first.
    pub row_numbers: RowNumbers,
    /// In how many rows ID number and a column beside it say the sex, and the rows in which they differ.
    pub sexes: (u64, Vec<RowId>),
    /// How many ID numbers are 18 digits, and the rows of those that end in 000.
    pub numbers: (u64, Vec<RowId>),
}

/// The rules, prepared for one profile, form and column map.
#[derive(Debug, Clone)]
pub struct Checker {
    context: CheckContext,
    columns: ColumnMap,
    /// Columns that gave way because they seemed empty.
    seemed_empty: Vec<usize>,
    /// Columns that were put out of the roster.
    left_out: Vec<usize>,
    /// Columns that hold what rows have behind the last column of their file.
    beyond: Vec<usize>,
    /// The column that numbers the rows.
    numbered: Option<usize>,
    placed: PlacedColumns,
    /// The column that says the sex, where the form has none.
    sex: Option<usize>,
    /// The column that says of which kind the certificate is.
    kind: Option<usize>,
    code: CodePlan,
    specs: [Option<Column>; Field::COUNT],
    /// The columns of the form that hold words and nothing else.
    word_fields: Vec<Field>,
    judges: AllChecks,
    /// Whether there is a filed scope to compare with, and a clause that asks for it.
    compares_scope: bool,
    /// Whether there are institutions to compare with.
    compares_registry: bool,
    /// Whether the ledger knows anything of the rows.
    asks_ledger: bool,
    hashes_rows: bool,
}

/// Where findings of one row go.
#[derive(Debug)]
pub struct Sink<'a> {
    row: RowId,
    out: &'a mut Vec<Finding>,
}

impl Sink<'_> {
    /// Counts what has been found, in this row and those before.
    pub fn count(&self) -> usize {
        self.out.len()
    }

    /// Gives what has been found since there were so many.
    pub(super) fn since(&self, count: usize) -> &[Finding] {
        self.out.get(count..).unwrap_or_default()
    }

    /// Finds in this row what was found of the same cell in another.
    pub(super) fn find_again(&mut self, found: &[Finding]) {
        self.out.extend(found.iter().map(|finding| Finding { row: self.row, ..*finding }));
    }

    /// Asks rules about a cell; what they find stands there.
    pub(super) fn judge<F>(&mut self, rules: &[(RuleId, F)], field: Field, ask: impl Fn(&F) -> Verdict) {
        self.judge_placed(rules, |judge| ask(judge).map(|detail| (field, detail)));
    }

    /// Asks rules that tell themselves where what they find stands.
    pub(super) fn judge_placed<F>(&mut self, rules: &[(RuleId, F)], ask: impl Fn(&F) -> Placed) {
        for (rule, judge) in rules {
            if let Some((field, detail)) = ask(judge) {
                self.out.push(Finding { row: self.row, field, rule: *rule, detail });
            }
        }
    }
}

impl Checker {
    pub fn new(context: CheckContext, columns: ColumnMap) -> Checker {
        let code = CodePlan::new(&context.profile.layout, &context.tables.regions);
        let specs = Field::ALL.map(|field| context.sheet.column(field).cloned());
        let word_fields = Field::ALL.into_iter().filter(|f| is_words(*f) && specs[f.index()].is_some()).collect();
        let judges = AllChecks::new(&context, &columns);
        let compares_scope = scope::is_asked_for(&context);
        let compares_registry = institutions::has_registry(&context);
        let asks_ledger = !context.known.is_empty();
        Checker {
            seemed_empty: columns.seemed_empty(),
            left_out: columns.left_out(),
            beyond: columns.beyond(),
            numbered: context.sheet.row_numbers(&columns),
            placed: PlacedColumns::new(&context.sheet, &columns),
            sex: context.sheet.sex_beside(&columns),
            kind: context.profile.certificate_kinds.column(&columns),
            context,
            columns,
            code,
            specs,
            word_fields,
            judges,
            compares_scope,
            compares_registry,
            asks_ledger,
            hashes_rows: false,
        }
    }

    /// Prepares the rules anew for other tables or another day; columns and what the ledger knows stay.
    pub fn with(&self, context: CheckContext) -> Checker {
        let known = Arc::clone(&context.known);
        let mut checker = Checker::new(context, self.columns.clone());
        checker.sex = self.sex;
        checker.set_known(known);
        checker
    }

    /// Takes what the ledger knows of the rows; [`Checker::check_one`] compares with it from now on.
    pub fn set_known(&mut self, known: Arc<KnownCertificates>) {
        self.asks_ledger = !known.is_empty();
        self.context.known = known;
    }

    /// Gives the source column that numbers the rows.
    pub fn numbered(&self) -> Option<usize> {
        self.numbered
    }

    /// Gives what the rules depend on.
    pub fn context(&self) -> &CheckContext {
        &self.context
    }

    /// Checks every row of a block of imported rows.
    pub fn check_block(&self, block: &Block) -> BlockReport {
        self.check_next(block, &mut Memo::default())
    }

    /// Checks every row of a block with what the blocks before have taught.
    pub fn check_next(&self, block: &Block, memo: &mut Memo) -> BlockReport {
        let rows = block.len();
        let mut report = BlockReport { keys: [(); 3].map(|()| Vec::with_capacity(rows)), ..BlockReport::default() };
        let mut marks = block.marks();
        let of = |field: Field| Some((field.index(), self.columns.of(field)?));
        let wanted: Vec<(usize, usize)> = Field::ALL.into_iter().filter_map(of).collect();
        report.filled.clone_from(&self.seemed_empty);
        let is_filled = |row: usize, column: usize| !block.cell(row, column).trim().is_empty();
        report.filled.retain(|c| (0..rows).any(|row| is_filled(row, *c)));
        let count = |column: &usize| (0..rows).filter(|row| is_filled(*row, *column)).count() as u64;
        report.left_out = self.left_out.iter().map(count).sum();
        for mark in marks.iter().filter(|mark| mark.kind.cleaning().is_some()) {
            let known = report.cleaned.iter_mut().find(|known| (known.0, known.1) == (mark.column, mark.kind));
            match known {
                Some(known) => known.2 += 1,
                None => report.cleaned.push((mark.column, mark.kind, 1, mark.row)),
            }
        }
        if self.hashes_rows {
            report.names.reserve(rows);
            report.wholes.reserve(rows);
        }
        let mut cells: Vec<RowCells<'_>> = vec![[&[][..]; Field::COUNT]; rows.min(TOGETHER)];
        for first in (0..rows).step_by(TOGETHER) {
            let (before, upto) = (report.findings.len(), rows.min(first + TOGETHER));
            if self.hashes_rows {
                report.wholes.extend((first..upto).map(|row| hash(block.whole(row))));
            }
            (first..upto).zip(&mut cells).for_each(|(row, cells)| block.read_row(row, &wanted, cells));
            let mut together: Vec<RowRead<'_>> = Vec::with_capacity(upto - first);
            for (row, cells) in (first..upto).zip(&cells) {
                memo.ways.met(&self.context.tables, WAY_FIELDS.map(|field| cells[field.index()]));
                if let Some(column) = self.numbered {
                    report.row_numbers.take(block.bytes(row, column), block.line(row));
                }
                let mut mine = &[][..];
                if marks.first().is_some_and(|m| m.row == row as u32) {
                    (mine, marks) = marks.split_at(marks.iter().take_while(|m| m.row == row as u32).count());
                }
                let number = cells[Field::IdNumber.index()];
                if number.len() == 18 && number[17].is_ascii_digit() {
                    report.numbers.0 += 1;
                    if clean::is_eaten_number(number) {
                        report.numbers.1.push(row as RowId);
                    }
                }
                let mut sink = Sink { row: row as RowId, out: &mut report.findings };
                let width = block.width(row);
                let source = |c: usize| if c < width { block.bytes(row, c) } else { &[] };
                let moved = self.placed.moved(&self.context, cells, source);
                if (self.columns.source.len() < width || !self.beyond.is_empty()) && moved.is_none() {
                    self.row_too_wide(width, source, &mut sink);
                }
                together.push(self.of_kind(RowRead::new(row as RowId, cells, self.sex.map_or(&[], source)), source));
                if let (Some(read), true) = (together.last_mut(), moved.is_some() || !mine.is_empty()) {
                    self.note(read, (moved, mine), memo, &mut sink);
                }
            }
            if self.hashes_rows {
                report.names.extend(together.iter().map(RowRead::name));
            }
            for (place, _) in &wanted {
                let filled = together.iter().filter(|read| !read.cells[*place].is_empty());
                report.held[*place] += filled.count() as u64;
            }
            self.read_columns(&mut together, memo, &mut report.findings);
            report.findings[before..].sort_unstable();
            for read in &together {
                report.count_sex(&self.context.tables.sexes, read, before);
                read.keys.into_iter().zip(&mut report.keys).for_each(|(key, list)| list.push(key));
            }
        }
        (report.texts, report.crowded) = memo.take_met();
        report.ways = memo.ways.take();
        report
    }

    /// Checks one row of a roster as it stands now, with what other rows have taught; rules that compare rows are left to the
    /// batch.
    pub fn check_one(&self, roster: &Roster, row: RowId, memo: &mut Memo) -> (Vec<Finding>, Keys) {
        let mut findings = Vec::new();
        let cells: RowCells<'_> = roster.row_bytes(row);
        let marks = self.marks(roster, row, |_| true);
        let mut sink = Sink { row, out: &mut findings };
        let width = roster.source_width(row);
        let source = |c: usize| roster.source_cell(row, c).as_bytes();
        let moved = self.moved(&cells, source);
        if (self.columns.source.len() < width || !self.beyond.is_empty()) && moved.is_none() {
            self.row_too_wide(width, source, &mut sink);
        }
        let read = self.of_kind(RowRead::new(row, &cells, self.sex.map_or(&[], source)), source);
        let kind = read.kind;
        let keys = self.row(read, (moved, &marks), memo, sink.out);
        if self.asks_ledger {
            let has = |field: Field| self.columns.of(field).is_some() && self.specs[field.index()].is_some();
            let says = ledger::RowSays::read(&cells.map(text), keys, has);
            ledger::check(&self.context, &self.judges, row, &says, &mut sink);
        }
        findings.retain(|finding| !kinds::spares(kind.0, finding));
        findings.sort_unstable();
        (findings, keys)
    }

    /// Checks a row with another text in one cell, as if somebody had written it there; what concerns its width and the
    /// ledger is left out.
    pub(super) fn check_cell(&self, roster: &Roster, row: RowId, field: Field, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let cell = |f: Field| if f == field { text.as_bytes() } else { roster.cell(row, f).as_bytes() };
        let cells: RowCells<'_> = Field::ALL.map(cell);
        let marks: Vec<Mark> = self.marks(roster, row, |f| f != field);
        let source = |c: usize| roster.source_cell(row, c).as_bytes();
        let moved = self.moved(&cells, source);
        let read = self.of_kind(RowRead::new(row, &cells, self.sex.map_or(&[], source)), source);
        self.row(read, (moved, &marks), &mut Memo::none(), &mut findings);
        findings
    }

    /// Lists what the importer noted about cells that nobody has changed since.
    fn marks(&self, roster: &Roster, row: RowId, wanted: impl Fn(Field) -> bool) -> Vec<Mark> {
        let noted = Field::ALL.into_iter().filter(|field| wanted(*field) && !roster.is_edited(row, *field));
        let columns = noted.filter_map(|field| Some((field, self.columns.of(field)?)));
        let kind = |field: Field, column: usize| {
            let of_row = |(first, end): &(RowId, RowId)| (*first..*end).contains(&row);
            let is_eaten = field == Field::IdNumber && self.context.ids_eaten.iter().any(of_row);
            let eaten = || is_eaten && clean::is_eaten_number(roster.cell(row, field).as_bytes());
            let noted = roster.mark(row, column);
            noted.filter(|_| !eaten()).or_else(|| eaten().then_some(MarkKind::LongNumber))
        };
        columns.filter_map(|(field, c)| kind(field, c).map(|kind| Mark { row, column: c as u16, kind })).collect()
    }

    /// Notes in which rows spreadsheets took the last digits of the ID numbers; they are checked accordingly from now on.
    pub fn set_ids_eaten(&mut self, rows: Vec<(RowId, RowId)>) {
        self.context.ids_eaten = rows.into();
    }
}

pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Tells whether a column holds words that are checked alone.
fn is_words(field: Field) -> bool {
    !matches!(
        field,
        Field::Name | Field::IdType | Field::IdNumber | Field::WorkType | Field::Level | Field::Code | Field::IssueDate
    )
}

/// Gives the key of a code or an ID number in its clean form, as rows have it; never 0.
pub fn key_of_text(text: &[u8]) -> u64 {
    hash(text)
}

/// Hashes a key's text; never 0.
pub(super) fn hash(key: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(key);
    hasher.finish() | 1
}
