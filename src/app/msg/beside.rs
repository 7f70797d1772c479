//! What is read and worked out beside the roster on screen: what its cells are filled from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::batch::{Batch, FixPlan};
use crate::domain::ledger::BatchId;
use crate::domain::matching::{CarryOver, FillKind, FillPlan, FillSource, FillWish, RosterDifference};
use crate::domain::replace::{MaskedValue, TakenBack};
use crate::domain::reshape::{ReshapeMasks, Reshaped, Reshaping};
use crate::domain::roster::RowId;
use crate::domain::selection::Shown;

/// What a roster is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EarlierVersion {
    File(PathBuf),
    Batch(BatchId),
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
    /// The step, and what goes back with it.
    Back(usize, TakenBack),
    /// The earlier version, and how the roster differs from it.
    Difference(Box<Batch>, RosterDifference),
    /// The batch of which corrections come along, and what becomes of them.
    CarryOver(Box<Batch>, CarryOver),
}
