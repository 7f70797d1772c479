//! The decoder pane (解码): a line that is typed or pasted, and what it is found to be at each key.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::intent::Intent;
use crate::app::prompt::Prompt;
use crate::app::roster::RosterPane;
use crate::domain::code::CertCode;
use crate::domain::decoder::{Decoder, Examination, NumberKind, Proposal};
use crate::domain::ledger::KnownCertificate;
use crate::domain::profile::Profile;
use crate::domain::registry::Institution;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

#[derive(Debug)]
pub struct DecoderPane {
    prompt: Prompt,
    /// The cursor among the proposals.
    at: usize,
    /// What the text is.
    found: Examination,
    /// The rows of the roster whose 证书编号 or 证件号码 it is.
    hits: Vec<RowId>,
    /// What the ledger has under the code, once it has answered; personal data masked.
    held: Option<Box<KnownCertificate>>,
    /// Whether the line began with a number of an unmasked row: it goes when the row is masked again.
    is_lent: bool,
    /// The code the ledger was asked for.
    asked: Option<CertCode>,
    /// Everything the text is read with.
    decoder: Decoder,
}

impl DecoderPane {
    pub fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// Gives the cursor among the proposals.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Tells what the text is.
    pub fn found(&self) -> &Examination {
        &self.found
    }

    /// Gives the rows of the roster whose 证书编号 or 证件号码 it is.
    pub fn hits(&self) -> &[RowId] {
        &self.hits
    }

    /// Gives what the ledger has under the code, once it has answered; personal data masked.
    pub fn held(&self) -> Option<&KnownCertificate> {
        self.held.as_deref()
    }

    /// Gives everything the text is read with.
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Lists the proposals of every reading, the best reading's first.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.found.candidates.iter().flat_map(|c| &c.nearest)
    }

    /// Gives the institution whose prefix the text begins with, where the registry knows it.
    pub fn institution(&self) -> Option<&Institution> {
        let is_code = self
            .found
            .candidates
            .iter()
            .any(|c| matches!(c.kind, NumberKind::Certificate | NumberKind::InstitutionPrefix));
        let owner = self.decoder.tables().registry.of_code(&self.found.text);
        owner.filter(|one| is_code && self.decoder.is_own(one))
    }

    /// Begins with the code of the cursor's row, or with the ID number under the cursor where it is unmasked.
    pub(super) fn open(roster: &RosterPane, profiles: &[Arc<Profile>]) -> Option<DecoderPane> {
        let batch = roster.batch()?;
        let context = batch.context();
        let mut profiles = profiles.to_vec();
        if profiles.is_empty() {
            profiles.push(context.profile().clone());
        }
        let decoder = Decoder::new(profiles, context.tables().clone(), context.today());
        let row = roster.row();
        // A number that is masked on screen is not spelt out here either.
        let is_shown = row.is_some() && roster.unmasked() == row;
        let is_lent = roster.grid().field() == Field::IdNumber && is_shown;
        let field = if is_lent { Field::IdNumber } else { Field::Code };
        let text = row.map_or("", |row| batch.roster().cell(row, field));
        let mut clean = Prompt::default();
        clean.insert(text);
        let prompt = Prompt::chosen(clean.text());
        let found = decoder.examine(prompt.text());
        Some(DecoderPane { prompt, at: 0, found, hits: Vec::new(), held: None, is_lent, asked: None, decoder })
    }

    /// Examines what is typed now, and has the ledger asked for a code in it that it was not asked for.
    pub(super) fn look_again(&mut self, roster: &RosterPane) -> Intent {
        let Some(batch) = roster.batch() else { return Intent::Nothing };
        self.found = self.decoder.examine(self.prompt.text());
        let text = self.found.text.to_ascii_uppercase();
        self.hits = batch.rows_with(Field::Code, &text);
        self.hits.extend(batch.rows_with(Field::IdNumber, &text));
        let code = CertCode::new(&text);
        if self.asked == code {
            return Intent::Nothing;
        }
        (self.asked, self.held) = (code, None);
        Intent::decode(code)
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt), roster: &RosterPane) -> Intent {
        self.at = 0;
        change(&mut self.prompt);
        self.look_again(roster)
    }

    /// Puts the proposal under the cursor into the line; it counts only once it stands there and reads.
    pub(super) fn update(&mut self, command: Command, roster: &RosterPane) -> Option<Intent> {
        if command != Command::TakeProposal {
            return None;
        }
        let chosen = self.proposals().nth(self.at).map(|proposal| proposal.text.clone());
        if let Some(text) = chosen {
            self.prompt.set(text);
            self.at = 0;
        }
        Some(self.look_again(roster))
    }

    /// Empties the line where it began with a number of an unmasked row.
    pub(super) fn mask(&mut self, roster: &RosterPane) -> Intent {
        if !std::mem::take(&mut self.is_lent) {
            return Intent::Nothing;
        }
        self.prompt.set("");
        self.look_again(roster)
    }

    /// Takes what the ledger has under a code, where that is still the one in the line.
    pub(super) fn take(&mut self, code: CertCode, held: Option<Box<KnownCertificate>>) {
        if self.asked == Some(code) {
            self.held = held;
        }
    }
}
