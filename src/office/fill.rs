//! Cells filled from elsewhere (补填): from another file, the ledger or the registry.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::roster::sorted_keys;
use super::{Office, Opening, RosterReading, RosterRefused};
use crate::domain::batch::{Batch, all_asked};
use crate::domain::ledger::BatchId;
use crate::domain::matching::FillSource;
use crate::failure::{Failure, FailureKind};

impl Office {
    /// Makes a source of another file that was read.
    ///
    /// # Errors
    /// It is not settled which columns it is made of.
    pub fn fill_from_file(&self, path: &Path, from: &Batch, of: &Batch) -> Result<FillSource, Failure> {
        self.is_settled(from)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(FillSource::of_file(name, from, of.context().sheet()))
    }

    /// Makes a source of what the ledger has of the codes and persons of a batch; `number` is that in the store, if it is one.
    ///
    /// # Errors
    /// The ledger cannot be read, or there is none.
    pub fn fill_from_ledger(&self, number: Option<BatchId>, of: &Batch) -> Result<FillSource, Failure> {
        let has = self.ledger_to_compare().map_err(|e| self.told(&e))?.is_some();
        if !has {
            return Err(self.nothing_to_fill_from("ledger"));
        }
        let known = self.known(number, || all_asked(of.roster()))?;
        Ok(FillSource::of_ledger(&known, of.context().sheet()))
    }

    /// Makes a source of the institutions on record.
    ///
    /// # Errors
    /// The registry cannot be read, or is empty.
    pub fn fill_from_registry(&self, of: &Batch) -> Result<FillSource, Failure> {
        let (tables, unread) = self.tables_in_use();
        if let Some(error) = unread {
            return Err(self.told(&error));
        }
        if tables.registry.is_empty() {
            return Err(self.nothing_to_fill_from("registry"));
        }
        Ok(FillSource::of_registry(&tables.registry, of))
    }

    fn nothing_to_fill_from(&self, what: &str) -> Failure {
        let text = |key: String| self.locale().text(&key).to_string();
        Failure::new(FailureKind::Store, text(format!("fill.no-{what}")), text(format!("fill.no-{what}-hint")))
    }

    /// Reads a roster that is looked at beside a batch, under the profile of that; nothing where `stop` says so on the way. It
    /// leaves no trace.
    pub fn read_aside(&self, path: &Path, of: &Batch, stop: &dyn Fn() -> bool) -> Result<Option<Batch>, Failure> {
        let reading = RosterReading {
            profile: Some(of.context().profile().id.clone()),
            today: Some(of.context().today()),
            ..RosterReading::default()
        };
        let name = path.to_string_lossy();
        let opened = self.open_roster(path, &name, &reading, false, &mut |_| ()).map_err(RosterRefused::failure)?;
        let Opening::Roster(file) = opened else { return Ok(None) };
        let mut batch =
            Batch::new(file.origin().clone(), file.columns().clone(), file.first_line(), file.context().clone());
        file.read(self, &mut |piece, report| {
            batch.skip(&piece.skipped, piece.block.skipped_texts());
            batch.append(Arc::new(piece.block), report);
            if stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .map_err(RosterRefused::failure)?;
        if stop() {
            return Ok(None);
        }
        batch.finish(sorted_keys);
        Ok(Some(batch))
    }
}
