//! What is handed in of a thing (材料): forms, checklists, submissions and statistics, looked at, filled in, ticked and written.

mod taking;
mod text;

use std::path::{Path, PathBuf};

pub use text::{PaperText, TextFor};

use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::ledger::form::FormSubject;
use crate::app::ledger::form_question::FormKind;
use crate::app::ledger::paper::{FormAsk, PaperAct, PaperAsk, PaperDone, PaperField, PaperLine, PaperMark, PaperPage};
use crate::app::ledger::request::LedgerRequest;
use crate::app::prompt::Prompt;
use crate::domain::ledger::event::Thing;
use crate::words::Locale;

/// What the frame of the pane takes of the width of the screen.
const FRAME: usize = 4;

/// A form is drawn in so many columns at least.
const NARROWEST: usize = 76;

/// So many columns a page goes to the side at once.
const SIDE_STEP: usize = 8;

/// The state of the pane.
#[derive(Debug)]
pub struct PapersPane {
    ask: PaperAsk,
    /// What the page answers that is here.
    shown: Option<PaperAsk>,
    page: Option<PaperPage>,
    /// Whether something is being looked up or done.
    is_waiting: bool,
    at: usize,
    /// The first column shown.
    left: usize,
    /// The line that is typed.
    text: Option<PaperText>,
    /// What is asked, and what yes does.
    question: Option<(String, PaperAct)>,
    /// What is being done, and the line that it was typed in.
    acting: Option<(PaperAct, Option<PaperText>)>,
    /// While the fields that are missing are asked for: how many of them were left out.
    left_out: Option<usize>,
    /// Where files are proposed.
    folder: PathBuf,
    /// Whether something was noted since the page was asked for that it would tell otherwise.
    is_stale: bool,
    /// What it was opened from.
    below: Option<Box<PapersPane>>,
}

impl PapersPane {
    /// Asks for a page.
    pub(in crate::app) fn open(ask: PaperAsk, folder: &Path) -> (PapersPane, LedgerRequest) {
        let request = LedgerRequest::Paper(ask.clone());
        let pane = PapersPane {
            ask,
            shown: None,
            page: None,
            is_waiting: true,
            at: 0,
            left: 0,
            text: None,
            question: None,
            acting: None,
            left_out: None,
            folder: folder.to_path_buf(),
            is_stale: false,
            below: None,
        };
        (pane, request)
    }

    pub fn place(&self) -> Place {
        if self.question.is_some() {
            return Place::Confirm;
        }
        if self.text.is_some() {
            return Place::PaperLine;
        }
        match self.ask {
            PaperAsk::Forms(_) | PaperAsk::CaseForms(_) => Place::Forms,
            PaperAsk::Form(_) | PaperAsk::Template(..) => Place::FormPage,
            PaperAsk::Checklists(_) => Place::Checklist,
            PaperAsk::HandIns(_) => Place::HandIns,
            PaperAsk::Statistics(_) => Place::Statistics,
        }
    }

    pub fn ask(&self) -> &PaperAsk {
        &self.ask
    }

    pub fn page(&self) -> Option<&PaperPage> {
        self.page.as_ref()
    }

    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// Gives the first column shown.
    pub fn left(&self) -> usize {
        self.left
    }

    pub fn text(&self) -> Option<&PaperText> {
        self.text.as_ref()
    }

    /// Gives what is asked.
    pub fn question(&self) -> Option<&str> {
        self.question.as_ref().map(|(question, _)| question.as_str())
    }

    /// Gives the words before the line that is typed.
    pub fn text_label(&self, locale: &Locale) -> String {
        match self.text.as_ref().map(|text| &text.what) {
            Some(TextFor::Field(at)) => {
                let label = self.missing().get(*at).map_or("", |field| &field.label);
                locale.fill("papers.ask.field", &[("label", label)])
            }
            Some(what) => locale.text(what.key()).to_string(),
            None => String::new(),
        }
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Counts the lines of the page.
    pub fn count(&self) -> usize {
        self.lines().len()
    }

    pub fn lines(&self) -> &[PaperLine] {
        self.page.as_ref().map_or(&[], |page| &page.lines)
    }

    fn missing(&self) -> &[PaperField] {
        self.page.as_ref().map_or(&[], |page| &page.missing)
    }

    /// Gives the thing that the page is of.
    fn thing(&self) -> Option<Thing> {
        match &self.ask {
            PaperAsk::Forms(of) => of.clone(),
            PaperAsk::CaseForms(cases) => cases.first().copied().map(Thing::Case),
            PaperAsk::Form(ask) => Some(ask.of.clone()),
            PaperAsk::Template(batch, _) | PaperAsk::HandIns(batch) => Some(Thing::Batch(*batch)),
            PaperAsk::Checklists(of) => Some(of.clone()),
            PaperAsk::Statistics(_) => None,
        }
    }

    /// Takes the page that was asked for; goes on asking for what is missing.
    pub(super) fn take_page(&mut self, page: PaperPage) {
        (self.page, self.is_waiting, self.shown) = (Some(page), false, Some(self.ask.clone()));
        self.at = self.at.min(self.count().saturating_sub(1));
        self.ask_for_field();
    }

    /// Takes what came of an act; the page is asked for again where it shows that.
    pub(super) fn take_done(&mut self, done: PaperDone, to: &mut Context<'_>) -> Option<LedgerRequest> {
        self.is_waiting = false;
        let (act, _) = self.acting.take()?;
        match done {
            PaperDone::Told(told) => {
                to.say(told);
                // What it was opened from counts what is missing.
                self.below.iter_mut().for_each(|below| below.is_stale = true);
                let is_shown =
                    matches!(act, PaperAct::KeepField { .. } | PaperAct::Tick { .. } | PaperAct::Attach { .. });
                return is_shown.then(|| self.again());
            }
            PaperDone::Exists => {
                let (act, file) = replacing(act);
                let question = to.locale.fill("ui.confirm.replace", &[("path", &file.to_string_lossy())]);
                self.question = Some((question, act));
            }
            PaperDone::OtherHeader(told) => {
                let question = to.locale.fill("papers.other-header", &[("told", &told)]);
                if let PaperAct::FillTemplate { batch, template, file, replaces, .. } = act {
                    let act = PaperAct::FillTemplate { batch, template, file, replaces, takes_new: true };
                    self.question = Some((question, act));
                }
            }
        }
        to.say(String::new());
        None
    }

    /// Something was not done, or could not be looked up: what was typed for it is there again. Tells whether there is anything to show.
    pub(super) fn fail(&mut self) -> bool {
        self.is_waiting = false;
        match (self.acting.take(), &self.shown) {
            (Some((_, text)), _) => self.text = text,
            (None, Some(shown)) => self.ask = shown.clone(),
            (None, None) => {}
        }
        self.page.is_some() || self.close()
    }

    pub(super) fn shows_form_whole(&self) -> bool {
        matches!(&self.ask, PaperAsk::Form(ask) if ask.why.is_some())
    }

    /// Takes a form that is shown whole out of sight, and asks for it masked.
    pub(super) fn mask(&mut self) -> Option<LedgerRequest> {
        let PaperAsk::Form(ask) = &mut self.ask else { return None };
        ask.why.take()?;
        (self.page, self.shown) = (None, None);
        Some(self.again())
    }

    /// Goes back to the page that this one was opened from; tells whether there is one.
    fn close(&mut self) -> bool {
        let Some(below) = self.below.take() else { return false };
        *self = *below;
        true
    }

    fn back(&mut self) -> Option<Intent> {
        if self.question.take().is_some() {
            return Some(Intent::Nothing);
        }
        if self.text.take().is_some() {
            self.left_out = None;
            return Some(Intent::Nothing);
        }
        if !self.close() {
            return None;
        }
        Some(if std::mem::take(&mut self.is_stale) { self.ask_again() } else { Intent::Nothing })
    }

    /// Asks for the page once more.
    fn again(&mut self) -> LedgerRequest {
        self.is_waiting = true;
        LedgerRequest::Paper(self.ask.clone())
    }

    fn ask_again(&mut self) -> Intent {
        Intent::Ask(Box::new(self.again()))
    }

    fn act(&mut self, act: PaperAct, to: &mut Context<'_>) -> Intent {
        to.say_key("papers.doing");
        self.acting = Some((act.clone(), self.text.take()));
        self.is_waiting = true;
        Intent::Ask(Box::new(LedgerRequest::PaperAct(Box::new(act))))
    }

    /// Opens a page over this one.
    fn step_into(&mut self, ask: PaperAsk) -> Intent {
        let (pane, request) = PapersPane::open(ask, &self.folder);
        let below = std::mem::replace(self, pane);
        self.below = Some(Box::new(below));
        Intent::Ask(Box::new(request))
    }

    /// Has a line typed.
    fn type_text(&mut self, what: TextFor, prompt: Prompt) -> Intent {
        self.text = Some(PaperText { what, prompt });
        Intent::Nothing
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt)) -> bool {
        let Some(text) = &mut self.text else { return false };
        change(&mut text.prompt);
        true
    }

    /// Asks for the next field that is missing, where they are being asked for.
    fn ask_for_field(&mut self) {
        let Some(left) = self.left_out else { return };
        if self.missing().len() <= left {
            self.left_out = None;
            return;
        }
        self.text = Some(PaperText { what: TextFor::Field(left), prompt: Prompt::default() });
    }

    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::Back => return self.back(),
            Command::Apply => {
                let (_, act) = self.question.take()?;
                return Some(self.act(act, to));
            }
            Command::ScrollLeft => self.left = self.left.saturating_sub(SIDE_STEP),
            Command::ScrollRight => {
                let widest = self.lines().iter().map(|line| text::width(&line.text)).max().unwrap_or_default();
                self.left = (self.left + SIDE_STEP).min(widest.saturating_sub(SIDE_STEP));
            }
            _ if self.is_waiting => return None,
            Command::TakeLine => return Some(self.take_text(to)),
            Command::OpenForm => return Some(self.open_form(to)),
            Command::WritePage => return Some(self.write(to)),
            Command::FillFields => {
                self.left_out = Some(0);
                self.ask_for_field();
                if self.text.is_none() {
                    to.remark("papers.nothing-missing");
                }
            }
            Command::UnmaskForm => return Some(self.unmask(to)),
            Command::FillTemplate => {
                let Some(Thing::Batch(_)) = self.thing() else {
                    to.warn("papers.template-of-batch");
                    return Some(Intent::Nothing);
                };
                return Some(self.type_text(TextFor::Template, Prompt::default()));
            }
            Command::TickPaper => return Some(self.tick(to)),
            Command::AttachPaper => match self.chosen(to).map(|line| line.takes_file) {
                Some(true) => return Some(self.type_text(TextFor::Attach, Prompt::default())),
                Some(false) => to.warn("papers.no-file"),
                None => {}
            },
            Command::HandIn | Command::TakeReply => {
                let Some(Thing::Batch(batch)) = self.thing() else { return None };
                return Some(match command {
                    Command::HandIn => Intent::AskForm(FormKind::Submit, FormSubject::Batch(batch)),
                    _ => Intent::AskForm(FormKind::Reply, FormSubject::Reply),
                });
            }
            Command::AddCounted => return Some(self.type_text(TextFor::Counted, Prompt::default())),
            Command::LeaveOwnOut => {
                let PaperAsk::Statistics(ask) = &mut self.ask else { return None };
                ask.files_only = !ask.files_only;
                return Some(self.ask_again());
            }
            Command::PutMonths => {
                let PaperAsk::Statistics(ask) = &self.ask else { return None };
                let months = ask.months.as_ref().map_or_else(String::new, |(from, until)| format!("{from} {until}"));
                return Some(self.type_text(TextFor::Months, Prompt::new(months)));
            }
            Command::PutPrefix => {
                let PaperAsk::Statistics(ask) = &self.ask else { return None };
                let prefix = Prompt::new(ask.prefix.clone());
                return Some(self.type_text(TextFor::Prefix, prefix));
            }
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Gives what is chosen by the line under the cursor; says so where there is nothing.
    fn chosen(&self, to: &mut Context<'_>) -> Option<&PaperLine> {
        let chosen = self.lines().get(self.at).filter(|line| !line.name.is_empty());
        if chosen.is_none() {
            to.remark("status.nothing-behind");
        }
        chosen
    }

    fn open_form(&mut self, to: &mut Context<'_>) -> Intent {
        let Some(line) = self.chosen(to) else { return Intent::Nothing };
        let Some(of) = line.of.clone().or_else(|| self.thing()) else { return Intent::Nothing };
        let columns = usize::from(to.size.0).saturating_sub(FRAME).max(NARROWEST);
        let also = match (&self.ask, &of) {
            (PaperAsk::CaseForms(cases), Thing::Case(_)) => cases.get(1..).unwrap_or_default().to_vec(),
            _ => Vec::new(),
        };
        let ask = FormAsk { form: line.name.clone(), of, also, columns, why: None };
        self.step_into(PaperAsk::Form(ask))
    }

    /// Shows a form whole once it is said why, or masked again.
    fn unmask(&mut self, to: &mut Context<'_>) -> Intent {
        let PaperAsk::Form(ask) = &mut self.ask else {
            to.warn("status.not-now");
            return Intent::Nothing;
        };
        match ask.why.take() {
            Some(_) => self.ask_again(),
            None => self.type_text(TextFor::Why, Prompt::default()),
        }
    }

    /// Asks where the page is written to, unless something that may not be left out is missing.
    fn write(&mut self, to: &mut Context<'_>) -> Intent {
        let strict = self.missing().iter().filter(|field| field.is_strict);
        let strict: Vec<&str> = strict.map(|field| field.label.as_str()).collect();
        if !strict.is_empty() {
            let fields = strict.join(to.locale.text("finding.comma"));
            to.complain(to.told("papers.strict", &[("fields", &fields)]));
            return Intent::Nothing;
        }
        let file = self.page.as_ref().map(|page| page.file.clone()).filter(|file| !file.is_empty());
        let Some(file) = file else {
            to.warn("papers.nothing-to-write");
            return Intent::Nothing;
        };
        let path = self.folder.join(file);
        self.type_text(TextFor::File, Prompt::new(path.to_string_lossy()))
    }

    fn tick(&mut self, to: &mut Context<'_>) -> Intent {
        let Some(of) = self.thing() else { return Intent::Nothing };
        let Some(line) = self.chosen(to) else { return Intent::Nothing };
        let act = PaperAct::Tick { of, tick: line.name.clone(), ready: line.mark == PaperMark::Lacking };
        self.act(act, to)
    }
}

/// Has the file of an act replaced; gives it as well.
fn replacing(mut act: PaperAct) -> (PaperAct, PathBuf) {
    let mut path = PathBuf::new();
    if let PaperAct::WriteForm { file, replaces, .. }
    | PaperAct::FillTemplate { file, replaces, .. }
    | PaperAct::WriteStatistics { file, replaces, .. } = &mut act
    {
        path.clone_from(file);
        *replaces = true;
    }
    (act, path)
}
