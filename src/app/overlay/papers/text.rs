//! The line that is typed in the pane, and what becomes of it.

use std::path::PathBuf;

use unicode_width::UnicodeWidthStr;

use super::PapersPane;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::ledger::paper::{PaperAct, PaperAsk};
use crate::app::prompt::Prompt;
use crate::domain::ledger::event::Thing;

/// A line that is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperText {
    pub what: TextFor,
    pub prompt: Prompt,
}

/// What a line is typed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFor {
    /// Where the page is written to.
    File,
    /// Why a form is shown whole.
    Why,
    /// Why it is written whole to this file; may be empty.
    WhyWritten(PathBuf),
    /// A field that is missing, by its place among those; may be left out.
    Field(usize),
    /// A workbook of the user's own.
    Template,
    /// The file behind a tick.
    Attach,
    /// What others have counted.
    Counted,
    /// The first and the last month; may be empty.
    Months,
    /// How the prefixes of the institutions begin; may be empty.
    Prefix,
}

impl PaperText {
    /// Tells whether it can be taken as it stands.
    pub fn may_be_left(&self) -> bool {
        self.what.may_be_empty() || !self.prompt.text().trim().is_empty()
    }
}

impl TextFor {
    pub(super) fn key(&self) -> &'static str {
        match self {
            TextFor::File => "papers.ask.file",
            TextFor::Why => "papers.ask.why",
            TextFor::WhyWritten(_) => "papers.ask.why-written",
            TextFor::Field(_) => "papers.ask.field",
            TextFor::Template => "papers.ask.template",
            TextFor::Attach => "papers.ask.attach",
            TextFor::Counted => "papers.ask.counted",
            TextFor::Months => "papers.ask.months",
            TextFor::Prefix => "papers.ask.prefix",
        }
    }

    /// Tells whether an empty line is an answer.
    pub fn may_be_empty(&self) -> bool {
        matches!(self, TextFor::WhyWritten(_) | TextFor::Field(_) | TextFor::Months | TextFor::Prefix)
    }
}

pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The endings of files that statistics are written to.
const COUNTED: [&str; 3] = ["xlsx", "csv", "json"];

/// Reads a year, a month, or the first and the last month; nothing where all months are meant. What is none of these gives the locale
/// key of the sentence that says so.
fn months(typed: &str) -> Result<Option<(String, String)>, &'static str> {
    let parts: Vec<&str> = typed.split(|c: char| !(c.is_ascii_digit() || c == '-')).filter(|p| !p.is_empty()).collect();
    let year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let month = |text: &str| {
        let (head, tail) = text.split_once('-').unwrap_or_default();
        year(head) && tail.len() == 2 && tail.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
    };
    let bound = |text: &str, which: &str| match text {
        text if year(text) => Some(format!("{text}-{which}")),
        text if month(text) => Some(text.to_string()),
        _ => None,
    };
    let found = match parts[..] {
        [] if typed.trim().is_empty() => return Ok(None),
        [only] => bound(only, "01").zip(bound(only, "12")),
        [first, last] => bound(first, "01").zip(bound(last, "12")).filter(|(first, last)| first <= last),
        _ => None,
    };
    found.map(Some).ok_or("papers.no-months")
}

impl PapersPane {
    /// Takes the line that was typed.
    pub(super) fn take_text(&mut self, to: &mut Context<'_>) -> Intent {
        let Some(PaperText { what, prompt }) = self.text.clone() else { return Intent::Nothing };
        let typed = prompt.text().trim().to_string();
        if typed.is_empty() && !what.may_be_empty() {
            to.warn("status.answer-needed");
            return Intent::Nothing;
        }
        match what {
            TextFor::File => self.take_file(&typed, to),
            TextFor::WhyWritten(file) => self.write_form(file, Some(typed).filter(|why| !why.is_empty()), to),
            TextFor::Why => {
                if let PaperAsk::Form(ask) = &mut self.ask {
                    ask.why = Some(typed);
                }
                self.text = None;
                self.ask_again()
            }
            TextFor::Field(at) => self.keep_field(at, typed, to),
            TextFor::Template => {
                let Some(Thing::Batch(batch)) = self.thing() else { return Intent::Nothing };
                self.text = None;
                let path = self.folder.join(typed);
                self.step_into(PaperAsk::Template(batch, path))
            }
            TextFor::Attach => {
                let Some(of) = self.thing() else { return Intent::Nothing };
                let Some(line) = self.chosen(to) else { return Intent::Nothing };
                let act = PaperAct::Attach { of, tick: line.name.clone(), file: self.folder.join(typed) };
                self.act(act, to)
            }
            TextFor::Counted | TextFor::Months | TextFor::Prefix => self.take_counting(&what, &typed, to),
        }
    }

    fn take_counting(&mut self, what: &TextFor, typed: &str, to: &mut Context<'_>) -> Intent {
        let file = self.folder.join(typed);
        let PaperAsk::Statistics(ask) = &mut self.ask else { return Intent::Nothing };
        match what {
            TextFor::Counted if ask.files.contains(&file) => ask.files.retain(|known| *known != file),
            TextFor::Counted => ask.files.push(file),
            TextFor::Months => match months(typed) {
                Ok(found) => ask.months = found,
                Err(key) => {
                    to.warn(key);
                    return Intent::Nothing;
                }
            },
            _ => ask.prefix = typed.to_uppercase(),
        }
        self.text = None;
        self.ask_again()
    }

    fn take_file(&mut self, typed: &str, to: &mut Context<'_>) -> Intent {
        let file = self.folder.join(typed);
        let endings: &[&str] = if matches!(self.ask, PaperAsk::Statistics(_)) { &COUNTED } else { &COUNTED[..1] };
        let is_one = |ending: &&str| file.extension().is_some_and(|named| named.eq_ignore_ascii_case(ending));
        if !endings.iter().any(is_one) {
            to.complain(to.locale.fill("status.other-ending", &[("ending", &endings.join("/"))]));
            return Intent::Nothing;
        }
        match &self.ask {
            PaperAsk::Statistics(ask) => {
                let act = PaperAct::WriteStatistics { ask: ask.clone(), file, replaces: false };
                self.act(act, to)
            }
            PaperAsk::Template(batch, template) => {
                let (batch, template) = (*batch, template.clone());
                let act = PaperAct::FillTemplate { batch, template, file, replaces: false, takes_new: false };
                self.act(act, to)
            }
            _ if self.page.as_ref().is_some_and(|page| page.is_masked) => {
                self.type_text(TextFor::WhyWritten(file), Prompt::default())
            }
            _ => self.write_form(file, None, to),
        }
    }

    fn write_form(&mut self, file: PathBuf, why: Option<String>, to: &mut Context<'_>) -> Intent {
        let PaperAsk::Form(ask) = &self.ask else { return Intent::Nothing };
        let act = PaperAct::WriteForm { ask: ask.clone(), file, replaces: false, why };
        self.act(act, to)
    }

    /// Keeps a field; one that is left out is not asked for again.
    fn keep_field(&mut self, at: usize, value: String, to: &mut Context<'_>) -> Intent {
        if value.is_empty() {
            self.text = None;
            self.left_out = self.left_out.map(|left| left + 1);
            self.ask_for_field();
            return Intent::Nothing;
        }
        let Some(field) = self.missing().get(at).map(|field| field.id.clone()) else { return Intent::Nothing };
        let PaperAsk::Form(ask) = &self.ask else { return Intent::Nothing };
        let act = PaperAct::KeepField { ask: ask.clone(), field, value };
        self.act(act, to)
    }
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn months_are_a_year_a_month_or_two_of_them() {
        let pair = |a: &str, b: &str| Ok(Some((a.to_string(), b.to_string())));
        assert_eq!(months("2026"), pair("2026-01", "2026-12"));
        assert_eq!(months(" 2026-07 "), pair("2026-07", "2026-07"));
        assert_eq!(months("2026-07 至 2026-09"), pair("2026-07", "2026-09"));
        assert_eq!(months("2025 2026"), pair("2025-01", "2026-12"));
        assert_eq!(months(""), Ok(None));
        for wrong in ["2026-13", "26", "2026-09 2026-07", "7", "2026 2027 2028", "甲"] {
            assert!(months(wrong).is_err(), "{wrong}");
        }
    }
}
