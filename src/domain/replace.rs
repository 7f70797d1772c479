//! Replacing (替换): a text or an expression by another text, and values of a column by one; told by what becomes of which value.
//!
//! What comes of it are edits for one change. Nothing is replaced that was not looked at: the edits are previewed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};
use regex_syntax::ast::ErrorKind;

use super::batch::{Batch, ColumnMask};
use super::masked_change::{ShownChange, masked_change};
use super::roster::{CellEdit, Change, Kept, Roster, RowId};
use super::sheet::Field;
use super::spared::{LeftWhy, Spared};
use super::text;
use super::values::ColumnValues;
use super::vocabulary::vocabulary;

/// How many cells are looked at before it is asked again whether to stop.
const STEP: usize = 0x4000;

/// So many bytes an expression may take when it is ready to be used; more is a mistake or meant to do harm.
const MOST: usize = 1 << 22;

vocabulary! {
    /// Why nothing can be replaced so.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PatternFault {
        /// There is nothing to look for.
        Nothing = "nothing",
        /// A bracket is not closed.
        Unclosed = "unclosed",
        /// A bracket closes nothing.
        Unopened = "unopened",
        /// There is nothing before a sign that says how often.
        NothingRepeated = "nothing-repeated",
        /// How often is not said as it should be.
        Repetition = "repetition",
        /// A backslash before what it says nothing about.
        Escape = "escape",
        /// A class of characters is not written as it should be, or there is no such.
        Class = "class",
        /// It looks around or back, which is not done here.
        LookAround = "look-around",
        /// It is longer than can be used.
        TooLarge = "too-large",
        /// The new text names a group that the expression has not.
        Group = "group",
        Other = "other",
    }
}

/// What is wrong, and behind how many characters of the text in which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPattern {
    pub fault: PatternFault,
    pub behind: usize,
}

/// What is looked for, and what takes its place.
#[derive(Debug, Clone)]
pub struct Replacing {
    what: What,
    by: String,
}

#[derive(Debug, Clone)]
enum What {
    Text(Box<Finder<'static>>),
    Expression(Regex),
}

/// Which cells are looked at.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    pub fields: Vec<Field>,
    /// The rows; all of them where none are named.
    pub rows: Option<Arc<[RowId]>>,
}

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedValue {
    pub field: Field,
    pub before: Arc<str>,
    pub after: Arc<str>,
    pub cells: u32,
}

/// Edits, and by which values they are told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replaced {
    pub edits: Vec<CellEdit>,
    pub values: Vec<ReplacedValue>,
    /// The rows that are left, each with the reason.
    pub left: Vec<(RowId, LeftWhy)>,
    /// Those that are left because they were put aside.
    pub aside: Vec<RowId>,
}

/// What becomes of values that look alike once they are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedValue {
    pub field: Field,
    /// Before and after, as they are shown beside each other.
    pub shown: ShownChange,
    pub cells: u32,
}

impl Replacing {
    /// Looks for a text as it stands.
    pub fn text(what: &str, by: &str) -> Result<Replacing, BadPattern> {
        if what.is_empty() {
            return Err(BadPattern { fault: PatternFault::Nothing, behind: 0 });
        }
        Ok(Replacing { what: What::Text(Box::new(Finder::new(what).into_owned())), by: by.to_string() })
    }

    /// Looks for a regular expression; `$1` and `${name}` of the new text stand for its groups.
    pub fn expression(what: &str, by: &str) -> Result<Replacing, BadPattern> {
        let behind = |bytes: usize| what.get(..bytes).map_or(0, |before| before.chars().count());
        let bad = |fault, at| BadPattern { fault, behind: behind(at) };
        if what.is_empty() {
            return Err(bad(PatternFault::Nothing, 0));
        }
        if let Err(error) = regex_syntax::parse(what) {
            return Err(match error {
                regex_syntax::Error::Parse(error) => bad(fault_of(error.kind()), error.span().start.offset),
                regex_syntax::Error::Translate(error) => bad(PatternFault::Class, error.span().start.offset),
                _ => bad(PatternFault::Other, 0),
            });
        }
        let made = RegexBuilder::new(what).size_limit(MOST).dfa_size_limit(MOST).build();
        let made = made.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => bad(PatternFault::TooLarge, 0),
            _ => bad(PatternFault::Other, 0),
        })?;
        match unknown_group(&made, by) {
            Some(at) => Err(BadPattern { fault: PatternFault::Group, behind: by[..at].chars().count() }),
            None => Ok(Replacing { what: What::Expression(made), by: by.to_string() }),
        }
    }

    /// Gives what becomes of a text; nothing where it stays as it is.
    pub fn of(&self, cell: &str) -> Option<String> {
        let after = match &self.what {
            What::Text(finder) => {
                finder.find(cell.as_bytes())?;
                let found = finder.find_iter(cell.as_bytes());
                let (mut out, mut from) = (String::with_capacity(cell.len()), 0);
                for at in found {
                    out.push_str(&cell[from..at]);
                    out.push_str(&self.by);
                    from = at + finder.needle().len();
                }
                out.push_str(&cell[from..]);
                out
            }
            What::Expression(expression) => match expression.replace_all(cell, &self.by) {
                Cow::Borrowed(_) => return None,
                Cow::Owned(after) => after,
            },
        };
        (after != cell).then_some(after)
    }

    /// Lists what it changes in cells; `None` where `stop` says so on the way.
    pub fn plan(
        &self,
        (roster, spared): (&Roster, &Spared),
        reach: &Reach,
        stop: &dyn Fn() -> bool,
    ) -> Option<Replaced> {
        let mut replaced = Replaced::default();
        for field in &reach.fields {
            let of = (roster, spared);
            let mut planned = ColumnPlan { field: *field, of, places: HashMap::default(), to: &mut replaced };
            match &reach.rows {
                None => {
                    for (row, cell) in roster.column(*field) {
                        if (row as usize).is_multiple_of(STEP) && stop() {
                            return None;
                        }
                        planned.look(self, row, cell);
                    }
                }
                Some(rows) => {
                    for (n, row) in rows.iter().enumerate().filter(|(_, row)| **row < roster.len()) {
                        if n.is_multiple_of(STEP) && stop() {
                            return None;
                        }
                        planned.look(self, *row, roster.cell(*row, *field));
                    }
                }
            }
        }
        Some(replaced.sorted())
    }
}

/// What is planned of a column.
struct ColumnPlan<'a, 'b> {
    field: Field,
    of: (&'a Roster, &'a Spared),
    /// Its places among the values, by what stood there before; nothing for what stays.
    places: HashMap<&'a str, Option<usize>, RandomState>,
    to: &'b mut Replaced,
}

impl<'a> ColumnPlan<'a, '_> {
    fn look(&mut self, replacing: &Replacing, row: RowId, cell: &'a str) {
        // Most cells have nothing of it: that is seen sooner than whether they were met before.
        let is_without = match &replacing.what {
            What::Text(finder) => finder.find(cell.as_bytes()).is_none(),
            What::Expression(expression) => !expression.is_match(cell),
        };
        if is_without {
            return;
        }
        let (field, values) = (self.field, &mut self.to.values);
        let place = *self.places.entry(cell).or_insert_with(|| {
            let after = replacing.of(cell)?;
            values.push(ReplacedValue { field, before: cell.into(), after: after.into(), cells: 0 });
            Some(values.len() - 1)
        });
        if let Some(value) = place.and_then(|place| values.get_mut(place)) {
            let (roster, spared) = self.of;
            if roster.is_aside(row) {
                return self.to.aside.push(row);
            }
            if let Some(why) = spared.why(row, field) {
                return self.to.left.push((row, why));
            }
            value.cells += 1;
            let (before, after) = (Arc::clone(&value.before), Arc::clone(&value.after));
            self.to.edits.push(CellEdit { row, field, before, after });
        }
    }
}

impl Replaced {
    /// Sets values of a column, given by their places, each to a text.
    pub fn set(values: &ColumnValues, spared: &Spared, to: &[(usize, Arc<str>)]) -> Replaced {
        // What stands in a column that the form does not have is never another.
        let Some(field) = values.field() else { return Replaced::default() };
        // What each value becomes, with its place among those that are told.
        let mut new: Vec<Option<(&Arc<str>, usize)>> = vec![None; values.all().len()];
        let mut replaced = Replaced::default();
        for (place, after) in to {
            let Some(value) = values.all().get(*place).filter(|value| value.text != *after) else { continue };
            new[*place] = Some((after, replaced.values.len()));
            let (before, after) = (Arc::clone(&value.text), Arc::clone(after));
            replaced.values.push(ReplacedValue { field, before, after, cells: 0 });
        }
        for (row, place) in (0..).zip(values.places()) {
            let Some((after, told)) = new.get(*place as usize).copied().flatten() else { continue };
            if let Some(why) = spared.why(row, field) {
                replaced.left.push((row, why));
                continue;
            }
            replaced.values[told].cells += 1;
            let before = Arc::clone(&values.all()[*place as usize].text);
            replaced.edits.push(CellEdit { row, field, before, after: Arc::clone(after) });
        }
        replaced.sorted()
    }

    /// Puts what most cells become first, and names a row once that is left.
    pub(super) fn sorted(mut self) -> Replaced {
        self.values.retain(|value| value.cells != 0);
        self.left.sort_by_key(|(row, _)| *row);
        self.aside.sort_unstable();
        self.aside.dedup();
        self.values.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.before.cmp(&b.before)));
        self
    }

    /// Gives the rows that are left for a reason, in order, each once.
    pub fn rows_left(&self, why: LeftWhy) -> Vec<RowId> {
        let mut rows: Vec<RowId> = self.left.iter().filter(|(_, of)| *of == why).map(|(row, _)| *row).collect();
        rows.dedup();
        rows
    }

    /// Tells the values masked, each by its column: those that look alike then are one.
    pub fn masked(&self, masks: &[ColumnMask]) -> Vec<MaskedValue> {
        self.masked_by(|value| match masks.iter().find(|mask| mask.is_of(value.field)) {
            Some(mask) => mask.change(&value.before, &value.after, value.cells),
            None => masked_change(value.field, &value.before, &value.after),
        })
    }

    /// The same by what shows both texts of a value.
    pub fn masked_by(&self, shown: impl Fn(&ReplacedValue) -> ShownChange) -> Vec<MaskedValue> {
        let mut places: HashMap<(Field, ShownChange), usize, RandomState> = HashMap::default();
        let mut told: Vec<MaskedValue> = Vec::new();
        for value in &self.values {
            let shown = shown(value);
            let place = *places.entry((value.field, shown)).or_insert_with_key(|(field, shown)| {
                told.push(MaskedValue { field: *field, shown: shown.clone(), cells: 0 });
                told.len() - 1
            });
            told[place].cells += value.cells;
        }
        told.sort_by_key(|value| std::cmp::Reverse(value.cells));
        told
    }

    /// Tells the values as they are.
    pub fn in_full(&self) -> Vec<MaskedValue> {
        let shown = |value: &ReplacedValue| [&value.before, &value.after].map(|text| text::visible(text).into_owned());
        let told =
            |value: &ReplacedValue| MaskedValue { field: value.field, shown: shown(value).into(), cells: value.cells };
        self.values.iter().map(told).collect()
    }
}

/// Tells edits by what becomes of which value, each masked as its row is: those that look alike then are one. `None` where `stop`
/// says so on the way.
pub fn told_by_values(batch: &Batch, edits: &[CellEdit], stop: &dyn Fn() -> bool) -> Option<Vec<MaskedValue>> {
    let mut places: HashMap<(Field, ShownChange), usize, RandomState> = HashMap::default();
    let mut told: Vec<MaskedValue> = Vec::new();
    for (n, edit) in edits.iter().enumerate() {
        if n.is_multiple_of(STEP) && stop() {
            return None;
        }
        let shown = batch.masked_change(edit.row, edit.field, [&*edit.before, &*edit.after]);
        let place = *places.entry((edit.field, shown)).or_insert_with_key(|(field, shown)| {
            told.push(MaskedValue { field: *field, shown: shown.clone(), cells: 0 });
            told.len() - 1
        });
        told[place].cells += 1;
    }
    told.sort_by_key(|value| std::cmp::Reverse(value.cells));
    Some(told)
}

/// The change that takes a step back though others came after it, and what becomes of which value; or why there is none.
pub type TakenBack = Result<(Change, Vec<MaskedValue>), Kept>;

/// Plans to take a step back, or the only one of its cells that stands at a place among them. `None` where `stop` says so.
pub fn taking_back(batch: &Batch, step: usize, only: Option<usize>, stop: &dyn Fn() -> bool) -> Option<TakenBack> {
    match batch.history().taking_back(step, only) {
        Ok(change) => told_by_values(batch, &change.edits, stop).map(|values| Ok((change, values))),
        Err(kept) => Some(Err(kept)),
    }
}

fn fault_of(kind: &ErrorKind) -> PatternFault {
    use ErrorKind as Kind;
    match kind {
        Kind::GroupUnclosed | Kind::ClassUnclosed | Kind::GroupNameUnexpectedEof => PatternFault::Unclosed,
        Kind::GroupUnopened => PatternFault::Unopened,
        Kind::RepetitionMissing => PatternFault::NothingRepeated,
        Kind::RepetitionCountInvalid
        | Kind::RepetitionCountDecimalEmpty
        | Kind::RepetitionCountUnclosed
        | Kind::DecimalEmpty
        | Kind::DecimalInvalid => PatternFault::Repetition,
        Kind::EscapeHexEmpty
        | Kind::EscapeHexInvalid
        | Kind::EscapeHexInvalidDigit
        | Kind::EscapeUnexpectedEof
        | Kind::EscapeUnrecognized => PatternFault::Escape,
        Kind::ClassEscapeInvalid | Kind::ClassRangeInvalid | Kind::ClassRangeLiteral | Kind::UnicodeClassInvalid => {
            PatternFault::Class
        }
        Kind::UnsupportedBackreference | Kind::UnsupportedLookAround => PatternFault::LookAround,
        Kind::NestLimitExceeded(_) | Kind::CaptureLimitExceeded => PatternFault::TooLarge,
        _ => PatternFault::Other,
    }
}

/// Finds where a new text names a group that the expression has not: it would vanish without a word.
fn unknown_group(expression: &Regex, by: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = by[from..].find('$').map(|at| from + at) {
        let rest = &by[at + 1..];
        let (name, length) = if rest.starts_with('$') {
            (None, 1)
        } else if let Some(braced) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            (Some(braced.0), braced.0.len() + 2)
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            (Some(&rest[..end]).filter(|name| !name.is_empty()), end)
        };
        let is_known = |name: &str| {
            let numbered = name.parse::<usize>().is_ok_and(|number| number < expression.captures_len());
            numbered || expression.capture_names().flatten().any(|known| known == name)
        };
        if name.is_some_and(|name| !is_known(name)) {
            return Some(at);
        }
        from = at + 1 + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(replacing: Result<Replacing, BadPattern>, cell: &str) -> Option<String> {
        replacing.unwrap().of(cell)
    }

    #[test]
    fn a_text_stands_for_itself_and_an_expression_for_what_it_matches() {
        assert_eq!(of(Replacing::text("市", ""), "天水市麦积市").as_deref(), Some("天水麦积"));
        assert_eq!(of(Replacing::text(".", "x"), "兰州"), None);
        assert_eq!(of(Replacing::text("a", "a"), "a"), None, "what stays is no change");
        assert_eq!(of(Replacing::text("aa", "a"), "aaa").as_deref(), Some("aa"));
        for (what, by, cell, after) in [
            (r"^第(\d+)届", "${1}届", "第6届大赛", "6届大赛"),
            (r"(?P<年>\d{4})/(\d+)", "$2-${年}", "2024/11", "11-2024"),
            (r"\p{Han}+", "汉$$", "a兰州b", "a汉$b"),
            ("^", "甘肃", "兰州", "甘肃兰州"),
            ("(?i)ab", "c", "xAB", "xc"),
        ] {
            assert_eq!(of(Replacing::expression(what, by), cell).as_deref(), Some(after), "{what}");
        }
    }

    #[test]
    fn a_bad_expression_is_told_with_its_place() {
        use PatternFault::{
            Class, Escape, Group, LookAround, Nothing, NothingRepeated, Repetition, TooLarge, Unclosed, Unopened,
        };
        for (what, by, fault, behind) in [
            ("", "", Nothing, 0),
            ("兰(州", "", Unclosed, 1),
            ("兰州)", "", Unopened, 2),
            ("[市", "", Unclosed, 0),
            ("*", "", NothingRepeated, 0),
            ("a{2,1}", "", Repetition, 1),
            (r"兰\q", "", Escape, 1),
            (r"\p{Hnn}", "", Class, 0),
            ("a(?=b)", "", LookAround, 1),
            (r"(?:\p{Han}{999}){999}", "", TooLarge, 0),
            ("(市)", "县$2", Group, 1),
            ("(市)", "$1a", Group, 0),
        ] {
            assert_eq!(Replacing::expression(what, by).map(drop), Err(BadPattern { fault, behind }), "{what}");
        }
        assert!(Replacing::text("", "x").is_err());
        assert!(Replacing::text("(", "$9").is_ok());
    }
}
