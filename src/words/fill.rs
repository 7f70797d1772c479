//! What would be filled from elsewhere, in words: a sentence for all of it, a line for what stands in the way.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::masked_change::ShownChange;
use crate::domain::matching::{FillKind, FillPlan, FillSource};
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What stands in the way of filling.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FillTrouble {
        Unmatched = "unmatched",
        Ambiguous = "ambiguous",
        /// One of several rows that are the same row of the source.
        Shared = "shared",
        /// A row of the source.
        Repeated = "repeated",
        /// The source has an ID number that lost its last digits.
        Eaten = "eaten",
        /// The source has only a masked text.
        Masked = "masked",
        Differing = "differing",
    }
}

/// A row or a cell that is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillLine {
    pub trouble: FillTrouble,
    /// The row as its spreadsheet numbers it.
    pub row: u32,
    /// Whose row it is; empty for one of the source.
    pub name: String,
    /// The label of the column, what stands here, and in the source.
    pub cell: Option<(String, ShownChange)>,
}

impl Locale {
    /// Names where cells are filled from.
    pub fn fill_source(&self, source: &FillSource) -> String {
        match source.kind {
            FillKind::File => text::visible(&source.name).into_owned(),
            kind => self.text(&format!("fill.from.{}", kind.key())).to_string(),
        }
    }

    /// Names the change that fills.
    pub fn fill_title(&self, source: &FillSource) -> String {
        self.fill("fill.title", &[("source", &self.fill_source(source))])
    }

    /// Names what a row is known by.
    pub fn fill_keys(&self, keys: &[Vec<Field>], form: &SheetSpec) -> String {
        let key = |key: &Vec<Field>| key.iter().map(|field| form.label(*field)).collect::<Vec<_>>().join("+");
        keys.iter().map(key).collect::<Vec<_>>().join(self.text("fill.or"))
    }

    /// Says in one sentence what is found; `also_filled` where what differs is written over.
    pub fn fill_summed(&self, plan: &FillPlan, also_filled: bool) -> String {
        let rows = plan.matched.len() + plan.unmatched.len() + plan.ambiguous.len();
        let places = [
            ("rows", rows),
            ("matched", plan.matched.len()),
            ("unmatched", plan.unmatched.len()),
            ("ambiguous", plan.ambiguous.len()),
        ];
        let places = places.map(|(place, n)| (place, n.to_string()));
        let mut told = self.fill("fill.summed", &places.each_ref().map(|(place, n)| (*place, n.as_str())));
        let differing = if also_filled { "fill.summed-written-over" } else { "fill.summed-differing" };
        for (key, n) in [
            ("fill.summed-repeated", plan.repeated.len()),
            (differing, plan.differing.len()),
            ("fill.summed-lost-here", plan.lost[0]),
            ("fill.summed-lost-there", plan.lost[1]),
            ("fill.summed-eaten", plan.eaten.len()),
            ("fill.summed-masked", plan.masked.len()),
        ] {
            if n != 0 {
                told += &self.fill(key, &[("n", &n.to_string())]);
            }
        }
        told
    }

    /// Lists what stands in the way: rows that match nothing, those of which nothing tells which they are, cells that differ.
    pub fn fill_lines<'a>(
        &'a self,
        plan: &'a FillPlan,
        source: &'a FillSource,
        batch: &'a Batch,
        masked: bool,
    ) -> impl Iterator<Item = FillLine> + 'a {
        let roster = batch.roster();
        let line = move |trouble, row: RowId| {
            let cell = roster.cell(row, Field::Name);
            let name = if masked { Field::Name.masked(cell) } else { cell.to_string() };
            FillLine { trouble, row: roster.line(row), name: text::visible(&name).into_owned(), cell: None }
        };
        let repeated = plan.repeated.iter().filter(|_| source.kind == FillKind::File);
        let repeated = repeated.map(|row| FillLine {
            trouble: FillTrouble::Repeated,
            row: source.line(*row),
            name: String::new(),
            cell: None,
        });
        let differing = plan.differing.iter().map(move |(row, field, theirs)| {
            let label = batch.context().sheet().label(*field).to_string();
            let texts = self.change_shown(*field, [roster.cell(*row, *field), theirs], masked);
            FillLine { cell: Some((label, texts)), ..line(FillTrouble::Differing, *row) }
        });
        let stars = plan.masked.iter().map(move |(row, field, theirs)| {
            let label = batch.context().sheet().label(*field).to_string();
            let theirs = if masked { field.masked(theirs) } else { theirs.to_string() };
            let texts = [String::new(), text::visible(&theirs).into_owned()];
            FillLine { cell: Some((label, texts.into())), ..line(FillTrouble::Masked, *row) }
        });
        let of = move |trouble, rows: &'a [RowId]| rows.iter().map(move |row| line(trouble, *row));
        let is_shared = |row: &&RowId| plan.shared.binary_search(row).is_ok();
        let untold = plan.ambiguous.iter().filter(move |row| !is_shared(row));
        of(FillTrouble::Unmatched, &plan.unmatched)
            .chain(untold.map(move |row| line(FillTrouble::Ambiguous, *row)))
            .chain(of(FillTrouble::Shared, &plan.shared))
            .chain(repeated)
            .chain(of(FillTrouble::Eaten, &plan.eaten))
            .chain(stars)
            .chain(differing)
    }

    /// Writes one of them in a line.
    pub fn fill_told(&self, line: &FillLine) -> String {
        let (label, change) = line.cell.clone().unwrap_or_default();
        let unseen = self.changed_unseen(&change);
        let [here, theirs] = change.texts;
        let theirs = theirs + &unseen;
        let places = [
            ("row", &*line.row.to_string()),
            ("name", &line.name),
            ("column", &label),
            ("here", &here),
            ("theirs", &theirs),
        ];
        self.fill(&format!("fill.line.{}", line.trouble.key()), &places)
    }
}
