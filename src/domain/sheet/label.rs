//! What a header cell names: known labels with whatever people write around them, and labels that come near to a known one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::claims::{GroupTitles, TitleKind};
use super::contents::Endings;
use super::row_words::is_plain_name;
use super::surnames::Surnames;
use super::{Field, SheetSpec};
use crate::domain::identity::IdTypes;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// Labels of fewer characters are too many to be near to one another.
const NEAR: usize = 4;

vocabulary! {
    /// By what a column came to its field.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum FoundBy {
        /// Its label; in batches of earlier versions a person, too.
        #[default]
        Label = "label",
        /// A label one character off, and nothing in the cells that speaks against it.
        Nearness = "nearness",
        /// What the cells look like.
        Contents = "contents",
        /// A label with a remark that may make another thing of it.
        Remark = "remark",
        /// The user.
        Hand = "hand",
        /// The user, with a file of the same header.
        Remembered = "remembered",
    }
}

impl FoundBy {
    pub fn is_label(&self) -> bool {
        *self == FoundBy::Label
    }

    /// Tells whether nobody has said so: it was inferred.
    pub fn is_guess(self) -> bool {
        matches!(self, FoundBy::Nearness | FoundBy::Contents | FoundBy::Remark)
    }
}

impl Serialize for FoundBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for FoundBy {
    /// A word of a later version says nothing that is to be told here.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FoundBy, D::Error> {
        let word = String::deserialize(deserializer)?;
        Ok(FoundBy::read(&word).unwrap_or_default())
    }
}

/// How much a label says: of several columns for one field those that say less stay aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The form's own label or synonym.
    Own,
    /// A common label.
    Common,
    /// A known one with something around it.
    Around,
}

/// What a header cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub field: Field,
    pub weight: Weight,
    /// Whether what stands around the label leaves it what it is.
    pub is_sure: bool,
}

vocabulary! {
    /// What a word is that names no column of a form.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum OtherKind {
        /// A whole label.
        Label = "label",
        /// A whole label of the numbers of the rows.
        RowNumber = "row-number",
        /// A whole label of a person's sex.
        Sex = "sex",
        /// What a longer label ends with that says itself what the column holds.
        Ending = "ending",
        /// A remark that makes another thing of a known label.
        Remark = "remark",
        /// What a remark holds that leaves the label what it is.
        Harmless = "harmless",
        /// How the name of an employer ends.
        Organisation = "organisation",
        /// How an occupation ends.
        Occupation = "occupation",
        /// What ends so and is the name of none: 加工.
        Work = "work",
        /// How parts of a body are called: 分公司.
        Part = "part",
        /// What is one behind a blank: 中心.
        Inner = "inner",
        /// Of what there are such: 集团.
        Parent = "parent",
        /// What no body ends before, though it begins with a word for "and": 和平.
        Place = "place",
        /// What looks like a name and is nobody's: 高中.
        Nobody = "nobody",
    }
}

/// The words about header cells, whatever the form.
#[derive(Debug, Default)]
pub struct HeaderWords {
    labels: Vec<(Field, String)>,
    others: HashSet<String>,
    row_numbers: HashSet<String>,
    sexes: HashSet<String>,
    endings: Vec<String>,
    remarks: HashSet<String>,
    harmless: Vec<String>,
    titles: GroupTitles,
    pub(super) organisations: Endings,
    pub(super) occupations: Endings,
    /// What tells one name of a body or an occupation from two.
    pub(super) joining: Vec<(String, OtherKind)>,
    pub(super) nobody: HashSet<String>,
    pub(super) surnames: Arc<Surnames>,
    /// For what cells of 证件类型 look like.
    pub(super) id_types: IdTypes,
}

impl HeaderWords {
    pub fn new(
        labels: impl IntoIterator<Item = (Field, String)>,
        others: impl IntoIterator<Item = (String, OtherKind)>,
        titles: GroupTitles,
        id_types: IdTypes,
        surnames: Arc<Surnames>,
    ) -> HeaderWords {
        let mut words = HeaderWords {
            labels: labels.into_iter().map(|(field, label)| (field, plain(&label))).collect(),
            titles,
            id_types,
            surnames,
            ..HeaderWords::default()
        };
        for (written, kind) in others {
            let label = plain(&written);
            match kind {
                OtherKind::Label => drop(words.others.insert(label)),
                OtherKind::RowNumber => {
                    words.row_numbers.insert(label.clone());
                    words.others.insert(label);
                }
                OtherKind::Sex => {
                    words.sexes.insert(label.clone());
                    words.others.insert(label);
                }
                OtherKind::Ending => words.endings.push(label),
                OtherKind::Remark => drop(words.remarks.insert(label)),
                OtherKind::Harmless => words.harmless.push(label),
                OtherKind::Organisation => words.organisations.add(label),
                OtherKind::Occupation => words.occupations.add(label),
                OtherKind::Work | OtherKind::Part | OtherKind::Inner | OtherKind::Parent | OtherKind::Place => {
                    words.joining.push((written, kind));
                }
                OtherKind::Nobody => drop(words.nobody.insert(label)),
            }
        }
        words
    }

    /// Tells whether a remark makes another thing of the label it stands with.
    fn turns(&self, remark: &str) -> bool {
        self.remarks.contains(remark) || self.titles.is(remark, TitleKind::Other)
    }

    /// Tells whether a remark says how the column is filled in, or what it is in other signs, and nothing else.
    fn is_harmless(&self, remark: &str) -> bool {
        !remark.chars().any(text::is_han) || self.harmless.iter().any(|word| remark.contains(word.as_str()))
    }

    /// Tells whether a label is that of somebody else: what stands below it is not the person's, whatever it looks like.
    pub(super) fn is_about_another(&self, label: &str) -> bool {
        self.titles.is(label, TitleKind::Other)
    }

    /// Tells whether a label stands over the numbers of the rows.
    pub(super) fn is_row_number(&self, label: &str) -> bool {
        self.row_numbers.contains(&plain(label))
    }

    /// Tells whether a label stands over the sex of the person whose certificate it is, as far as it says itself.
    pub(super) fn is_sex(&self, label: &str, group: &str) -> bool {
        let forms = Forms::of(label);
        if self.titles.is(group, TitleKind::Other) || forms.remarks.iter().any(|remark| self.turns(remark)) {
            return false;
        }
        let is_it = |form: &str| self.sexes.contains(&form.to_lowercase());
        let whole = plain(label);
        let mut all = std::iter::once(&whole).chain(&forms.shorter);
        all.any(|form| is_it(form) || self.titles.after_person(form).any(is_it))
    }

    /// Tells whether what stands under a label is something of its own, by the label: it names a column and says what of.
    pub(super) fn says_what(&self, label: &str) -> bool {
        let whole = plain(label);
        self.endings.iter().any(|end| whole.ends_with(end.as_str()))
    }

    /// Tells whether a label says that its column is none of a form's, and not what stands there.
    pub(super) fn is_open_other(&self, label: &str) -> bool {
        self.is_other_whole(label) && !self.says_what(label)
    }

    /// Tells whether a label says itself that, whatever its cells look like, the column is none of a form's.
    pub(super) fn is_other(&self, label: &str) -> bool {
        let whole = plain(label);
        self.is_other_whole(label) || self.endings.iter().any(|end| end != &whole && whole.ends_with(end.as_str()))
    }
}

impl SheetSpec {
    /// Takes in what is known of header cells whatever the form, behind the form's own labels.
    pub fn with_words(mut self, words: &'static HeaderWords) -> SheetSpec {
        for (field, label) in &words.labels {
            if self.column(*field).is_some() {
                self.names.entry(label.clone()).or_insert((*field, Weight::Common));
            }
        }
        self.words = Some(words);
        self
    }

    /// Finds the field a header cell names: the label or a synonym, with whatever people write around it.
    pub fn field_of(&self, header: &str) -> Option<Field> {
        self.named(header).map(|named| named.field)
    }

    /// The same, with how much it says.
    pub fn named(&self, header: &str) -> Option<Named> {
        let whole = plain(header);
        if whole.is_empty() {
            return None;
        }
        if let Some(&(field, weight)) = self.names.get(&whole) {
            return Some(Named { field, weight, is_sure: true });
        }
        let forms = Forms::of(header);
        let is_sure = forms.remarks.iter().all(|remark| self.words.is_none_or(|words| words.is_harmless(remark)));
        if self.is_other(&whole) || forms.remarks.iter().any(|remark| self.words.is_some_and(|w| w.turns(remark))) {
            return None;
        }
        for form in &forms.shorter {
            if let Some(&(field, _)) = self.names.get(form) {
                return Some(Named { field, weight: Weight::Around, is_sure });
            }
            if self.is_other(form) {
                return None;
            }
        }
        let mut forms = std::iter::once(&whole).chain(&forms.shorter);
        let field = forms.find_map(|form| self.titled(form).or_else(|| self.both_halves(form)));
        match field {
            Some(field) => Some(Named { field, weight: Weight::Around, is_sure }),
            None => self.below_a_title(header),
        }
    }

    /// Finds the one field that has a label of the same length with a single other character. Nothing may be added or left
    /// out: 原证书编号 is not 证书编号.
    pub fn near(&self, header: &str) -> Option<Field> {
        if self.named(header).is_some() || self.words.is_some_and(|words| words.is_other_whole(header)) {
            return None;
        }
        let forms = Forms::of(header);
        std::iter::once(&plain(header)).chain(&forms.shorter).find_map(|form| {
            let length = form.chars().count();
            let is_near = |name: &str| {
                name.len().abs_diff(form.len()) <= 3
                    && name.chars().count() == length
                    && name.chars().zip(form.chars()).filter(|(a, b)| a != b).count() == 1
            };
            if length < NEAR {
                return None;
            }
            let mut near = self.names.iter().filter(|(name, _)| is_near(name)).map(|(_, (field, _))| *field);
            let first = near.next()?;
            near.all(|field| field == first).then_some(first)
        })
    }

    /// Tells whether a cell under 证件类型 holds a name instead, as where a row has moved.
    pub fn is_name_for_type(&self, field: Field, cell: &str) -> bool {
        let is_type = |cell: &str| self.words.is_none_or(|words| words.id_types.knows(cell));
        field == Field::IdType && is_plain_name(&text::compact(cell)) && !is_type(cell.trim())
    }

    /// Tells whether a label stands over the names of somebody else: 监护人, 教练姓名.
    pub(super) fn names_another(&self, header: &str) -> bool {
        let Some(words) = self.words else { return false };
        let is_other = |label: &str| words.titles.is(label, TitleKind::Other);
        let of_name = |label: &str| {
            let mut names = self.names.iter().filter(|(_, (field, _))| *field == Field::Name);
            names.any(|(name, _)| label.strip_suffix(name.as_str()).is_some_and(is_other))
        };
        let forms = Forms::of(header);
        std::iter::once(&plain(header)).chain(&forms.shorter).any(|form| is_other(form) || of_name(form))
    }

    /// Tells whether a text is a label that is known, be it as none of the form's.
    pub(super) fn knows(&self, label: &str) -> bool {
        let label = plain(label);
        self.names.contains_key(&label) || self.is_other(&label)
    }

    fn is_other(&self, plain: &str) -> bool {
        self.words.is_some_and(|words| words.others.contains(plain))
    }

    /// Reads the person who gets the certificate before a label: 参赛选手姓名.
    fn titled(&self, label: &str) -> Option<Field> {
        let titles = &self.words?.titles;
        titles.after_person(label).find_map(|rest| self.names.get(rest)).map(|(field, _)| *field)
    }

    /// Reads a label below a title that stands in the same cell, as where the end of the title's line was lost.
    fn below_a_title(&self, header: &str) -> Option<Named> {
        let (title, label) = header.trim().rsplit_once(['\n', '\r'])?;
        let &(field, _) = self.names.get(&plain(label))?;
        let turns = self.words.is_some_and(|words| title.split(['\n', '\r']).any(|line| words.turns(&plain(line))));
        (!turns).then_some(Named { field, weight: Weight::Around, is_sure: false })
    }

    /// Reads two labels of one field: 证件号码/身份证号.
    fn both_halves(&self, label: &str) -> Option<Field> {
        let (one, other) = label.split_once('/')?;
        let (one, other) = (self.names.get(one)?.0, self.names.get(other)?.0);
        (one == other).then_some(one)
    }
}

impl HeaderWords {
    fn is_other_whole(&self, header: &str) -> bool {
        let forms = Forms::of(header);
        std::iter::once(&plain(header)).chain(&forms.shorter).any(|form| self.others.contains(form))
            || forms.remarks.iter().any(|remark| self.turns(remark))
    }
}

/// What of a header cell may be its label besides the whole of it, and what then is a remark.
#[derive(Debug, Default)]
struct Forms {
    shorter: Vec<String>,
    remarks: Vec<String>,
}

impl Forms {
    fn of(header: &str) -> Forms {
        let mut forms = Forms::default();
        let header = header.trim();
        // Most headers, and nearly all other cells.
        if !header.contains(OPENING) && !header.contains(['\n', '\r']) {
            return forms;
        }
        let bare = |text: &str, remarks: &mut Vec<String>| plain(&without_brackets(text, remarks));
        let mut lines = header.split(['\n', '\r']);
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.collect();
        let has_brackets = header.contains(OPENING);
        if has_brackets {
            forms.shorter.push(bare(header, &mut forms.remarks));
        }
        if !rest.is_empty() {
            forms.remarks.extend(rest.into_iter().map(plain));
            forms.shorter.push(plain(first));
            if has_brackets {
                forms.shorter.push(bare(first, &mut forms.remarks));
            }
        }
        forms.shorter.retain(|form| !form.is_empty());
        forms
    }
}

const OPENING: [char; 12] = ['(', '（', '[', '［', '{', '｛', '【', '〔', '<', '＜', '《', '「'];
const CLOSING: [char; 12] = [')', '）', ']', '］', '}', '｝', '】', '〕', '>', '＞', '》', '」'];

/// Takes out what stands in brackets; one that never closes goes to the end, as heads of other sheets are cut.
fn without_brackets(text: &str, remarks: &mut Vec<String>) -> String {
    let (mut left, mut remark, mut depth) = (String::new(), String::new(), 0usize);
    for c in text.chars() {
        if OPENING.contains(&c) {
            depth += 1;
        } else if CLOSING.contains(&c) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                remarks.push(plain(&std::mem::take(&mut remark)));
            }
        } else if depth == 0 {
            left.push(c);
        } else {
            remark.push(c);
        }
    }
    if !remark.is_empty() {
        remarks.push(plain(&remark));
    }
    left
}

/// What stands before or behind a label to mark it.
const MARKS: [char; 9] = ['*', '★', '☆', '※', '●', '◆', '#', '"', '\''];

/// Brings a header cell to the form in which labels are compared: no blanks, half width, no marks of what is required, no
/// number before it, and one sign for all that stands between two words.
pub(super) fn plain(label: &str) -> String {
    let compact = text::compact(label);
    let start = compact.trim_start_matches(MARKS);
    let start = without_number(start).trim_end_matches(':').trim_end_matches(MARKS).trim_end_matches(':');
    start.replace(['\\', '、', '|', '或', '及', '和', '与'], "/")
}

/// Takes a number off the front: `1.`, `(1)`, `1、`.
fn without_number(label: &str) -> &str {
    let inner = label.strip_prefix('(').unwrap_or(label);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..=2).contains(&(inner.len() - rest.len()));
    rest.strip_prefix(['.', '、', ')']).filter(|rest| is_number && !rest.is_empty()).unwrap_or(label)
}

/// How the forms keep their labels.
pub(super) type Names = HashMap<String, (Field, Weight)>;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_label_is_put_aside() {
        for (label, plainly) in [
            ("* 姓 名：", "姓名"),
            ("（1）姓名", "姓名"),
            ("12、姓名*", "姓名"),
            ("工种\\方向", "工种/方向"),
            ("2024.5", "2024.5"),
        ] {
            assert_eq!(plain(label), plainly);
        }
        let forms = Forms::of("证件类型（必填）\n(201=居民身份证；227=中国护照");
        assert_eq!(forms.shorter, ["证件类型", "证件类型(必填)", "证件类型"]);
        assert!(forms.remarks.contains(&"必填".to_string()), "{:?}", forms.remarks);
    }
}
