//! The state folder (数据目录): made, and what else is kept in it.

use std::path::{Path, PathBuf};

use super::Office;
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;
use crate::formats::atomic::WriteError;
use crate::store::Store;

/// A state folder with a store in it.
#[derive(Debug)]
pub struct StateFolder {
    pub path: PathBuf,
    /// Whether it is its group's.
    pub is_shared: bool,
    pub head: Head,
}

impl Office {
    /// Makes the state folder and the store in it: for oneself, or one that is shared by its group. What is there already
    /// stays.
    pub fn make_state_folder(&self, shared: Option<&Path>) -> Result<StateFolder, Failure> {
        let made = self.places_at(shared).and_then(|places| {
            if shared.is_some() {
                places.share_with_group()?;
            }
            let head = Store::open(&places, self.signature(), "init")?.audit_head()?;
            Ok(StateFolder { path: places.home().to_path_buf(), is_shared: places.is_shared(), head })
        });
        made.map_err(|e| self.told(&e))
    }

    /// Tells that others can see what is the state folder's, where they can.
    pub fn exposed_warning(&self) -> Option<String> {
        self.0.locale.exposed_warning(&self.places().ok()?.exposed_paths())
    }

    /// Refuses to write over what is the state folder's own.
    pub(super) fn spare_state(&self, target: &Path) -> Result<(), WriteError> {
        match self.places() {
            Ok(places) if target.symlink_metadata().is_ok() && places.is_state(target) => {
                Err(WriteError::State(target.to_path_buf()))
            }
            _ => Ok(()),
        }
    }

    /// Keeps a text among the logs of the state folder; nothing where that cannot be done.
    pub fn keep_log(&self, name: &str, text: &str) -> Option<PathBuf> {
        self.places().ok()?.new_file("logs", name, text.as_bytes()).ok()
    }
}
