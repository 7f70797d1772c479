//! Work on columns that may take a while: values are counted, those that mean the same found, cells replaced.

use std::sync::Arc;

use super::{BesideAnswer, BesideAsk};
use crate::app::overlay::Narrowing;
use crate::domain::batch::{Batch, ColumnMask, Findings};
use crate::domain::recipe::PlannedRecipe;
use crate::domain::replace::{MaskedValue, Reach, Replaced, Replacing};
use crate::domain::roster::{CellSource, Roster};
use crate::domain::sheet::SheetSpec;
use crate::domain::spared::Spared;
use crate::domain::summary::Summary;
use crate::domain::values::ColumnValues;
use crate::domain::values::groups::{KeptApart, ValueGroup};
use crate::failure::Failure;

/// What is wanted of columns of the roster on screen.
#[derive(Debug)]
pub enum ColumnAsk {
    Count {
        batch: Box<Batch>,
        column: CellSource,
    },
    Group(Arc<ColumnValues>),
    /// Values, by their places, are each to be set to a text.
    Set {
        values: Arc<ColumnValues>,
        to: Vec<(usize, Arc<str>)>,
        spared: Spared,
        /// How what becomes of values is told.
        mask: ColumnMask,
    },
    /// What a batch holds is to be counted.
    Sum {
        roster: Box<Roster>,
        findings: Findings,
        form: Arc<SheetSpec>,
    },
    Replace {
        batch: Box<Batch>,
        replacing: Replacing,
        reach: Reach,
    },
    /// Something is to be read beside the roster.
    Beside(Box<BesideAsk>),
}

/// What recipes would do to the batch on screen is to be worked out.
#[derive(Debug)]
pub struct RecipeAsk {
    pub roster: Roster,
    pub spared: Spared,
    pub form: Arc<SheetSpec>,
    /// The store job that brought the batch on screen.
    pub switched: u64,
    /// Nobody has asked: what fits is offered, and nothing else is said.
    pub is_offer: bool,
}

/// What came of that.
#[derive(Debug)]
pub struct RecipesPlanned {
    pub switched: u64,
    pub is_offer: bool,
    pub planned: Result<Vec<PlannedRecipe>, Failure>,
}

/// What came of it.
#[derive(Debug)]
pub enum ColumnAnswer {
    /// The values, and how they are shown.
    Counted(Arc<ColumnValues>, Arc<Narrowing>, Box<ColumnMask>),
    /// The groups, and what is in none because it differs by the form of a company.
    Grouped(Vec<ValueGroup>, KeptApart),
    Summed(Box<Summary>),
    Replaced(Replaced, Vec<MaskedValue>),
    Beside(BesideAnswer),
    Failed(Failure),
}
