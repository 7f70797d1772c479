//! Printed forms (表单): layouts that are data, filled from what is stored, and drawn as text.
//!
//! A form is a grid of columns and of rows from top to bottom; each cell takes some columns, and rows below it where it is high.
//! What stands in a cell is a text with places (`template`). Filling gives plain cells with places ([`Filled`]), of which
//! the workbook is written and the page on the screen is drawn.

mod drawn;
mod field;
mod fill;
mod template;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

use super::fact::ThingKind;
use super::vocabulary::vocabulary;
pub use field::FormField;
pub use fill::{Filled, FilledCell, FilledRow, FormFault, FormRecord, FormValues};
use template::Template;

vocabulary! {
    /// How a cell looks.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Look {
        /// Large, in the middle, without a border.
        Title = "title",
        /// Of a row without borders.
        Line = "line",
        /// The same at the right.
        Right = "right",
        /// Small, without a border.
        Note = "note",
        /// A heading over some columns: bold, with a border.
        Head = "head",
        /// A heading of a part: bold, at the left, with a border.
        Part = "part",
        /// A value in the middle, with a border.
        Box = "box",
        /// A value at the left, with a border.
        Field = "field",
        /// A long text that begins at the top, with a border.
        Area = "area",
    }
}

impl Look {
    /// Tells whether lines are drawn around it.
    pub fn has_border(self) -> bool {
        !matches!(self, Look::Title | Look::Line | Look::Right | Look::Note)
    }

    /// Gives the size of its letters, in points.
    pub fn points(self) -> f64 {
        match self {
            Look::Title => 16.0,
            Look::Note => 10.0,
            _ => 11.0,
        }
    }

    pub fn is_bold(self) -> bool {
        matches!(self, Look::Title | Look::Head | Look::Part)
    }
}

/// A cell of a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormCell {
    #[serde(rename = "text")]
    template: Template,
    /// How many columns it takes.
    #[serde(default = "one")]
    span: usize,
    /// How many rows it takes.
    #[serde(default = "one")]
    rows: usize,
    #[serde(default = "boxed")]
    look: Look,
    /// The size of its letters, where it is not that of its look.
    #[serde(default)]
    points: Option<u16>,
    /// The font, where it is not that of official papers.
    #[serde(default)]
    font: Option<String>,
}

/// A row, or the rows that are made of each record of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormRow {
    cells: Vec<FormCell>,
    /// The list of which each record makes a row; empty for one row.
    #[serde(default)]
    each: String,
    /// So many rows at least, blank ones at the end.
    #[serde(default)]
    least: usize,
    /// How many lines it is high, at least and at most.
    #[serde(default = "one_line")]
    lines: u16,
    #[serde(default = "three_lines")]
    most: u16,
    /// Whether it stands again at the top of every page.
    #[serde(default)]
    header: bool,
    /// Whether it begins a page.
    #[serde(default)]
    page: bool,
}

/// What goes with a correction of some items.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPapers {
    /// The items, as `case show` calls them.
    pub items: Vec<String>,
    pub text: String,
}

/// Whom a form is sent to: a line of the table of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// The clause of that line.
    pub clause: String,
    /// What it is about, where the clause has several lines.
    #[serde(default)]
    pub about: String,
}

/// How a form is laid out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormLayout {
    pub about: ThingKind,
    /// The title where it is not the name of the columns.
    #[serde(default)]
    title: String,
    /// The clause, where it is not that of the columns.
    #[serde(default)]
    clause: String,
    /// The profile whose things it is for; empty for all.
    #[serde(default)]
    pub profile: String,
    /// The kind of cases it is for; empty for all.
    #[serde(default)]
    pub case: String,
    /// Whether it is the proof (校样) of one certificate, which is filled of what is printed.
    #[serde(default)]
    pub proof: bool,
    /// Whether it is of records that the public can look up (BJ-59).
    #[serde(default)]
    pub online: bool,
    /// Whether it is only of what is handed in late.
    #[serde(default)]
    pub late: bool,
    /// Whether its workbook is read again as the roster of a batch, which takes the facts of this one over.
    #[serde(default)]
    pub bridge: bool,
    /// What is left blank on purpose, for whoever signs, seals and dates it by hand.
    #[serde(default)]
    pub by_hand: Vec<String>,
    /// Whether personal data in it stays masked where nobody says why it should not.
    #[serde(default)]
    pub masked: bool,
    #[serde(default)]
    pub addressee: Option<Addressee>,
    #[serde(default)]
    pub papers: Vec<ItemPapers>,
    #[serde(default)]
    pub landscape: bool,
    /// Left, right, top and bottom, in centimetres.
    #[serde(default = "margins")]
    pub margins: [f64; 4],
    /// How many copies are handed in.
    #[serde(default = "one_line")]
    pub copies: u16,
    /// The columns, in widths of a digit.
    pub widths: Vec<f64>,
    #[serde(default, rename = "field")]
    pub fields: Vec<FormField>,
    #[serde(rename = "row")]
    rows: Vec<FormRow>,
}

/// A form that can be filled and printed.
#[derive(Debug, Clone)]
pub struct Form {
    pub id: String,
    pub name: String,
    /// The document it comes from.
    pub source: String,
    pub clause: String,
    pub layout: FormLayout,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    id: String,
    name: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    clause: String,
    layout: FormLayout,
    // What the same file says of the columns of rosters.
    #[serde(default, rename = "elsewhere")]
    _elsewhere: IgnoredAny,
    #[serde(default, rename = "row_number")]
    _row_number: IgnoredAny,
    #[serde(default, rename = "column")]
    _columns: IgnoredAny,
}

/// Why a layout is refused.
#[derive(Debug, Error)]
pub enum FormError {
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// The cells of a row take more or fewer columns than there are.
    #[error("row {nth} takes {found} of {wanted} columns")]
    Width { nth: usize, found: usize, wanted: usize },
    /// A place that nothing fills.
    #[error("row {nth} has an unknown place {name}")]
    UnknownPlace { nth: usize, name: String, known: Vec<String> },
    /// A list that there is not.
    #[error("row {nth} has an unknown list {name}")]
    UnknownList { nth: usize, name: String, known: Vec<String> },
}

/// What is always known of a thing, besides the fields of a form.
const OF_ALL: [&str; 9] = [
    "today",
    "institution",
    "prefix",
    "profile",
    "document",
    "addressee",
    "addressee-phone",
    "addressee-address",
    "filed-on",
];
const OF_INSTITUTION: [&str; 8] =
    ["kind", "passes-5", "passes-4", "passes-3", "passes-2", "passes-1", "passes", "predecessors"];
const OF_BATCH: [&str; 10] = [
    "batch",
    "file",
    "rows",
    "late-count",
    "late-issued",
    "late-due",
    "late-handed-in",
    "late-days",
    "late-clause",
    "late-length",
];
const OF_CASE: [&str; 9] =
    ["case", "reason", "cause", "cause-told", "received", "due", "papers", "reference", "approved-on"];
/// What is known of a record.
const OF_RECORD: [&str; 24] = [
    "n",
    "name",
    "id-type",
    "id-number",
    "employer",
    "occupation",
    "work-type",
    "level",
    "level-print",
    "code",
    "issue-date",
    "institution",
    "evaluation-batch",
    "issuing-body",
    "sex",
    "contest-class",
    "award",
    "old-code",
    "old-id-number",
    "old-name",
    "item",
    "new-value",
    "attachment",
    "certificate-kind",
];
/// What is known of one certificate that is printed.
const OF_PROOF: [&str; 32] = [
    "code",
    "blank",
    "medium",
    "paper",
    "style",
    "title",
    "title-en",
    "body",
    "body-en",
    "name",
    "id-type",
    "id-number",
    "occupation",
    "work-type",
    "level",
    "date",
    "issue-date",
    "reissued",
    "institution",
    "issuing-body",
    "seal",
    "seal-place",
    "second-seal",
    "second-seal-place",
    "photo-size",
    "photo",
    "qr",
    "certificates-address",
    "institutions-address",
    "seals",
    "sizes",
    "font",
];
const OF_LOOK: [&str; 3] = ["n", "look", "clause"];
const OF_SCOPE: [&str; 6] = ["n", "occupation", "occupation-code", "work-type", "levels", "standard"];
const OF_SEALS: [&str; 4] = ["n", "seal", "seal-from", "seal-electronic"];

/// Lists the lists of records of a kind of things.
pub fn lists_of(about: ThingKind) -> &'static [&'static str] {
    match about {
        ThingKind::Institution => &["scope", "seals"],
        ThingKind::Batch => &["rows", "coded-rows", "other-rows"],
        ThingKind::Case => &["changes", "corrections"],
    }
}

/// Lists what is known of a kind of things; of a case the record of its certificate as well.
fn known_of(about: ThingKind) -> impl Iterator<Item = &'static str> {
    let (own, record): (&[&str], &[&str]) = match about {
        ThingKind::Institution => (&OF_INSTITUTION, &[]),
        ThingKind::Batch => (&OF_BATCH, &[]),
        ThingKind::Case => (&OF_CASE, &OF_RECORD),
    };
    OF_ALL.into_iter().chain(own.iter().copied()).chain(record.iter().copied())
}

fn of_list(list: &str) -> &'static [&'static str] {
    match list {
        "scope" => &OF_SCOPE,
        "seals" => &OF_SEALS,
        "looks" => &OF_LOOK,
        _ => &OF_RECORD,
    }
}

impl FormLayout {
    /// Lists the lists of records that it can have rows of.
    fn lists(&self) -> &'static [&'static str] {
        if self.proof { &["looks"] } else { lists_of(self.about) }
    }

    /// Lists what is known of its thing.
    fn known(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (of_proof, about) = (self.proof, self.about);
        let own = OF_PROOF.into_iter().filter(move |_| of_proof);
        own.chain(known_of(about).filter(move |_| !of_proof))
    }
}

impl Form {
    /// Tells whether the text of a form has a layout.
    pub fn is_laid_out(toml_text: &str) -> bool {
        toml_text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("layout"))
    }

    /// Reads a form from TOML text.
    pub fn parse(toml_text: &str) -> Result<Form, FormError> {
        let FormFile { id, name, source, clause, layout, .. } = toml::from_str(toml_text)?;
        let name = if layout.title.is_empty() { name } else { layout.title.clone() };
        let clause = if layout.clause.is_empty() { clause } else { layout.clause.clone() };
        let form = Form { id, name, source, clause, layout };
        form.must_fit()?;
        Ok(form)
    }

    /// Looks whether every row is as wide as the form, and whether something fills every place.
    fn must_fit(&self) -> Result<(), FormError> {
        let FormLayout { widths, fields, rows, .. } = &self.layout;
        let wanted = widths.len();
        let mut taken = vec![0_usize; wanted];
        for (nth, row) in rows.iter().enumerate() {
            if !row.each.is_empty() && !self.layout.lists().contains(&row.each.as_str()) {
                let known = self.layout.lists().iter().map(|list| (*list).to_string()).collect();
                return Err(FormError::UnknownList { nth, name: row.each.clone(), known });
            }
            let from_above = taken.iter().filter(|rows| 0 < **rows).count();
            let found = from_above + row.cells.iter().map(|cell| cell.span).sum::<usize>();
            if found != wanted {
                return Err(FormError::Width { nth, found, wanted });
            }
            let mut at = 0;
            let mut next: Vec<usize> = taken.iter().map(|rows| rows.saturating_sub(1)).collect();
            for cell in &row.cells {
                while taken.get(at).is_some_and(|rows| 0 < *rows) {
                    at += 1;
                }
                let is_free = taken.get(at..at + cell.span).is_some_and(|all| all.iter().all(|rows| *rows == 0));
                if !is_free {
                    return Err(FormError::Width { nth, found, wanted });
                }
                next[at..at + cell.span].fill(cell.rows.saturating_sub(1));
                at += cell.span;
            }
            taken = next;
            let mut known: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
            let of_record: &[&str] = if row.each.is_empty() { &[] } else { of_list(&row.each) };
            for name in self.layout.known().chain(of_record.iter().copied()) {
                known.push(name);
            }
            let mut named = row.cells.iter().flat_map(|cell| cell.template.places());
            if let Some(name) = named.find(|name| !known.contains(name)) {
                let known = known.into_iter().map(String::from).collect();
                return Err(FormError::UnknownPlace { nth, name: name.to_string(), known });
            }
        }
        Ok(())
    }

    /// Tells whether its cells name somebody: who gets it gets personal data.
    pub fn is_personal(&self) -> bool {
        const PERSONAL: [&str; 6] = ["name", "id-number", "old-name", "old-id-number", "new-value", "code"];
        let mut places = self.layout.rows.iter().flat_map(|row| row.cells.iter().flat_map(|c| c.template.places()));
        places.any(|place| PERSONAL.contains(&place) || self.field(place).is_some_and(FormField::is_personal))
    }

    /// Tells whether it has rows of a list.
    pub fn lists(&self, list: &str) -> bool {
        self.layout.rows.iter().any(|row| row.each == list)
    }

    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.layout.fields.iter().find(|field| field.id == id)
    }

    /// Lists the fields for which there is no value.
    pub fn missing<'a>(&'a self, values: &'a FormValues) -> impl Iterator<Item = &'a FormField> {
        self.layout.fields.iter().filter(|field| !field.optional && values.value(&field.id).is_empty())
    }

    /// Lists the fields for which there is no value and which may stay blank.
    pub fn open<'a>(&'a self, values: &'a FormValues) -> impl Iterator<Item = &'a FormField> {
        self.layout.fields.iter().filter(|field| field.optional && values.value(&field.id).is_empty())
    }

    /// Gives the clause by which papers go with the correction of an item.
    pub fn papers_of(&self, item: &str) -> &str {
        let papers = self.layout.papers.iter().find(|papers| papers.items.iter().any(|one| one == item));
        papers.map_or("", |papers| &papers.text)
    }
}

fn one() -> usize {
    1
}

fn one_line() -> u16 {
    1
}

fn three_lines() -> u16 {
    3
}

fn boxed() -> Look {
    Look::Box
}

fn margins() -> [f64; 4] {
    [1.9, 1.9, 2.0, 2.0]
}
