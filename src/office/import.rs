//! Imports (导入): a file on its way into the store, block by block.

use crate::domain::ledger::BatchId;
use crate::domain::roster::Block;
use crate::domain::sheet::SkippedRun;
use crate::store::{NewBatch, Skipped, Store, StoreError};

/// A batch whose rows are being stored. It counts as whole only after [`BatchImport::complete`].
#[derive(Debug)]
pub(super) struct BatchImport {
    pub batch: BatchId,
    blocks: u32,
}

impl BatchImport {
    /// Makes a batch of a file that was opened; it has no rows yet.
    pub fn begin(store: &Store, new: &NewBatch) -> Result<BatchImport, StoreError> {
        Ok(BatchImport { batch: store.create_batch(new)?, blocks: 0 })
    }

    /// Stores the next rows, and which rows of the file were left out among them.
    pub fn add(&mut self, store: &Store, block: &Block, skipped: &[SkippedRun]) -> Result<(), StoreError> {
        store.add_block(self.batch, self.blocks, block, &Skipped::of_runs(skipped))?;
        self.blocks += 1;
        Ok(())
    }

    /// Notes that all rows are stored; `sha256` is the digest of the file where it could be read again.
    pub fn complete(&self, store: &Store, rows: u32, sha256: Option<&str>) -> Result<(), StoreError> {
        store.complete_batch(self.batch, rows, sha256)
    }
}
