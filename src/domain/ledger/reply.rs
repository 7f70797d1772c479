//! The reply of a site (回执): what it says became of certificates that were handed in, row by row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Bar, BatchId, Certificate, Status};
use crate::domain::code::CertCode;
use crate::domain::sheet::header_fingerprint;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// Among so many first rows the header is looked for.
const HEADER_ROWS: usize = 100;

/// So many first rows say which column holds codes where no label does.
const SAMPLE: usize = 200;

vocabulary! {
    /// What a column of a reply holds.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ReplyColumn {
        Code = "code",
        Name = "name",
        IdNumber = "id-number",
        Result = "result",
        Reason = "reason",
    }
}

vocabulary! {
    /// What a word of a site says of a certificate; see the table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ReplyWord {
        Accepted = "accepted",
        Returned = "returned",
        Published = "published",
        /// Nothing is decided yet.
        Waiting = "waiting",
    }
}

impl ReplyWord {
    /// Gives the status that a certificate takes by it.
    pub fn status(self) -> Option<Status> {
        match self {
            ReplyWord::Accepted => Some(Status::Accepted),
            ReplyWord::Returned => Some(Status::Returned),
            ReplyWord::Published => Some(Status::Published),
            ReplyWord::Waiting => None,
        }
    }
}

/// How sites name columns and what their words say, as the tables have it.
#[derive(Debug, Clone, Default)]
pub struct ReplyTerms {
    labels: HashMap<String, ReplyColumn>,
    words: HashMap<String, ReplyWord>,
}

/// The place of each column among the cells of a row.
pub type ReplyPlaces = [Option<usize>; ReplyColumn::COUNT];

/// Why the columns of a reply are not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderFault {
    /// No row names the columns that are needed.
    None,
    /// Two columns may be the one; how they are called.
    Several(ReplyColumn, [String; 2]),
}

/// The header of a reply: its place among the rows, and the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyHeader {
    pub row: usize,
    pub places: ReplyPlaces,
    /// By which the same header is known again.
    pub fingerprint: String,
}

impl ReplyTerms {
    pub fn new(
        labels: impl IntoIterator<Item = (ReplyColumn, String)>,
        words: impl IntoIterator<Item = (String, ReplyWord)>,
    ) -> ReplyTerms {
        let labels = labels.into_iter().map(|(column, label)| (squeezed(&label), column)).collect();
        let words = words.into_iter().map(|(word, means)| (word_key(&word), means)).collect();
        ReplyTerms { labels, words }
    }

    /// Gives the terms by which columns of these labels, and no others, are what is said of them.
    pub fn mapped(&self, map: &[(String, ReplyColumn)]) -> ReplyTerms {
        let mut terms = self.clone();
        terms.labels.retain(|_, column| map.iter().all(|(_, said)| said != column));
        terms.labels.extend(map.iter().map(|(label, column)| (squeezed(label), *column)));
        terms
    }

    /// Finds a column by how it is named: by its key, or by any of its labels.
    pub fn column(&self, named: &str) -> Option<ReplyColumn> {
        let key = squeezed(named);
        ReplyColumn::read(&key).or_else(|| self.labels.get(&key).copied())
    }

    /// Reads what a site's word says; nothing where no table has it.
    pub fn word(&self, written: &str) -> Option<ReplyWord> {
        self.words.get(&word_key(written)).copied()
    }

    /// Finds the columns: those somebody has matched in such a header before, else by their labels. A row is told from its header
    /// by a result, and by the code or by name and ID number.
    pub fn find_header<'a>(
        &self,
        rows: impl Iterator<Item = &'a [String]>,
        remembered: &dyn Fn(&str) -> Option<ReplyPlaces>,
    ) -> Result<ReplyHeader, HeaderFault> {
        let mut fault = HeaderFault::None;
        for (row, cells) in rows.take(HEADER_ROWS).enumerate() {
            let fingerprint = header_fingerprint(cells);
            if let Some(places) = remembered(&fingerprint) {
                return Ok(ReplyHeader { row, places, fingerprint });
            }
            match self.places_of(cells) {
                Ok(places) if is_enough(&places) => return Ok(ReplyHeader { row, places, fingerprint }),
                Ok(_) => {}
                // A row that may be the header is told of where no other one is.
                Err(several) if fault == HeaderFault::None => fault = several,
                Err(_) => {}
            }
        }
        Err(fault)
    }

    fn places_of(&self, cells: &[String]) -> Result<ReplyPlaces, HeaderFault> {
        let mut places = ReplyPlaces::default();
        for (at, cell) in cells.iter().enumerate() {
            let Some(column) = self.labels.get(&squeezed(cell)) else { continue };
            match &mut places[*column as usize] {
                Some(first) => {
                    let named = [&cells[*first], cell].map(|label| text::trimmed(label).into_owned());
                    return Err(HeaderFault::Several(*column, named));
                }
                place => *place = Some(at),
            }
        }
        Ok(places)
    }

    /// Finds the column of codes in a list: by its label, else the one in which the first codes stand. Gives it with the place of
    /// the first row that may hold one; nothing where there is none.
    ///
    /// # Errors
    /// Two columns are called so.
    pub fn find_codes<'a>(
        &self,
        rows: impl Iterator<Item = &'a [String]> + Clone,
    ) -> Result<Option<(usize, usize)>, HeaderFault> {
        for (row, cells) in rows.clone().take(HEADER_ROWS).enumerate() {
            let is_code = |cell: &String| self.labels.get(&squeezed(cell)) == Some(&ReplyColumn::Code);
            if let Some(at) = cells.iter().position(is_code) {
                if let Some(other) = cells[at + 1..].iter().find(|cell| is_code(cell)) {
                    let named = [&cells[at], other].map(|label| text::trimmed(label).into_owned());
                    return Err(HeaderFault::Several(ReplyColumn::Code, named));
                }
                return Ok(Some((row + 1, at)));
            }
        }
        let mut counts: HashMap<usize, (usize, usize)> = HashMap::new();
        for (row, cells) in rows.take(SAMPLE).enumerate() {
            for at in (0..cells.len()).filter(|at| code_in(&cells[*at]).is_some()) {
                counts.entry(at).or_insert((row, 0)).1 += 1;
            }
        }
        let best = counts.into_iter().max_by_key(|(at, (_, count))| (*count, usize::MAX - at));
        Ok(best.map(|(at, (row, _))| (row, at)))
    }
}

/// Tells whether rows can be told apart, and what is said of each.
fn is_enough(places: &ReplyPlaces) -> bool {
    let has = |column: ReplyColumn| places[column as usize].is_some();
    has(ReplyColumn::Result) && (has(ReplyColumn::Code) || has(ReplyColumn::Name) && has(ReplyColumn::IdNumber))
}

fn squeezed(label: &str) -> String {
    text::squeezed_label(label).to_lowercase()
}

/// Leaves out blanks, and the signs that stand around a word.
fn word_key(written: &str) -> String {
    let word = text::compact(written).to_lowercase();
    word.trim_matches(|c: char| "[]【】()（）《》\"“”。.,，;；!！√✓×".contains(c)).to_string()
}

/// Reads a code as a cell has it.
pub fn code_in(cell: &str) -> Option<CertCode> {
    CertCode::new(&text::compact(cell).to_ascii_uppercase())
}

/// A row of a reply.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyRow {
    /// The row as a spreadsheet program numbers it.
    pub line: u32,
    /// The code as it is written; may be empty.
    pub code: String,
    pub name: String,
    pub id_number: String,
    /// What the result says; nothing where no table has the word.
    pub word: Option<ReplyWord>,
    /// The result as it is written.
    pub result: String,
    pub reason: String,
}

impl std::fmt::Debug for ReplyRow {
    // Personal data: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReplyRow {{ {} {:?} .. }}", self.line, self.word)
    }
}

impl ReplyRow {
    /// Takes a row of a reply. One without a result is not decided yet; one without anything is none.
    pub fn of(line: u32, cells: &[String], places: &ReplyPlaces, terms: &ReplyTerms) -> Option<ReplyRow> {
        let cell = |column: ReplyColumn| {
            let cell = places[column as usize].and_then(|at| cells.get(at)).map_or("", String::as_str);
            text::trimmed(cell).into_owned()
        };
        let [code, name, id_number, result, reason] = ReplyColumn::ALL.map(cell);
        if code.is_empty() && name.is_empty() && id_number.is_empty() {
            return None;
        }
        let word = if result.is_empty() { Some(ReplyWord::Waiting) } else { terms.word(&result) };
        Some(ReplyRow { line, code, name, id_number, word, result, reason })
    }

    /// Gives why it came back: what the file says, else the word itself.
    pub fn why(&self) -> &str {
        if self.reason.is_empty() { &self.result } else { &self.reason }
    }

    /// Tells whether a certificate may be the one it is about: what it says of the holder is what the ledger says. Sites mask
    /// names and numbers, of which what is left must agree.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let agrees = |said: &str, known: &str| said.is_empty() || known.is_empty() || agrees(said, known);
        agrees(&self.name, &certificate.holder.name) && agrees(&self.id_number, &certificate.holder.id_number)
    }
}

/// Tells whether two texts are the same, where `said` may be masked with asterisks.
fn agrees(said: &str, known: &str) -> bool {
    let [said, known] = [said, known].map(|text| text::compact(text).to_uppercase());
    let is_mask = |c: char| matches!(c, '*' | '＊');
    if !said.contains(is_mask) {
        return said == known;
    }
    let head: String = said.chars().take_while(|c| !is_mask(*c)).collect();
    let tail: String = said.chars().rev().take_while(|c| !is_mask(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    known.starts_with(&head) && known.ends_with(&tail)
}

vocabulary! {
    /// Why a row of a reply cannot be taken.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ReplyFault {
        /// No table has the word of its result.
        Word(String) = "word",
        /// It has neither a code nor name and ID number.
        Nobody = "nobody",
        /// What stands as its code is none.
        NotCode = "not-code",
        /// The ledger has no such certificate.
        Unknown = "unknown",
        /// Several certificates may be the one.
        Several = "several",
        /// The code is somebody else's.
        OtherPerson = "other-person",
        /// It is of another batch; nothing where of none.
        OtherBatch(Option<BatchId>) = "other-batch",
        /// An earlier row says something else of the same certificate; its row number.
        Contradicts(u32) = "contradicts",
        /// What became of it does not lead there.
        Barred(Bar, Status) = "barred",
    }
}

impl ReplyFault {
    /// Tells whether whoever agrees to it may leave the row out: it is none of what is asked about.
    pub fn may_be_left(&self) -> bool {
        matches!(self, ReplyFault::Unknown | ReplyFault::OtherBatch(_) | ReplyFault::Barred(..))
    }

    /// Tells whether the row is of other certificates than those that were handed in.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, ReplyFault::Unknown | ReplyFault::OtherBatch(_))
    }
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarredRow {
    pub line: u32,
    pub code: Option<CertCode>,
    pub fault: ReplyFault,
}

/// How a reply is taken.
#[derive(Debug, Clone, Copy)]
pub struct ReplyOrder {
    /// The batch that it must be of.
    pub batch: Option<BatchId>,
    pub on: NaiveDate,
    /// Whether rows that are none of ours, or come too late, are left out; else one of them stops it.
    pub leaves: bool,
}

/// What came of a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenReply {
    /// How many certificates took which status.
    pub taken: BTreeMap<Status, u64>,
    /// Why certificates came back, and how many of each.
    pub reasons: BTreeMap<String, u64>,
    /// How many have that status already.
    pub same: u64,
    /// How many are not decided yet.
    pub waiting: u64,
    /// How many of those batches are handed in, and the reply says nothing of them.
    pub silent: u64,
    /// The batches it is of.
    pub batches: BTreeSet<BatchId>,
    pub barred: Vec<BarredRow>,
    /// Its entries of the chain; none where it was not taken, or there was nothing to take.
    pub entries: Vec<u64>,
}

impl TakenReply {
    /// Tells whether nothing stands against it.
    pub fn may_be_taken(&self, order: ReplyOrder) -> bool {
        self.barred.iter().all(|row| order.leaves && row.fault.may_be_left())
    }

    /// Tells whether it is of other certificates altogether.
    pub fn is_elsewhere(&self) -> bool {
        let is_of_ours = !self.taken.is_empty() || self.same != 0 || self.waiting != 0;
        !is_of_ours && !self.barred.is_empty() && self.barred.iter().all(|row| row.fault.is_elsewhere())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> ReplyTerms {
        let labels = [
            (ReplyColumn::Code, "证书编号"),
            (ReplyColumn::Name, "姓名"),
            (ReplyColumn::IdNumber, "证件号码"),
            (ReplyColumn::Result, "审核结果"),
            (ReplyColumn::Result, "状态"),
            (ReplyColumn::Reason, "退回原因"),
        ];
        let words = [("通过", ReplyWord::Accepted), ("退回", ReplyWord::Returned)];
        ReplyTerms::new(
            labels.map(|(column, label)| (column, label.to_string())),
            words.map(|(word, means)| (word.to_string(), means)),
        )
    }

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(String::from).collect()).collect()
    }

    fn header(
        text: &str,
        remembered: &dyn Fn(&str) -> Option<ReplyPlaces>,
    ) -> Result<(usize, ReplyPlaces), HeaderFault> {
        let rows = rows(text);
        terms().find_header(rows.iter().map(Vec::as_slice), remembered).map(|found| (found.row, found.places))
    }

    #[test]
    fn a_header_is_found_by_labels_below_titles_and_two_of_a_kind_are_asked_about() {
        let none = |_: &str| None;
        assert_eq!(
            header("2026 年回执,,\n序号, 证书 编号,姓 名,审核结果,退回原因\n", &none),
            Ok((1, [Some(1), Some(2), None, Some(3), Some(4)]))
        );
        assert_eq!(header("姓名,证件号码,状态\n", &none), Ok((0, [None, Some(0), Some(1), Some(2), None])));
        assert_eq!(header("姓名,状态\n", &none), Err(HeaderFault::None));
        assert_eq!(
            header("证书编号,状态,审核结果\n", &none),
            Err(HeaderFault::Several(ReplyColumn::Result, ["状态".into(), "审核结果".into()]))
        );
        let is_known = header_fingerprint(&rows("号,果\n")[0]);
        let known = |print: &str| (print == is_known).then_some([Some(0), None, None, Some(1), None]);
        assert_eq!(header("号,果\n", &known), Ok((0, [Some(0), None, None, Some(1), None])));
        let said = terms().mapped(&[("果".into(), ReplyColumn::Result), ("号".into(), ReplyColumn::Code)]);
        let rows = rows("号,果,状态\n");
        let found = said.find_header(rows.iter().map(Vec::as_slice), &none).unwrap();
        assert_eq!(found.places, [Some(0), None, None, Some(1), None], "what is said goes before every label");
    }

    #[test]
    fn the_column_of_codes_is_found_by_its_label_or_by_what_stands_in_it() {
        let of = |text: &str| {
            let rows = rows(text);
            terms().find_codes(rows.iter().map(Vec::as_slice))
        };
        let code = "S000062010001242J00001";
        assert_eq!(of(&format!("序号,证书编号\n1,{code}\n")), Ok(Some((1, 1))));
        assert_eq!(of(&format!("{code}\n{code}\n")), Ok(Some((0, 0))));
        assert_eq!(of(&format!("a,b\n1,{}\n", code.to_lowercase())), Ok(Some((1, 1))));
        assert_eq!(of("a,b\n1,2\n"), Ok(None));
        assert!(matches!(of("证书编号,证书编号\n"), Err(HeaderFault::Several(ReplyColumn::Code, _))));
    }

    #[test]
    fn a_word_is_known_with_signs_around_it_and_a_masked_name_by_what_is_left() {
        assert_eq!(terms().word(" 【退 回】 "), Some(ReplyWord::Returned));
        assert_eq!(terms().word("也许"), None);
        assert!(agrees("张*", "张伟") && agrees("6201**********123x", "62010219900307123X"));
        assert!(!agrees("李*", "张伟") && !agrees("张", "张伟"));
    }
}
