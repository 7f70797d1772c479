//! The commands that help (帮助) and palette (命令面板) list.

use crate::app::command::{COMMANDS, Command, Keymap, Place, shown_row};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::prompt::Prompt;
use crate::domain::lookup::{LookupQuery, Rank, SearchKey};
use crate::domain::sound::Spellings;
use crate::words::Locale;

/// The state of help or palette.
#[derive(Debug, Default)]
pub struct CommandList {
    /// What narrows the list.
    prompt: Prompt,
    at: usize,
    /// The place that it is about, where that is not the pane below.
    about: Option<Place>,
}

/// A command as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCommand {
    pub command: Command,
    /// Its keys in the place.
    pub keys: String,
}

impl CommandList {
    /// Lists the commands of a place that lies over the pane.
    pub(super) fn about(place: Option<Place>) -> CommandList {
        CommandList { about: place, ..CommandList::default() }
    }

    /// Gives the place that it is about; `base` is that of the pane below.
    pub fn place(&self, base: Place) -> Place {
        self.about.unwrap_or(base)
    }

    /// Gives what narrows the list.
    pub fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt)) {
        self.at = 0;
        change(&mut self.prompt);
    }

    /// Lists the commands of its place that match what was typed, best first; all of them while nothing is.
    pub fn lines(&self, locale: &Locale, keymap: &Keymap, base: Place) -> Vec<ListedCommand> {
        let place = self.place(base);
        let (query, mut spellings) = (LookupQuery::new(self.prompt.text()), Spellings::default());
        let mut lines: Vec<(Rank, ListedCommand)> = COMMANDS
            .iter()
            .filter(|c| c.is_in(place))
            .filter_map(|c| {
                let title = c.id.title_key();
                let help = keymap.help(locale, c.id, &[place]);
                let key = SearchKey::new(c.name, locale.text(&title), &help, &mut spellings);
                let (rank, _) = query.rank(&key, &spellings)?;
                let keys = keymap.keys(c.id, place).iter().map(|k| shown_row(k)).collect::<Vec<_>>().join(" ");
                Some((rank, ListedCommand { command: c.id, keys }))
            })
            .collect();
        lines.sort_by_key(|(rank, _)| rank.broad());
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Runs the command under the cursor, in the place below.
    pub(super) fn update(&self, command: Command, to: &Context<'_>) -> Option<Intent> {
        if command != Command::RunChosen {
            return None;
        }
        let lines = self.lines(to.locale, to.keymap, to.places[1]);
        Some(lines.get(self.at).map_or(Intent::Leave, |line| Intent::Run(line.command)))
    }
}
