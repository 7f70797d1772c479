//! Names of people that stand where none is due (错位的姓名): cells are told by what they are, where their column cannot have it.

use std::borrow::Cow;

use super::contents::PERSON;
use super::first_rows::is_number;
use super::row_words::is_plain_name;
use super::{ColumnMap, Field, Looks, SheetSpec, SourceColumn};
use crate::domain::level::LevelReading;
use crate::domain::{date, level, text};

/// No cell of more bytes is a name by itself.
const LONGEST: usize = 60;
/// Where so many 汉字 stand in a row without a dot, hardly anybody is called so.
const BODY: usize = 6;

/// Tells quickly whether a cell has the form of a name, whatever it means.
pub(in crate::domain) fn has_form_of_name(cell: &str) -> bool {
    // What is ASCII alone is a number, a sign or a code nearly always.
    !cell.is_ascii() && cell.len() <= LONGEST && is_plain_name(&tidied(cell))
}

impl SheetSpec {
    /// Tells whether a cell of a column that is no name's holds one all the same: the row's own; one that cannot be read as its
    /// column's kind; or, where what stands under 姓名 is nobody's, one that may be anything else as little.
    pub(in crate::domain) fn is_stray_name(&self, field: Field, cell: &str, own: &str) -> bool {
        if field.is_personal() || !has_form_of_name(cell) {
            return false;
        }
        let Some(words) = self.words else { return false };
        let tidy = tidied(cell);
        let is_own = tidy == tidied(own);
        // What somebody took for a level, a sex, a remark is to be seen as it stands.
        if !is_own && words.nobody.contains(&*tidy) {
            return false;
        }
        let is_of_parts = || !tidy.chars().all(text::is_han);
        let is_of_kind = || match field {
            Field::IdType => words.id_types.knows(&tidy),
            Field::Level => level::read(&tidy) != LevelReading::Unknown,
            Field::IssueDate => tidy.contains('年') || date::read(&tidy).day().is_some(),
            _ => false,
        };
        match field {
            Field::IdType | Field::Level | Field::IssueDate | Field::Code | Field::OldCode | Field::Sex => {
                let is_common = || words.surnames.begin_commonly(&tidy) && self.looks_of(&tidy) == Some(Looks::Name);
                (is_own || is_common() || is_of_parts() || self.is_no_name(own)) && !is_of_kind()
            }
            // Few names of anything else begin as those of people do.
            _ if is_own || words.surnames.begin(&tidy) => match self.looks_of(&tidy) {
                Some(Looks::Organisation | Looks::Occupation) => false,
                Some(Looks::Name) => is_own || self.is_no_name(own) || self.is_likelier_name(&tidy, own),
                _ => is_own || is_of_parts() && self.is_no_name(own),
            },
            _ => is_of_parts() && self.is_no_name(own),
        }
    }

    /// Tells whether a name in a column that is no name's is that of the row: whoever else has it there, it is somebody's.
    pub(in crate::domain) fn is_own_name(&self, field: Field, cell: &str, own: &str) -> bool {
        tidied(cell) == tidied(own) && self.is_stray_name(field, cell, own)
    }

    /// Tells whether the name of the row's person stands within a cell of a column that is no name's, beside something else: as
    /// when two columns became one.
    pub(in crate::domain) fn holds_name(&self, field: Field, cell: &str, own: &str) -> bool {
        let is_within = !field.is_personal() && !cell.is_ascii() && own.len() < cell.len() && cell.contains(own);
        is_within && own.chars().nth(1).is_some() && has_form_of_name(own) && !self.is_no_name(own)
    }

    /// Tells whether what stands under 姓名 is certainly nobody's name: a number, a day, a level, a kind of document, a body.
    fn is_no_name(&self, own: &str) -> bool {
        let Some(words) = self.words else { return false };
        let tidy = tidied(own);
        // A level may begin so, too: 高级工.
        let is_person = words.may_be_person(&tidy);
        if tidy.is_empty() || is_person && !self.ends_as_occupation(&tidy) && !tidy.ends_with('级') {
            return false;
        }
        if !tidy.chars().any(char::is_alphabetic) || Looks::of_cell(&tidy, &words.id_types).is_some() {
            return true;
        }
        let is_body = || !is_plain_name(&tidy) && BODY <= tidy.chars().filter(|c| text::is_han(*c)).count();
        !is_person && (matches!(self.looks_of(&tidy), Some(Looks::Organisation | Looks::Occupation)) || is_body())
    }

    /// Tells whether a cell of three 汉字 that begin with a common surname is a name sooner than what stands under 姓名, which
    /// begins with none.
    fn is_likelier_name(&self, tidy: &str, own: &str) -> bool {
        let own = tidied(own);
        let are_surnames = |text: &str| self.words.is_some_and(|words| words.surnames.begin(text));
        let is_common = self.words.is_some_and(|words| words.surnames.begin_commonly(tidy));
        let is_sooner =
            || PERSON.contains(&own.chars().count()) && own.chars().all(text::is_han) && !are_surnames(&own);
        is_common && tidy.chars().count() == 3 && is_sooner()
    }

    /// Marks the columns that are called as people are: batches of earlier versions do not know it of theirs.
    pub fn with_people(&self, columns: &ColumnMap) -> ColumnMap {
        let marked = columns.source.iter().zip(self.names_among(&columns.labels()));
        let marked = marked.map(|(c, is_name)| SourceColumn { is_person: c.is_person || is_name, ..c.clone() });
        ColumnMap::new(marked.collect())
    }

    /// Tells of each label of a header whether it is the name of a person, where a row of people was taken for the header.
    pub(super) fn names_among(&self, labels: &[String]) -> Vec<bool> {
        let Some(words) = self.words else { return vec![false; labels.len()] };
        let is_of_people = |label: &String| {
            let looks = Looks::of_cell(label, &words.id_types);
            is_number(label) || matches!(looks, Some(Looks::IdNumber | Looks::Code | Looks::Date | Looks::Phone))
        };
        if !labels.iter().any(is_of_people) {
            return vec![false; labels.len()];
        }
        let is_name = |label: &String| {
            let is_of_parts = || !label.chars().all(text::is_han) && has_form_of_name(label);
            self.named(label).is_none() && (self.looks_of(label) == Some(Looks::Name) || is_of_parts())
        };
        labels.iter().map(is_name).collect()
    }
}

/// Leaves out the blanks of a cell, which few have.
fn tidied(cell: &str) -> Cow<'_, str> {
    let cell = cell.trim();
    if cell.contains(|c| text::is_blank(c) || text::is_control(c)) { text::compact(cell) } else { cell.into() }
}
