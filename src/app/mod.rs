//! Screen state (界面状态): one [`App`], one [`App::update`]. No terminal, no disk, no clock, no threads.
//!
//! A message comes in, the state changes, and [`Effect`]s tell the outside what to do. What is drawn follows from the state.

mod answers;
mod beside;
mod carry;
mod clipboard;
pub mod command;
mod compare;
pub mod context;
pub mod export;
mod fill;
mod form_dialog;
mod fulfil;
mod holds;
pub mod import;
pub mod input;
pub mod intent;
pub mod key;
pub mod layout;
mod leaving;
pub mod ledger;
mod masking;
pub mod mouse;
pub mod msg;
mod navigation;
pub mod overlay;
mod papers;
mod place;
pub mod privacy;
pub mod prompt;
pub mod proof;
mod recipes;
mod reports;
mod reshape;
mod ring;
pub mod roster;
mod several;
mod status_line;
mod typed_line;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

pub use context::StatusLine;
pub use place::Screen;
pub use typed_line::{Edit, LinePurpose, LineQuestion};

use answers::AnswersInHand;
use carry::CarryInHand;
use clipboard::Clipboard;
use command::{Command, Keymap, Place};
use compare::Differences;
use context::context;
use export::Export;
use fill::FillInHand;
use import::{Import, ImportStep};
use input::{KeyInput, Mouse};
use intent::Intent;
use layout::{Focus, Layout};
use ledger::Ledger;
use msg::{Effect, Msg, StoreJob};
use overlay::{Below, ChoosePane, Choosing, Overlay, Overlays};
use privacy::Privacy;
use prompt::Prompt;
use recipes::RecipesInHand;
use reshape::ReshapeInHand;
use roster::RosterPane;

use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::profile::Profile;
use crate::domain::sheet::TextEncoding;
use crate::domain::text;
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
    /// Under whose name things are done; empty where nobody has to be told.
    pub user: String,
    /// The day that counts as today; proposed where a day is asked for.
    pub today: Option<NaiveDate>,
    /// The question that is being answered.
    pub line_question: Option<LineQuestion>,
    /// What lies over the pane.
    pub overlays: Overlays,
    /// What of personal data is shown, and for how long.
    pub privacy: Privacy,
    /// The left part of the status line.
    pub status: StatusLine,
    /// Whether the person has not been told of the tour yet.
    pub is_new: bool,
    pub mouse: Mouse,
    pub input: KeyInput,
    clipboard: Clipboard,
    answers: AnswersInHand,
    recipes: RecipesInHand,
    filling: Option<FillInHand>,
    carrying: Option<CarryInHand>,
    reshaping: Option<ReshapeInHand>,
    differences: Option<Differences>,
    /// The store job that brought the roster that something is worked out beside.
    beside_of: u64,
    out: Vec<Effect>,
    /// Words that what comes of the first file must not cover.
    trouble: Option<String>,
    /// How many deadlines press, as the title has it.
    pub pressing: usize,
    /// What was told of the batch that stays beside the one that its file was read as.
    stays: Option<String>,
    /// A backup is being made.
    backing_up: bool,
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
            user: String::new(),
            roster: RosterPane::default(),
            import: Import::new(folder),
            export: Export::default(),
            ledger: Ledger::default(),
            today: None,
            line_question: None,
            overlays: Overlays::default(),
            privacy: Privacy::default(),
            status: StatusLine::default(),
            is_new: false,
            mouse: Mouse::default(),
            input: KeyInput::default(),
            clipboard: Clipboard::default(),
            answers: AnswersInHand::default(),
            recipes: RecipesInHand::default(),
            filling: None,
            carrying: None,
            reshaping: None,
            differences: None,
            beside_of: 0,
            out: Vec::new(),
            trouble: None,
            pressing: 0,
            stays: None,
            backing_up: false,
        }
    }

    /// Begins with the batch that was open last, or with a file.
    pub fn start(&mut self, file: Option<PathBuf>, sheet: Option<String>) -> Vec<Effect> {
        self.begin();
        match file {
            Some(path) => self.import.open(path, sheet, context!(self)),
            None => self.import.open_batch(None, context!(self)),
        }
        std::mem::take(&mut self.out)
    }

    /// Begins with what there is to go on with.
    pub fn start_today(&mut self) -> Vec<Effect> {
        self.begin();
        self.import.show_today(context!(self));
        std::mem::take(&mut self.out)
    }

    /// Begins with a batch of the store.
    pub fn start_with(&mut self, batch: BatchId) -> Vec<Effect> {
        self.begin();
        self.import.open_batch(Some(batch), context!(self));
        std::mem::take(&mut self.out)
    }

    /// Tells what is asked by what came up: how often something was laid over the pane, and the list that asks about a file.
    fn asked(&self) -> (u64, Option<ImportStep>) {
        use ImportStep::{Columns, Header, Sheets, Versions};
        let asks = matches!(self.import.step(), Sheets | Versions | Header | Columns);
        (self.overlays.laid(), (asks && self.screen == Screen::Import).then(|| self.import.step()))
    }

    fn begin(&mut self) {
        self.out.push(Effect::ListFolder(self.import.folder().to_path_buf()));
        self.mouse.start(context!(self));
    }

    /// Takes a message; returns what the outside must do.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let is_someone = matches!(msg, Msg::Key(_) | Msg::HastyKey(_) | Msg::Paste(_) | Msg::Burst(_) | Msg::Mouse(_));
        match msg {
            // The key that brings the screen back does nothing else: nobody could see what it would do.
            _ if is_someone && self.privacy.wake() => {}
            Msg::Time(now) => self.pass(now),
            Msg::Key(chord) if self.input.is_early() => self.hasty_key(chord, "status.too-early"),
            Msg::Key(chord) => self.key(chord),
            Msg::HastyKey(chord) => self.hasty_key(chord, "status.too-fast"),
            Msg::Paste(text) => self.paste(&text),
            Msg::Burst(keys) => self.burst(&keys),
            Msg::Mouse(pointed) => self.point(pointed),
            Msg::Resize(columns, rows) => self.size = (columns, rows),
            Msg::HangUp => self.leave(),
            report => {
                let before = self.asked();
                self.report(report);
                if before != self.asked() && !self.is_awaited_list() {
                    self.input.has_come_up();
                }
            }
        }
        self.settled()
    }

    /// Runs a command; one that cannot be used now says so in the status.
    pub fn order(&mut self, command: Command) -> Vec<Effect> {
        self.run_if_possible(command);
        self.settled()
    }

    /// Has the file that is asked about, else the batch on screen, else the files to come checked under a profile.
    pub fn check_under(&mut self, profile: &str) -> Vec<Effect> {
        match self.overlays.open() {
            Some(Overlay::Choose(_)) => {
                self.overlays.close();
                self.import.answer_profile(profile.to_string(), context!(self));
            }
            _ if self.roster.batch().is_some() => self.change_profile(Some(profile.to_string())),
            _ => self.import.read_under(profile.to_string()),
        }
        self.settled()
    }

    /// Has the batch on screen checked under another profile; nobody changes it until it is there again.
    fn change_profile(&mut self, profile: Option<String>) {
        if !self.holds(Command::ChangeProfile.spec().when) || self.roster.is_reading() {
            return self.roster.refuse(Command::ChangeProfile, context!(self));
        }
        self.roster.recheck();
        let name = |batch: &Batch| self.locale.profile_name(batch.context().profile()).to_string();
        let before = self.roster.batch().map_or_else(String::new, name);
        self.import.change_profile(before, profile, context!(self));
    }

    /// Asks for the profile of a file or a batch.
    fn ask_for_profile(&mut self, about: Choosing) {
        let own =
            self.roster.batch().filter(|_| about == Choosing::BatchProfile).map(|batch| batch.context().profile());
        let words = |profile: &Profile| format!("{}  {}", self.locale.profile_name(profile), profile.document);
        let mut options: Vec<(String, String)> =
            self.profiles.iter().map(|profile| (profile.id.clone(), words(profile))).collect();
        let at = options.iter().position(|(id, _)| own.is_some_and(|own| own.id == *id)).unwrap_or(0);
        let title = match own {
            Some(_) => {
                options.push((String::new(), self.locale.text("ui.profile.by-rows").to_string()));
                self.locale.fill("ui.profile.title", &[("profile", &self.roster.profile_told(&self.locale))])
            }
            None => {
                let name = self.import.path().and_then(Path::file_name).map(|name| name.to_string_lossy());
                text::visible(&name.unwrap_or_default()).into_owned()
            }
        };
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, about, options, at)));
    }

    /// Asks in which encoding the file in hand is read.
    fn ask_for_encoding(&mut self) {
        if !self.import.has_encoding() {
            return context!(self).warn("status.no-encoding");
        }
        let words = |encoding: TextEncoding| {
            let about = self.locale.text(&format!("encoding.{}", encoding.key())).to_string();
            (encoding.key().to_string(), format!("{}  {about}", encoding.key()))
        };
        let found = (String::new(), self.locale.text("ui.encoding.found").to_string());
        let options: Vec<(String, String)> =
            std::iter::once(found).chain(TextEncoding::ALL.into_iter().map(words)).collect();
        let given = self.import.given_encoding().map_or("", TextEncoding::key);
        let at = options.iter().position(|(name, _)| name == given).unwrap_or(0);
        let title = self.locale.text("ui.encoding.title").to_string();
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Encoding, options, at)));
    }

    /// Puts a text into the line of the overlay, in place of what stands there.
    pub fn type_over(&mut self, text: &str) -> Vec<Effect> {
        let change = |prompt: &mut Prompt| {
            prompt.set("");
            prompt.insert(text);
        };
        if let Some(intent) = self.overlays.type_in(change, &self.roster) {
            self.fulfil(intent);
        }
        self.settled()
    }

    /// Tells whether something that was begun is still under way: a file, a change, numbers, an export, a list.
    pub fn is_busy(&self) -> bool {
        let is_saving = !self.roster.saving().is_done() && !self.roster.saving().failed;
        self.import.is_opening()
            || self.import.awaits_today()
            || self.roster.is_reading()
            || is_saving
            || self.roster.is_allocating()
            || self.roster.is_making()
            || self.roster.is_choosing()
            || self.export.is_busy()
            || self.answers.is_reading()
            || self.recipes.is_asked()
            || self.overlays.is_waiting()
    }

    /// Tells whether nothing lies over the pane and nothing is asked or typed.
    fn is_bare(&self) -> bool {
        !self.overlays.is_open() && self.line_question.is_none() && self.roster.edit().is_none()
    }

    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        self.overlays.place().unwrap_or_else(|| self.base_place())
    }

    /// Gives the place below the overlay.
    pub fn base_place(&self) -> Place {
        if self.roster.edit().is_some() || self.line_question.is_some() {
            return Place::Prompt;
        }
        match (self.screen, self.import.step(), self.roster.grid().focus) {
            (Screen::Import, ImportStep::Browse, _) => Place::Browser,
            (Screen::Import, ImportStep::Today, _) => Place::Today,
            (Screen::Import, ImportStep::Batches, _) => Place::Batches,
            (Screen::Import, ImportStep::Sheets, _) => Place::Sheets,
            (Screen::Import, ImportStep::Versions, _) => Place::Versions,
            (Screen::Import, ImportStep::Header, _) => Place::Header,
            (Screen::Import, ImportStep::Columns, _) => Place::Columns,
            (Screen::Roster, _, Focus::Grid) => Place::Grid,
            (Screen::Roster, _, Focus::Record) => Place::Record,
            (Screen::Roster, _, Focus::Findings) => Place::Findings,
            (Screen::Export, ..) => Place::Export,
            (Screen::Ledger, ..) => self.ledger.content().place(),
        }
    }

    /// Gives the areas of the roster screen.
    pub fn layout(&self) -> Layout {
        let grid = self.roster.grid();
        let wanted = self.roster.gutter() + grid.look.whole(&grid.fields);
        let layout = Layout::of(self.size, grid.focus, (wanted, grid.fields.len() as u16));
        let is_told = self.roster.grid().shown.is_some() || !self.roster.grid().marks.is_empty();
        if is_told { layout.with_heading() } else { layout }
    }

    fn run_if_possible(&mut self, command: Command) {
        if self.holds(command.spec().when) {
            self.run(command);
        } else {
            self.roster.refuse(command, context!(self));
        }
    }

    fn run(&mut self, command: Command) {
        let before = match command {
            Command::Suspend | Command::Repaint => StatusLine::default(),
            _ => std::mem::take(&mut self.status),
        };
        self.overlays.keep_answer_for(command);
        if self.step_difference(command) {
            return;
        }
        match self.intent(command) {
            Some(intent) => self.fulfil(intent),
            None => self.run_own(command, &before),
        }
        if command == Command::History && matches!(self.overlays.open(), Some(Overlay::History(_))) {
            self.roster.store(StoreJob::TellSteps, context!(self));
        }
        self.leave_unasked();
    }

    /// Has whatever a command is of run it; `None` where it is about more than one pane.
    fn intent(&mut self, command: Command) -> Option<Intent> {
        let below = Below { roster: &self.roster, question: self.line_question.as_ref() };
        let to = context!(self);
        self.overlays
            .update(command, &below, to)
            .or_else(|| self.roster.update(command, to))
            .or_else(|| self.import.update(command, &self.roster, to))
            .or_else(|| self.export.update(command, &self.roster, self.import.folder(), to))
            .or_else(|| self.ledger.update(command, to))
    }

    fn run_own(&mut self, command: Command, before: &StatusLine) {
        match command {
            Command::Accept => self.accept(),
            Command::TurnLine => self.turn_line(),
            Command::FieldBefore => self.previous_field(),
            Command::Up | Command::Down if self.line_question.is_some() => self.step_field(command),
            Command::KeepCopy => self.keep_copy(),
            Command::TakeOver => self.ask_to_take_over(),
            Command::Recipes => self.ask_for_recipes(false),
            Command::NoteFact => self.ask_fact(),
            Command::ShowProof => self.show_proof(),
            Command::PrintData => self.ask_to_print(),
            Command::ScreenBatch => self.screen_batch(),
            Command::Forms | Command::Checklist | Command::HandIns | Command::Statistics => self.open_papers(command),
            Command::ChangeProfile if self.roster.is_reading() => context!(self).warn("status.still-reading"),
            Command::ChangeProfile => self.ask_for_profile(Choosing::BatchProfile),
            Command::FillFrom => self.ask_for_source(),
            Command::Reshape => self.ask_to_reshape(),
            Command::CompareWith => self.ask_what_to_compare(),
            Command::ChangeEncoding => self.ask_for_encoding(),
            Command::ListSheets => self.list_sheets(),
            Command::Backup => {
                // One backup at a time.
                if !std::mem::replace(&mut self.backing_up, true) {
                    self.out.push(Effect::BackUp);
                }
                context!(self).say_key("status.backing-up");
            }
            Command::Ledger => {
                self.ledger.open(self.screen);
                self.screen = Screen::Ledger;
            }
            Command::Back => self.back(before),
            Command::Theme => self.out.push(Effect::TurnTheme),
            Command::Mouse => self.mouse.turn(context!(self)),
            Command::Suspend => self.out.push(Effect::Suspend),
            Command::Repaint => self.out.push(Effect::Repaint),
            Command::Blank => self.blank(),
            Command::Quit => self.quit(),
            movement if movement.is_movement() => self.go(movement),
            _ => {}
        }
    }

    /// Opens the import pane at the file list.
    fn browse(&mut self) {
        self.screen = Screen::Import;
        self.import.browse(context!(self));
    }

    /// Brings cursor, scroll and stored view in line with the state; gives what the outside must do.
    fn settled(&mut self) -> Vec<Effect> {
        let layout = self.layout();
        self.roster.settle(&layout, self.size.0);
        // What was to bring the batch anew has come to something else, or to nothing.
        if !self.import.is_opening() {
            self.roster.end_recheck();
        }
        self.tell_of_several();
        self.ask_before_dropping();
        self.overlays.settle();
        self.ledger.settle(self.screen, context!(self));
        self.settle_privacy();
        self.mouse.settle(self.place(), context!(self));
        self.roster.save_view(context!(self));
        std::mem::take(&mut self.out)
    }
}
