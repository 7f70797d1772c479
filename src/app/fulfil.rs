//! What panes, overlays and the typed line want done that is not their own.

use std::path::{Path, PathBuf};

use super::App;
use super::command::Command;
use super::context::context;
use super::intent::{Confirm, Intent};
use super::layout::Focus;
use super::msg::{Effect, StoreJob};
use super::overlay::{Choosing, HistoryPane, Overlay};
use super::place::Screen;
use super::prompt::Prompt;
use super::typed_line::{LinePurpose, LineQuestion};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::RowWhat;
use crate::domain::selection;
use crate::domain::sheet::Field;
use crate::domain::text;

impl App {
    /// Does what a pane or an overlay wants done.
    pub(super) fn fulfil(&mut self, intent: Intent) {
        match intent {
            Intent::Nothing | Intent::Leave => {}
            Intent::Ask(request) => self.ledger.request(*request, context!(self)),
            Intent::Work(ask) => self.overlays.ask_column(ask, context!(self)),
            Intent::Run(command) => self.run_if_possible(command),
            Intent::Show(screen) => self.screen = screen,
            Intent::ShowTab(tab) => {
                [Command::Ledger, tab].into_iter().for_each(|command| self.run_if_possible(command));
            }
            Intent::AskLine(purpose, text) => {
                // A note is gone on with; what stands in a cell is only proposed for its column.
                self.ask_line(purpose, &text, matches!(purpose, LinePurpose::SetColumn(_) | LinePurpose::Filter));
            }
            Intent::AskForm(kind, subject) => self.begin_form(kind, subject),
            Intent::Preview(preview) => self.overlays.preview(preview, &self.roster, &self.locale),
            Intent::Choose(pane) => self.overlays.lay(Overlay::Choose(*pane)),
            Intent::FilterBy(condition) => self.roster.add_filter(condition, context!(self)),
            Intent::DropFilter(at) => self.roster.drop_filter(at, context!(self)),
            Intent::ShowCell(row, field) => {
                self.screen = Screen::Roster;
                self.roster.focus(Focus::Grid);
                self.roster.go_to_cell(row, field);
            }
            Intent::ToStep(steps) => match self.roster.question_before_steps(steps, &self.keymap, &self.locale) {
                Some(question) => self.overlays.confirm(question, Confirm::ToStep(steps)),
                None => self.roster.go_to_step(steps, context!(self)),
            },
            Intent::Confirmed(Confirm::ToStep(steps)) => self.roster.go_to_step(steps, context!(self)),
            Intent::Revert { step, only_here } => {
                let intent = self.roster.revert(step, only_here, context!(self));
                self.show_back(step, intent);
            }
            Intent::Await(title, ask) => self.work_beside(title, Choosing::Change, *ask),
            Intent::Confirmed(Confirm::DropUndone) => self.roster.apply_pending(context!(self)),
            Intent::Apply(change) => {
                // What was pasted while a cell was typed into takes its place.
                self.roster.stop_typing();
                self.roster.make(change, context!(self));
            }
            Intent::Confirmed(Confirm::Quit) => self.leave(),
            Intent::Confirmed(Confirm::Replace) => {
                let intent = self.export.start(&self.roster, self.import.folder(), true, context!(self));
                self.fulfil(intent);
            }
            Intent::Confirmed(Confirm::Discard) => self.discard(),
            Intent::Confirmed(Confirm::TakeOver) => self.roster.store(StoreJob::TakeOver, context!(self)),
            Intent::Write(what) => {
                self.export.choose_what(what);
                self.run_if_possible(Command::Export);
            }
            Intent::ReadAnswers(path) => self.read_answers(path),
            Intent::TakeRecipe(name) => self.preview_recipe(&name),
            Intent::TakeAnswers(name) => self.answers_step(&name),
            Intent::ChooseSource(name) => self.choose_source(&name),
            Intent::FillFrom(kind, path) => self.fill_from(kind, path),
            Intent::FillStep(name) => self.fill_step(&name),
            Intent::ReshapeStep(name) => self.reshape_step(&name),
            Intent::ChooseVersion(name) => self.choose_version_to_compare(&name),
            Intent::CompareWith(with) => self.compare_with(with),
            Intent::ShowDifference(at) => self.go_to_difference(at),
            Intent::CarryStep(name) => self.carry_step(&name),
            Intent::TakeKeptColumn(name) => self.take_kept_column(&name),
            Intent::TakeBack(part, row) => self.take_back(part, row),
            Intent::Confirmed(Confirm::TakeBack(part, row)) => self.read_with(part, row),
            Intent::Confirmed(Confirm::Ledger) => self.ledger.carry_out(self.screen, context!(self)),
            Intent::TakeNumbers { plan, wish, reason } => {
                self.roster.take_numbers(*plan, wish, reason, context!(self));
            }
            Intent::Answer(name) => self.answer_form(&name),
            Intent::ReadUnder(profile) => self.import.answer_profile(profile, context!(self)),
            Intent::ReadIn(encoding) => {
                let intent = self.import.read_in(encoding);
                self.fulfil(intent);
            }
            Intent::AskToAdd(path) => self.ask_to_add(path),
            Intent::Confirmed(Confirm::AddFile) => self.import.add_asked(context!(self)),
            Intent::ReadOtherwise => self.read_otherwise(),
            Intent::Confirmed(Confirm::ReadOtherwise) => self.read_as_said(),
            Intent::CheckUnder(profile) => {
                self.change_profile(Some(profile).filter(|id| !id.is_empty()));
            }
            Intent::Insert(text) => self.insert(text),
            Intent::Copy(text) => self.clipboard.copy(text, context!(self)),
            Intent::EndTour => {
                // What is wrong with the settings was told when the tour began, and its keys took it away.
                if let Some(words) = self.trouble.clone() {
                    context!(self).complain(words);
                }
                self.has_met();
            }
        }
    }

    /// Shows what goes back with a step; whoever is refused or does not want it comes back to the steps.
    pub(super) fn show_back(&mut self, step: usize, intent: Intent) {
        let is_shown = !matches!(intent, Intent::Nothing);
        self.fulfil(intent);
        let history = Overlay::History(HistoryPane::at_step(step));
        match self.keymap.is_in_words() {
            true => {}
            false if is_shown => self.overlays.keep(history),
            false if self.status.is_bad => self.overlays.lay(history),
            false => {}
        }
    }

    /// Asks the store who made the steps, and when.
    pub fn ask_for_steps(&mut self) -> Vec<Effect> {
        self.roster.store(StoreJob::TellSteps, context!(self));
        self.settled()
    }

    /// Has so many steps in force.
    pub fn go_to_step(&mut self, steps: usize) -> Vec<Effect> {
        self.fulfil(Intent::ToStep(steps));
        self.settled()
    }

    /// Takes one step back though others came after it.
    pub fn revert_step(&mut self, step: usize) -> Vec<Effect> {
        self.fulfil(Intent::Revert { step, only_here: false });
        self.settled()
    }

    /// Takes one cell of a step back, in the row of the cursor.
    pub fn revert_cell(&mut self, step: usize, field: Field) -> Vec<Effect> {
        if let Some(row) = self.roster.row() {
            self.roster.go_to_cell(row, field);
        }
        self.fulfil(Intent::Revert { step, only_here: true });
        self.settled()
    }

    /// Has the sheets listed of the workbook that is on screen, or whose table is being looked for.
    pub(super) fn list_sheets(&mut self) {
        if self.screen == Screen::Import {
            return self.import.list_sheets(None, context!(self));
        }
        let Some(batch) = self.roster.batch() else { return };
        if batch.origin.sheet.is_empty() {
            return context!(self).warn("status.no-sheets");
        }
        match self.roster.source().map(Path::to_path_buf) {
            Some(source) => {
                self.overlays.close();
                self.import.list_sheets(Some(&source), context!(self));
            }
            None => context!(self).warn("status.no-source"),
        }
    }

    /// Has a row that was skipped read as data; asks before where the batch has changes, which stay in it.
    fn take_back(&mut self, part: usize, row: u32) {
        let Some(batch) = self.roster.batch() else { return };
        if self.roster.source().is_none() {
            return context!(self).warn("status.no-source");
        }
        if self.roster.is_reading() || self.import.reads_several() {
            return context!(self).warn("status.still-reading");
        }
        if batch.history().applied().is_empty() {
            return self.read_with(part, row);
        }
        let own = batch.roster().parts().get(part);
        let place = own.map_or_else(String::new, |own| self.locale.file_place(&own.origin.file, &own.origin.sheet));
        let key = if own.is_some() { "ui.confirm.take-back-of" } else { "ui.confirm.take-back" };
        let question = self.about_work(key, batch, &[("row", &row.to_string()), ("place", &place)]);
        self.overlays.confirm(question, Confirm::TakeBack(part, row));
    }

    /// Has what the batch on screen was read from read again, with a skipped row of one part as data.
    fn read_with(&mut self, part: usize, row: u32) {
        if let (Some(batch), Some(source)) = (self.roster.batch(), self.roster.source()) {
            let staying = self.staying(true);
            self.import.take_back((batch, self.roster.id()), source, (part, row), context!(self));
            staying.into_iter().for_each(|words| self.import.note_staying(words));
        }
    }

    fn ask_to_add(&mut self, path: PathBuf) {
        let question = self.import.ask_to_add(path, &self.locale);
        self.overlays.confirm(question, Confirm::AddFile);
    }

    /// Has the file in hand read as was said; asks before where required columns are missing, and where it is in the batch on
    /// screen and that has changes.
    fn read_otherwise(&mut self) {
        let batch = self.roster.batch().zip(self.roster.source());
        let batch = batch.filter(|(batch, source)| self.import.is_otherwise_of(batch, source)).map(|(batch, _)| batch);
        let changed = batch.filter(|batch| !batch.history().applied().is_empty());
        let missing = self.import.missing_otherwise();
        let lacking = self.import.form().filter(|_| !missing.is_empty()).map(|form| {
            let labels: Vec<&str> = missing.iter().map(|field| form.label(*field)).collect();
            let columns = labels.join(self.locale.text("finding.comma"));
            self.locale.fill("ui.confirm.columns-missing", &[("columns", &columns)])
        });
        let left = changed.map(|batch| {
            let key = match batch.roster().parts().len() {
                0 | 1 => "ui.confirm.read-otherwise",
                _ => "ui.confirm.read-all-otherwise",
            };
            self.about_work(key, batch, &[])
        });
        let questions: Vec<String> = lacking.into_iter().chain(left).collect();
        if questions.is_empty() {
            return self.read_as_said();
        }
        self.overlays.confirm(questions.join(" "), Confirm::ReadOtherwise);
    }

    /// Fills in which batch is on screen and what was done in it.
    fn about_work(&self, key: &str, batch: &Batch, more: &[(&str, &str)]) -> String {
        let (steps, numbers) = batch.history().work();
        let (steps, numbers) = (steps.to_string(), numbers.to_string());
        // One that is still being stored has no number yet.
        let named = |id: BatchId| self.locale.fill("ui.confirm.batch", &[("batch", &id.to_string())]);
        let named = self.roster.id().map_or_else(|| self.locale.text("ui.confirm.this-batch").to_string(), named);
        let places = [("batch", &*named), ("n", &steps), ("numbers", &numbers)];
        self.locale.fill(key, &[&places, more].concat())
    }

    fn read_as_said(&mut self) {
        let own = self.roster.batch().zip(self.roster.source());
        let staying = self.staying(own.is_some_and(|(batch, source)| self.import.is_otherwise_of(batch, source)));
        self.import.read_as_said(context!(self));
        staying.into_iter().for_each(|words| self.import.note_staying(words));
    }

    /// Tells which batch stays, with its changes, when a file is read as another one; without changes only where it is its own.
    fn staying(&self, is_own: bool) -> Option<String> {
        let batch = self.roster.batch()?;
        let is_changed = !batch.history().applied().is_empty();
        let key = if is_changed { "status.batch-stays" } else { "status.batch-stays-unchanged" };
        self.roster.id().filter(|_| is_changed || is_own).map(|_| self.about_work(key, batch, &[]))
    }

    /// Puts a text into the line that is being typed, or else copies it.
    fn insert(&mut self, taken: String) {
        let line = match (self.roster.edit_prompt(), &mut self.line_question) {
            (Some(prompt), _) => prompt,
            (None, Some(question)) => &mut question.prompt,
            (None, None) => return self.clipboard.copy(taken, context!(self)),
        };
        line.insert(&taken);
        self.roster.show_typed(context!(self));
        let inserted = self.locale.fill("status.inserted", &[("text", &text::visible(&taken))]);
        context!(self).say(inserted);
    }

    /// Asks before a change drops the steps that were taken back; without a yes it is not made.
    pub(super) fn ask_before_dropping(&mut self) {
        if let Some(question) = self.roster.question_before_dropping(&self.locale) {
            self.overlays.confirm(question, Confirm::DropUndone);
        } else if !matches!(self.overlays.open(), Some(Overlay::Confirm(asked)) if asked.is_about(Confirm::DropUndone))
        {
            self.roster.forget_pending();
        }
    }

    /// Asks for a line of text; one that is only proposed gives way to what is typed.
    pub(super) fn ask_line(&mut self, purpose: LinePurpose, text: &str, is_proposed: bool) {
        let prompt = if is_proposed { Prompt::chosen(text) } else { Prompt::new(text) };
        self.line_question = Some(LineQuestion { purpose, prompt });
    }

    /// Completes the column that a filter is typed for, has the search look in one column or in all, or goes on in a form.
    pub(super) fn turn_line(&mut self) {
        match (&mut self.line_question, self.roster.batch()) {
            (Some(LineQuestion { purpose: LinePurpose::Search, .. }), _) => self.roster.turn_search(),
            (Some(LineQuestion { purpose: LinePurpose::Filter, prompt }), Some(batch)) => {
                if let Some(completed) = selection::completed(prompt.text(), batch.context().sheet()) {
                    prompt.set(completed);
                }
            }
            (Some(LineQuestion { purpose: LinePurpose::Ledger(_), .. }), _) => self.accept(),
            _ => context!(self).warn("status.not-now"),
        }
    }

    /// Keeps what is copied in a file of its own, where there is a row to copy.
    pub(super) fn keep_copy(&mut self) {
        match self.roster.row() {
            None => context!(self).warn("status.not-now"),
            Some(_) => self.clipboard.keep(self.import.folder(), context!(self)),
        }
    }

    /// Takes the line of text that was typed.
    pub(super) fn accept(&mut self) {
        if self.roster.edit().is_some() {
            return self.roster.finish_edit(context!(self));
        }
        let Some(question) = self.line_question.take() else { return };
        let typed = question.prompt.text();
        match question.purpose {
            LinePurpose::Search => self.roster.search(typed, context!(self)),
            LinePurpose::FindInList => self.ledger.find_in_list(typed),
            LinePurpose::Filter if typed.is_empty() => self.roster.clear_filter(context!(self)),
            LinePurpose::Filter => self.roster.filter_typed(typed, context!(self)),
            LinePurpose::GoTo => match typed.trim().parse() {
                Ok(line) => self.roster.go_to_line(line, context!(self)),
                Err(_) => context!(self).warn("status.no-number"),
            },
            LinePurpose::SetColumn(field) => {
                let intent = self.roster.set_column(field, typed, context!(self));
                self.fulfil(intent);
            }
            LinePurpose::PutAside { .. } if typed.trim().is_empty() => context!(self).warn("status.reason-needed"),
            LinePurpose::PutAside { all } => {
                let intent = self.roster.say_of_rows(RowWhat::Aside, all, typed, context!(self));
                self.fulfil(intent);
            }
            LinePurpose::Note => {
                let intent = self.roster.say_of_rows(RowWhat::Note, false, typed, context!(self));
                self.fulfil(intent);
            }
            LinePurpose::RecipeName => self.keep_recipe(typed),
            LinePurpose::ReshapeText => self.take_reshape_text(typed),
            LinePurpose::PlanBlanks(wish) => self.take_plan_blanks(wish, typed),
            LinePurpose::Ledger(_) => self.answer_form(typed),
        }
    }
}
