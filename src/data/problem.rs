//! What is wrong with a data file of the user's, and where.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::toml_fault::{TomlFault, WantedValue, fault_of};
use crate::domain::code::{LayoutError, Segment};
use crate::domain::form::FormError;
use crate::domain::profile::ProfileError;
use crate::domain::sheet::SheetError;
use crate::formats::FileRefusal;

/// Something wrong with a data file. The words are in the locales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataProblem {
    pub file: PathBuf,
    /// Line, and column where known, both from 1.
    pub place: Option<(usize, Option<usize>)>,
    pub fault: DataFault,
}

/// What can be wrong with a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataFault {
    /// A folder, a device, or anything else that is no file.
    NotAFile,
    /// Larger than any such file can be.
    TooLarge,
    /// No text in UTF-8.
    NotUtf8,
    /// Refused for the reasons a roster is, such as that it is not there.
    Refused(FileRefusal),
    /// A change of keys that is left out: what it is for, and why.
    Keys(Box<(String, KeysFault)>),
    /// A setting that is left out: its key, its value as written, and what it takes.
    Setting(Box<(String, String, WantedValue)>),
    /// A setting that does not exist, and those that do.
    UnknownSetting(String, Vec<String>),
    /// No valid TOML: what is wrong, and the line as written.
    Toml(TomlFault, String),
    /// A value of the wrong kind, as written, and what it should be.
    Value(String, WantedValue),
    /// A key that does not exist here, and those that do.
    UnknownKey(String, Vec<String>),
    /// A key that must be there.
    MissingKey(String),
    /// The date is no `YYYY-MM-DD`.
    Date(String),
    /// The profile names no form.
    NoSheet,
    /// What a deadline says that nothing is: the name as written, and those that there are.
    UnknownName(String, Vec<String>),
    /// What a certificate, a kind of certificates or a demanded fact names and nothing is: as written, and those that there are.
    UnknownValue(String, Vec<String>),
    /// What a certificate or a kind of certificates says and that cannot be meant: which, and the text as written.
    Certificate(&'static str, String),
    /// A deadline that can end on no day, or says in two ways when it does.
    NoDeadline,
    /// A year no code can carry.
    Year,
    /// The issuer's number lies outside the code.
    IssuerNumber,
    /// The segments are no layout.
    Layout(LayoutError),
    /// Two columns of a form hold the same field or carry the same label.
    ColumnTwice(String),
    /// A row of a printed form takes so many columns, where there are so many.
    RowWidth(usize, usize),
    /// The id has other characters than small letters, digits and hyphens.
    BadId(String),
    /// Another file of the user's has the same id.
    IdTwice(String, PathBuf),
    /// The profile names a form that is nowhere.
    UnknownSheet(String),
    /// The file's name is that of no table; the names there are.
    UnknownTable(Vec<&'static str>),
    /// No row among the first ten names these columns.
    NoHeader(Vec<&'static str>),
    /// A cell that must not be empty: its column.
    EmptyCell(&'static str),
    /// A cell that does not read: its column and text.
    BadCell(&'static str, String),
    /// So many further rows are wrong.
    MoreRows(usize),
    /// What the file says of an example's doubt or completion is not so.
    ExampleDetails(String),
    /// An example does not read as the file says; whether it should.
    Example(String, bool),
    /// The region table of a segment is nowhere; whether values outside it are errors.
    NoRegions(String, bool),
    /// Clauses that the program does not know, shown as they stand.
    UnknownClauses(Vec<String>),
    /// Other profiles whose fixed segments are the same.
    SameCodes(Vec<String>),
}

/// Why a change of keys is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeysFault {
    /// Neither a key nor a list of keys.
    NotKeys,
    /// There is no such command.
    UnknownCommand,
    /// There is no such place; those there are.
    UnknownPlace(Vec<&'static str>),
    /// The command does not exist in the place.
    NotThere,
    /// There is no such key.
    UnknownKey(String),
    /// Terminals over SSH cannot send the key.
    Unreachable(String),
    /// The key types or edits text there.
    Typed(String),
    /// Enter alone must never say yes.
    Enter,
    /// The key, or its beginning, is that of another command in a place.
    Taken { key: String, place: &'static str, by: &'static str },
    /// Nobody could get out of the place without.
    Needed(&'static str),
}

impl DataFault {
    /// Tells whether the file works all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, DataFault::NoRegions(_, false) | DataFault::UnknownClauses(_) | DataFault::SameCodes(_))
    }

    /// Tells whether the file could not be read at all.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, DataFault::NotAFile | DataFault::TooLarge | DataFault::NotUtf8 | DataFault::Refused(_))
    }
}

impl DataProblem {
    /// Makes a problem of a whole file.
    pub fn of_file(file: &Path, fault: DataFault) -> DataProblem {
        DataProblem { file: file.to_path_buf(), place: None, fault }
    }

    /// Makes a problem of a line, from 1.
    pub fn of_line(file: &Path, line: usize, fault: DataFault) -> DataProblem {
        DataProblem { file: file.to_path_buf(), place: Some((line, None)), fault }
    }

    /// Makes a problem at the value of a top-level key; with `nth`, at that member of its list.
    pub fn of_key(file: &Path, text: &str, key: &str, nth: Option<usize>, fault: DataFault) -> DataProblem {
        let line = value_range(text, key, nth).map(|range| (line_and_column(text, range.start).0, None));
        DataProblem { file: file.to_path_buf(), place: line, fault }
    }

    /// Makes a problem at a key of a member of a top-level list; at the member where it does not have the key.
    pub fn of_member(file: &Path, text: &str, (list, nth): (&str, usize), key: &str, fault: DataFault) -> DataProblem {
        let range = member_range(text, (list, nth), key).or_else(|| value_range(text, list, Some(nth)));
        let line = range.map(|range| (line_and_column(text, range.start).0, None));
        DataProblem { file: file.to_path_buf(), place: line, fault }
    }

    /// Makes a problem at a value deep inside, whose keys and places in lists are given; at the nearest one above it that is there.
    pub fn of_path(file: &Path, text: &str, path: &[&str], fault: DataFault) -> DataProblem {
        let place = deep_range(text, path).map(|range| (line_and_column(text, range.start).0, None));
        DataProblem { file: file.to_path_buf(), place, fault }
    }

    /// Makes a problem of a refused profile.
    pub fn of_profile(file: &Path, text: &str, error: &ProfileError) -> DataProblem {
        match error {
            ProfileError::Toml(error) => match wrong_reader(text, error) {
                Some(nth) => DataProblem::of_key(file, text, "segment", Some(nth), fault_of(text, error)),
                None => DataProblem::of_toml(file, text, error),
            },
            ProfileError::Date(date) => DataProblem::of_key(file, text, "date", None, DataFault::Date(date.clone())),
            ProfileError::Year => DataProblem::of_key(file, text, "year", None, DataFault::Year),
            ProfileError::IssuerNumber => DataProblem::of_file(file, DataFault::IssuerNumber),
            ProfileError::NoSheet => DataProblem::of_key(file, text, "sheets", None, DataFault::NoSheet),
            ProfileError::Layout { nth, error } => {
                DataProblem::of_key(file, text, "segment", Some(*nth), DataFault::Layout(error.clone()))
            }
        }
    }

    /// Makes a problem of a refused form.
    pub fn of_sheet(file: &Path, text: &str, error: &SheetError) -> DataProblem {
        match error {
            SheetError::Toml(error) => DataProblem::of_toml(file, text, error),
            SheetError::Twice { nth, label } => {
                DataProblem::of_key(file, text, "column", Some(*nth), DataFault::ColumnTwice(label.clone()))
            }
        }
    }

    /// Makes a problem of a refused layout.
    pub fn of_form(file: &Path, text: &str, error: &FormError) -> DataProblem {
        let (nth, fault) = match error {
            FormError::Toml(error) => return DataProblem::of_toml(file, text, error),
            FormError::Width { nth, found, wanted } => (nth, DataFault::RowWidth(*found, *wanted)),
            FormError::UnknownPlace { nth, name, known } | FormError::UnknownList { nth, name, known } => {
                (nth, DataFault::UnknownName(name.clone(), known.clone()))
            }
        };
        let range = layout_row(text, *nth).or_else(|| value_range(text, "layout", None));
        let line = range.map(|range| (line_and_column(text, range.start).0, None));
        DataProblem { file: file.to_path_buf(), place: line, fault }
    }

    /// Makes a problem of a text that is no TOML, or holds what does not belong there.
    pub fn of_toml(file: &Path, text: &str, error: &toml::de::Error) -> DataProblem {
        let place = error.span().map(|span| {
            let (line, column) = line_and_column(text, span.start);
            (line, Some(column))
        });
        DataProblem { file: file.to_path_buf(), place, fault: fault_of(text, error) }
    }
}

/// Finds the segment whose keys do not fit its reader: that is seen after the parser, which then only knows the list.
fn wrong_reader(text: &str, error: &toml::de::Error) -> Option<usize> {
    let table: toml::Table = text.parse().ok()?;
    let is_wrong = |s: &toml::Value| s.clone().try_into::<Segment>().is_err_and(|e| e.message() == error.message());
    let at_list = error.span()?.start == value_range(text, "segment", Some(0))?.start;
    if at_list { table.get("segment")?.as_array()?.iter().position(is_wrong) } else { None }
}

/// Gives line and column of a byte, both from 1; columns count characters.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Finds the bytes of the value of a top-level key, or of a member of its list.
pub(super) fn value_range(text: &str, key: &str, nth: Option<usize>) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let (_, value) = table.get_ref().iter().find(|(k, _)| k.get_ref() == key)?;
    match (nth, value.get_ref()) {
        (Some(nth), DeValue::Array(list)) => Some(list.get(nth)?.span()),
        _ => Some(value.span()),
    }
}

/// Finds the bytes of a value by the keys and the places in lists that lead to it, as far as they lead.
fn deep_range(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let (key, rest) = path.split_first()?;
    let (_, mut value) = table.get_ref().iter().find(|(k, _)| k.get_ref() == key)?;
    for step in rest {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.iter().find(|(k, _)| k.get_ref() == step).map(|(_, value)| value),
            DeValue::Array(list) => step.parse::<usize>().ok().and_then(|nth| list.get(nth)),
            _ => None,
        };
        let Some(inner) = inner else { break };
        value = inner;
    }
    Some(value.span())
}

/// Finds the bytes of a row of a layout.
fn layout_row(text: &str, nth: usize) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let (_, layout) = table.get_ref().iter().find(|(key, _)| key.get_ref() == "layout")?;
    let DeValue::Table(layout) = layout.get_ref() else { return None };
    let (_, rows) = layout.iter().find(|(key, _)| key.get_ref() == "row")?;
    let DeValue::Array(rows) = rows.get_ref() else { return None };
    Some(rows.get(nth)?.span())
}

/// Finds the bytes of the value that a member of a top-level list has under a key.
fn member_range(text: &str, (list, nth): (&str, usize), key: &str) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let (_, value) = table.get_ref().iter().find(|(k, _)| k.get_ref() == list)?;
    let DeValue::Array(members) = value.get_ref() else { return None };
    let DeValue::Table(member) = members.get(nth)?.get_ref() else { return None };
    let (_, value) = member.iter().find(|(k, _)| k.get_ref() == key)?;
    Some(value.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let text = "id = \"x\"\nname = \"海南\"\n\n[[segment]]\nfrom = 1\n\n[[segment]]\nfrom = 2\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, text.find("南").unwrap()), (2, 10));
        let line = |key, nth| value_range(text, key, nth).map(|range| line_and_column(text, range.start).0);
        assert_eq!(line("name", None), Some(2));
        assert_eq!((line("segment", Some(0)), line("segment", Some(1))), (Some(4), Some(7)));
        assert_eq!((line("segment", Some(2)), line("none", None)), (None, None));
        let member =
            |nth, key| member_range(text, ("segment", nth), key).map(|range| line_and_column(text, range.start).0);
        assert_eq!((member(1, "from"), member(1, "to"), member(2, "from")), (Some(8), None, None));
    }
}
