//! What is handed in of a batch: forms, checklists, submissions and statistics, told line by line.

use super::Talk;
use super::acts::PlainAct;
use super::topic::Topic;
use crate::app::command::Command;
use crate::app::ledger::paper::PaperAsk;
use crate::app::overlay::{PaperText, PapersPane};

/// Gives what is talked about with such a pane.
pub(super) fn paper_topic(pane: &PapersPane) -> Topic {
    if pane.question().is_some() {
        return Topic::Confirm;
    }
    if pane.text().is_some() {
        return Topic::PaperText;
    }
    match pane.ask() {
        PaperAsk::Forms(_) | PaperAsk::CaseForms(_) | PaperAsk::Checklists(_) => Topic::Papers,
        PaperAsk::Form(_) | PaperAsk::Template(..) | PaperAsk::HandIns(_) | PaperAsk::Statistics(_) => Topic::Page,
    }
}

impl Talk {
    fn papers(&self) -> Option<&PapersPane> {
        self.app.overlays.papers()
    }

    /// Lists what can be done from the page.
    pub(super) fn paper_acts(&self) -> Vec<PlainAct> {
        use Command::{
            AddCounted, AttachPaper, FillFields, FillTemplate, HandIn, LeaveOwnOut, PutMonths, PutPrefix, TakeReply,
            UnmaskForm, WritePage,
        };
        let commands: &[Command] = match self.papers().map(PapersPane::ask) {
            Some(PaperAsk::Forms(_) | PaperAsk::CaseForms(_)) => &[FillTemplate],
            Some(PaperAsk::Form(_)) => &[WritePage, FillFields, UnmaskForm],
            Some(PaperAsk::Template(..)) => &[WritePage],
            Some(PaperAsk::Checklists(_)) => &[AttachPaper],
            Some(PaperAsk::HandIns(_)) => &[HandIn, TakeReply],
            Some(PaperAsk::Statistics(_)) => &[AddCounted, PutMonths, PutPrefix, LeaveOwnOut, WritePage],
            None => &[],
        };
        commands.iter().map(|command| PlainAct::Command(*command)).collect()
    }

    pub(super) fn tell_papers(&mut self) {
        let Some(page) = self.papers().and_then(PapersPane::page).cloned() else { return };
        self.say(&page.title);
        page.head.iter().for_each(|line| self.say(line));
    }

    pub(super) fn count_paper_lines(&self) -> usize {
        self.papers().map_or(0, PapersPane::count)
    }

    pub(super) fn paper_lines(&self, from: usize, most: usize) -> Vec<String> {
        let lines = self.papers().map_or(&[][..], PapersPane::lines);
        lines.iter().skip(from).take(most).map(|line| line.text.clone()).collect()
    }

    /// Takes a line: a form is opened, what stands on a list ticked.
    pub(super) fn take_paper(&mut self, at: usize) {
        let command = match self.papers().map(PapersPane::ask) {
            Some(PaperAsk::Checklists(_)) => Command::TickPaper,
            _ => Command::OpenForm,
        };
        self.app.overlays.choose_line(at);
        self.order(command);
    }

    /// Asks for the line that is typed, with what Enter alone takes.
    pub(super) fn paper_question(&self) -> String {
        let Some(pane) = self.papers() else { return String::new() };
        let label = pane.text_label(&self.app.locale);
        let proposed = pane.text().map_or("", |text| text.prompt.text());
        let key = if proposed.is_empty() { "plain.ask.paper-text" } else { "plain.ask.paper-text-or" };
        self.app.locale.fill(key, &[("what", &label), ("text", proposed)])
    }

    /// Tells whether Enter alone is an answer.
    pub(super) fn may_leave_paper_text(&self) -> bool {
        let text = self.papers().and_then(PapersPane::text);
        text.is_some_and(PaperText::may_be_left)
    }

    /// Takes what was typed; `None` takes what stands there.
    pub(super) fn take_paper_text(&mut self, typed: Option<&str>) {
        if let Some(typed) = typed {
            let effects = self.app.type_over(typed);
            self.effects.extend(effects);
        }
        self.order(Command::TakeLine);
    }
}
