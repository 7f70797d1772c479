//! What is wrong with a data file of the user's, in words.

use crate::data::{Catalogue, DataFault, DataProblem, KeysFault, TomlFault, WantedValue};
use crate::domain::code::LayoutError;
use crate::domain::text;
use crate::words::Locale;

impl Locale {
    /// Gives what a profile is called where there is little room, by its id; the id where there is no such profile any more.
    pub fn profile_of<'a>(&'a self, id: &'a str, catalogue: &'a Catalogue) -> &'a str {
        catalogue.profile(id).map_or(id, |profile| self.profile_short(profile))
    }

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
            DataFault::NotAFile => fill("not-a-file", &[]),
            DataFault::TooLarge => fill("too-large", &[]),
            DataFault::NotUtf8 => fill("not-utf8", &[]),
            DataFault::Refused(refusal) => {
                let name = problem.file.file_name().unwrap_or_default().to_string_lossy();
                let failure = self.refusal(refusal, &name);
                fill(
                    "refused",
                    &[("message", text::unstopped(&failure.message)), ("hint", text::unstopped(&failure.hint))],
                )
            }
            DataFault::Setting(left_out) => {
                let (key, value, wanted) = &**left_out;
                fill("setting", &[("key", key), ("value", value), ("wanted", &self.wanted(wanted))])
            }
            DataFault::UnknownSetting(key, known) => {
                let told = fill("unknown-setting", &[("key", key), ("known", &owned(known))]);
                told + &self.meant(key, known.iter().map(String::as_str))
            }
            DataFault::Keys(change) => {
                let (name, fault) = &**change;
                fill("keys", &[("name", name), ("what", &self.keys_fault(name, fault))])
            }
            DataFault::Toml(fault, line) => {
                let key = if let TomlFault::Twice(key) = fault { key } else { "" };
                let why = self.fill(&format!("data.wrong-toml.{}", fault.key()), &[("key", key)]);
                fill("toml", &[("why", &why), ("line", line)])
            }
            DataFault::Value(value, wanted) => fill("value", &[("value", value), ("wanted", &self.wanted(wanted))]),
            DataFault::UnknownKey(key, known) => {
                let told = fill("unknown-key", &[("key", key), ("known", &owned(known))]);
                told + &self.meant(key, known.iter().map(String::as_str))
            }
            DataFault::MissingKey(key) => fill("missing-key", &[("key", key)]),
            DataFault::Date(value) => fill("date", &[("value", value)]),
            DataFault::NoSheet => fill("no-sheet", &[]),
            DataFault::UnknownName(name, known) => {
                let told = fill("unknown-name", &[("name", name), ("known", &owned(known))]);
                told + &self.meant(name, known.iter().map(String::as_str))
            }
            DataFault::UnknownValue(name, known) => {
                let told = fill("unknown-value", &[("name", name), ("known", &owned(known))]);
                told + &self.meant(name, known.iter().map(String::as_str))
            }
            DataFault::Certificate(what, value) => fill(&format!("certificate.{what}"), &[("value", value)]),
            DataFault::NoDeadline => fill("no-deadline", &[]),
            DataFault::Year => fill("year", &[]),
            DataFault::IssuerNumber => fill("issuer-number", &[]),
            DataFault::Layout(error) => self.layout_fault(error),
            DataFault::ColumnTwice(label) => fill("column-twice", &[("label", label)]),
            DataFault::RowWidth(found, wanted) => {
                fill("row-width", &[("found", &found.to_string()), ("wanted", &wanted.to_string())])
            }
            DataFault::BadId(id) => fill("bad-id", &[("id", id)]),
            DataFault::IdTwice(id, file) => fill("id-twice", &[("id", id), ("other", &file.to_string_lossy())]),
            DataFault::UnknownSheet(id) => fill("unknown-sheet", &[("id", id)]),
            DataFault::UnknownTable(known) => fill("unknown-table", &[("known", &comma(known))]),
            DataFault::NoHeader(columns) => {
                let columns: Vec<String> = columns.iter().map(|column| self.table_column(column)).collect();
                fill("no-header", &[("columns", &columns.join(self.text("finding.comma")))])
            }
            DataFault::EmptyCell(column) => fill("empty-cell", &[("label", &self.table_column(column))]),
            DataFault::BadCell(column, value) => {
                fill("bad-cell", &[("label", &self.table_column(column)), ("value", value)])
            }
            DataFault::MoreRows(n) => fill("more-rows", &[("number", &n.to_string())]),
            DataFault::ExampleDetails(code) => fill("example-details", &[("code", code)]),
            DataFault::Example(code, true) => fill("example-fails", &[("code", code)]),
            DataFault::Example(code, false) => fill("example-reads", &[("code", code)]),
            DataFault::NoRegions(table, true) => fill("no-regions-closed", &[("table", table)]),
            DataFault::NoRegions(table, false) => fill("no-regions-open", &[("table", table)]),
            DataFault::UnknownClauses(clauses) => fill("unknown-clauses", &[("clauses", &owned(clauses))]),
            DataFault::SameCodes(ids) => fill("same-codes", &[("ids", &owned(ids))]),
        };
        text::visible(&told).into_owned()
    }

    /// Names a column of a user's table as its header may have it.
    fn table_column(&self, key: &str) -> String {
        self.text(&format!("data.column.{key}")).to_string()
    }

    /// Says what may have been meant by a name that is none; nothing where nothing is near.
    fn meant<'a>(&self, typed: &str, known: impl Iterator<Item = &'a str>) -> String {
        let near = text::nearest(typed, known);
        near.first().map_or_else(String::new, |near| self.fill("data.meant", &[("near", near)]))
    }

    fn wanted(&self, wanted: &WantedValue) -> String {
        let between = |key: &str, least: u32, most: u32| {
            self.fill(key, &[("least", &least.to_string()), ("most", &most.to_string())])
        };
        let text = |key: &str| self.text(key).to_string();
        match wanted {
            WantedValue::OneOf(known) => {
                let known: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
                self.fill("data.wanted.one-of", &[("known", &known.join(self.text("finding.comma")))])
            }
            WantedValue::Flag => text("data.wanted.flag"),
            WantedValue::Whole(least, most) => between("data.wanted.whole", *least, *most),
            WantedValue::Number(least, most) => between("data.wanted.number", (*least).into(), (*most).into()),
            WantedValue::AnyWhole => text("data.wanted.any-whole"),
            WantedValue::Text => text("data.wanted.text"),
            WantedValue::List => text("data.wanted.list"),
            WantedValue::Table => text("data.wanted.table"),
            WantedValue::Other => text("data.wanted.other"),
        }
    }

    /// Names a place as the screen does, with the name that settings have for it.
    fn place_of_keys(&self, name: &str) -> String {
        let key = format!("ui.place.{}", name.trim_end_matches("-pane"));
        self.fill("data.key.named", &[("title", self.text(&key)), ("name", name)])
    }

    fn keys_fault(&self, name: &str, fault: &KeysFault) -> String {
        let (key, places): (&str, &[(&str, &str)]) = match fault {
            KeysFault::NotKeys => ("not-keys", &[]),
            KeysFault::UnknownCommand => ("unknown-command", &[]),
            KeysFault::UnknownPlace(known) => {
                let (place, _) = name.split_once('.').unwrap_or((name, ""));
                let named: Vec<String> = known.iter().map(|name| self.place_of_keys(name)).collect();
                let places = [("place", place), ("known", &named.join(self.text("finding.comma")))];
                return self.fill("data.key.unknown-place", &places) + &self.meant(place, known.iter().copied());
            }
            KeysFault::NotThere => ("not-there", &[]),
            KeysFault::UnknownKey(key) => ("unknown-key", &[("key", key)]),
            KeysFault::Unreachable(key) => ("unreachable", &[("key", key)]),
            KeysFault::Typed(key) => ("typed", &[("key", key)]),
            KeysFault::Enter => ("enter", &[]),
            KeysFault::Taken { key, place, by } => {
                let titled = self.place_of_keys(place);
                let title_key = format!("command.{by}.title");
                let commanded = self.fill("data.key.named", &[("title", self.text(&title_key)), ("name", by)]);
                return self.fill("data.key.taken", &[("key", key), ("place", &titled), ("by", &commanded)]);
            }
            KeysFault::Needed(place) => {
                let titled = self.place_of_keys(place);
                return self.fill("data.key.needed", &[("place", &titled)]);
            }
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
