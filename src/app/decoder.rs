//! The decoder pane (解码): a line that is typed or pasted, and what it is found to be at each key.

use super::App;
use super::overlay::Overlay;
use super::prompt::Prompt;
use crate::domain::decoder::{Decoder, Examination, Proposal};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// The decoder pane.
#[derive(Debug)]
pub struct DecoderPane {
    /// What is typed.
    pub prompt: Prompt,
    /// The cursor among the proposals.
    pub at: usize,
    /// What the text is.
    pub found: Examination,
    /// The rows of the roster whose 证书编号 or 证件号码 it is.
    pub hits: Vec<RowId>,
    /// Everything the text is read with.
    pub decoder: Decoder,
}

impl DecoderPane {
    /// Lists the proposals of every reading, the best reading's first.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.found.candidates.iter().flat_map(|c| &c.nearest)
    }
}

impl App {
    /// Opens the decoder with the code of the cursor's row, or with the ID number under the cursor where it is unmasked.
    pub(super) fn open_decoder(&mut self) {
        let Some(batch) = &self.batch else { return };
        let context = batch.context();
        let mut profiles = self.profiles.clone();
        if profiles.is_empty() {
            profiles.push(context.profile.clone());
        }
        let decoder = Decoder::new(profiles, context.tables.clone(), context.today);
        // A number that is masked on screen is not spelt out here either.
        let is_shown = self.row().is_some() && self.grid.unmasked == self.row();
        let field = if self.grid.field() == Field::IdNumber && is_shown { Field::IdNumber } else { Field::Code };
        let text = self.row().map_or("", |row| batch.roster().cell(row, field));
        let mut prompt = Prompt::default();
        prompt.insert(text);
        let found = decoder.examine(prompt.text());
        let pane = DecoderPane { prompt, at: 0, found, hits: Vec::new(), decoder };
        self.overlay = Some(Overlay::Decoder(Box::new(pane)));
        self.look_again();
    }

    /// Examines what is typed now, where the decoder is open.
    pub(super) fn look_again(&mut self) {
        let (Some(Overlay::Decoder(pane)), Some(batch)) = (&mut self.overlay, &self.batch) else { return };
        pane.found = pane.decoder.examine(pane.prompt.text());
        let text = pane.found.text.to_ascii_uppercase();
        pane.hits = batch.rows_with(Field::Code, &text);
        pane.hits.extend(batch.rows_with(Field::IdNumber, &text));
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
