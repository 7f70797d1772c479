//! Where one was before a file was read otherwise (换一种读法之前): whoever does not like what came of it goes back there.

use std::path::PathBuf;
use std::sync::Arc;

use super::header::FirstRows;
use super::{Import, ImportStep};
use crate::app::context::Context;
use crate::app::msg::Effect;
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, ColumnsBy, GivenReading, HeaderBy, SheetSpec};

/// What is shown of a file, and how it was read.
#[derive(Debug)]
pub(super) struct Before {
    step: ImportStep,
    at: usize,
    path: Option<PathBuf>,
    sheet: Option<String>,
    given: GivenReading,
    first_rows: FirstRows,
    header_row: Option<u32>,
    returns: bool,
    is_text: bool,
    columns: ColumnMap,
    taken_by: (ColumnsBy, HeaderBy),
    form: Option<Arc<SheetSpec>>,
    sample: Option<Arc<Block>>,
    is_matching: bool,
}

impl Import {
    /// Takes note of what is shown; nothing where that is the list of files, or one of several sheets that wait.
    pub(super) fn before_reading(&mut self) -> Option<Box<Before>> {
        if self.reads_several() || !matches!(self.step, ImportStep::Header | ImportStep::Columns) {
            return None;
        }
        // Further back is where one was before the first try.
        if let Some(before) = self.before.take_if(|before| before.path == self.path) {
            return Some(before);
        }
        Some(Box::new(Before {
            step: self.step,
            at: self.at,
            path: self.path.clone(),
            sheet: self.sheet.clone(),
            given: self.given.clone(),
            first_rows: self.first_rows.clone(),
            header_row: self.header_row,
            returns: self.returns,
            is_text: self.is_text,
            columns: self.columns.clone(),
            taken_by: self.taken_by,
            form: self.form.clone(),
            sample: self.sample.clone(),
            is_matching: self.is_matching,
        }))
    }

    /// Gives up what the file is being read as, and shows what was there before; tells whether there was anything.
    pub(super) fn back_to_before(&mut self, to: &mut Context<'_>) -> bool {
        let is_listing = matches!(self.step, ImportStep::Browse | ImportStep::Batches);
        let Some(before) = self.before.take().filter(|_| !is_listing) else { return false };
        self.outdate();
        if self.opening || self.is_matching {
            to.push(Effect::StopReading);
        }
        self.leave_sheets();
        (self.step, self.at, self.opening, self.is_matching) = (before.step, before.at, false, before.is_matching);
        (self.path, self.sheet, self.given) = (before.path, before.sheet, before.given);
        (self.first_rows, self.header_row, self.returns) = (before.first_rows, before.header_row, before.returns);
        (self.is_text, self.taken_by) = (before.is_text, before.taken_by);
        (self.columns, self.form, self.sample) = (before.columns, before.form, before.sample);
        true
    }
}
