//! What is read and worked out beside the roster on screen: what its cells are filled from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::matching::{FillKind, FillPlan, FillSource, FillWish};

/// What is wanted beside the batch on screen, which comes along as it stands now.
#[derive(Debug)]
pub enum BesideAsk {
    /// What cells are filled from is to be read: a file, or what is on record.
    FillSource { kind: FillKind, path: PathBuf, id: Option<BatchId>, batch: Batch },
    /// It is to be found out what would be filled.
    PlanFill { source: Arc<FillSource>, wish: FillWish, batch: Batch },
}

/// What came of it.
#[derive(Debug)]
pub enum BesideAnswer {
    FillSource(Arc<FillSource>),
    FillPlan(FillPlan),
}
