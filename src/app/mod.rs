//! Screen state (界面状态): one [`App`], one [`App::update`]. No terminal, no disk, no clock, no threads.
//!
//! A message comes in, the state changes, and [`Effect`]s tell the outside what to do. What is drawn follows from the state.

mod allocation;
pub mod command;
pub mod context;
mod copy;
pub mod decoder;
pub mod export;
mod exporting;
pub mod import;
mod importing;
pub mod key;
mod key_input;
pub mod layout;
mod leaving;
pub mod ledger;
mod line;
mod line_question;
mod looking_up;
pub mod lookup;
mod masking;
pub mod mouse;
pub mod msg;
mod navigation;
pub mod overlay;
mod palette;
mod place;
mod pointing;
pub mod privacy;
pub mod prompt;
mod questions;
mod reports;
pub mod roster;
mod status_line;
pub mod text_page;
mod text_rows;
pub mod tour;
mod touring;
pub mod wrap;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

pub use context::StatusLine;
pub use line_question::{Edit, LineQuestion, Purpose};
pub use place::Screen;

use command::{Command, Keymap, Place, When};
use context::context;
use export::Export;
use import::{Import, ImportStep};
use key::Chord;
use layout::{Focus, Layout};
use ledger::{Ledger, Next};
use msg::{Effect, Msg};
use overlay::Overlay;
use privacy::Privacy;
use prompt::Prompt;
use roster::{Preview, RosterPane};

use crate::domain::lookup::Index;
use crate::domain::profile::Profile;
use crate::words::Locale;

/// The whole screen state.
#[derive(Debug)]
pub struct App {
    pub locale: Locale,
    pub keymap: Keymap,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pane that fills the screen.
    pub screen: Screen,
    /// The profiles the decoder reads under; the batch's own when there are none.
    pub profiles: Vec<Arc<Profile>>,
    pub roster: RosterPane,
    pub import: Import,
    pub export: Export,
    pub ledger: Ledger,
    /// The day that counts as today; proposed where a day is asked for.
    pub today: Option<NaiveDate>,
    /// The question that is being answered.
    pub question: Option<LineQuestion>,
    /// The entries of the look-up, once they are prepared.
    pub lookup: Option<Arc<Index>>,
    /// What lies over the pane.
    pub overlay: Option<Overlay>,
    /// What of personal data is shown, and for how long.
    pub privacy: Privacy,
    /// The left part of the status line.
    pub status: StatusLine,
    /// Whether the person has not been told of the tour yet.
    pub is_new: bool,
    /// Whether the mouse is on (鼠标).
    pub has_mouse: bool,
    /// Whether the answer that Enter takes is yes; each question begins with no.
    pub is_yes: bool,
    /// A number typed before a command.
    pub number: Option<u32>,
    /// What was copied last.
    copied: String,
    out: Vec<Effect>,
    keys: Vec<Chord>,
    /// Words that what comes of the first file must not cover.
    trouble: Option<String>,
    /// A backup is being made.
    backing_up: bool,
    /// The mouse was on from the start, and what that means for selecting text has not been said beside a roster.
    mouse_is_news: bool,
    /// Whether the terminal was last told to send what the mouse does.
    sends_mouse: bool,
}

impl App {
    /// Makes the screen state at the file list of a folder.
    pub fn new(locale: Locale, size: (u16, u16), folder: PathBuf) -> App {
        App {
            locale,
            keymap: Keymap::default(),
            size,
            screen: Screen::Import,
            profiles: Vec::new(),
            roster: RosterPane::default(),
            import: Import::new(folder),
            export: Export::default(),
            ledger: Ledger::default(),
            today: None,
            question: None,
            lookup: None,
            overlay: None,
            privacy: Privacy::default(),
            status: StatusLine::default(),
            is_new: false,
            has_mouse: false,
            is_yes: false,
            number: None,
            copied: String::new(),
            out: Vec::new(),
            keys: Vec::new(),
            trouble: None,
            backing_up: false,
            mouse_is_news: false,
            sends_mouse: false,
        }
    }

    /// Begins with the batch that was open last, or with a file.
    pub fn start(&mut self, file: Option<PathBuf>, sheet: Option<String>) -> Vec<Effect> {
        self.out.push(Effect::ListFolder(self.import.folder().to_path_buf()));
        self.sends_mouse = self.has_mouse;
        if self.has_mouse {
            self.say(self.told("status.mouse-on", &[]));
            self.mouse_is_news = true;
        }
        if let Some(path) = file {
            self.read(path, sheet);
        } else {
            self.import.resume(context!(self));
        }
        std::mem::take(&mut self.out)
    }

    /// Takes a message; returns what the outside must do.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            // The key that brings the screen back does nothing else: nobody could see what it would do.
            msg if self.wakes(&msg) => {}
            Msg::Time(now) => self.pass(now),
            Msg::Key(chord) => self.key(chord),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(pointed) => self.point(pointed),
            Msg::Resize(columns, rows) => self.size = (columns, rows),
            Msg::HangUp => self.leave(),
            report => self.report(report),
        }
        self.settle();
        std::mem::take(&mut self.out)
    }

    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        match &self.overlay {
            Some(overlay) => overlay.place(),
            None => self.base_place(),
        }
    }

    /// Gives the place below the overlay.
    pub fn base_place(&self) -> Place {
        if self.roster.edit().is_some() || self.question.is_some() {
            return Place::Prompt;
        }
        match (self.screen, self.import.step(), self.roster.grid().focus) {
            (Screen::Import, ImportStep::Browse, _) => Place::Browser,
            (Screen::Import, ImportStep::Sheets, _) => Place::Sheets,
            (Screen::Import, ImportStep::Columns, _) => Place::Columns,
            (Screen::Roster, _, Focus::Grid) => Place::Grid,
            (Screen::Roster, _, Focus::Record) => Place::Record,
            (Screen::Roster, _, Focus::Findings) => Place::Findings,
            (Screen::Export, ..) => Place::Export,
            (Screen::Ledger, ..) => self.ledger.content().place(),
        }
    }

    /// Changes the screen below the ledger, or the one on screen.
    fn show(&mut self, screen: Screen) {
        match self.screen {
            Screen::Ledger => self.ledger.put_below(screen),
            _ => self.screen = screen,
        }
    }

    /// Tells whether a command's condition is met now.
    pub fn holds(&self, when: When) -> bool {
        match when {
            When::Always => return true,
            When::Line => return self.ledger.content().count() != 0,
            When::Series => return self.ledger.content().series().is_some(),
            When::Certificate => return self.ledger.content().certificate().is_some(),
            When::Case => return self.ledger.content().case().is_some(),
            When::Unfiled => {
                return !matches!(&self.overlay, Some(Overlay::Plan(pane)) if !pane.lacks_institution());
            }
            _ => {}
        }
        let Some(batch) = self.roster.batch() else { return false };
        match when {
            When::Always | When::Line | When::Series | When::Certificate | When::Case | When::Unfiled | When::Batch => {
                true
            }
            When::Editable => self.roster.is_editable() && !batch.roster().is_empty(),
            When::Finding => self.roster.row().is_some_and(|row| !batch.findings().of_row(row).is_empty()),
            When::Findings => !batch.findings().counts().is_empty(),
            When::Filtered => self.roster.grid().filter.is_some(),
            When::Undoable => self.roster.is_editable() && batch.history().undoable().is_some(),
            When::Redoable => self.roster.is_editable() && batch.history().redoable().is_some(),
            When::Held => self.roster.holder().is_some(),
            When::Edited => {
                self.roster.is_editable()
                    && self.roster.row().is_some_and(|row| batch.roster().is_edited(row, self.roster.grid().field()))
            }
        }
    }

    /// Gives the areas of the roster screen.
    pub fn layout(&self) -> Layout {
        Layout::of(self.size, self.roster.grid().focus)
    }

    fn run_if_possible(&mut self, command: Command) {
        if self.holds(command.spec().when) {
            self.run(command);
        } else {
            self.roster.refuse(command, context!(self));
        }
    }

    pub(crate) fn run(&mut self, command: Command) {
        let before = match command {
            Command::Suspend | Command::Repaint => StatusLine::default(),
            _ => std::mem::take(&mut self.status),
        };
        let was_yes = self.is_yes;
        self.is_yes &= command == Command::TakeAnswer || command.is_movement();
        match command {
            Command::Edit => self.roster.start_edit(context!(self)),
            Command::OpenEntry => self.import.open_entry(context!(self)),
            Command::ChooseSheet => self.import.choose_sheet(context!(self)),
            Command::ConfirmColumns => self.confirm_columns(),
            Command::FilterChosen => self.roster.filter_chosen(context!(self)),
            Command::StartExport => self.start_export(false),
            Command::Accept => self.accept(),
            Command::RunChosen => self.run_chosen(),
            Command::Apply => self.say_yes(),
            Command::TurnAnswer => self.is_yes = !was_yes,
            Command::TakeAnswer => self.take_answer(),
            Command::ParentFolder => self.import.parent_folder(context!(self)),
            Command::NextField => self.import.turn_field(false),
            Command::PreviousField => self.import.turn_field(true),
            Command::NoField => self.import.no_field(),
            Command::NextChoice => self.turn_choice(false),
            Command::PreviousChoice => self.turn_choice(true),
            Command::NextFinding => self.roster.next_finding(false, context!(self)),
            Command::PreviousFinding => self.roster.next_finding(true, context!(self)),
            Command::Fix => {
                let preview = self.roster.preview_fix(context!(self));
                self.lay_preview(preview);
            }
            Command::FixAll => {
                let preview = self.roster.preview_all_fixes(context!(self));
                self.lay_preview(preview);
            }
            Command::NextPane => self.roster.turn_pane(false),
            Command::PreviousPane => self.roster.turn_pane(true),
            Command::Undo => self.roster.step(false, context!(self)),
            Command::Redo => self.roster.step(true, context!(self)),
            Command::Search => self.ask(Purpose::Search, ""),
            Command::Filter => self.ask(Purpose::Filter, ""),
            Command::FilterFinding => self.roster.filter_finding(context!(self)),
            Command::ClearFilter => self.roster.set_filter(None, context!(self)),
            Command::GoTo => self.ask(Purpose::GoTo, ""),
            Command::FillDown | Command::FillAll => {
                let preview = self.roster.preview_fill(command == Command::FillAll, context!(self));
                self.lay_preview(preview);
            }
            Command::SetColumn => self.ask_for_column(),
            Command::RestoreCell => self.roster.restore_cell(context!(self)),
            Command::Unmask => self.roster.unmask(context!(self)),
            Command::History => self.open_history(),
            Command::LookUp | Command::TakeEntry | Command::CopyCode | Command::NextKind | Command::PreviousKind => {
                self.run_lookup(command);
            }
            Command::CopyCell | Command::CopyRow | Command::CopyRowCode | Command::CopyFindings | Command::KeepCopy => {
                self.run_copy(command);
            }
            Command::Export => self.open_export(),
            Command::TakeOver => self.ask_to_take_over(),
            Command::Decode => self.open_decoder(),
            Command::TakeProposal => self.take_proposal(),
            Command::Backup => self.back_up(),
            Command::Ledger => {
                self.ledger.open(self.screen);
                self.screen = Screen::Ledger;
            }
            Command::Allocate => self.allocate(),
            Command::Open => self.browse(),
            Command::MatchColumns => self.match_columns(),
            Command::Help => self.overlay = Some(Overlay::Help { prompt: Prompt::default(), at: 0 }),
            Command::Palette => self.overlay = Some(Overlay::Palette { prompt: Prompt::default(), at: 0 }),
            Command::Back => self.back(&before),
            Command::Tour => self.start_tour(),
            Command::NextPage | Command::PreviousPage => self.turn_tour(command == Command::PreviousPage),
            Command::EndTour => self.end_tour(),
            Command::TextPage => self.open_text_page(),
            Command::NextText | Command::PreviousText => self.turn_text_page(command == Command::PreviousText),
            Command::Theme => self.out.push(Effect::TurnTheme),
            Command::Mouse => self.turn_mouse(),
            Command::Suspend => self.out.push(Effect::Suspend),
            Command::Repaint => self.out.push(Effect::Repaint),
            Command::Blank => self.blank(),
            Command::Quit => self.quit(),
            movement if movement.is_movement() => self.go(movement),
            Command::NextOrder => self.next_order(),
            Command::SwitchNumbers => self.switch_numbers(),
            Command::TakeChoice => self.take_choice(),
            of_ledger => match self.ledger.run(of_ledger, context!(self)) {
                Next::Nothing => {}
                Next::Ask(verb, subject) => self.begin_form(verb, subject),
                Next::Copy(text) => self.copy(text),
            },
        }
        self.leave_unasked();
    }

    /// Brings cursor, scroll and stored view in line with the state.
    fn settle(&mut self) {
        let layout = self.layout();
        self.roster.settle(&layout, self.size.0);
        if let Some(Overlay::Lookup(pane)) = &mut self.overlay {
            pane.settle(self.lookup.as_deref());
        }
        self.ledger.settle(self.screen, context!(self));
        self.settle_privacy();
        self.settle_mouse();
        self.roster.save_view(context!(self));
    }

    /// Lays a change over the pane before it is made.
    fn lay_preview(&mut self, preview: Option<Preview>) {
        if let Some(preview) = preview {
            self.overlay = Some(Overlay::Preview(Box::new(preview)));
        }
    }

    fn warn_incomplete(&mut self) {
        self.roster.warn_incomplete(context!(self));
    }
}
