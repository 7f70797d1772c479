//! What lies over a pane, one thing at a time: each has its state and its keys in a file of its own.

mod answers;
mod choose;
mod command_list;
mod confirm;
mod decoder;
mod history;
mod import_page;
mod laying;
mod lookup;
mod papers;
mod plan;
mod preview;
mod replace;
mod summary;
mod text_page;
mod tour;
mod values;

use std::sync::Arc;

pub use choose::{ChoosePane, Choosing};
pub use command_list::{CommandList, ListedCommand};
pub use confirm::{Confirmation, Fact};
pub use decoder::DecoderPane;
pub use history::HistoryPane;
pub use import_page::ImportPage;
pub use lookup::{LookupPane, MOST_HITS};
pub use papers::{PaperText, PapersPane};
pub use plan::{PlanPane, order_key};
pub use preview::PreviewPane;
pub use replace::{ReplaceLine, ReplacePane};
pub use summary::SummaryPane;
pub use text_page::TextPage;
pub use tour::{PAGES, TourPane};
pub use values::{Decision, GroupList, Narrowing, ValueLine, ValuesPane};

use super::command::{Command, Place};
use super::context::Context;
use super::intent::Intent;
use super::key::Chord;
use super::ledger::Replan;
use super::msg::{Effect, JobId};
use super::prompt::Prompt;
use super::roster::RosterPane;
use super::typed_line::{LinePurpose, LineQuestion};
use crate::domain::ledger::plan::PlanWish;
use crate::domain::lookup::Index;
use crate::domain::roster::CellSource;
use crate::domain::sheet::Field;

/// What lies over the pane, if anything, and what outlasts it.
#[derive(Debug, Default)]
pub struct Overlays {
    open: Option<Overlay>,
    /// Whether the answer that Enter takes is yes; each question begins with no.
    is_yes: bool,
    /// How often something was laid over the pane.
    laid: u64,
    /// The entries of the look-up, once they are prepared.
    index: Option<Arc<Index>>,
    /// What is come back to, the last first: what a preview came from, and what help was asked about.
    kept: Vec<Overlay>,
    /// The number of the latest work on columns.
    work: JobId,
}

#[derive(Debug)]
pub enum Overlay {
    /// The commands of the pane below (帮助).
    Help(CommandList),
    /// The commands by name (命令面板).
    Palette(CommandList),
    /// A change before it is made (预览).
    Preview(PreviewPane),
    /// The steps so far (修改历史).
    History(HistoryPane),
    /// The decoder (解码).
    Decoder(Box<DecoderPane>),
    /// A question that only `y` says yes to (确认).
    Confirm(Confirmation),
    /// The look-up (查询).
    Lookup(Box<LookupPane>),
    /// Numbers for rows before they are taken (赋号).
    Plan(Box<PlanPane>),
    /// A question answered by a line of a list.
    Choose(ChoosePane),
    /// What the import did (读入情况).
    Import(ImportPage),
    /// A page of bare text (纯文本页).
    Text(TextPage),
    /// The tour of a first start (导览).
    Tour(TourPane),
    /// The values of a column (取值).
    Values(Box<ValuesPane>),
    /// What the roster holds, counted (汇总).
    Summary(SummaryPane),
    /// What is replaced by what (替换).
    Replace(Box<ReplacePane>),
    /// What is handed in of a thing (材料).
    Papers(Box<PapersPane>),
}

/// What an overlay reads of what lies below it.
#[derive(Debug, Clone, Copy)]
pub struct Below<'a> {
    pub roster: &'a RosterPane,
    pub question: Option<&'a LineQuestion>,
}

impl Below<'_> {
    /// Gives the column whose value is typed below.
    fn field(&self) -> Option<Field> {
        match (self.roster.edit(), self.question.map(|question| question.purpose)) {
            (Some(edit), _) => Some(edit.field),
            (None, Some(LinePurpose::SetColumn(field))) => Some(field),
            (None, _) => None,
        }
    }
}

impl Overlay {
    fn place(&self) -> Place {
        match self {
            Overlay::Help(_) => Place::Help,
            Overlay::Palette(_) => Place::Palette,
            Overlay::Preview(_) => Place::Preview,
            Overlay::History(_) => Place::History,
            Overlay::Decoder(_) => Place::Decoder,
            Overlay::Confirm(_) => Place::Confirm,
            Overlay::Lookup(_) => Place::Lookup,
            Overlay::Plan(_) => Place::Plan,
            Overlay::Choose(_) => Place::Choose,
            Overlay::Import(_) => Place::ImportFacts,
            Overlay::Text(_) => Place::Text,
            Overlay::Tour(_) => Place::Tour,
            Overlay::Values(pane) => pane.place(),
            Overlay::Summary(_) => Place::Summary,
            Overlay::Replace(_) => Place::Replace,
            Overlay::Papers(pane) => pane.place(),
        }
    }

    /// Tells whether a yes would be taken: a plan may have no number to give.
    fn takes_yes(&self) -> bool {
        !matches!(self, Overlay::Plan(pane) if !pane.can_be_taken())
    }

    /// Runs a command; `None` where it is none of this overlay's.
    fn update(&mut self, command: Command, below: &Below<'_>, to: &mut Context<'_>) -> Option<Intent> {
        match self {
            Overlay::Help(_) => None,
            Overlay::History(pane) => pane.update(command),
            Overlay::Palette(list) => list.update(command, to),
            Overlay::Preview(pane) => pane.update(command, to),
            Overlay::Decoder(pane) => pane.update(command, below.roster),
            Overlay::Confirm(confirmation) => confirmation.update(command, to),
            Overlay::Lookup(pane) => pane.update(command, below.field(), to),
            Overlay::Plan(pane) => pane.update(command, below.roster, to),
            Overlay::Choose(pane) => pane.update(command, to),
            Overlay::Import(page) => page.update(command, to),
            Overlay::Text(page) => page.update(command),
            Overlay::Tour(pane) => pane.update(command),
            Overlay::Values(pane) => pane.update(command, below, to),
            Overlay::Summary(pane) => pane.update(command, below.roster, to),
            Overlay::Replace(pane) => pane.update(command, below.roster, to),
            Overlay::Papers(pane) => pane.update(command, to),
        }
    }

    /// Gives the cursor of the list, if there is one.
    fn cursor(&mut self) -> Option<&mut usize> {
        Some(match self {
            Overlay::Help(list) | Overlay::Palette(list) => list.cursor(),
            Overlay::Preview(pane) => pane.cursor(),
            Overlay::History(pane) => pane.cursor(),
            Overlay::Decoder(pane) => pane.cursor(),
            Overlay::Lookup(pane) => pane.cursor(),
            Overlay::Plan(pane) => pane.cursor(),
            Overlay::Choose(pane) => pane.cursor(),
            Overlay::Import(page) => page.cursor(),
            Overlay::Tour(pane) => pane.cursor(),
            Overlay::Values(pane) => pane.cursor(),
            Overlay::Summary(pane) => pane.cursor(),
            Overlay::Replace(pane) => pane.cursor(),
            Overlay::Papers(pane) => pane.cursor(),
            Overlay::Confirm(_) | Overlay::Text(_) => return None,
        })
    }

    /// Counts the lines of the list.
    fn count(&self, roster: &RosterPane, to: &Context<'_>) -> usize {
        match self {
            Overlay::Help(list) | Overlay::Palette(list) => list.lines(to.locale, to.keymap, to.places[1]).len(),
            Overlay::Preview(pane) => pane.length(),
            Overlay::History(_) => HistoryPane::count(roster),
            Overlay::Decoder(pane) => pane.proposals().count(),
            Overlay::Lookup(pane) => pane.count(),
            Overlay::Plan(pane) => pane.count(),
            Overlay::Choose(pane) => pane.options().len(),
            Overlay::Import(page) => page.lines(to.locale).len(),
            Overlay::Tour(pane) => pane.count(to),
            Overlay::Values(pane) => pane.count(),
            Overlay::Summary(pane) => pane.count(),
            Overlay::Replace(_) => ReplaceLine::ALL.len(),
            Overlay::Papers(pane) => pane.count(),
            Overlay::Confirm(_) | Overlay::Text(_) => 0,
        }
    }
}

impl Overlays {
    /// Gives what lies over the pane.
    pub fn open(&self) -> Option<&Overlay> {
        self.open.as_ref()
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Gives the place whose keys count, where something is open.
    pub fn place(&self) -> Option<Place> {
        self.open.as_ref().map(Overlay::place)
    }

    /// Tells whether the answer that Enter takes is yes.
    pub fn is_yes(&self) -> bool {
        self.is_yes
    }

    /// Gives the plan of numbers that is shown or waited for.
    pub fn plan(&self) -> Option<&PlanPane> {
        match &self.open {
            Some(Overlay::Plan(pane)) => Some(pane),
            _ => None,
        }
    }

    /// Tells whether what is shown is still being worked out.
    pub fn is_waiting(&self) -> bool {
        match &self.open {
            Some(Overlay::Plan(pane)) => pane.plan().is_none(),
            Some(Overlay::Lookup(pane)) => !pane.is_prepared(),
            Some(Overlay::Values(pane)) => pane.is_waiting(),
            Some(Overlay::Summary(pane)) => pane.summary().is_none(),
            Some(Overlay::Replace(pane)) => pane.is_waiting(),
            Some(Overlay::Choose(pane)) => pane.is_waiting(),
            Some(Overlay::Papers(pane)) => pane.is_waiting(),
            _ => self.awaits_reach(),
        }
    }

    /// Tells whether a question waits until it is known how far it reaches what is asked about.
    pub(super) fn awaits_reach(&self) -> bool {
        matches!(&self.open, Some(Overlay::Confirm(asked)) if asked.awaits_reach())
    }

    /// Puts the cursor on a line of the list that is open.
    pub fn choose_line(&mut self, line: usize) {
        if let Some(at) = self.open.as_mut().and_then(Overlay::cursor) {
            *at = line;
        }
    }

    /// Says why the numbers of the plan are taken; tells whether there is one.
    pub fn give_reason(&mut self, reason: &str) -> bool {
        let Some(Overlay::Plan(pane)) = &mut self.open else { return false };
        pane.give_reason(reason);
        true
    }

    /// Closes a plan that lacks an institution, which is then to be made anew once that is registered.
    pub(super) fn leave_plan(&mut self, roster: &RosterPane) -> Option<Replan> {
        match self.open.take() {
            Some(Overlay::Plan(pane)) => Some(pane.replan(roster)),
            _ => None,
        }
    }

    /// Takes back a yes that was chosen but not taken, unless a command only moves or answers.
    pub(super) fn keep_answer_for(&mut self, command: Command) {
        let is_answer = matches!(command, Command::TakeAnswer | Command::TurnAnswer);
        self.is_yes &= is_answer || command.is_movement();
    }

    /// Runs a command that opens something or is about what is open; `None` where it is about something else.
    pub(super) fn update(&mut self, command: Command, below: &Below<'_>, to: &mut Context<'_>) -> Option<Intent> {
        if let Some(intent) = self.open_by(command, below.roster, to) {
            return Some(intent);
        }
        let open = self.open.as_mut()?;
        let command = match command {
            Command::TurnAnswer => {
                self.is_yes = !self.is_yes;
                return Some(Intent::Nothing);
            }
            // Enter alone never says yes. Of a plan that cannot be taken it says why, as yes would.
            Command::TakeAnswer if !std::mem::take(&mut self.is_yes) && open.takes_yes() => {
                to.remark("status.answer-is-no");
                return Some(Intent::Nothing);
            }
            Command::TakeAnswer => Command::Apply,
            command => command,
        };
        let intent = open.update(command, below, to)?;
        if !matches!(intent, Intent::Nothing | Intent::Ask(_) | Intent::Work(_)) {
            self.open = None;
            self.kept.clear();
        }
        Some(intent)
    }

    fn open_by(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        let overlay = match command {
            Command::Help => {
                self.help(to);
                return Some(Intent::Nothing);
            }
            Command::Palette => {
                self.palette(to);
                return Some(Intent::Nothing);
            }
            Command::Tour => Some(Overlay::Tour(TourPane::default())),
            Command::TextPage => Some(Overlay::Text(TextPage::new(roster))),
            Command::ImportPage => roster.batch().map(|batch| Overlay::Import(ImportPage::new(batch, to.locale))),
            Command::History => HistoryPane::new(roster).map(Overlay::History),
            Command::LookUp => {
                if self.index.is_none() {
                    to.push(Effect::PrepareLookup);
                }
                Some(Overlay::Lookup(Box::new(LookupPane::new(self.index.clone()))))
            }
            Command::Decode => {
                let Some(mut pane) = DecoderPane::open(roster, to.profiles) else { return Some(Intent::Nothing) };
                let intent = pane.look_again(roster);
                self.lay(Overlay::Decoder(Box::new(pane)));
                return Some(intent);
            }
            Command::Replace => Some(Overlay::Replace(Box::new(ReplacePane::new(roster)))),
            Command::Values => {
                return Some(self.open_values(roster.grid().field().into(), roster, to));
            }
            Command::Summary => {
                let Some((pane, ask)) = SummaryPane::open(roster, to) else { return Some(Intent::Nothing) };
                self.lay(Overlay::Summary(pane));
                return Some(Intent::Work(ask));
            }
            Command::Allocate => return Some(self.ask_for_plan(PlanWish::default(), false, roster, to)),
            _ => return None,
        };
        if let Some(overlay) = overlay {
            self.lay(overlay);
        }
        Some(Intent::Nothing)
    }

    /// Shows the values of a column.
    pub(super) fn open_values(&mut self, column: CellSource, roster: &RosterPane, to: &mut Context<'_>) -> Intent {
        let Some((pane, ask)) = ValuesPane::open(roster, column, to) else { return Intent::Nothing };
        self.lay(Overlay::Values(Box::new(pane)));
        Intent::Work(ask)
    }

    /// Asks for a plan of numbers and waits for it.
    pub(super) fn ask_for_plan(
        &mut self,
        wish: PlanWish,
        is_overtaken: bool,
        roster: &RosterPane,
        to: &mut Context<'_>,
    ) -> Intent {
        let Some((pane, request)) = PlanPane::ask(wish, is_overtaken, roster, to) else {
            return Intent::Nothing;
        };
        self.lay(Overlay::Plan(Box::new(pane)));
        Intent::Ask(Box::new(request))
    }

    /// Takes a key that is no command; `None` where nothing is typed.
    pub(super) fn key(&mut self, chord: Chord, roster: &RosterPane) -> Option<Intent> {
        if let Some(Overlay::Lookup(pane)) = &mut self.open
            && pane.turn_to_code(chord)
        {
            return Some(Intent::Nothing);
        }
        if let Some(Overlay::Replace(pane)) = &mut self.open
            && pane.turn_by(chord, roster)
        {
            return Some(Intent::Nothing);
        }
        let change = |prompt: &mut Prompt| {
            prompt.key(chord);
        };
        self.type_in(change, roster)
    }

    /// Changes the line that is typed; `None` where there is none.
    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt), roster: &RosterPane) -> Option<Intent> {
        match self.open.as_mut()? {
            Overlay::Help(list) | Overlay::Palette(list) => list.type_in(change),
            Overlay::Lookup(pane) => pane.type_in(change),
            Overlay::Decoder(pane) => return Some(pane.type_in(change, roster)),
            Overlay::Values(pane) => return pane.type_in(change).then_some(Intent::Nothing),
            Overlay::Replace(pane) => return pane.type_in(change).then_some(Intent::Nothing),
            Overlay::Papers(pane) => return pane.type_in(change).then_some(Intent::Nothing),
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Moves the cursor, or the page of bare text, for which the screen has so many rows.
    pub(super) fn go(
        &mut self,
        command: Command,
        times: usize,
        text_rows: usize,
        roster: &RosterPane,
        to: &Context<'_>,
    ) {
        let Some(open) = &mut self.open else { return };
        if let Overlay::Text(page) = open {
            return page.go(command, times, text_rows, roster, to);
        }
        let page = usize::from(to.size.1.saturating_sub(8)).max(1);
        let count = open.count(roster, to);
        if let Some(at) = open.cursor() {
            *at = command.moved(*at, times, page, count);
        }
    }

    /// Puts the cursor on a line.
    pub(super) fn set_cursor(&mut self, line: usize, roster: &RosterPane, to: &Context<'_>) {
        let Some(open) = &mut self.open else { return };
        let last = open.count(roster, to).saturating_sub(1);
        if let Some(at) = open.cursor() {
            *at = line.min(last);
        }
    }

    /// Brings what was found in line with what is typed.
    pub(super) fn settle(&mut self) {
        match &mut self.open {
            Some(Overlay::Lookup(pane)) => pane.settle(),
            Some(Overlay::Values(pane)) => pane.settle(),
            _ => {}
        }
    }

    /// Takes the number that the decoder was lent from an unmasked row out of its line.
    pub(super) fn mask(&mut self, roster: &RosterPane) -> Intent {
        match &mut self.open {
            Some(Overlay::Decoder(pane)) => pane.mask(roster),
            _ => Intent::Nothing,
        }
    }
}
