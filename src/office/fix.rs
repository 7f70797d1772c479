//! The organiser's own table with fixes applied (修正稿).

use std::borrow::Cow;
use std::convert::Infallible;
use std::path::Path;

use super::Office;
use super::export::now;
use crate::domain::batch::Batch;
use crate::domain::sheet::Field;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::Failure;
use crate::formats::atomic;
use crate::formats::write_report::label;
use crate::formats::write_table::{TableCell, TableHead, write_table};

impl Office {
    /// Writes the table in the organiser's own columns; a column that was missing and has been filled comes after them, then
    /// the cells that stand beyond the header: without a label, so that they are found again. Counts the cells that could not
    /// be written as they are.
    pub fn write_fixed(
        &self,
        batch: &Batch,
        (target, format): (&Path, TableFormat),
        overwrite: bool,
        source: &Path,
    ) -> Result<usize, Failure> {
        let roster = batch.roster();
        let form = batch.context().sheet();
        let is_filled = |f: Field| (0..roster.len()).any(|row| !roster.cell(row, f).is_empty());
        let fields = form.columns.iter().map(|c| c.field);
        let added: Vec<Field> = fields.filter(|f| roster.columns.of(*f).is_none() && is_filled(*f)).collect();
        let mut labels: Vec<Cow<'_, str>> = roster.columns.source.iter().map(|c| label(&c.label, format)).collect();
        labels.extend(added.iter().map(|f| Cow::Borrowed(form.label(*f))));
        let rows = roster.len();
        let head = TableHead { format, sheet: "名册", labels, widths: Vec::new(), rows, created: now() };
        let mut made_safe = 0;
        let rows = (0..rows).map(|row| {
            let own = roster.columns.source.iter().enumerate().map(|(column, source)| match source.field {
                Some(field) => roster.cell(row, field),
                None => roster.source_cell(row, column),
            });
            let added = added.iter().map(|f| roster.cell(row, *f));
            let beyond = (roster.columns.source.len()..roster.source_width(row)).map(|c| roster.source_cell(row, c));
            let safe = |cell| {
                let safe = neutral(cell, format);
                made_safe += usize::from(safe != cell);
                safe.into()
            };
            Ok::<Vec<TableCell<'_>>, Infallible>(own.chain(added).chain(beyond).map(safe).collect())
        });
        self.spare_state(target)
            .and_then(|()| atomic::write(target, overwrite, Some(source), |out| write_table(out, target, &head, rows)))
            .map_err(|e| self.locale().write_failure(&e))?;
        Ok(made_safe)
    }
}
