//! What came back in a list for answers, in words: a sentence for all of it, a line for what is not taken.

use std::collections::BTreeMap;

use super::Locale;
use crate::domain::answers::{AcceptedAnswers, Answer, AnswerState, Answers, RowState, UnknownRow, UnreadPart};
use crate::domain::batch::Batch;
use crate::domain::roster::CellEdit;
use crate::domain::rules::RuleId;
use crate::domain::sheet::Field;
use crate::domain::text;

/// A kind of answers that may be taken although something stands against them: how it is called, what it accepts, how many cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswersToAccept {
    pub name: String,
    pub accepted: AcceptedAnswers,
    pub words: String,
    pub cells: usize,
}

impl Locale {
    /// Names the change that puts answers in.
    pub fn answers_title(&self, file: &str) -> String {
        self.fill("answers.title", &[("file", &text::visible(file))])
    }

    /// Says in one sentence how the rows came back.
    pub fn answers_summed(&self, answers: &Answers) -> String {
        let count = |state| answers.count(state).to_string();
        let mut told = self.fill(
            "answers.summed",
            &[
                ("rows", &answers.rows.len().to_string()),
                ("answered", &count(RowState::Answered)),
                ("unanswered", &count(RowState::Unanswered)),
                ("wrong", &count(RowState::Wrong)),
            ],
        );
        for (key, n) in [
            ("answers.summed-open", answers.count(RowState::Open)),
            ("answers.summed-settled", answers.count(RowState::Settled)),
            ("answers.summed-unknown", answers.unknown.len()),
        ] {
            if n != 0 {
                told += &self.fill(key, &[("n", &n.to_string())]);
            }
        }
        told
    }

    /// Gives what was imported into the cell of an answer, what stands there and what was answered, masked.
    pub fn answer_texts(answer: &Answer, batch: &Batch) -> [String; 3] {
        let (field, roster) = (answer.field, batch.roster());
        let (here, imported) = (roster.cell(answer.row, field), roster.imported(answer.row, field));
        let change = |before: &str, after: &str| batch.masked_change(answer.row, field, [before, after]).texts;
        let imported = change(imported, here)[0].clone();
        // What is masked already is not compared letter by letter.
        let masked = batch.masked(answer.row, field, here).into_owned();
        let [here, theirs] = match answer.state {
            AnswerState::Masked if masked == *answer.text => [masked.clone(), masked],
            AnswerState::Masked | AnswerState::Lost => {
                [masked, batch.masked(answer.row, field, &answer.text).into_owned()]
            }
            _ => change(here, &answer.text),
        };
        [imported, here, theirs].map(|value| text::visible(&value).into_owned())
    }

    /// Says what is told of an answer that is not taken, or breaks a rule: where it is, what was imported, stands there and was
    /// answered, masked, and why.
    pub fn answer_told(&self, answer: &Answer, batch: &Batch) -> String {
        let (row, field, roster) = (answer.row, answer.field, batch.roster());
        let [imported, here, theirs] = Locale::answer_texts(answer, batch);
        let shown = |value: String| if value.is_empty() { self.text("answers.blank").to_string() } else { value };
        let why = self.answer_why(answer);
        let places = [
            ("line", answer.line.to_string()),
            ("row", self.row_named(roster, row)),
            ("column", batch.context().sheet().label(field).to_string()),
            ("imported", shown(imported)),
            ("here", shown(here)),
            ("theirs", shown(theirs)),
            ("why", why),
        ];
        let key = if roster.is_edited(row, field) { "answers.line-edited" } else { "answers.line" };
        self.fill(key, &places.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// Gives what was written and what was taken in its place, masked.
    pub fn cleaned_texts((answer, written): (&Answer, &str), batch: &Batch) -> [String; 2] {
        batch
            .masked_change(answer.row, answer.field, [written, &answer.text])
            .texts
            .map(|text| text::visible(&text).into_owned())
    }

    /// Says of an answer that was taken otherwise than it was written what it was and is.
    pub fn answer_cleaned(&self, cleaned: (&Answer, &str), batch: &Batch) -> String {
        let [theirs, taken] = Locale::cleaned_texts(cleaned, batch);
        let (answer, _) = cleaned;
        let places = [
            ("line", &*answer.line.to_string()),
            ("row", &self.row_named(batch.roster(), answer.row)),
            ("column", batch.context().sheet().label(answer.field)),
            ("theirs", &theirs),
            ("taken", &taken),
        ];
        self.fill("answers.cleaned", &places)
    }

    fn answer_why(&self, answer: &Answer) -> String {
        let rule = answer.rule.map(|rule| self.rule_named(rule)).unwrap_or_default();
        self.fill(&format!("answers.state.{}", answer.state.key()), &[("rule", &rule)])
    }

    fn rule_named(&self, rule: RuleId) -> String {
        let spec = rule.spec();
        format!("{} {}", spec.code, self.rule(spec.code).map_or(spec.name, |page| page.title.as_str()))
    }

    /// Counts the cells that change by column, under the label of the form.
    pub fn edits_by_column(edits: &[CellEdit], batch: &Batch) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<Field, usize> = BTreeMap::new();
        edits.iter().for_each(|edit| *counts.entry(edit.field).or_default() += 1);
        let label = |field: Field| batch.context().sheet().label(field).to_string();
        counts.into_iter().map(|(field, n)| (label(field), n)).collect()
    }

    /// Lists the rows of the list that are none of the batch: a line for each kind, and how many there are.
    pub fn unknown_answers_told(&self, answers: &Answers) -> Vec<(String, usize)> {
        let mut kinds: Vec<(UnknownRow, Option<i64>)> =
            answers.unknown.iter().map(|(_, why, of)| (*why, *of)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let told = |(why, of): (UnknownRow, Option<i64>)| {
            let lines = answers.unknown.iter().filter(|(_, other, number)| (*other, *number) == (why, of));
            let lines: Vec<String> = lines.map(|(line, ..)| line.to_string()).collect();
            let batch = of.map(|of| of.to_string()).unwrap_or_default();
            let places = [("n", &*lines.len().to_string()), ("lines", &self.listed(&lines)), ("batch", &batch)];
            (self.fill(&format!("answers.unknown.{}", why.key()), &places), lines.len())
        };
        kinds.into_iter().map(told).collect()
    }

    /// Names the rows of the list that are not answered, or not all of what is wrong in them; nothing where there are none.
    pub fn unanswered_told(&self, answers: &Answers) -> Option<String> {
        let lines: Vec<String> = answers.unanswered().map(|line| line.to_string()).collect();
        let places = [("n", &*lines.len().to_string()), ("lines", &self.listed(&lines))];
        (!lines.is_empty()).then(|| self.fill("answers.unanswered", &places))
    }

    /// Says what of the list is not read, and why.
    pub fn unread_told(&self, part: &UnreadPart) -> String {
        let lines: Vec<String> = part.lines.iter().map(u32::to_string).collect();
        let places =
            [("name", &*text::visible(&part.name)), ("n", &lines.len().to_string()), ("lines", &self.listed(&lines))];
        self.fill(&format!("answers.unread.{}", part.why.key()), &places)
    }

    /// Lists the rows of the list with answers that may be taken although something stands against them, each with these.
    pub fn answered_rows(&self, answers: &Answers, batch: &Batch) -> Vec<AnswersToAccept> {
        let open: Vec<&Answer> = answers.cells.iter().filter(|a| !a.is_taken && a.state.may_be_taken()).collect();
        let told = |of_row: &[&Answer]| {
            let line = of_row[0].line;
            let words: Vec<String> = of_row.iter().map(|answer| self.answer_told(answer, batch)).collect();
            let words = words.join(self.text("finding.semicolon"));
            AnswersToAccept {
                name: format!("row:{line}"),
                accepted: AcceptedAnswers::Line(line),
                words,
                cells: of_row.len(),
            }
        };
        open.chunk_by(|a, b| a.line == b.line).map(told).collect()
    }

    /// Lists what may be taken besides: all that breaks one rule, or has one thing against it, then everything.
    pub fn answers_to_accept(&self, answers: &Answers) -> Vec<AnswersToAccept> {
        let open: Vec<&Answer> = answers.cells.iter().filter(|answer| !answer.is_taken).collect();
        let of = |name: String, accepted, words: String, is_it: &dyn Fn(&Answer) -> bool| {
            let cells = open.iter().filter(|answer| is_it(answer)).count();
            let words = self.fill("answers.also", &[("what", &words), ("n", &cells.to_string())]);
            AnswersToAccept { name, accepted, words, cells }
        };
        let mut rules: Vec<RuleId> = open.iter().filter_map(|answer| answer.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let mut all: Vec<AnswersToAccept> = rules
            .into_iter()
            .map(|rule| {
                let accepted = AcceptedAnswers::Rule(rule);
                of(rule.spec().code.to_string(), accepted, self.rule_named(rule), &|a| a.rule == Some(rule))
            })
            .collect();
        for state in [AnswerState::Conflict, AnswerState::InPlace, AnswerState::Moved] {
            let words = self.fill(&format!("answers.state.{}", state.key()), &[]);
            all.push(of(state.key().to_string(), AcceptedAnswers::State(state), words, &|a| a.state == state));
        }
        all.retain(|kind| kind.cells != 0);
        if 1 < all.len() {
            let may_be = |a: &Answer| a.state.may_be_taken();
            all.push(of("all".to_string(), AcceptedAnswers::All, self.text("answers.all").to_string(), &may_be));
        }
        all
    }
}
