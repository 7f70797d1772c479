//! What is read and worked out beside the roster on screen: what its cells are filled from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::batch::{Batch, FixPlan, SamePlan, SameText, Saying};
use crate::domain::ledger::BatchId;
use crate::domain::matching::{CarryOver, FillKind, FillPlan, FillSource, FillWish, RosterDifference};
use crate::domain::replace::{MaskedValue, TakenBack};
use crate::domain::reshape::{ReshapeMasks, Reshaped, Reshaping};
use crate::domain::roster::{RowEdit, RowId};
use crate::domain::selection::Shown;
use crate::domain::sheet::Field;

/// What a roster is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EarlierVersion {
    File(PathBuf),
    Batch(BatchId),
}

/// As what a text for a column is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameTold {
    pub field: Field,
    pub title: String,
    /// Which rows it is about.
    pub words: String,
    /// Whether it fills only blank cells first, or all; `None` where there is no such choice.
    pub blank_first: Option<bool>,
}

/// What is wanted beside the batch on screen, which comes along as it stands now.
#[derive(Debug)]
pub enum BesideAsk {
    /// What cells are filled from is to be read: a file, or what is on record.
    FillSource { kind: FillKind, path: PathBuf, id: Option<BatchId>, batch: Batch },
    /// It is to be found out what would be filled.
    PlanFill { source: Arc<FillSource>, wish: FillWish, batch: Batch },
    /// It is to be found out what would become of columns of it.
    PlanReshape {
        reshaping: Reshaping,
        batch: Batch,
        /// All of them where none are named.
        rows: Option<Arc<[RowId]>>,
    },
    /// The safe fixes are to be worked out of what is found in the rows shown; of every row where none are chosen.
    PlanFixes { batch: Batch, shown: Option<Shown> },
    /// It is to be worked out what one text for a column changes.
    PlanSame { batch: Batch, wish: SameText, told: SameTold },
    /// The same of what is said of rows; with what else is told of it.
    PlanSaid { batch: Batch, saying: Saying, note: String },
    /// It is to be worked out what goes back with a step, or with one of its cells, by its place among them.
    PlanBack { batch: Batch, step: usize, only: Option<usize> },
    /// An earlier version is to be held against it.
    Compare { with: EarlierVersion, batch: Batch },
    /// What was corrected in a batch is to be carried over to it.
    CarryOver { from: BatchId, batch: Batch },
}

/// What came of it.
#[derive(Debug)]
pub enum BesideAnswer {
    FillSource(Arc<FillSource>),
    FillPlan(FillPlan),
    /// What becomes of columns, and of which values, and how they are shown.
    Reshaped(Box<Reshaped>, Vec<MaskedValue>, ReshapeMasks),
    Fixes(FixPlan),
    Same(SameTold, SamePlan),
    /// What is said of which rows, how many numbers in the ledger are of them, and what else is told.
    Said(Saying, Vec<RowEdit>, usize, String),
    /// The step, and what goes back with it.
    Back(usize, TakenBack),
    /// The earlier version, and how the roster differs from it.
    Difference(Box<Batch>, RosterDifference),
    /// The batch of which corrections come along, and what becomes of them.
    CarryOver(Box<Batch>, CarryOver),
}
