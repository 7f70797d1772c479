//! What lies over a pane: help, palette, preview, history, questions, look-up.

use super::App;
use super::command::{COMMANDS, Command, Place, shown_row};
use super::context::context;
use super::decoder::DecoderPane;
use super::ledger::Choose;
use super::ledger::plan::PlanPane;
use super::lookup::LookupPane;
use super::prompt::Prompt;
use super::roster::Preview;
use super::text_page::TextOf;
use crate::domain::sound::{Heard, Spellings};
use crate::domain::text;

/// What lies over the pane.
#[derive(Debug)]
pub enum Overlay {
    /// The commands of the pane below (帮助).
    Help {
        /// What narrows the list.
        prompt: Prompt,
        /// The first line shown.
        at: usize,
    },
    /// The commands by name (命令面板).
    Palette {
        /// What narrows the list.
        prompt: Prompt,
        at: usize,
    },
    /// A change before it is made (预览).
    Preview(Box<Preview>),
    /// The steps so far (修改历史).
    History { at: usize },
    /// The decoder (解码).
    Decoder(Box<DecoderPane>),
    /// A question that only `y` says yes to (确认).
    Confirm {
        question: String,
        /// What `y` does.
        then: Confirm,
    },
    /// The look-up (查询).
    Lookup(Box<LookupPane>),
    /// Numbers for rows before they are taken (赋号).
    Plan(Box<PlanPane>),
    /// A question answered by a line of a list.
    Choose(Box<Choose>),
    /// A page of bare text (纯文本页).
    Text {
        /// What it tells of.
        of: TextOf,
        /// The first line shown.
        at: usize,
        /// The first row of it that is shown, where the terminal is narrower than the line.
        row: usize,
    },
    /// The tour of a first start (导览).
    Tour {
        /// The screen, from 0.
        page: usize,
        /// The first paragraph shown.
        at: usize,
    },
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Leaving although not everything is stored.
    Quit,
    /// Replacing an existing file.
    Replace,
    /// Taking a batch over from somebody else.
    TakeOver,
    /// Stopping a reading and throwing away what has come of it.
    Discard,
    /// Doing to the ledger what was asked about.
    Ledger,
}

impl Overlay {
    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        match self {
            Overlay::Help { .. } => Place::Help,
            Overlay::Palette { .. } => Place::Palette,
            Overlay::Preview(_) => Place::Preview,
            Overlay::History { .. } => Place::History,
            Overlay::Decoder(_) => Place::Decoder,
            Overlay::Confirm { .. } => Place::Confirm,
            Overlay::Lookup(_) => Place::Lookup,
            Overlay::Plan(_) => Place::Plan,
            Overlay::Choose(_) => Place::Choose,
            Overlay::Text { .. } => Place::Text,
            Overlay::Tour { .. } => Place::Tour,
        }
    }

    /// Gives the line of text that is being typed, if any.
    pub fn prompt(&mut self) -> Option<&mut Prompt> {
        match self {
            Overlay::Help { prompt, at } | Overlay::Palette { prompt, at } => {
                *at = 0;
                Some(prompt)
            }
            Overlay::Lookup(pane) => Some(&mut pane.prompt),
            Overlay::Decoder(pane) => {
                pane.at = 0;
                Some(&mut pane.prompt)
            }
            _ => None,
        }
    }
}

/// A line of help or palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    pub command: Command,
    /// Its keys in the place.
    pub keys: String,
    /// Whether it can be used now.
    pub enabled: bool,
}

impl App {
    /// Lists the commands of the pane below the overlay that match what was typed, best first.
    pub fn command_lines(&self, typed: &str) -> Vec<CommandLine> {
        let place = self.base_place();
        let typed: String = typed.trim().to_lowercase().chars().map(text::half_width).collect();
        let mut spellings = Spellings::default();
        let mut lines: Vec<(u8, CommandLine)> = COMMANDS
            .iter()
            .filter(|c| c.is_in(place))
            .filter_map(|c| {
                let rank = self.rank(c.id, &typed, &mut spellings)?;
                let keys = self.keymap.keys(c.id, place).iter().map(|k| shown_row(k)).collect::<Vec<_>>().join(" ");
                Some((rank, CommandLine { command: c.id, keys, enabled: self.holds(c.when) }))
            })
            .collect();
        lines.sort_by_key(|(rank, _)| *rank);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Gives the sentence that says what a command does in the pane below the overlay.
    pub fn help_of(&self, command: Command) -> String {
        self.keymap.help(&self.locale, command, &[self.base_place()])
    }

    /// Ranks a command against a typed text: 0 begins with it, 1 holds it, 2 sounds like it (pinyin or its initials),
    /// 3 holds its letters in order, 4 says it in its help.
    fn rank(&self, command: Command, typed: &str, spellings: &mut Spellings) -> Option<u8> {
        let title = command.title_key();
        let texts = [command.spec().name.to_string(), self.locale.text(&title).to_lowercase()];
        if texts.iter().any(|t| t.starts_with(typed)) {
            return Some(0);
        }
        if texts.iter().any(|t| t.contains(typed)) {
            return Some(1);
        }
        let letters: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if texts[1].contains(text::is_han) && letters.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            let sounds = spellings.sounds(&texts[1]);
            if spellings.heard(&sounds, letters.as_bytes()).is_some_and(|(heard, _)| heard < Heard::Scattered) {
                return Some(2);
            }
        }
        if texts.iter().any(|t| in_order(t, typed)) {
            return Some(3);
        }
        self.help_of(command).to_lowercase().contains(typed).then_some(4)
    }

    /// Runs the command under the palette's cursor.
    pub(super) fn run_chosen(&mut self) {
        let Some(Overlay::Palette { prompt, at }) = &self.overlay else { return };
        let chosen = self.command_lines(prompt.text()).get(*at).cloned();
        self.overlay = None;
        match chosen {
            Some(line) if line.enabled => self.run(line.command),
            Some(line) => self.roster.refuse(line.command, context!(self)),
            None => {}
        }
    }
}

fn in_order(text: &str, letters: &str) -> bool {
    let mut rest = text.chars();
    letters.chars().all(|c| rest.any(|r| r == c))
}
