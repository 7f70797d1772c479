//! The conversation (逐行模式): the workbench's screen state, told line by line and answered line by line.
//!
//! A [`Talk`] holds the same [`App`] that the screens are drawn from and asks it for the same commands; it only finds words for
//! what there is and a command for what was answered. Whoever runs it brings lines and reports, does the effects and writes
//! what is [said](Talk::take_said). What begins is answered before the next line is taken, so that a script of answers has one
//! meaning.

mod acts;
mod answer;
mod batches;
mod change;
mod decode;
mod export;
mod findings;
mod header;
mod import;
mod lookup;
mod numbers;
mod papers;
mod record;
mod rows;
mod select;
mod sheets;
mod summary;
mod texts;
mod topic;
mod values;

use std::path::PathBuf;

use acts::PlainAct;
use answer::{MenuItem, Picked, folded, is_yes, pick};
use papers::paper_topic;
use topic::Topic;

use crate::app::command::Command;
use crate::app::import::ImportStep;
use crate::app::msg::{Effect, Msg};
use crate::app::overlay::{Choosing, Overlay};
use crate::app::{App, Screen, StatusLine};
use crate::domain::ledger::BatchId;
use crate::domain::selection::RowSelection;
use crate::domain::text;

/// How many lines of a list are told at once.
const PAGE: usize = 10;

/// The longest part of an answer that is repeated to whoever typed it, in characters.
const REPEATED: usize = 60;

/// What was filtered by before a filter was set for one fill.
#[derive(Debug)]
struct Lent(RowSelection);

#[derive(Debug)]
pub struct Talk {
    app: App,
    /// Where one is in the roster, and the first line told of the list there; the last is in hand.
    spots: Vec<(Topic, usize)>,
    /// The first line told of a list that is no place in the roster.
    from: usize,
    /// The topic of the last question.
    last: Option<Topic>,
    /// Topics whose choices have been listed once.
    listed: Vec<Topic>,
    /// The column of the file whose field is being chosen.
    target: Option<usize>,
    /// What is asked next of an export.
    writing: Topic,
    /// What is asked next of an allocation.
    taking: Topic,
    /// A filter was set for one fill.
    lent: Option<Lent>,
    /// A batch has come whose rows have not been told of.
    arrived: bool,
    /// The first rows of a file whose columns are asked about have not come.
    sampling: bool,
    /// The cell that was being typed into when the session before ended.
    resumed: bool,
    /// Questions to the outside without an answer.
    waiting: usize,
    /// The ledger's ask without an answer.
    asking: Option<u64>,
    /// The store job up to which it was told that all is saved.
    told: u64,
    asked: bool,
    /// What can be done is to be listed with a sentence each.
    explaining: bool,
    /// The answer was none: only the question is repeated.
    repeating: bool,
    /// The values that are being counted are to be grouped.
    wants_groups: bool,
    said: Vec<String>,
    effects: Vec<Effect>,
}

impl Talk {
    /// Begins over a fresh screen state, with a file or with the batch that was open last.
    pub fn start(app: App, file: Option<PathBuf>, sheet: Option<String>) -> (Talk, Vec<Effect>) {
        let is_alone = file.is_none();
        let (mut talk, mut effects) = Talk::begin(app, |app| app.start(file, sheet));
        if is_alone {
            // The first question waits for it.
            talk.waiting += 1;
            effects.push(Effect::Today);
        }
        (talk, effects)
    }

    /// Begins with a batch of the store.
    pub fn start_with(app: App, batch: BatchId) -> (Talk, Vec<Effect>) {
        Talk::begin(app, |app| app.start_with(batch))
    }

    fn begin(mut app: App, start: impl FnOnce(&mut App) -> Vec<Effect>) -> (Talk, Vec<Effect>) {
        app.keymap = app.keymap.in_words(&acts::ELSEWHERE);
        let mut talk = Talk {
            app,
            spots: vec![(Topic::Menu, 0)],
            from: 0,
            last: None,
            listed: Vec::new(),
            target: None,
            writing: Topic::What,
            taking: Topic::Plan,
            lent: None,
            arrived: false,
            sampling: false,
            resumed: false,
            waiting: 0,
            asking: None,
            told: 0,
            asked: false,
            explaining: false,
            repeating: false,
            wants_groups: false,
            said: Vec::new(),
            effects: Vec::new(),
        };
        talk.say_key("plain.hello");
        let effects = start(&mut talk.app);
        talk.effects.extend(effects);
        let effects = talk.turn();
        (talk, effects)
    }

    /// Tells whether the next line can be taken.
    pub fn is_ready(&self) -> bool {
        self.waiting == 0 && self.asking.is_none() && !self.sampling && !self.app.is_busy()
    }

    /// Gives what has been said since: lines, each ended by a line feed.
    pub fn take_said(&mut self) -> String {
        self.said.drain(..).map(|line| line + "\n").collect()
    }

    /// Says how far what is under way has come, for whoever waits long.
    pub fn tell_progress(&mut self) {
        let rows = self.app.roster.batch().filter(|b| !b.complete).map(|b| b.roster().len().to_string());
        match rows {
            Some(n) => self.say_filled("plain.still-reading", &[("n", &n)]),
            None => self.say_key("plain.still-busy"),
        }
    }

    /// Takes a line that was typed.
    pub fn hear(&mut self, line: &str) -> Vec<Effect> {
        self.asked = false;
        let topic = self.topic();
        if topic.takes_text() {
            self.hear_text(topic, line.trim_end_matches('\r'));
        } else {
            self.hear_choice(topic, line);
        }
        self.turn()
    }

    /// Takes a line that is no text, or longer than any answer.
    pub fn hear_garbled(&mut self) -> Vec<Effect> {
        self.asked = false;
        self.say_key("plain.garbled");
        self.repeating = true;
        self.turn()
    }

    /// Takes a report from the outside.
    pub fn report(&mut self, msg: Msg) -> Vec<Effect> {
        match &msg {
            Msg::Folder { .. }
            | Msg::FolderFailed(_)
            | Msg::Batches(_)
            | Msg::Today(_)
            | Msg::Compared { .. }
            | Msg::Forgotten(_)
            | Msg::Lacks { is_asked: true, .. }
            | Msg::Recipes(_)
            | Msg::RecipeKept(_) => {
                self.waiting = self.waiting.saturating_sub(1);
            }
            Msg::Ledger { seq, .. } => drop(self.asking.take_if(|asked| *asked <= *seq)),
            Msg::Rows { .. } | Msg::ReadDone(_) | Msg::ReadFailed { .. } => self.sampling = false,
            _ => {}
        }
        if let Msg::Today(Ok(Some(facts))) = &msg {
            self.tell_today(facts);
        }
        let is_counted = matches!(msg, Msg::Worked { .. });
        let (was_reading, is_opened) = (self.app.roster.is_reading(), matches!(msg, Msg::Opened(_)));
        // What was asked of the roster before is nothing to this one; what comes along with it is asked from here on.
        if was_reading && matches!(msg, Msg::ReadDone(_) | Msg::ReadFailed { .. }) {
            self.app.overlays.close_if(|overlay| !matches!(overlay, Overlay::Confirm(_)));
        }
        let effects = self.app.update(msg);
        self.effects.extend(effects);
        if is_counted && std::mem::take(&mut self.wants_groups) && self.values().is_some() {
            self.order(Command::GroupValues);
        }
        self.arrived |= was_reading && !self.app.roster.is_reading();
        self.sampling |= is_opened && self.topic() == Topic::Columns;
        self.turn()
    }

    /// Leaves: the input has ended or the terminal is gone. What stood on the unfinished line is kept as half typed where it
    /// was to go into a cell; it is an answer to no other question.
    pub fn end(&mut self, unfinished: &str) -> Vec<Effect> {
        self.give_filter_back();
        if !self.resumed {
            if unfinished.trim().is_empty() {
                self.app.roster.stop_typing();
            } else {
                self.app.roster.type_over(unfinished);
            }
        }
        let effects = self.app.update(Msg::HangUp);
        self.effects.extend(effects);
        std::mem::take(&mut self.effects)
    }

    /// Says good-bye, and whether all is saved.
    pub fn say_good_bye(&mut self) {
        self.say_key(if self.app.roster.saving().is_done() { "plain.bye" } else { "plain.bye-unsaved" });
    }

    /// Gives what is asked about: what the screen state asks by itself, else the place in the roster.
    fn topic(&self) -> Topic {
        let spot = self.spots.last().map_or(Topic::Menu, |(topic, _)| *topic);
        if spot == Topic::Profiles {
            return spot;
        }
        match self.app.overlays.open() {
            Some(Overlay::Preview(_)) => return Topic::Preview,
            Some(Overlay::Confirm(_)) => return Topic::Confirm,
            Some(Overlay::Plan(_)) => return self.taking,
            Some(Overlay::Import(_)) => return Topic::Import,
            Some(Overlay::Decoder(_)) => return Topic::Decode,
            Some(Overlay::Lookup(_)) => return Topic::LookUp,
            Some(Overlay::Choose(pane)) if pane.about() == Choosing::Encoding => return Topic::Encodings,
            Some(Overlay::Choose(pane)) if pane.about() == Choosing::Answers => return Topic::Answers,
            Some(Overlay::Choose(pane)) if pane.about() == Choosing::Recipe => return Topic::Recipes,
            Some(Overlay::Choose(pane)) if pane.about().is_of_rows() || pane.about().is_of_filters() => {
                return Topic::Choice;
            }
            Some(Overlay::Choose(pane)) if matches!(pane.about(), Choosing::Form(_)) => return Topic::Choice,
            Some(Overlay::Choose(_)) => return Topic::Profiles,
            Some(Overlay::Papers(pane)) => return paper_topic(pane),
            Some(Overlay::Summary(_)) => return Topic::Summary,
            Some(Overlay::Values(_) | Overlay::Replace(_)) => {
                return self.value_topic().unwrap_or(Topic::Menu);
            }
            _ => {}
        }
        if self.app.roster.edit().is_some() {
            return if self.resumed { Topic::Resumed } else { Topic::Value };
        }
        if self.app.line_question.is_some() {
            return Topic::Typed;
        }
        match (self.app.screen, self.app.import.step()) {
            (Screen::Import, ImportStep::Browse) => Topic::Files,
            // Nobody is led there: its facts were told as lines.
            (Screen::Import, ImportStep::Today) => Topic::Files,
            (Screen::Import, ImportStep::Batches) => Topic::Batches,
            (Screen::Import, ImportStep::Sheets) => Topic::Sheets,
            (Screen::Import, ImportStep::Versions) => Topic::Versions,
            (Screen::Import, ImportStep::Header) => Topic::Header,
            (Screen::Import, ImportStep::Columns) if self.target.is_some() => Topic::Fields,
            (Screen::Import, ImportStep::Columns) => Topic::Columns,
            (Screen::Export, _) => self.writing,
            _ => spot,
        }
    }

    /// Goes on once nothing is under way: says what came of the last answer and asks the next question.
    fn turn(&mut self) -> Vec<Effect> {
        if self.is_ready() && self.effects.iter().all(|e| !waits(e)) {
            self.settle();
        }
        for effect in &self.effects {
            match effect {
                Effect::ListFolder(_)
                | Effect::ListBatches
                | Effect::PutAway { .. }
                | Effect::ForgetColumns { .. }
                | Effect::PlanRecipes(_)
                | Effect::KeepRecipe { .. }
                | Effect::Lacks { .. }
                | Effect::Compare { .. } => self.waiting += 1,
                Effect::Ledger { seq, .. } => self.asking = Some(*seq),
                _ => {}
            }
        }
        std::mem::take(&mut self.effects)
    }

    fn settle(&mut self) {
        if std::mem::take(&mut self.arrived) {
            self.tell_arrival();
        }
        let is_new = self.say_status();
        self.give_filter_back();
        if self.effects.iter().any(|e| matches!(e, Effect::Quit)) || (self.asked && !is_new) {
            return;
        }
        self.asked = true;
        let topic = self.topic();
        if self.last != Some(topic) {
            self.from = 0;
        }
        let is_first = !self.listed.contains(&topic);
        self.tell(topic, is_first);
        self.last = Some(topic);
    }

    /// Says what the status line would show, and that it is on disk; tells whether there was anything.
    fn say_status(&mut self) -> bool {
        let StatusLine { text, is_bad, .. } = std::mem::take(&mut self.app.status);
        let is_saved = self.told < self.app.roster.saving().sent && self.app.roster.saving().is_done();
        self.told = self.app.roster.saving().sent;
        if text.is_empty() {
            return false;
        }
        let key = match (is_bad, is_saved) {
            (true, _) => "plain.note",
            (false, true) => "plain.done-saved",
            (false, false) => "plain.done",
        };
        self.say_filled(key, &[("text", text::unstopped(&text))]);
        true
    }

    fn hear_choice(&mut self, topic: Topic, line: &str) {
        let typed = folded(line);
        if typed.is_empty() {
            return self.nothing_said(topic);
        }
        if matches!(topic, Topic::Preview | Topic::Confirm) && is_yes(line) {
            return self.order(Command::Apply);
        }
        if is_yes(line) {
            // Whoever says yes twice means no command that begins so.
            self.say_key("plain.nothing-asked");
            self.repeating = true;
            return;
        }
        if typed == "0" {
            return self.back(topic);
        }
        if typed == "?" {
            return self.explain(topic);
        }
        if topic == Topic::Sheets && self.take_several_sheets(&typed) {
            return;
        }
        if topic == Topic::Values && self.take_several_values(&typed) {
            return;
        }
        if topic == Topic::ValueGroup && self.take_form_out(line) {
            return;
        }
        if topic.is_place() && (self.take_named(line) || self.take_with_column(line)) {
            return;
        }
        match pick(&self.choices(topic), &typed) {
            Picked::One(act) => self.act(topic, act),
            Picked::Several(titles) => {
                let titles = titles.join(self.app.locale.text("finding.comma"));
                self.say_filled("plain.several", &[("titles", &titles)]);
                self.repeating = true;
            }
            Picked::Unknown if topic == Topic::Files && self.take_path(line) => {}
            Picked::Unknown if topic.is_place() && self.take_verb(line) => {}
            Picked::Unknown => self.say_unknown(line),
        }
    }

    fn hear_text(&mut self, topic: Topic, line: &str) {
        let typed = folded(line);
        match &*typed {
            "" => return self.nothing_said(topic),
            "0" => return self.back(topic),
            "?" => return self.explain(topic),
            _ => {}
        }
        for (command, back) in [(Command::Back, true), (Command::Quit, false)] {
            let title = self.app.locale.text(&command.title_key()).to_lowercase();
            if typed == command.spec().name || typed == title {
                return if back { self.back(topic) } else { self.order(Command::Quit) };
            }
        }
        self.take_text(topic, line.strip_prefix(['=', '＝']).unwrap_or(line));
    }

    /// Takes Enter alone: the next page, or what the question said it would do; else the question is repeated in full.
    fn nothing_said(&mut self, topic: Topic) {
        if self.shown_until(topic) < self.count(topic) {
            return self.turn_page(topic, true);
        }
        if !self.take_default(topic) {
            self.listed.retain(|t| *t != topic);
        }
    }

    fn order(&mut self, command: Command) {
        let effects = self.app.order(command);
        self.effects.extend(effects);
    }

    /// Brings the screen state in line with what was set in it.
    fn settle_app(&mut self) {
        let (columns, rows) = self.app.size;
        let effects = self.app.update(Msg::Resize(columns, rows));
        self.effects.extend(effects);
    }

    /// Goes to a place in the roster; one that is on the way already is gone back to.
    fn go(&mut self, topic: Topic) {
        match self.spots.iter().position(|(t, _)| *t == topic) {
            Some(at) => self.spots.truncate(at + 1),
            None => self.spots.push((topic, 0)),
        }
    }

    /// Puts the filter back that was in force before one was set for a fill.
    fn give_filter_back(&mut self) {
        if self.lent.is_none() || self.app.overlays.is_open() || self.app.line_question.is_some() {
            return;
        }
        let (Some(Lent(before)), Some(batch)) = (self.lent.take(), self.app.roster.batch()) else { return };
        let row = self.app.roster.row().unwrap_or(0);
        let shown = self.app.roster.grid().choose(before, batch).filter(|shown| shown.has(row));
        self.app.roster.put_shown(shown);
        self.settle_app();
    }

    fn say_key(&mut self, key: &str) {
        let line = self.app.locale.text(key).to_string();
        self.say(&line);
    }

    fn say_filled(&mut self, key: &str, places: &[(&str, &str)]) {
        let line = self.app.locale.fill(key, places);
        self.say(&line);
    }

    /// Says a line, whatever stands in it made visible: this is the only way to the terminal.
    fn say(&mut self, line: &str) {
        self.said.push(text::visible(line).into_owned());
    }

    /// Makes a choice that is known by its name.
    fn choice(&self, act: PlainAct, numbered: bool) -> MenuItem<PlainAct> {
        let title = self.app.locale.text(&act.title_key()).to_string();
        MenuItem { name: act.name().to_string(), title, act, numbered }
    }
}

/// Tells whether an effect is answered by a report.
fn waits(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::ListFolder(_)
            | Effect::ListBatches
            | Effect::PutAway { .. }
            | Effect::ForgetColumns { .. }
            | Effect::PlanRecipes(_)
            | Effect::KeepRecipe { .. }
            | Effect::Lacks { .. }
            | Effect::Compare { .. }
            | Effect::Ledger { .. }
    )
}
