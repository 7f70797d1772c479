//! The commands that help and palette list, and the decoder: what lies over a pane and is about the pane below it.

use super::App;
use super::command::{COMMANDS, Command, shown_row};
use super::context::context;
use super::decoder::DecoderPane;
use super::ledger::request::LedgerRequest;
use super::overlay::Overlay;
use crate::domain::code::CertCode;
use crate::domain::ledger::KnownCertificate;
use crate::domain::lookup::{LookupQuery, Rank, SearchKey};
use crate::domain::sound::Spellings;

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
    /// Lists the commands of the pane below the overlay that match what was typed, best first; all of them while nothing is.
    pub fn command_lines(&self, typed: &str) -> Vec<CommandLine> {
        let place = self.base_place();
        let (query, mut spellings) = (LookupQuery::new(typed), Spellings::default());
        let mut lines: Vec<(Rank, CommandLine)> = COMMANDS
            .iter()
            .filter(|c| c.is_in(place))
            .filter_map(|c| {
                let title = c.id.title_key();
                let key = SearchKey::new(c.name, self.locale.text(&title), &self.help_of(c.id), &mut spellings);
                let (rank, _) = query.rank(&key, &spellings)?;
                let keys = self.keymap.keys(c.id, place).iter().map(|k| shown_row(k)).collect::<Vec<_>>().join(" ");
                Some((rank, CommandLine { command: c.id, keys, enabled: self.holds(c.when) }))
            })
            .collect();
        lines.sort_by_key(|(rank, _)| rank.broad());
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Gives the sentence that says what a command does in the pane below the overlay.
    pub fn help_of(&self, command: Command) -> String {
        self.keymap.help(&self.locale, command, &[self.base_place()])
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

impl App {
    pub(super) fn open_decoder(&mut self) {
        if let Some(pane) = DecoderPane::open(&self.roster, &self.profiles) {
            self.overlay = Some(Overlay::Decoder(Box::new(pane)));
            self.look_again();
        }
    }

    /// Examines what is typed now, where the decoder is open.
    pub(super) fn look_again(&mut self) {
        let (Some(Overlay::Decoder(pane)), Some(batch)) = (&mut self.overlay, self.roster.batch()) else { return };
        if let Some(code) = pane.look_again(batch) {
            self.ledger.request(LedgerRequest::Decode(code), context!(self));
        }
    }

    /// Takes what the ledger has under a code.
    pub(super) fn decoded(&mut self, code: CertCode, held: Option<Box<KnownCertificate>>) {
        if let Some(Overlay::Decoder(pane)) = &mut self.overlay {
            pane.take(code, held);
        }
    }

    pub(super) fn take_proposal(&mut self) {
        if let Some(Overlay::Decoder(pane)) = &mut self.overlay {
            pane.take_proposal();
            self.look_again();
        }
    }
}
