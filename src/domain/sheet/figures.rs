//! Rows that count, measure or draw (统计行、长度行、分隔线): none of their cells can be a person's.

use super::row_words::{RowWord, RowWords, STEMS, is_date, is_field_code, is_number_of_a_kind};

/// A figure has no more digits than this; the numbers of people have.
const DIGITS: usize = 6;
/// What is counted is said in no more 汉字.
const LABEL: usize = 10;
/// So many figures make a row of them, where nothing says what they are.
const FIGURES: usize = 5;
/// A length has no more digits.
const LENGTH: usize = 4;

/// Tells whether a row draws a line: every cell is of signs alone that say nothing by themselves.
pub(super) fn is_line(filled: &[(usize, &str)]) -> bool {
    !filled.is_empty() && filled.iter().all(|(_, cell)| cell.chars().all(is_drawn))
}

fn is_drawn(c: char) -> bool {
    "-_=~+|/\\#.…·*—–―─━‐‑−═│┃".contains(c)
}

/// Tells whether a cell is a number such as statistics have: 4, 85.5, 95%, 12人.
pub(super) fn is_figure(cell: &str) -> bool {
    let number = cell.trim_end_matches(|c| "%‰人名分个岁份".contains(c));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (1..=DIGITS).contains(&digits)
        && number.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && number.bytes().skip(1).all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && number.matches('.').count() < 2
}

/// How columns are called by their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ordinal {
    Letters,
    Stems,
    /// A plain number; a circled one, or one in brackets, says more.
    Number,
    Circled,
}

/// So many columns in a row are no coincidence.
const COLUMNS: usize = 3;

/// Tells whether a row calls the columns by their order: A B C, 甲 乙 丙 1 2 3, (1) (2) (3).
pub(super) fn are_column_names(filled: &[(usize, &str)]) -> bool {
    if filled.len() < COLUMNS {
        return false;
    }
    let Some(all) = filled.iter().map(|(_, cell)| ordinal(cell)).collect::<Option<Vec<_>>>() else { return false };
    let follows = |pair: &[(Ordinal, u32)]| match pair {
        [(kind, n), (next, m)] => (kind == next && n + 1 == *m) || (kind != next && *m == 1),
        _ => false,
    };
    all[0].1 == 1 && all.windows(2).all(follows) && all.iter().any(|(kind, _)| *kind != Ordinal::Number)
}

fn ordinal(cell: &str) -> Option<(Ordinal, u32)> {
    let inside = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let number = inside.unwrap_or(cell);
    if (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) {
        return Some((if inside.is_some() { Ordinal::Circled } else { Ordinal::Number }, number.parse().ok()?));
    }
    if (1..=2).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_alphabetic()) {
        let letters = cell.bytes().map(|b| u32::from(b.to_ascii_uppercase() - b'A') + 1);
        return Some((Ordinal::Letters, letters.fold(0, |n, letter| n * 26 + letter)));
    }
    let mut chars = cell.chars();
    let (only, None) = (chars.next()?, chars.next()) else { return None };
    match only {
        '\u{2460}'..='\u{2473}' => Some((Ordinal::Circled, only as u32 - 0x245F)),
        _ => STEMS.chars().position(|stem| stem == only).map(|at| (Ordinal::Stems, at as u32 + 1)),
    }
}

impl RowWords {
    /// Tells whether a cell says what is counted or averaged, with the number behind it or without: 平均分, 合格人数:4.
    pub(super) fn is_figure_label(&self, cell: &str) -> bool {
        let is_number = |c: char| c.is_ascii_digit() || ".,%‰人名分个岁:()".contains(c);
        let ends =
            |label: &str| label.chars().count() <= LABEL && self.any(RowWord::Figure, |word| label.ends_with(word));
        ends(cell) || cell.find(is_number).is_some_and(|at| cell[at..].chars().all(is_number) && ends(&cell[..at]))
    }

    /// Tells whether a cell is a formula that counts or computes over rows, left as text: =COUNTA(A2:A9).
    pub(super) fn is_counting_formula(&self, cell: &str) -> bool {
        let called = cell.strip_prefix('=').and_then(|formula| formula.split_once('('));
        called.is_some_and(|(function, _)| self.any(RowWord::Function, |known| function.eq_ignore_ascii_case(known)))
    }

    /// Tells whether all cells are figures, what they count, and formulas that count. Where the names stand must be one of them,
    /// unless another cell says that something is counted: who was forgotten to be named has a number or two as well.
    pub(super) fn are_figures(&self, filled: &[(usize, &str)], name: Option<usize>) -> bool {
        let is_figure_at = |at: usize| filled.get(at).is_some_and(|(_, cell)| is_figure(cell));
        let is_sort = |at: usize| self.any(RowWord::Sort, |word| filled[at].1 == word) && is_figure_at(at + 1);
        let says_so = |at: usize| self.is_total(filled[at].1) || self.is_counting_formula(filled[at].1) || is_sort(at);
        let fits = |at: usize| is_figure_at(at) || says_so(at) || is_date(filled[at].1);
        let has_name = filled.iter().any(|(column, cell)| Some(*column) == name && is_figure(cell));
        let is_told = || (0..filled.len()).any(says_so) || has_name && FIGURES <= filled.len();
        (0..filled.len()).all(fits) && is_told()
    }

    /// Tells whether a template says in a cell how long or of what kind the values are: 40, C40, VARCHAR(40), 不超过40个字.
    pub(super) fn is_measure(&self, cell: &str) -> bool {
        let lower = cell.to_ascii_lowercase();
        let at = lower.find(|c: char| c.is_ascii_digit()).unwrap_or(lower.len());
        let (kind, length) = lower.split_at(at);
        let kind = kind.trim_end_matches('(');
        let digits = length.trim_end_matches(')').trim_end_matches(|c| "个位字符汉节以内".contains(c));
        let is_length = |digits: &str| {
            (1..=LENGTH).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b',')
        };
        let is_kind = |kind: &str| self.any(RowWord::Measure, |word| kind == word);
        match (kind, digits) {
            ("", digits) => is_length(digits),
            (kind, "") => 1 < kind.len() && is_kind(kind),
            (kind, digits) => is_kind(kind) && is_length(digits),
        }
    }

    /// Tells whether the cells of a row are what a template says of its columns: half of them what to fill in, or each of them a
    /// code, a length, a word or a flag. `numbers` are what stands where people have theirs.
    pub(super) fn are_asked(&self, filled: &[&String], name: &str, numbers: [&str; 2]) -> bool {
        let asked = filled.iter().filter(|cell| self.is_asked(cell)).count();
        let says = |cell: &str| is_field_code(cell) || self.is_asked(cell) || self.is_flag(cell);
        // Numbers alone are anybody's where no name is.
        let says_all = || filled.iter().all(|cell| says(cell) || !name.is_empty() && self.is_measure(cell));
        let is_ones = |number: &str| is_number_of_a_kind(number) && !says(number) && !self.is_measure(number);
        !numbers.into_iter().any(is_ones) && (filled.len() <= 2 * asked || says_all())
    }
}
