//! What a header cell names: known labels with whatever people write around them, and labels that come near to a known one.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::written::Forms;
pub(super) use self::written::plain;
use super::claims::{GroupTitles, TitleKind};
use super::contents::Endings;
use super::row_words::{RowWords, is_plain_name};
use super::surnames::Surnames;
use super::{Field, SheetSpec};
use crate::domain::identity::IdTypes;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

mod written;

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
        /// Its place, in a table without a header whose columns stand as in the form.
        Order = "order",
        /// A label with a remark that may make another thing of it.
        Remark = "remark",
        /// A label that mostly means it and may mean something beside it: 制证日期 for 发证日期.
        Doubt = "doubt",
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
        matches!(self, FoundBy::Nearness | FoundBy::Contents | FoundBy::Order | FoundBy::Remark | FoundBy::Doubt)
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
    /// One that may mean something beside the field.
    Doubtful,
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
    doubtful: Vec<(Field, String)>,
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
    /// For names in remarks. Most files are read without them.
    pub(super) row_words: Arc<LazyLock<RowWords>>,
    /// For what cells of 证件类型 look like.
    pub(super) id_types: IdTypes,
}

impl HeaderWords {
    pub fn new(
        [labels, doubtful]: [Vec<(Field, String)>; 2],
        others: impl IntoIterator<Item = (String, OtherKind)>,
        titles: GroupTitles,
        id_types: IdTypes,
        (surnames, row_words): (Arc<Surnames>, Arc<LazyLock<RowWords>>),
    ) -> HeaderWords {
        let plainly =
            |labels: Vec<(Field, String)>| labels.into_iter().map(|(field, label)| (field, plain(&label))).collect();
        let mut words = HeaderWords {
            labels: plainly(labels),
            doubtful: plainly(doubtful),
            titles,
            id_types,
            surnames,
            row_words,
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
        for (labels, weight) in [(&words.labels, Weight::Common), (&words.doubtful, Weight::Doubtful)] {
            for (field, label) in labels.iter().filter(|(field, _)| self.columns.iter().any(|c| c.field == *field)) {
                self.names.entry(label.clone()).or_insert((*field, weight));
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
            return Some(Named { field, weight, is_sure: weight != Weight::Doubtful });
        }
        let forms = Forms::of(header);
        let is_sure = forms.remarks.iter().all(|remark| self.words.is_none_or(|words| words.is_harmless(remark)));
        if self.is_other(&whole) || forms.remarks.iter().any(|remark| self.words.is_some_and(|w| w.turns(remark))) {
            return None;
        }
        for form in &forms.shorter {
            if let Some(&(field, weight)) = self.names.get(form) {
                let is_sure = is_sure && weight != Weight::Doubtful;
                return Some(Named { field, weight: weight.max(Weight::Around), is_sure });
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
            let mut near = self.names.keys().filter(|name| is_near(name)).filter_map(|name| self.sure(name));
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
    pub fn knows(&self, label: &str) -> bool {
        let label = plain(label);
        self.names.contains_key(&label) || self.is_other(&label)
    }

    fn is_other(&self, plain: &str) -> bool {
        self.words.is_some_and(|words| words.others.contains(plain))
    }

    /// Reads the person who gets the certificate before a label: 参赛选手姓名.
    fn titled(&self, label: &str) -> Option<Field> {
        let titles = &self.words?.titles;
        titles.after_person(label).find_map(|rest| self.sure(rest))
    }

    /// Reads a label below a title that stands in the same cell, as where the end of the title's line was lost.
    fn below_a_title(&self, header: &str) -> Option<Named> {
        let (title, label) = header.trim().rsplit_once(['\n', '\r'])?;
        let field = self.sure(&plain(label))?;
        let turns = self.words.is_some_and(|words| title.split(['\n', '\r']).any(|line| words.turns(&plain(line))));
        (!turns).then_some(Named { field, weight: Weight::Around, is_sure: false })
    }

    /// Reads two labels of one field: 证件号码/身份证号.
    fn both_halves(&self, label: &str) -> Option<Field> {
        let (one, other) = label.split_once('/')?;
        let (one, other) = (self.sure(one)?, self.sure(other)?);
        (one == other).then_some(one)
    }

    /// Gives the field of a label that means nothing else.
    /// Gives the field that a label is sure to name.
    pub(super) fn field_called(&self, label: &str) -> Option<Field> {
        let label = plain(label);
        self.sure(&label).or_else(|| self.titled(&label))
    }

    fn sure(&self, plain: &str) -> Option<Field> {
        self.names.get(plain).filter(|(_, weight)| *weight != Weight::Doubtful).map(|(field, _)| *field)
    }
}

impl HeaderWords {
    fn is_other_whole(&self, header: &str) -> bool {
        let forms = Forms::of(header);
        std::iter::once(&plain(header)).chain(&forms.shorter).any(|form| self.others.contains(form))
            || forms.remarks.iter().any(|remark| self.turns(remark))
    }
}

/// How the forms keep their labels.
pub(super) type Names = HashMap<String, (Field, Weight)>;
