//! Rows (行) under a header: people, and what stands between and below them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::{ColumnMap, Field, SheetSpec};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

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
pub const READING: u32 = 1;

/// A row of a note has no more filled cells than this.
const FEW: usize = 6;

/// So many rows under the header may be the template's.
const TEMPLATE_ROWS: usize = 3;

vocabulary! {
    /// What a word says of the row it stands in; see the table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RowWord {
        Total = "total",
        Role = "role",
        Head = "head",
        Ending = "ending",
        Alone = "alone",
        Seal = "seal",
        Below = "below",
        Asked = "asked",
        Asks = "asks",
        Example = "example",
        Title = "title",
    }
}

/// The words that tell rows from people, as they stand in the table.
#[derive(Debug, Clone, Default)]
pub struct RowWords {
    of: HashMap<RowWord, Vec<String>>,
}

impl RowWords {
    pub fn new(rows: impl IntoIterator<Item = (String, RowWord)>) -> RowWords {
        let mut of: HashMap<RowWord, Vec<String>> = HashMap::new();
        for (word, kind) in rows {
            of.entry(kind).or_default().push(word);
        }
        RowWords { of }
    }

    fn any(&self, kind: RowWord, is: impl Fn(&str) -> bool) -> bool {
        self.of.get(&kind).is_some_and(|words| words.iter().any(|word| is(word)))
    }

    /// Tells whether a whole cell is one of a foot: a total, a signature line, a note. People's own cells only begin so.
    fn is_foot(&self, cell: &str) -> bool {
        self.is_total(cell)
            || self.any(RowWord::Alone, |word| cell == word)
            || self.any(RowWord::Role, |word| {
                cell.strip_prefix(word).is_some_and(|rest| matches!(rest, "" | "人" | "员" | "者"))
            })
            || self.is_before_colon(cell)
            || self.is_seal(cell)
            || is_page(cell)
            || self.any(RowWord::Below, |word| {
                cell.trim_matches(|c: char| matches!(c, '-' | '—' | '–' | '_' | '=' | '~' | '(' | ')')) == word
            })
    }

    fn is_total(&self, cell: &str) -> bool {
        let ends =
            |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || ":(人名".contains(c));
        if self.any(RowWord::Total, |word| cell.strip_prefix(word).is_some_and(ends)) {
            return true;
        }
        // 共12人, 以上共计12人, 12人.
        let said = ["以上共计", "以上共", "总共", "共计", "共"].iter().find_map(|word| cell.strip_prefix(word));
        let number = said.unwrap_or(cell).trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = number.len() < said.unwrap_or(cell).len();
        match said {
            Some(_) => is_number && number.starts_with(|c: char| "人名行条本份张".contains(c)),
            None => is_number && matches!(number, "人" | "名"),
        }
    }

    fn is_before_colon(&self, cell: &str) -> bool {
        let Some((before, _)) = cell.split_once(':') else { return false };
        // 单位负责人(签字):
        let before = before.strip_suffix(')').and_then(|b| b.split_once('(')).map_or(before, |(word, _)| word);
        let long = before.chars().count();
        if long == 0 || 14 < long || !before.chars().all(text::is_han) {
            return false;
        }
        let begins = |word: &str| before.strip_prefix(word).is_some_and(|rest| rest.chars().count() <= 4);
        self.any(RowWord::Head, begins)
            || self.any(RowWord::Role, begins)
            || self.any(RowWord::Ending, |word| before.contains(word))
    }

    fn is_seal(&self, cell: &str) -> bool {
        let Some((before, inside)) = cell.trim_end_matches(':').strip_suffix(')').and_then(|c| c.rsplit_once('('))
        else {
            return false;
        };
        before.chars().count() <= 12 && self.any(RowWord::Seal, |word| inside == word)
    }

    /// Tells whether a name or an ID number is that of an example: 例：张三, 张三（示例）, 示例.
    fn is_example(&self, cell: &str) -> bool {
        self.any(RowWord::Example, |word| {
            let brackets =
                || cell.split('(').skip(1).any(|part| part.split_once(')').is_some_and(|(in_it, _)| in_it == word));
            cell.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(':') || (rest.is_empty() && word.chars().count() > 1))
                || brackets()
        })
    }

    /// Tells whether a template says in a cell what is to be filled in.
    fn is_asked(&self, cell: &str) -> bool {
        let lower = cell.to_ascii_lowercase();
        let digits = cell.trim_start_matches(|c: char| c.is_ascii_digit());
        self.any(RowWord::Asked, |word| cell == word)
            || self.any(RowWord::Asks, |word| lower.starts_with(word))
            || (digits.len() < cell.len() && (digits.starts_with('位') || digits.starts_with("个字")))
    }
}

/// Tells whether a cell numbers a printed page: 第1页共3页.
fn is_page(cell: &str) -> bool {
    cell.contains('页')
        && cell.contains(|c: char| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || "第页共,/、".contains(c))
}

/// Tells whether a cell names a field as programs do: XM, `id_number`.
fn is_field_code(cell: &str) -> bool {
    let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    1 < letters.len()
        && cell.len() <= letters.len() + 1
        && letters.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

/// Tells whether a cell is the date of a signature, filled in or not.
fn is_date(cell: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "年月日-./".contains(c);
    let signs = cell.chars().filter(|c| "-./".contains(*c)).count();
    cell.chars().all(is_part) && (cell.contains('月') || (signs == 2 && cell.starts_with(|c: char| c.is_ascii_digit())))
}

/// Tells whether a cell has an ID number or a certificate code in it.
fn has_number(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    if bytes.iter().filter(|b| b.is_ascii_digit()).count() < 10 {
        return false;
    }
    let is_code = 18 <= bytes.len() && bytes[0].is_ascii_alphabetic() && bytes[1..11].iter().all(u8::is_ascii_digit);
    text::looks_like_id(cell) || is_code || bytes.windows(17).any(|run| run.iter().all(u8::is_ascii_digit))
}

/// Tells whether a cell is a name as people have them: two to four 汉字, parts with a dot between, or letters.
fn is_plain_name(cell: &str) -> bool {
    let is_letter = |c: char| text::is_han(c) || text::is_private_use(c);
    let long = cell.chars().count();
    let parts = || cell.split(['·', '•', '・', '‧', '.']).all(|part| !part.is_empty() && part.chars().all(is_letter));
    match cell.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => {
            1 < long && cell.chars().all(|c| c.is_alphabetic() || "·.-'".contains(c))
        }
        _ => {
            ((2..=4).contains(&long) && cell.chars().all(is_letter))
                || (cell.contains(['·', '•', '・', '‧', '.']) && parts())
        }
    }
}

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
    /// Whether a row with text in one cell is a title.
    has_titles: bool,
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
            has_titles: 2 * lone <= rows,
            kept: BTreeSet::new(),
            takes_all: false,
        };
        let heads =
            above.iter().map(compact).filter(|row| !row.is_empty()).map(|row| (row, SkipReason::RepeatedHeader));
        let template = sample.iter().take(TEMPLATE_ROWS).filter(|row| kinds.is_template(row));
        kinds.known = heads.chain(template.map(|row| (row.clone(), SkipReason::Template))).collect();
        kinds.usual = kinds.usual_of(&sample, is_cut);
        kinds
    }

    /// Takes every row for data, whatever it holds.
    pub fn every_row(columns: &ColumnMap) -> RowKinds {
        RowKinds { fields: vec![None; columns.source.len()], takes_all: true, ..RowKinds::default() }
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
        if notes().any(|n| n == CellNote::Told) {
            return None;
        }
        let is_unknown = |column: Option<usize>| column.is_some_and(|c| c < count && note(c) == CellNote::NoValue);
        if is_unknown(self.name) || is_unknown(self.id) || is_unknown(self.code) {
            return None;
        }
        let beside = notes().filter(|n| *n != CellNote::Nothing).count();
        self.other_than_data(&trimmed((0..count).map(|i| text::compact(text_of(i)).into_owned()).collect()), beside)
    }

    /// `beside` counts the cells that are empty and stand for something nevertheless.
    fn other_than_data(&self, row: &[String], beside: usize) -> Option<SkipReason> {
        let filled: Vec<(usize, &str)> =
            row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(i, cell)| (i, cell.as_str())).collect();
        let at = |column: Option<usize>| column.and_then(|c| row.get(c)).map_or("", String::as_str);
        if let Some(reason) = self.header(&filled) {
            return Some(reason);
        }
        if let Some((_, reason)) = self.known.iter().find(|(known, _)| known == row) {
            return Some(*reason);
        }
        if self.words.is_example(at(self.name)) || self.words.is_example(at(self.id)) {
            return Some(SkipReason::Example);
        }
        if filled.iter().any(|(_, cell)| has_number(cell)) {
            return None;
        }
        // Whoever has a name is a person, whatever stands beside it.
        let name = at(self.name);
        let is_named = is_plain_name(name) && !self.words.is_foot(name);
        if let [(column, cell)] = filled[..]
            && beside == 0
        {
            if cell.bytes().all(|b| b.is_ascii_digit()) {
                return Some(SkipReason::NumberOnly);
            }
            if self.words.is_foot(cell) || is_date(cell) {
                return Some(SkipReason::Note);
            }
            let is_title =
                Some(column) != self.name || !is_named || self.words.any(RowWord::Title, |w| cell.ends_with(w));
            return (self.has_titles && is_title).then_some(SkipReason::Title);
        }
        let is_foot = |cells: &[(usize, &str)]| {
            cells.iter().any(|(_, cell)| self.words.is_foot(cell)) || cells.iter().all(|(_, cell)| is_date(cell))
        };
        if !filled.is_empty() && filled.len() <= FEW && !is_named && is_foot(&filled) {
            return Some(SkipReason::Note);
        }
        self.is_filling(&filled, name).then_some(SkipReason::Filling)
    }

    /// Tells whether a row is a header: most of its cells name columns.
    fn header(&self, filled: &[(usize, &str)]) -> Option<SkipReason> {
        let spec = self.spec.as_ref()?;
        // No label is longer than a line.
        let field = |cell: &str| Some(cell).filter(|cell| cell.len() <= 120).and_then(|cell| spec.field_of(cell));
        let mut named: Vec<(usize, Field)> = Vec::new();
        for (seen, (i, cell)) in filled.iter().enumerate() {
            named.extend(field(cell).map(|field| (*i, field)));
            // Half of the cells name nothing: no need to ask the others.
            if filled.len() <= 2 * (seen + 1 - named.len()) {
                return None;
            }
        }
        if named.len() < 3 {
            return None;
        }
        let holds = |fields: &[Option<Field>], i: usize, field| fields.get(i).is_some_and(|f| *f == Some(field));
        let is_in_place =
            |(i, field): &(usize, Field)| holds(&self.fields, *i, *field) || holds(&self.named, *i, *field);
        let in_order = named.iter().all(is_in_place);
        Some(if in_order { SkipReason::RepeatedHeader } else { SkipReason::TurnedHeader })
    }

    /// Tells whether a row is the template's: the columns numbered, or half of the cells say what is to be filled in.
    fn is_template(&self, row: &[String]) -> bool {
        let filled: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
        if filled.len() < 3 || filled.iter().any(|cell| has_number(cell)) {
            return false;
        }
        let are_numbered = filled.iter().zip(1..).all(|(cell, number)| cell.parse() == Ok(number));
        let asked = filled.iter().filter(|cell| self.words.is_asked(cell)).count();
        are_numbered
            || filled.len() <= 2 * asked
            || filled.iter().all(|cell| is_field_code(cell) || self.words.is_asked(cell))
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
        Some((0..self.fields.len()).map(|i| self.fields[i].and_then(|_| usual(i))).collect())
    }

    fn is_filling(&self, filled: &[(usize, &str)], name: &str) -> bool {
        let Some(usual) = &self.usual else { return false };
        let is_own = |i: usize| [self.name, self.id, self.code].contains(&Some(i));
        name.is_empty()
            && filled.iter().all(|(i, cell)| match self.fields.get(*i) {
                Some(Some(_)) => !is_own(*i) && usual[*i].as_deref() == Some(*cell),
                _ => true,
            })
    }
}

/// Tells quickly whether a cell begins as an ID number or a certificate code does; names of fields have letters there.
fn begins_a_number(cell: &[u8]) -> bool {
    15 <= cell.len() && cell[0].is_ascii_alphanumeric() && cell[5..10].iter().all(u8::is_ascii_digit)
}

/// Tells quickly whether a cell may be that of an example; the words for one are looked at later.
fn may_be_example(cell: &[u8]) -> bool {
    const ABOUT: &[u8] = "例".as_bytes();
    const LIKE: &[u8] = "如".as_bytes();
    !cell.is_ascii() && (cell.starts_with(LIKE) || cell.windows(ABOUT.len()).any(|part| part == ABOUT))
}

/// Leaves out the empty cells behind the last filled one.
fn trimmed(mut row: Vec<String>) -> Vec<String> {
    row.truncate(row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |i| i + 1));
    row
}
