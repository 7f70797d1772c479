//! Rows at the feet and heads of blocks: signatures, totals, what formulas counted, how many people a block has.

use super::super::Field;
use super::super::contents::Looks;
use super::super::figures::is_figure;
use super::super::row_words::{is_date, is_local_phone, is_phone, is_plain_name};
use super::{FEW, LEAST, RowKinds, compact_row};

/// A sum, or a telephone number without its area, is no longer than this.
const SUM: usize = 10;

impl RowKinds {
    /// Tells whether the formulas whose values are not known are those of a foot: so many alone, or few beside its words.
    pub(super) fn is_counted(&self, row: &[String], (unknown, most): (usize, usize)) -> bool {
        let mut filled = row.iter().filter(|cell| !cell.is_empty()).peekable();
        let is_alone = filled.peek().is_none();
        let is_foots = |cell: &String| self.words.is_foot(cell) || is_date(cell);
        self.has_people && unknown <= (if is_alone { most } else { LEAST }) && filled.all(is_foots)
    }

    /// Tells whether formulas counted a row over those above: all of it is theirs, words of a foot, days and figures.
    pub fn is_counted_foot<'a>(&self, count: usize, cell: impl Fn(usize) -> &'a [u8], counted: &[usize]) -> bool {
        if counted.is_empty() || self.takes_all || !self.has_people {
            return false;
        }
        let row = compact_row(count, cell);
        let is_foots = |cell: &str| self.words.is_foot(cell) || is_date(cell) || is_figure(cell);
        row.iter().enumerate().all(|(at, cell)| cell.is_empty() || counted.contains(&at) || is_foots(cell))
    }

    /// Tells whether a row is the title of a block and how many people it has: 教师组, 7人; 兰州样例学校, 12人.
    pub(super) fn is_counted_title(&self, filled: &[(usize, &str)]) -> bool {
        let [(column, title), counts @ ..] = filled else { return false };
        let holds_titles = Some(*column) == self.name || self.fields.get(*column).is_none_or(Option::is_none);
        let is_count = |cell: &str| is_figure(cell) || self.words.is_total(cell);
        // A body or an occupation is nobody, either, where people are counted beside it.
        let looks = || self.spec.as_ref().and_then(|spec| spec.looks_of(title));
        let is_block = || {
            matches!(looks(), Some(Looks::Organisation | Looks::Occupation))
                && counts.iter().all(|(_, cell)| self.words.is_total(cell))
        };
        holds_titles
            && !counts.is_empty()
            && counts.iter().all(|(_, cell)| is_count(cell))
            && (self.words.is_title(title) || is_block())
    }

    /// Tells whether what stands under the ID numbers is no more than the day of a signature, a telephone number or a sum.
    pub(super) fn is_foots(&self, filled: &[(usize, &str)], number: &str) -> bool {
        let is_short = number.len() <= SUM && number.bytes().all(|b| b.is_ascii_digit() || b",.".contains(&b));
        let is_label = |cell: &str| self.words.is_total(cell) || cell.contains(':') && self.words.is_foot(cell);
        let has_label = || filled.iter().any(|(_, cell)| is_label(cell));
        // A person's number may have lost its end, but a label stands before nobody's.
        filled.len() <= FEW && (is_date(number) || is_short) && (has_label() || self.is_signed(filled))
    }

    /// Tells whether all cells are labels of a signature line and what is filled in behind each: 填表人: 王某, 联系人 张某 电话 139….
    pub(super) fn is_signed(&self, filled: &[(usize, &str)]) -> bool {
        let is_told = |cell: &str| is_date(cell) || is_phone(cell) || is_local_phone(cell);
        // Without a colon it may be what a person does; and a person may be called so, but nobody's type is a day.
        let is_bare = |at: usize| {
            let (column, cell) = filled[at];
            let next = filled.get(at + 1).map_or("", |(_, next)| next);
            let says_work = matches!(self.fields.get(column), Some(Some(Field::Occupation | Field::WorkType)));
            !says_work
                && self.words.is_bare_label(cell)
                && (is_told(next) || Some(column) != self.name && is_plain_name(next))
        };
        let is_label = |at: usize| {
            let cell = filled[at].1;
            cell.ends_with(':') && self.words.is_foot(cell) || is_bare(at)
        };
        let mut follows = false;
        let fits = |at: usize| {
            let cell = filled[at].1;
            let is_filled_in = follows && (is_plain_name(cell) || is_told(cell));
            follows = !is_filled_in && is_label(at);
            follows || is_filled_in || self.words.is_foot(cell)
        };
        (0..filled.len()).any(is_label) && (0..filled.len()).all(fits)
    }
}
