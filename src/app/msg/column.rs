//! Work on columns that may take a while: values are counted, those that mean the same found, cells replaced.

use std::sync::Arc;

use crate::app::overlay::Narrowing;
use crate::domain::batch::ColumnMask;
use crate::domain::replace::{MaskedValue, Reach, Replaced, Replacing};
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::Field;
use crate::domain::values::ColumnValues;
use crate::domain::values::groups::ValueGroup;
use crate::failure::Failure;

/// What is wanted of columns of the roster on screen.
#[derive(Debug)]
pub enum ColumnAsk {
    Count {
        roster: Box<Roster>,
        field: Field,
        /// The rows with an error in the column.
        wrong: Vec<RowId>,
    },
    Group(Arc<ColumnValues>),
    /// Values, by their places, are each to be set to a text.
    Set(Arc<ColumnValues>, Vec<(usize, Arc<str>)>, ColumnMask),
    Replace {
        roster: Box<Roster>,
        replacing: Replacing,
        reach: Reach,
        /// How what becomes of values is told.
        masks: Vec<ColumnMask>,
    },
}

/// What came of it.
#[derive(Debug)]
pub enum ColumnAnswer {
    Counted(Arc<ColumnValues>, Arc<Narrowing>),
    Grouped(Vec<ValueGroup>),
    Replaced(Replaced, Vec<MaskedValue>),
    Failed(Failure),
}
