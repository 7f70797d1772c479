//! What becomes of corrections in the organiser's next version, in words.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::masked_change::masked_change;
use crate::domain::matching::{CarriedCell, CarryOver};
use crate::domain::roster::{Roster, RowId, RowWhat};
use crate::domain::sheet::Field;
use crate::domain::text;

impl Locale {
    /// Names the change that carries the corrections of a batch over.
    pub fn carry_title(&self, from: BatchId) -> String {
        self.fill("carry.title", &[("batch", &from.to_string())])
    }

    /// Says in one sentence what becomes of the corrections.
    pub fn carry_summed(&self, found: &CarryOver) -> String {
        let places = [
            ("carried", found.carried.len()),
            ("done", found.done),
            ("conflicts", found.conflicts.len()),
            ("lost", found.lost.len()),
        ]
        .map(|(place, n)| (place, n.to_string()));
        let summed = self.fill("carry.summed", &places.each_ref().map(|(place, n)| (*place, n.as_str())));
        summed + &self.carried_sayings(found).unwrap_or_default()
    }

    /// Says what becomes of rows that were put aside, and of notes; nothing where there are none.
    fn carried_sayings(&self, found: &CarryOver) -> Option<String> {
        let count = |what| found.said.iter().filter(|said| said.what == what).count();
        let places =
            [("aside", count(RowWhat::Aside)), ("notes", count(RowWhat::Note)), ("lost", found.said_lost.len())]
                .map(|(place, n)| (place, n.to_string()));
        let is_any = !found.said.is_empty() || !found.said_lost.is_empty();
        is_any.then(|| self.fill("carry.said", &places.each_ref().map(|(place, n)| (*place, n.as_str()))))
    }

    /// Tells the rows that were put aside, and those with notes, that the new version does not have.
    pub fn sayings_lost_told<'a>(
        &'a self,
        found: &'a CarryOver,
        before: &'a Batch,
        masked: bool,
    ) -> impl Iterator<Item = String> + 'a {
        let roster = before.roster();
        found.said_lost.iter().map(move |(row, what)| {
            let said = self.said_of_row(*what, roster.said(*row, *what).map(|text| &**text));
            let places = [
                ("row", roster.line(*row).to_string()),
                ("name", name(roster, *row, masked)),
                ("said", text::visible(&said).into_owned()),
            ];
            self.fill("carry.said-lost", &places.each_ref().map(|(place, text)| (*place, text.as_str())))
        })
    }

    /// Gives what was imported, what was made of it, and what the new version has.
    pub fn carried_texts(cell: &CarriedCell, masked: bool) -> [String; 3] {
        let texts = [&cell.imported, &cell.mine, &cell.theirs];
        if !masked {
            return texts.map(|text| text::visible(text).into_owned());
        }
        let [imported, _] = masked_change(cell.field, &cell.imported, &cell.mine).texts;
        let [mine, theirs] = masked_change(cell.field, &cell.mine, &cell.theirs).texts;
        [imported, mine, theirs]
    }

    /// Tells a cell that both changed.
    pub fn conflict_told(&self, cell: &CarriedCell, now: &Batch, masked: bool) -> String {
        let shown = |text: String| if text.is_empty() { self.text("answers.blank").to_string() } else { text };
        let [imported, mine, theirs] = Locale::carried_texts(cell, masked).map(shown);
        let places = [
            ("row", now.roster().line(cell.rows.1).to_string()),
            ("name", name(now.roster(), cell.rows.1, masked)),
            ("column", now.context().sheet().label(cell.field).to_string()),
            ("imported", imported),
            ("mine", mine),
            ("theirs", theirs),
        ];
        self.fill("carry.conflict", &places.each_ref().map(|(place, text)| (*place, text.as_str())))
    }

    /// Tells the corrections whose rows the new version does not have.
    pub fn lost_told<'a>(
        &'a self,
        found: &'a CarryOver,
        before: &'a Batch,
        masked: bool,
    ) -> impl Iterator<Item = String> + 'a {
        let roster = before.roster();
        found.lost.iter().map(move |(row, field)| {
            let texts = [roster.imported(*row, *field), roster.cell(*row, *field)];
            let change = self.change_shown(*field, texts, masked);
            let places = [
                ("row", roster.line(*row).to_string()),
                ("name", name(roster, *row, masked)),
                ("column", before.context().sheet().label(*field).to_string()),
                ("mine", change.texts[1].clone() + &self.changed_unseen(&change)),
            ];
            self.fill("carry.lost", &places.each_ref().map(|(place, text)| (*place, text.as_str())))
        })
    }
}

fn name(roster: &Roster, row: RowId, masked: bool) -> String {
    let name = roster.cell(row, Field::Name);
    text::visible(&if masked { Field::Name.masked(name) } else { name.to_string() }).into_owned()
}
