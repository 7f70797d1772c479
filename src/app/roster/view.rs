//! The view (视图) as it is stored beside a batch: where the user was, and what was half typed.

use serde::{Deserialize, Serialize};

use super::columns::StoredColumns;
use crate::domain::ledger::Status;
use crate::domain::roster::{CellSource, RowId, RowWhat};
use crate::domain::rules::RuleId;
use crate::domain::selection::{Condition, RowSelection, SortBy, ValueTest};
use crate::domain::sheet::Field;

/// So many runs of marked rows are stored.
const RUNS: usize = 1000;

/// Where the user was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub row: RowId,
    /// The column, by its place among those shown.
    pub column: usize,
    /// How many rows of the screen stand above the row.
    #[serde(skip_serializing_if = "is_zero")]
    pub above: usize,
    /// The first column after the frozen one, by its place among the columns shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub left: usize,
    /// The pane: `grid`, `record` or `findings`.
    pub pane: String,
    /// The line in hand of the findings pane.
    #[serde(skip_serializing_if = "is_zero")]
    pub chosen: usize,
    /// The only thing that is filtered by, where programs that know no other filters can read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<StoredFilter>,
    /// All that is filtered by, where it is more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<StoredFilter>,
    /// The column that is sorted by, by its place in the form, and whether the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sorted: Option<(usize, bool)>,
    /// The runs of marked rows: the first of each and the one behind its last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<(RowId, RowId)>,
    /// How the columns are shown.
    #[serde(skip_serializing_if = "is_default")]
    pub columns: StoredColumns,
    /// The cell that was being typed into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<StoredEdit>,
    /// The text searched last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// The file the rows came from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// How many errors there were: the list of batches shows them without reading any row. The store looks for it by this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<usize>,
    /// How much of what was found was mended, and how much was found; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mended: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<usize>,
    /// How many rows had no certificate number; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unnumbered: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

fn is_default(columns: &StoredColumns) -> bool {
    *columns == StoredColumns::default()
}

/// A condition in stable names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredFilter {
    /// What it is about: `value`, `errors`, `edited`, `marked`, `aside`, `note`, `part` or `status`; empty for a text or findings.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The text, for a filter by text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The column, by its place in the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What the column is tested for: `is`, `contains` or `empty`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub test: String,
    /// The texts that the column is, or contains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Whether the test must not be passed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<usize>,
    /// A status of the ledger; without one what it does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredEdit {
    pub row: RowId,
    /// The column, by its place in the form.
    pub column: usize,
    /// What stands in the line.
    pub text: String,
    /// The caret's place in bytes.
    pub caret: usize,
}

impl View {
    /// Writes the view as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a view; a damaged one gives the first cell.
    pub fn from_json(text: &str) -> View {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl View {
    /// Keeps what is filtered by.
    pub fn keep_filters(&mut self, conditions: &[Condition]) {
        (self.filter, self.filters) = (None, Vec::new());
        match conditions.iter().map(StoredFilter::of).collect::<Vec<_>>().as_slice() {
            [only] if only.is_plain() => self.filter = Some(only.clone()),
            more => self.filters = more.to_vec(),
        }
    }

    /// Keeps what is sorted by.
    pub fn keep_order(&mut self, order: Option<SortBy>) {
        self.sorted = order.map(|by| (by.column.number(), by.is_descending));
    }

    /// Keeps which rows are marked, unless they are too scattered.
    pub fn keep_marks(&mut self, runs: &[(RowId, RowId)]) {
        self.marked = if runs.len() <= RUNS { runs.to_vec() } else { Vec::new() };
    }

    /// Lists what is filtered by, as far as it is known here.
    pub fn conditions(&self) -> Vec<Condition> {
        self.filter.iter().chain(&self.filters).filter_map(StoredFilter::condition).collect()
    }

    /// Gives what is filtered and sorted by, as far as it is known here.
    pub fn selection(&self) -> RowSelection {
        let by =
            |(column, is_descending): (usize, bool)| SortBy { column: CellSource::numbered(column), is_descending };
        RowSelection { conditions: self.conditions(), order: self.sorted.map(by) }
    }
}

impl StoredFilter {
    /// Puts a condition into stable names.
    fn of(condition: &Condition) -> StoredFilter {
        let about = |about: &str| StoredFilter { about: about.to_string(), ..StoredFilter::default() };
        let column = |field: &Field| Some(field.index());
        match condition {
            Condition::Text { text, field } => StoredFilter {
                text: Some(text.clone()),
                column: field.as_ref().and_then(column),
                ..about(if field.is_some() { "text" } else { "" })
            },
            Condition::Findings { rule, field } => StoredFilter {
                rule: rule.map(|r| r.spec().code.to_string()),
                column: field.as_ref().and_then(column),
                // One that names neither was read as no filter at all before.
                ..about(if rule.is_none() && field.is_none() { "findings" } else { "" })
            },
            Condition::Value { column, test, negated } => {
                let (test, values) = match test {
                    ValueTest::Is(values) => ("is", values.iter().map(ToString::to_string).collect()),
                    ValueTest::Contains(text) => ("contains", vec![text.clone()]),
                    ValueTest::Empty => ("empty", Vec::new()),
                };
                StoredFilter {
                    column: Some(column.number()),
                    test: test.to_string(),
                    values,
                    not: *negated,
                    ..about("value")
                }
            }
            Condition::Errors => about("errors"),
            Condition::Edited => about("edited"),
            Condition::Marked => about("marked"),
            Condition::Said(what) => about(what.key()),
            Condition::Part(part) => StoredFilter { part: Some(*part), ..about("part") },
            Condition::Status(status) => {
                StoredFilter { status: status.map(|status| status.key().to_string()), ..about("status") }
            }
        }
    }

    /// Tells whether earlier programs read it as it is meant.
    fn is_plain(&self) -> bool {
        self.about.is_empty()
    }

    /// Reads stable names; `None` when nothing in them is known.
    fn condition(&self) -> Option<Condition> {
        let rule = self.rule.as_deref().and_then(RuleId::find);
        let field = self.column.and_then(|c| Field::ALL.get(c)).copied();
        match self.about.as_str() {
            "" if self.text.is_some() => Some(Condition::Text { text: self.text.clone()?, field: None }),
            "" => (rule.is_some() || field.is_some()).then_some(Condition::Findings { rule, field }),
            "text" => Some(Condition::Text { text: self.text.clone()?, field: Some(field?) }),
            "findings" => Some(Condition::Findings { rule: None, field: None }),
            "value" => {
                let test = match self.test.as_str() {
                    "is" => ValueTest::Is(self.values.iter().map(|value| value.as_str().into()).collect()),
                    "contains" => ValueTest::Contains(self.values.first()?.clone()),
                    "empty" => ValueTest::Empty,
                    _ => return None,
                };
                Some(Condition::Value { column: CellSource::numbered(self.column?), test, negated: self.not })
            }
            "errors" => Some(Condition::Errors),
            "edited" => Some(Condition::Edited),
            "marked" => Some(Condition::Marked),
            "aside" => Some(Condition::Said(RowWhat::Aside)),
            "note" => Some(Condition::Said(RowWhat::Note)),
            "part" => self.part.map(Condition::Part),
            "status" => match &self.status {
                Some(name) => Status::read(name).map(|status| Condition::Status(Some(status))),
                None => Some(Condition::Status(None)),
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filtered_by_comes_back_and_earlier_programs_read_what_they_know() {
        let text = |field| Condition::Text { text: "天水".into(), field };
        let value = |test, negated| Condition::Value { column: Field::Employer.into(), test, negated };
        let all = vec![
            text(None),
            text(Some(Field::Employer)),
            Condition::is(Field::Level, ["2".into(), "技师".into()]),
            value(ValueTest::Contains("某".into()), true),
            value(ValueTest::Empty, false),
            Condition::Findings { rule: RuleId::find("V-D2"), field: Some(Field::IssueDate) },
            Condition::Findings { rule: None, field: None },
            Condition::Errors,
            Condition::Edited,
            Condition::Marked,
            Condition::Part(2),
            Condition::Status(Some(Status::Returned)),
            Condition::Status(None),
        ];
        let mut view = View::default();
        view.keep_filters(&all);
        assert_eq!((&view.filter, View::from_json(&view.to_json()).conditions()), (&None, all.clone()));
        let keys = |conditions: &[Condition]| {
            let mut view = View::default();
            view.keep_filters(conditions);
            (view.filter.is_some(), view.filters.len())
        };
        assert_eq!([keys(&all[..1]), keys(&all[1..2]), keys(&all[5..6])], [(true, 0), (false, 1), (true, 0)]);
        // As it was written before there were several, and by a program that knows more.
        let old = View::from_json(r#"{"filter":{"text":"天水"}}"#);
        assert_eq!(old.conditions(), [text(None)]);
        let newer =
            View::from_json(r#"{"filters":[{"about":"weather"},{"about":"marked"},{"about":"status","status":"x"}]}"#);
        assert_eq!(newer.conditions(), [Condition::Marked]);
    }
}
