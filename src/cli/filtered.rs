//! Which rows a verb is about (`--where`): the same filters that are typed in the workbench; of several all must hold.

use clap::Args;

use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::roster::RowId;
use crate::domain::selection::{Chosen, Condition, Marks, RowSelection, Shown};
use crate::failure::Failure;
use crate::words::Locale;

#[derive(Debug, Clone, Args)]
pub struct FilterArgs {
    #[arg(long = "where", value_name = "FILTER", help = "where")]
    filters: Vec<String>,
}

impl FilterArgs {
    /// Tells whether only some rows are meant.
    pub fn is_given(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Lists the rows that are meant, in the order of the file; nothing for all of them.
    ///
    /// # Errors
    /// Nobody knows what one of the filters means, or no row is left.
    pub fn rows(&self, batch: &Batch, locale: &Locale) -> Result<Option<Vec<RowId>>, Failure> {
        if !self.is_given() {
            return Ok(None);
        }
        let read = |typed: &String| {
            let word = locale.filter_word(&typed.trim().to_lowercase()).map(Ok);
            word.unwrap_or_else(|| locale.read_filter(typed, batch)).map_err(|fault| {
                let why = locale.filter_fault(&fault, batch);
                usage(locale, "cli.bad-filter", &[("why", &why)])
            })
        };
        let conditions = self.filters.iter().map(read).collect::<Result<Vec<Condition>, Failure>>()?;
        let selection = RowSelection { conditions, order: None };
        let rows = Shown::new(selection, Chosen { batch, marks: &Marks::default() }).in_file_order();
        if rows.is_empty() {
            return Err(usage(locale, "cli.filter-empty", &[]));
        }
        Ok(Some(rows))
    }
}
