//! What is wrong with a data file of the user's, in words.

use super::Locale;
use crate::data::{DataProblem, Fault, KeysFault};
use crate::domain::code::LayoutError;
use crate::domain::text;

impl Locale {
    /// Tells in one line which file is wrong, where, and what to do about it.
    pub fn data_problem(&self, problem: &DataProblem) -> String {
        let (file, what) = (problem.file.to_string_lossy(), self.data_fault(problem));
        let (line, column) = problem.place.unwrap_or((0, None));
        let key = match problem.place {
            None => "data.at-file",
            Some((_, None)) => "data.at-line",
            Some(_) => "data.at-column",
        };
        let (line, column) = (line.to_string(), column.unwrap_or(0).to_string());
        let places = [("file", &*file), ("line", &line), ("column", &column), ("what", &what)];
        text::visible(&self.fill(key, &places)).into_owned()
    }

    /// Tells what is wrong with a file, without its place.
    pub fn data_fault(&self, problem: &DataProblem) -> String {
        let comma = |list: &[&str]| list.join(self.text("finding.comma"));
        let owned = |list: &[String]| list.join(self.text("finding.comma"));
        let fill = |key: &str, places: &[(&str, &str)]| self.fill(&format!("data.{key}"), places);
        let told = match &problem.fault {
            Fault::NotAFile => fill("not-a-file", &[]),
            Fault::TooLarge => fill("too-large", &[]),
            Fault::NotUtf8 => fill("not-utf8", &[]),
            Fault::Refused(refusal) => {
                let name = problem.file.file_name().unwrap_or_default().to_string_lossy();
                let failure = self.refusal(refusal, &name);
                fill("refused", &[("message", &failure.message), ("hint", &failure.hint)])
            }
            Fault::NotOneOf(value, known) => fill("not-one-of", &[("value", value), ("known", &comma(known))]),
            Fault::OutOfRange(least, most) => {
                fill("out-of-range", &[("least", &least.to_string()), ("most", &most.to_string())])
            }
            Fault::Keys(change) => fill("keys", &[("name", &change.0), ("what", &self.keys_fault(&change.1))]),
            Fault::Toml(detail) => fill("toml", &[("detail", detail)]),
            Fault::UnknownKey(key, known) => fill("unknown-key", &[("key", key), ("known", &owned(known))]),
            Fault::MissingKey(key) => fill("missing-key", &[("key", key)]),
            Fault::Date(value) => fill("date", &[("value", value)]),
            Fault::NoSheet => fill("no-sheet", &[]),
            Fault::Year => fill("year", &[]),
            Fault::IssuerNumber => fill("issuer-number", &[]),
            Fault::Layout(error) => self.layout_fault(error),
            Fault::ColumnTwice(label) => fill("column-twice", &[("label", label)]),
            Fault::BadId(id) => fill("bad-id", &[("id", id)]),
            Fault::IdTwice(id, file) => fill("id-twice", &[("id", id), ("other", &file.to_string_lossy())]),
            Fault::UnknownSheet(id) => fill("unknown-sheet", &[("id", id)]),
            Fault::UnknownTable(known) => fill("unknown-table", &[("known", &comma(known))]),
            Fault::NoHeader(columns) => fill("no-header", &[("columns", &comma(columns))]),
            Fault::EmptyCell(column) => fill("empty-cell", &[("label", column)]),
            Fault::BadCell(column, value) => fill("bad-cell", &[("label", column), ("value", value)]),
            Fault::MoreRows(n) => fill("more-rows", &[("number", &n.to_string())]),
            Fault::ExampleDetails(code) => fill("example-details", &[("code", code)]),
            Fault::Example(code, true) => fill("example-fails", &[("code", code)]),
            Fault::Example(code, false) => fill("example-reads", &[("code", code)]),
            Fault::NoRegions(table, true) => fill("no-regions-closed", &[("table", table)]),
            Fault::NoRegions(table, false) => fill("no-regions-open", &[("table", table)]),
            Fault::UnknownClauses(clauses) => fill("unknown-clauses", &[("clauses", &owned(clauses))]),
            Fault::SameCodes(ids) => fill("same-codes", &[("ids", &owned(ids))]),
        };
        text::visible(&told).into_owned()
    }

    fn keys_fault(&self, fault: &KeysFault) -> String {
        let (key, places): (&str, &[(&str, &str)]) = match fault {
            KeysFault::NotKeys => ("not-keys", &[]),
            KeysFault::UnknownCommand => ("unknown-command", &[]),
            KeysFault::UnknownPlace(known) => {
                return self.fill("data.key.unknown-place", &[("known", &known.join(self.text("finding.comma")))]);
            }
            KeysFault::NotThere => ("not-there", &[]),
            KeysFault::UnknownKey(key) => ("unknown-key", &[("key", key)]),
            KeysFault::Unreachable(key) => ("unreachable", &[("key", key)]),
            KeysFault::Typed(key) => ("typed", &[("key", key)]),
            KeysFault::Enter => ("enter", &[]),
            KeysFault::Taken { key, place, by } => ("taken", &[("key", key), ("place", place), ("by", by)]),
            KeysFault::Needed(place) => ("needed", &[("place", place)]),
        };
        self.fill(&format!("data.key.{key}"), places)
    }

    fn layout_fault(&self, error: &LayoutError) -> String {
        let number = |n: &usize| n.to_string();
        match error {
            LayoutError::Gap { expected, found } => {
                let places = [("expected", number(expected)), ("found", number(found))];
                self.fill("data.layout-gap", &places.each_ref().map(|(k, v)| (*k, v.as_str())))
            }
            LayoutError::Length(found) => self.fill("data.layout-length", &[("found", &number(found))]),
            LayoutError::Value { value, from, to } => {
                self.fill("data.layout-value", &[("value", value), ("from", &number(from)), ("to", &number(to))])
            }
            LayoutError::Meanings { from, to } => {
                self.fill("data.layout-meanings", &[("from", &number(from)), ("to", &number(to))])
            }
            LayoutError::Width { from, to, most } => {
                let places = [("from", number(from)), ("to", number(to)), ("most", number(most))];
                self.fill("data.layout-width", &places.each_ref().map(|(k, v)| (*k, v.as_str())))
            }
            LayoutError::Range { from, to, first, last } => {
                let (first, last) = (first.to_string(), last.to_string());
                let places = [("from", &*number(from)), ("to", &number(to)), ("first", &first), ("last", &last)];
                self.fill("data.layout-range", &places)
            }
        }
    }
}
