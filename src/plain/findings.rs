//! Findings and rows: counted, listed, gone to.

use super::Talk;
use super::topic::Topic;
use crate::app::roster::grid::{FindingLine, entries, folded_key};
use crate::domain::batch::{Batch, Folded, Folds};
use crate::domain::roster::{RowId, RowWhat};
use crate::domain::rules::{Finding, Severity};
use crate::domain::selection::Condition;
use crate::domain::sheet::Field;

impl Talk {
    pub(super) fn count_shown(&self, topic: Topic) -> usize {
        let Some(batch) = self.app.roster.batch() else { return 0 };
        match topic {
            Topic::Rows => self.app.roster.grid().count(batch),
            Topic::Counts if entries(batch).len() < 2 => 0,
            Topic::Counts => entries(batch).len(),
            _ => self.told().len(),
        }
    }

    /// Lists the findings that are filtered by, all when nothing is filtered.
    fn wanted(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.app.roster.batch().into_iter().flat_map(|b| b.findings().iter());
        findings.filter(|f| self.app.roster.grid().shows_finding(f))
    }

    pub(super) fn tell_shown(&mut self, topic: Topic) {
        let n = self.count_shown(topic).to_string();
        match (topic, &*n) {
            (Topic::Counts, "0") => self.say_key("status.no-finding"),
            (Topic::Counts, _) => {}
            (Topic::Rows, _) => match self.filter_words() {
                Some(words) => self.say_filled("plain.rows-filtered", &[("filter", &words), ("n", &n)]),
                None => self.say_filled("plain.rows", &[("n", &n)]),
            },
            _ => match self.filter_words() {
                Some(words) => self.say_filled("plain.findings-filtered", &[("filter", &words), ("n", &n)]),
                None => self.say_filled("plain.findings", &[("n", &n)]),
            },
        }
    }

    /// Says what is filtered by.
    fn filter_words(&self) -> Option<String> {
        let batch = self.app.roster.batch()?;
        let words = |condition: &Condition| self.app.locale.condition(batch, condition, true);
        let all: Vec<String> = self.app.roster.grid().conditions().iter().map(words).collect();
        (!all.is_empty()).then(|| all.join(self.app.locale.text("finding.comma")))
    }

    pub(super) fn entry_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(batch) = self.app.roster.batch().filter(|b| 1 < entries(b).len()) else {
            return Vec::new();
        };
        let line = |entry: &FindingLine| {
            let (words, n) = match entry {
                FindingLine::All(n) => (self.app.locale.text("ui.findings.all").to_string(), n),
                FindingLine::Table(fault, n) => {
                    let (severity, title) =
                        (self.app.locale.severity(fault.severity()), self.app.locale.table_title(*fault));
                    (format!("{severity} {} {title}", fault.code()), n)
                }
                FindingLine::Rule(rule, n) => (self.app.locale.rule_words(*rule), n),
                FindingLine::Folded(_, field, by, n) => {
                    let label = batch.context().sheet().label(*field);
                    (format!("{} {label}", self.app.locale.text(folded_key(*by))), n)
                }
                FindingLine::Column(field, n) => {
                    let label = batch.context().sheet().label(*field);
                    (self.app.locale.fill("plain.column-entry", &[("column", label)]), n)
                }
            };
            self.app.locale.fill("plain.entry", &[("what", &words), ("n", &n.to_string())])
        };
        entries(batch).iter().skip(from).take(page).map(line).collect()
    }

    pub(super) fn finding_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(batch) = self.app.roster.batch() else { return Vec::new() };
        let folds = self.folds();
        let line = |f: &Finding| match folds.of(f) {
            Some(folded) => self.folded_line(batch, folded),
            None => self.finding_line(f, true),
        };
        self.told().iter().skip(from).take(page).map(line).collect()
    }

    /// Tells in one line what is told as one, how bad it is and by which rule.
    fn folded_line(&self, batch: &Batch, folded: &Folded) -> String {
        let locale = &self.app.locale;
        let spec = folded.first.rule.spec();
        let what = locale.folded(batch, folded, true);
        let places =
            [("severity", locale.severity(spec.severity)), ("rule", spec.code), ("clause", ""), ("what", &*what)];
        locale.fill("plain.finding", &places)
    }

    /// Gives what is folded of the findings; nothing where those of one rule in one column are wanted, one by
    /// one, or rows with a text.
    fn folds(&self) -> Folds {
        let is_opened = |condition: &Condition| {
            matches!(condition, Condition::Text { .. } | Condition::Findings { rule: Some(_), field: Some(_) })
        };
        let is_any = self.app.roster.grid().conditions().iter().any(is_opened);
        let batch = self.app.roster.batch().filter(|_| !is_any);
        batch.map(Batch::folds).unwrap_or_default()
    }

    /// Lists the findings that have a line of their own, or speak for others.
    fn told(&self) -> Vec<Finding> {
        let folds = self.folds();
        self.wanted().filter(|f| folds.told(f).is_some()).copied().collect()
    }

    /// Tells a finding in one line: where (unless that is known), how bad, by which rule and clause, and what to do.
    pub(super) fn finding_line(&self, finding: &Finding, with_place: bool) -> String {
        let Some(batch) = self.app.roster.batch() else { return String::new() };
        let (context, locale) = (batch.context(), &self.app.locale);
        let masked = self.app.roster.grid().unmasked != Some(finding.row);
        let spec = finding.rule.spec();
        let clause = match context.clause(finding.rule, finding.field, finding.detail) {
            "" => String::new(),
            clause => locale.fill("plain.clause", &[("clause", clause)]),
        };
        let what = locale.finding(batch, finding, masked);
        let severity = locale.severity(finding.severity());
        let places = [("severity", severity), ("rule", spec.code), ("clause", &*clause), ("what", &*what)];
        let told = locale.fill("plain.finding", &places);
        if !with_place {
            return told;
        }
        let (place, cell) = (self.place_words(finding.row), self.cell_words(finding.row, finding.field));
        locale.fill("plain.finding-at", &[("place", &place), ("cell", &cell), ("finding", &told)])
    }

    /// Names a row as the spreadsheet numbers it, with its file and sheet where the roster is of several.
    pub(super) fn place_words(&self, row: RowId) -> String {
        let roster = self.app.roster.batch().map(Batch::roster);
        let origin = roster.filter(|roster| !roster.parts().is_empty()).and_then(|roster| roster.origin_of(row));
        let locale = &self.app.locale;
        match origin {
            Some(origin) => locale.row_place(&origin.file, &origin.sheet, origin.line),
            None => {
                let line = roster.map_or(0, |roster| roster.line(row)).to_string();
                locale.fill("plain.row", &[("line", &line)])
            }
        }
    }

    /// Names a cell and what stands in it, masked as on the screen.
    pub(super) fn cell_words(&self, row: RowId, field: Field) -> String {
        let Some(batch) = self.app.roster.batch() else { return String::new() };
        let value = self.value_words(&self.app.roster.shown_cell(row, field));
        let places = [("column", batch.context().sheet().label(field)), ("value", &value)];
        self.app.locale.fill("plain.cell", &places)
    }

    /// Writes a value so that blanks at its ends can be told.
    pub(super) fn value_words(&self, value: &str) -> String {
        match value {
            "" => self.app.locale.text("ui.preview.blank").to_string(),
            value => self.app.locale.fill("plain.value", &[("value", value)]),
        }
    }

    /// Goes to a finding of the list.
    pub(super) fn take_finding(&mut self, at: usize) {
        let Some(finding) = self.told().get(at).copied() else { return };
        self.app.roster.go_to_place(self.app.roster.grid().place_of(finding.row));
        self.app.roster.go_to_field(finding.field);
        self.settle_app();
        self.go(Topic::Row);
    }

    pub(super) fn row_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(batch) = self.app.roster.batch() else { return Vec::new() };
        let until = self.app.roster.grid().count(batch).min(from.saturating_add(page));
        let line = |row: RowId| {
            let found = batch.findings().of_row(row);
            let errors = found.iter().filter(|f| f.severity() == Severity::Error).count();
            let code = self.value_words(&self.app.roster.shown_cell(row, Field::Code));
            let numbers = [errors, found.len() - errors].map(|n| n.to_string());
            let place = self.place_words(row);
            let places = [
                ("place", &*place),
                ("name", &*self.app.roster.shown_cell(row, Field::Name)),
                ("occupation", &*self.app.roster.shown_cell(row, Field::Occupation)),
                ("code", &*code),
                ("errors", &*numbers[0]),
                ("others", &*numbers[1]),
            ];
            let told = self.app.locale.fill("plain.row-line", &places);
            match self.app.roster.said(row, RowWhat::Aside) {
                Some(why) => {
                    let what = self.said_words(RowWhat::Aside, &why);
                    self.app.locale.fill("plain.row-aside", &[("row", &told), ("what", &what)])
                }
                None => told,
            }
        };
        (from..until).filter_map(|at| self.app.roster.grid().row_at(batch, at)).map(line).collect()
    }
}
