//! What is done to columns, and which rows are left, in words.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::recipe::RecipePlan;
use crate::domain::replace::Replaced;
use crate::domain::reshape::{ReshapeAct, ReshapeFault, ReshapeMasks, Reshaped, Reshaping};
use crate::domain::roster::{CellSource, RowId};
use crate::domain::sheet::{Field, SourceColumn};
use crate::domain::spared::LeftWhy;
use crate::domain::text;

/// So many rows are named of each reason.
const NAMED: usize = 20;

/// Masks what stands in a cell of a row, and what would be put there.
type ShownTexts<'a> = dyn Fn(RowId, Field, [&str; 2]) -> [String; 2] + 'a;

impl Locale {
    pub fn reshape_act(&self, act: ReshapeAct) -> String {
        self.text(&format!("reshape.act.{}", act.key())).to_string()
    }

    pub fn reshape_fault(&self, fault: ReshapeFault) -> String {
        self.text(&format!("reshape.fault.{}", fault.key())).to_string()
    }

    /// Names a column that a text comes from.
    pub fn cell_source(&self, source: CellSource, batch: &Batch) -> String {
        match source {
            CellSource::Field(field) => batch.context().sheet().label(field).to_string(),
            CellSource::Aside(at) => {
                let label = batch.roster().columns.source.get(at).map(SourceColumn::label_in_line).unwrap_or_default();
                self.fill("reshape.aside", &[("label", &label)])
            }
        }
    }

    /// Names the change.
    pub fn reshape_title(&self, reshaping: &Reshaping, batch: &Batch) -> String {
        let from: Vec<String> = reshaping.from().iter().map(|source| self.cell_source(*source, batch)).collect();
        let places =
            [("act", &*self.reshape_act(reshaping.act())), ("columns", &from.join(self.text("finding.comma")))];
        self.fill("reshape.title", &places)
    }

    /// Lists what holds something else than what goes there, then for each reason the rows that are left for it.
    pub fn reshape_left(
        &self,
        (reshaping, reshaped): (&Reshaping, &Reshaped),
        batch: &Batch,
        masks: Option<&ReshapeMasks>,
    ) -> Vec<String> {
        let key = if reshaping.also_filled() { "reshape.written-over" } else { "reshape.stays" };
        self.left_told(key, reshaped, batch, &|row, field, [cell, after]| match masks {
            Some(masks) => [text::visible(&batch.masked(row, field, cell)).into_owned(), masks.shown(field, after)],
            None => [cell, after].map(|text| text::visible(text).into_owned()),
        })
    }

    /// Lists the same of a recipe.
    pub fn recipe_left(&self, plan: &RecipePlan, batch: &Batch) -> Vec<String> {
        let masked = |row, field, text: &str| text::visible(&batch.masked(row, field, text)).into_owned();
        self.left_told("reshape.stays", &plan.left, batch, &|row, field, texts| {
            texts.map(|text| masked(row, field, text))
        })
    }

    fn left_told(&self, key: &str, reshaped: &Reshaped, batch: &Batch, shown: &ShownTexts<'_>) -> Vec<String> {
        let roster = batch.roster();
        let filled = reshaped.filled.iter().take(NAMED).map(|(row, field, after)| {
            let [here, after] = shown(*row, *field, [roster.cell(*row, *field), after]);
            let (line, column) = (self.row_in_part(batch, *row), batch.context().sheet().label(*field));
            self.fill(key, &[("row", &line), ("column", column), ("here", &here), ("after", &after)])
        });
        let mut told: Vec<String> = filled.collect();
        if NAMED < reshaped.filled.len() {
            let rest = (reshaped.filled.len() - NAMED).to_string();
            told.push(self.fill("reshape.more-cells", &[("n", &rest)]));
        }
        told.extend(self.rows_left(&reshaped.replaced, batch));
        told
    }

    /// Lists for each reason the rows that are left for it.
    pub fn rows_left(&self, replaced: &Replaced, batch: &Batch) -> Vec<String> {
        let mut told = Vec::new();
        for why in LeftWhy::ALL {
            let rows = replaced.rows_left(why);
            if !rows.is_empty() {
                let places = [("n", &*rows.len().to_string()), ("rows", &self.rows_in_parts(batch, &rows, NAMED))];
                told.push(self.fill(&format!("reshape.left.{}", why.key()), &places));
            }
        }
        if !replaced.aside.is_empty() {
            told.push(self.fill("ui.preview.not-aside", &[("n", &replaced.aside.len().to_string())]));
        }
        told
    }
}
