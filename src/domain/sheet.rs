//! Forms (表样) and their columns (栏目), and how a header row is matched to them.

mod aside;
mod by_hand;
mod claims;
mod contents;
mod figures;
mod first_rows;
mod head;
mod header;
mod how_read;
mod label;
mod listing;
mod remembered;
mod row_words;
mod rows;
mod shown;
mod skipped;
mod stray;
mod surnames;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text;
use super::vocabulary::vocabulary;
pub use aside::CalledNames;
pub use claims::{ANCHOR_LABEL, ColumnEvidence, GaveWay, GroupTitles, LostClaim, TitleKind, group_titles};
pub use contents::Looks;
pub use first_rows::mask_first_rows;
use first_rows::{SHORTEST, SHORTEST_ID, is_number};
pub use head::SheetHead;
pub use header::{HeaderMatch, find_header, header_at, is_persons, no_header};
pub use how_read::{ColumnsBy, EncodingBy, GivenReading, HeaderBy, HowRead, MapFault, NOTHING_GIVEN, TextEncoding};
pub use label::{FoundBy, HeaderWords, Named, OtherKind, Weight};
pub use listing::{SheetKind, SheetLine, TabState};
pub use remembered::{MatchedHeader, RememberedColumn, RememberedColumns, header_fingerprint};
pub use row_words::{RowWord, RowWords};
pub use rows::{CellNote, READING, RowKinds, SkipReason};
pub use skipped::{SkippedRun, SkippedTexts};
pub(in crate::domain) use stray::has_form_of_name;
pub use surnames::{SurnameKind, Surnames};

/// The form whose columns every upload has, whatever else a profile asks for.
pub const UPLOAD_FORM: &str = "upload-11";

vocabulary! {
    /// What a column holds (栏目): those of the upload form in its order, then those that only other forms have.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[repr(u8)]
    pub enum Field {
        /// 姓名
        Name = "name",
        /// 证件类型
        IdType = "id-type",
        /// 证件号码
        IdNumber = "id-number",
        /// 所在单位
        Employer = "employer",
        /// 职业名称
        Occupation = "occupation",
        /// 工种/职业方向
        WorkType = "work-type",
        /// 职业技能等级
        Level = "level",
        /// 证书编号
        Code = "code",
        /// 发证日期
        IssueDate = "issue-date",
        /// 评价机构
        Institution = "institution",
        /// 发证机构
        IssuingBody = "issuing-body",
        /// 性别
        Sex = "sex",
        /// 竞赛类别
        ContestClass = "contest-class",
        /// 奖牌类别/名次
        Award = "award",
        /// 原证书编号
        OldCode = "old-code",
        /// 原证件号码
        OldIdNumber = "old-id-number",
        /// 原姓名
        OldName = "old-name",
    }
}

impl Field {
    /// The labels of the eleven columns of the upload form, in the order of [`Field::ALL`].
    const UPLOAD_LABELS: [&str; 11] = [
        "姓名",
        "证件类型",
        "证件号码",
        "所在单位",
        "职业名称",
        "工种/职业方向",
        "职业技能等级",
        "证书编号",
        "发证日期",
        "评价机构",
        "发证机构",
    ];

    /// Gives the label that the upload form has for the field, if it has the field.
    pub fn upload_label(self) -> Option<&'static str> {
        Field::UPLOAD_LABELS.get(self.index()).copied()
    }

    /// Gives the place in [`Field::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Tells whether the field holds personal data that is masked by default.
    pub fn is_personal(self) -> bool {
        matches!(self, Field::Name | Field::IdNumber | Field::OldName | Field::OldIdNumber)
    }

    /// Tells whether masking may change a value of this field; most have nothing to mask.
    pub fn masks(self, value: &str) -> bool {
        let least = if matches!(self, Field::IdType | Field::Employer) { SHORTEST } else { SHORTEST_ID };
        self.is_personal() || least <= value.chars().filter(|c| text::half_width(*c).is_ascii_digit()).count()
    }

    /// Masks a value of this field as the notices do; other fields are returned as they are, unless they hold what looks
    /// like an ID number: columns that slipped by one must not show it.
    pub fn masked(self, value: &str) -> String {
        match self {
            _ if text::looks_like_id(value) => text::masked_number(value),
            Field::Name | Field::OldName => text::masked_name(value),
            Field::IdNumber | Field::OldIdNumber => text::masked_number(value),
            // Neither is called by a number: it is somebody's telephone, or of another paper.
            Field::IdType | Field::Employer if is_number(value) => text::masked_number(value),
            // A cell may hold more than its own, as where rows were read into it.
            _ => text::masked_sentence(value),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What the column holds.
    pub field: Field,
    pub label: String,
    /// Maximum length in code points (clause X-24).
    pub max: usize,
    /// Whether an empty cell is an error.
    pub required: bool,
    /// The clause that sets the column.
    pub clause: String,
    /// The clause between the notices that is cited where the form is used under another notice; may be empty.
    #[serde(default)]
    pub elsewhere: String,
    /// The only values there are; empty for any.
    #[serde(default)]
    pub values: Vec<String>,
    pub example: String,
    /// Other labels people use.
    pub synonyms: Vec<String>,
}

/// A form (表样).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSpec {
    /// Stable identifier, such as `upload-11`.
    pub id: String,
    pub name: String,
    /// The document it comes from.
    pub source: String,
    /// The clause that sets the list of columns.
    pub clause: String,
    /// As [`Column::elsewhere`], of the list of columns.
    #[serde(default)]
    pub elsewhere: String,
    /// The columns in the order of the form.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// The label of a running number before the columns; empty for none.
    #[serde(default)]
    pub row_number: String,
    /// What stands above the table where the form is printed; how it is printed is read by itself.
    #[serde(default, rename = "layout")]
    pub head: SheetHead,
    /// What the columns hold: the name first, the others in the order of the form.
    #[serde(skip)]
    pub fields: Vec<Field>,
    /// Which column a label or synonym names, in the form they are compared in.
    #[serde(skip)]
    names: label::Names,
    #[serde(skip)]
    words: Option<&'static HeaderWords>,
}

/// Why a form file is refused.
#[derive(Debug, Error)]
pub enum SheetError {
    /// No valid TOML, or an unknown or missing key; the text names line and column.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// Two columns hold the same field or carry the same label.
    #[error("column {label} stands twice")]
    Twice {
        /// The place of the second one in the file, from 0.
        nth: usize,
        label: String,
    },
}

impl SheetSpec {
    /// Reads a form from TOML text.
    pub fn parse(toml_text: &str) -> Result<SheetSpec, SheetError> {
        let mut spec: SheetSpec = toml::from_str(toml_text)?;
        for (i, column) in spec.columns.iter().enumerate() {
            if spec.columns[..i].iter().any(|c| c.field == column.field || c.label == column.label) {
                return Err(SheetError::Twice { nth: i, label: column.label.clone() });
            }
        }
        spec.fields = spec.columns.iter().map(|c| c.field).collect();
        spec.fields.sort_by_key(|field| *field != Field::Name);
        // A label goes before the synonyms of all columns.
        let labels = spec.columns.iter().map(|c| (&c.label, c.field));
        let synonyms = spec.columns.iter().flat_map(|c| c.synonyms.iter().map(|name| (name, c.field)));
        for (name, field) in labels.chain(synonyms) {
            spec.names.entry(label::plain(name)).or_insert((field, Weight::Own));
        }
        Ok(spec)
    }

    /// Finds the column of a field.
    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|c| c.field == field)
    }

    /// Gives the standard's label of a field, or an empty text when the form has no such column.
    pub fn label(&self, field: Field) -> &str {
        self.column(field).map_or("", |c| &c.label)
    }

    /// Tells whether a roster with these columns is one whose numbers are still to be given: that it has no column of them is no
    /// mistake. Who corrects certificates has numbers.
    pub fn is_to_be_numbered(&self, columns: &ColumnMap) -> bool {
        let names_it =
            |c: &SourceColumn| c.field == Some(Field::Code) || c.lost.is_some_and(|lost| lost.field == Field::Code);
        let has = |field| self.column(field).is_some();
        has(Field::Code) && !has(Field::OldCode) && !columns.source.iter().any(names_it)
    }

    /// Lists the required fields that no column was matched to; the number not where it is still to be given.
    pub fn missing(&self, columns: &ColumnMap) -> Vec<Field> {
        let is_wanted = |field| field != Field::Code || !self.is_to_be_numbered(columns);
        let required = self.columns.iter().filter(|c| c.required && columns.of(c.field).is_none());
        required.map(|c| c.field).filter(|field| is_wanted(*field)).collect()
    }

    /// Finds the column that numbers the rows.
    pub fn row_numbers(&self, columns: &ColumnMap) -> Option<usize> {
        let words = self.words?;
        let is_it = |c: &SourceColumn| c.field.is_none() && c.lost.is_none() && words.is_row_number(&c.label);
        columns.source.iter().position(is_it)
    }

    /// Finds the only column that says the person's sex, where the form has none. Behind the names of others it is theirs.
    pub fn sex_beside(&self, columns: &ColumnMap) -> Option<usize> {
        let is_behind_others = |at: usize| {
            let mut before = columns.source[..at].iter().rev().take_while(|c| c.field.is_none());
            before.any(|c| self.names_another(&c.label))
        };
        let is_it = |at: &usize| {
            let column = &columns.source[*at];
            column.lost.is_none() && self.says_sex(column) && !is_behind_others(*at)
        };
        let mut found = (0..columns.source.len()).filter(is_it);
        found.next().filter(|_| found.next().is_none())
    }

    /// Tells whether a column that the form does not have says somebody's sex.
    fn says_sex(&self, column: &SourceColumn) -> bool {
        let words = self.words.filter(|_| self.column(Field::Sex).is_none());
        column.field.is_none() && words.is_some_and(|words| words.is_sex(&column.label, &column.group))
    }

    /// Puts a column out of the roster that rows are compared with though the form does not have it, or takes it back.
    pub fn turn_aside(&self, columns: &mut ColumnMap, at: usize) {
        let out = LostClaim { field: Field::Sex, to: GaveWay::LeftOut };
        if let Some(column) = columns.source.get_mut(at).filter(|column| self.says_sex(column)) {
            column.lost = if column.lost == Some(out) { None } else { Some(out) };
        }
    }

    /// Lists the fields whose look the cells of a column have of their own: what looks so there has not moved.
    pub(in crate::domain) fn own_looks(&self, column: &SourceColumn) -> Vec<Field> {
        // Many columns hold what looks like names.
        let is_told = |looks: &Looks| *looks != Looks::Name;
        let look = |field: Field| Looks::ALL.into_iter().filter(is_told).find(|looks| looks.field() == Some(field));
        if let Some(own) = column.field {
            let is_alike = |field: &Field| *field != own && look(*field).is_some_and(|looks| !looks.contradicts(own));
            return Field::ALL.into_iter().filter(is_alike).collect();
        }
        if column.label.trim().is_empty() || column.is_beyond() {
            return Vec::new();
        }
        let is_own = |field: &Field| {
            let is_claimed = column.lost.is_some_and(|lost| lost.field == *field);
            let says = |ask: fn(&HeaderWords, &str) -> bool| self.words.is_some_and(|words| ask(words, &column.label));
            match (look(*field), column.looks) {
                _ if is_claimed => true,
                // What many columns hold tells nothing of those.
                (None | Some(Looks::Level | Looks::IdType), _) => true,
                // A remark may be anything, and what has moved there as well.
                (Some(wanted), Some(looks)) => wanted == looks && !says(HeaderWords::is_open_other),
                (Some(_), None) => says(HeaderWords::says_what),
            }
        };
        Field::ALL.into_iter().filter(is_own).collect()
    }

    /// Gives the column that names the evaluation institution: 发证机构名称 where the form has no 评价机构 (BJ-14).
    pub fn institution_field(&self) -> Field {
        if self.column(Field::Institution).is_some() { Field::Institution } else { Field::IssuingBody }
    }
}

/// A column of the source file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceColumn {
    /// The header cell as it stands in the file.
    pub label: String,
    /// The field it was matched to; `None` for a column the form does not have, which is kept aside.
    pub field: Option<Field>,
    /// The title that stands over it and its neighbours; empty for none.
    pub group: String,
    /// The field that its label names and that it does not hold.
    pub lost: Option<LostClaim>,
    /// By what it came to its field.
    pub by: FoundBy,
    /// What its cells look like, where they all look alike.
    pub looks: Option<Looks>,
    /// Whether its label is the name of a person: a row of people was taken for the header.
    pub is_person: bool,
}

impl SourceColumn {
    /// Gives what its cells look like where a column of its field cannot look so.
    pub fn contradicted(&self) -> Option<Looks> {
        self.field.and_then(|field| self.looks.filter(|looks| looks.contradicts(field)))
    }

    /// Tells whether somebody has to look at it before anything goes out: its cells alone gave it its field, or they contradict it
    /// and nobody has said that it is so all the same. What was said of another file with this header says nothing of these cells.
    pub fn is_open(&self) -> bool {
        self.is_open_guess() || self.by != FoundBy::Hand && self.contradicted().is_some()
    }

    /// Tells whether its cells alone gave it its field, and its label says something nobody has understood.
    pub fn is_open_guess(&self) -> bool {
        // Where there is no header, letters stand for the labels.
        let is_letters = self.label.len() <= 2 && self.label.bytes().all(|b| b.is_ascii_uppercase());
        self.field.is_some() && self.by == FoundBy::Contents && !self.label.trim().is_empty() && !is_letters
    }
}

/// How a column is called that holds what rows have behind the last column of their file.
const BEYOND: &str = "（表头之外）";

impl SourceColumn {
    /// Makes a column for what rows have behind the last one of their file: where files stand in one roster, another's columns
    /// follow there.
    pub fn beyond() -> SourceColumn {
        SourceColumn { label: BEYOND.to_string(), ..SourceColumn::default() }
    }

    pub fn is_beyond(&self) -> bool {
        self.field.is_none() && self.label == BEYOND
    }
}

/// Which source column holds which field (栏目对应).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnMap {
    /// The source columns, in the order of the file.
    pub source: Vec<SourceColumn>,
    of: [Option<u16>; Field::COUNT],
}

impl ColumnMap {
    /// Builds a map; of two columns for one field the first is taken, and the other disputes it.
    pub fn new(mut source: Vec<SourceColumn>) -> ColumnMap {
        let mut of = [None; Field::COUNT];
        for (i, column) in source.iter_mut().enumerate() {
            if let Some(field) = column.field {
                match of[field.index()] {
                    None => of[field.index()] = Some(i as u16),
                    Some(_) => {
                        column.field = None;
                        column.lost = Some(LostClaim { field, to: GaveWay::Disputed });
                    }
                }
            }
        }
        ColumnMap { source, of }
    }

    /// Lists the header cells, in the order of the file.
    pub fn labels(&self) -> Vec<String> {
        self.source.iter().map(|column| column.label.clone()).collect()
    }

    /// Matches header cells to a form; of the columns themselves nothing is known.
    pub fn matched(labels: &[String], spec: &SheetSpec) -> ColumnMap {
        ColumnMap::settled(labels, spec, &GroupTitles::default(), &[])
    }

    /// Gives the source column of a field.
    pub fn of(&self, field: Field) -> Option<usize> {
        self.of[field.index()].map(usize::from)
    }

    /// Assigns a source column to a field (or to none); the column that held the field before loses it, and nobody disputes it
    /// any longer. With two tables side by side the columns of the other one stay to be put out.
    pub fn assign(&mut self, column: usize, field: Option<Field>) {
        if column >= self.source.len() {
            return;
        }
        let beside = |field| Some(LostClaim { field, to: GaveWay::Beside }).filter(|_| self.is_beside_another());
        let own = &self.source[column];
        // What was put out stays told of.
        let put_out = own.lost.filter(|lost| field.is_none() && lost.to == GaveWay::LeftOut);
        let lost = own.field.filter(|_| field.is_none()).and_then(beside).or(put_out);
        let others = field.and_then(beside);
        if field.is_some() {
            for other in &mut self.source {
                let to = other.lost.filter(|lost| Some(lost.field) == field).map(|lost| lost.to);
                if other.field == field || to.is_some_and(GaveWay::is_open) {
                    (other.field, other.lost, other.by) = (None, others, FoundBy::Label);
                } else if to.is_some_and(|to| to != GaveWay::LeftOut) {
                    other.lost = None;
                }
            }
        }
        let own = &mut self.source[column];
        (own.field, own.lost, own.by) = (field, lost, FoundBy::Label);
        *self = ColumnMap::new(std::mem::take(&mut self.source));
    }

    /// Fits the columns to another form. Whatever was settled stays; a field that only the new form has goes to the column of
    /// its label, if that holds nothing and nobody claims the field.
    pub fn fitted(&self, old: &SheetSpec, new: &SheetSpec) -> ColumnMap {
        let mut source = self.source.clone();
        let matched = ColumnMap::matched(&self.labels(), new);
        for (at, proposed) in matched.source.iter().enumerate() {
            let Some(field) = proposed.field.filter(|field| old.column(*field).is_none()) else { continue };
            let is_free = !source.iter().any(|c| c.field == Some(field) || c.lost.is_some_and(|l| l.field == field));
            let own = &mut source[at];
            if is_free && own.field.is_none() && own.lost.is_none() {
                own.field = Some(field);
            }
        }
        ColumnMap::new(source)
    }

    /// Lists the columns that hold what rows have behind the last column of their file.
    pub fn beyond(&self) -> Vec<usize> {
        (0..self.source.len()).filter(|at| self.source[*at].is_beyond()).collect()
    }

    /// Gives the field as whose cells those of a field are masked: names that stand in another column are names.
    pub fn masked_as(&self, field: Field) -> Field {
        let column = self.of(field).and_then(|at| self.source.get(at));
        match column.and_then(SourceColumn::contradicted) {
            Some(Looks::Name) => Field::Name,
            _ => field,
        }
    }

    /// Counts the matched columns.
    pub fn matched_count(&self) -> usize {
        self.of.iter().flatten().count()
    }
}

/// Names a column as a spreadsheet does: A for 0, AA for 26.
pub fn column_letters(index: usize) -> String {
    let (above, last) = (index / 26, char::from(b'A' + (index % 26) as u8));
    let mut letters = if above == 0 { String::new() } else { column_letters(above - 1) };
    letters.push(last);
    letters
}
