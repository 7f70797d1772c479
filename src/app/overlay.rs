//! What lies over a pane: help, palette, preview, history, questions, look-up.

use super::command::{COMMANDS, Command, Place};
use super::decoder::DecoderPane;
use super::ledger::Question;
use super::ledger::plan::PlanPane;
use super::lookup::LookupPane;
use super::prompt::Prompt;
use super::{App, key::Chord};
use crate::domain::roster::Change;

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
        /// The cursor.
        at: usize,
    },
    /// A change before it is made (预览).
    Preview(Box<Preview>),
    /// The steps so far (修改历史).
    History {
        /// The cursor.
        at: usize,
    },
    /// The decoder (解码).
    Decoder(Box<DecoderPane>),
    /// A question that only `y` says yes to (确认).
    Confirm {
        /// The question.
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
}

/// A question answered by a line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choose {
    /// What is about to be done.
    pub title: String,
    /// The question.
    pub question: Question,
    /// The answers: the name each is known by, and its words.
    pub options: Vec<(String, String)>,
    /// The cursor.
    pub at: usize,
}

/// A change that is shown before it is made.
#[derive(Debug)]
pub struct Preview {
    /// The change.
    pub change: Change,
    /// How many cells of which kind.
    pub kinds: Vec<(String, usize)>,
    /// A remark, such as whether the fix is safe; may be empty.
    pub note: String,
    /// The first edit shown.
    pub at: usize,
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
    /// The command.
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
        let typed = typed.trim().to_lowercase();
        let mut lines: Vec<(u8, CommandLine)> = COMMANDS
            .iter()
            .filter(|c| c.is_in(place))
            .filter_map(|c| {
                let rank = self.rank(c.id, &typed)?;
                let keys = c.keys_in(place).iter().map(|k| shown_keys(k)).collect::<Vec<_>>().join(" ");
                Some((rank, CommandLine { command: c.id, keys, enabled: c.when.holds(self) }))
            })
            .collect();
        lines.sort_by_key(|(rank, _)| *rank);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Ranks a command against a typed text: 0 begins with it, 1 holds it, 2 holds its letters in order.
    fn rank(&self, command: Command, typed: &str) -> Option<u8> {
        let (title, help) = (command.title_key(), command.help_key());
        let texts = [command.spec().name.to_string(), self.locale.text(&title).to_lowercase()];
        if texts.iter().any(|t| t.starts_with(typed)) {
            return Some(0);
        }
        if texts.iter().any(|t| t.contains(typed)) {
            return Some(1);
        }
        if texts.iter().any(|t| in_order(t, typed)) {
            return Some(2);
        }
        self.locale.text(&help).to_lowercase().contains(typed).then_some(3)
    }

    /// Runs the command under the palette's cursor.
    pub(super) fn run_chosen(&mut self) {
        let Some(Overlay::Palette { prompt, at }) = &self.overlay else { return };
        let chosen = self.command_lines(prompt.text()).get(*at).cloned();
        self.overlay = None;
        match chosen {
            Some(line) if line.enabled => self.run(line.command),
            Some(line) => self.refuse(line.command),
            None => {}
        }
    }
}

/// Writes a row of keys as people read it: `Ctrl-R`, `gg`.
pub fn shown_keys(keys: &str) -> String {
    Chord::read_all(keys).iter().map(ToString::to_string).collect()
}

fn in_order(text: &str, letters: &str) -> bool {
    let mut rest = text.chars();
    letters.chars().all(|c| rest.any(|r| r == c))
}
