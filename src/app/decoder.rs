//! The decoder pane (解码): a line that is typed or pasted, and what it is found to be at each key.

use super::App;
use super::context::context;
use super::ledger::request::LedgerRequest;
use super::overlay::Overlay;
use super::prompt::Prompt;
use crate::domain::code::CertCode;
use crate::domain::decoder::{Decoder, Examination, Kind, Proposal};
use crate::domain::ledger::KnownCertificate;
use crate::domain::registry::Institution;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

#[derive(Debug)]
pub struct DecoderPane {
    pub prompt: Prompt,
    /// The cursor among the proposals.
    pub at: usize,
    /// What the text is.
    pub found: Examination,
    /// The rows of the roster whose 证书编号 or 证件号码 it is.
    pub hits: Vec<RowId>,
    /// What the ledger has under the code, once it has answered; personal data masked.
    pub held: Option<Box<KnownCertificate>>,
    /// Whether the line began with a number of an unmasked row: it goes when the row is masked again.
    pub(super) is_lent: bool,
    /// The code the ledger was asked for.
    asked: Option<CertCode>,
    /// Everything the text is read with.
    pub decoder: Decoder,
}

impl DecoderPane {
    /// Lists the proposals of every reading, the best reading's first.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.found.candidates.iter().flat_map(|c| &c.nearest)
    }

    /// Gives the institution whose prefix the text begins with, where the registry knows it.
    pub fn institution(&self) -> Option<&Institution> {
        let is_code =
            self.found.candidates.iter().any(|c| matches!(c.kind, Kind::Certificate | Kind::InstitutionPrefix));
        self.decoder.tables().registry.of_code(&self.found.text).filter(|_| is_code)
    }
}

impl App {
    /// Opens the decoder with the code of the cursor's row, or with the ID number under the cursor where it is unmasked.
    pub(super) fn open_decoder(&mut self) {
        let Some(batch) = self.roster.batch() else { return };
        let context = batch.context();
        let mut profiles = self.profiles.clone();
        if profiles.is_empty() {
            profiles.push(context.profile.clone());
        }
        let decoder = Decoder::new(profiles, context.tables.clone(), context.today);
        // A number that is masked on screen is not spelt out here either.
        let is_shown = self.roster.row().is_some() && self.roster.grid().unmasked == self.roster.row();
        let is_lent = self.roster.grid().field() == Field::IdNumber && is_shown;
        let field = if is_lent { Field::IdNumber } else { Field::Code };
        let text = self.roster.row().map_or("", |row| batch.roster().cell(row, field));
        let mut prompt = Prompt::default();
        prompt.insert(text);
        let found = decoder.examine(prompt.text());
        let pane = DecoderPane { prompt, at: 0, found, hits: Vec::new(), held: None, is_lent, asked: None, decoder };
        self.overlay = Some(Overlay::Decoder(Box::new(pane)));
        self.look_again();
    }

    /// Examines what is typed now, where the decoder is open.
    pub(super) fn look_again(&mut self) {
        let (Some(Overlay::Decoder(pane)), Some(batch)) = (&mut self.overlay, self.roster.batch()) else { return };
        pane.found = pane.decoder.examine(pane.prompt.text());
        let text = pane.found.text.to_ascii_uppercase();
        pane.hits = batch.rows_with(Field::Code, &text);
        pane.hits.extend(batch.rows_with(Field::IdNumber, &text));
        let code = CertCode::new(&text);
        if pane.asked != code {
            (pane.asked, pane.held) = (code, None);
            if let Some(code) = code {
                self.ledger.request(LedgerRequest::Decode(code), context!(self));
            }
        }
    }

    /// Takes what the ledger has under a code, where that is still the one in the line.
    pub(super) fn decoded(&mut self, code: CertCode, held: Option<Box<KnownCertificate>>) {
        if let Some(Overlay::Decoder(pane)) = &mut self.overlay
            && pane.asked == Some(code)
        {
            pane.held = held;
        }
    }

    /// Puts the proposal under the cursor into the line; it counts only once it stands there and reads.
    pub(super) fn take_proposal(&mut self) {
        let Some(Overlay::Decoder(pane)) = &mut self.overlay else { return };
        let Some(text) = pane.proposals().nth(pane.at).map(|p| p.text.clone()) else { return };
        pane.prompt.set(text);
        pane.at = 0;
        self.look_again();
    }
}
