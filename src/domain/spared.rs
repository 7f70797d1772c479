//! What is left alone whatever is done to columns (不动的行): what an allocation gave, codes that were handed in, rows of which the
//! cells stand beside where they belong, and those that were put aside.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::batch::{Batch, asked};
use super::ledger::{KnownCertificate, Status};
use super::roster::RowId;
use super::sheet::Field;
use super::vocabulary::vocabulary;

vocabulary! {
    /// Why a row is left as it is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LeftWhy {
        Missing = "missing",
        Several = "several",
        /// Of one of the two parts, or of all that stands there, there would be nothing.
        OneSided = "one-sided",
        /// A cell that something would go to holds something else.
        Filled = "filled",
        /// The ledger gave what stands there.
        Given = "given",
        /// The authority has the certificate under this code: it changes by a case (个案) or not at all.
        HandedIn = "handed-in",
        /// Its cells stand beside where they belong, or crosswise.
        Moved = "moved",
    }
}

/// What is left alone, besides the rows that the roster says were put aside.
#[derive(Debug, Clone, Default)]
pub struct Spared {
    given: HashSet<(RowId, Field), RandomState>,
    handed_in: HashSet<RowId, RandomState>,
    moved: HashSet<RowId, RandomState>,
}

impl Spared {
    pub fn of(batch: &Batch) -> Spared {
        let lasting = batch.history().applied().iter().filter(|step| step.lasting);
        let has_it = |known: &&KnownCertificate| {
            matches!(known.status, Status::Submitted | Status::Accepted | Status::Published)
        };
        let rows = |known: &KnownCertificate| {
            let mut rows = batch.rows_with(Field::Code, known.code.as_str());
            // Somebody else's row bears it by mistake, and may be mended.
            rows.retain(|row| asked(Field::IdNumber, batch.roster().cell(*row, Field::IdNumber)) == *known.person);
            rows
        };
        Spared {
            handed_in: batch.context().known.certificates().iter().filter(has_it).flat_map(rows).collect(),
            given: lasting.flat_map(|step| step.edits.iter().map(|edit| (edit.row, edit.field))).collect(),
            moved: batch.moved_rows().collect(),
        }
    }

    /// Tells why a cell is left alone, if it is.
    pub fn why(&self, row: RowId, field: Field) -> Option<LeftWhy> {
        if self.has_moved(row) {
            return Some(LeftWhy::Moved);
        }
        if field == Field::Code && !self.handed_in.is_empty() && self.handed_in.contains(&row) {
            return Some(LeftWhy::HandedIn);
        }
        (!self.given.is_empty() && self.given.contains(&(row, field))).then_some(LeftWhy::Given)
    }

    pub fn has_moved(&self, row: RowId) -> bool {
        !self.moved.is_empty() && self.moved.contains(&row)
    }
}
