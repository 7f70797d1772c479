//! Backups (备份): made, put back, and called to mind.

use std::path::PathBuf;

use super::{Office, Session};
use crate::backup::{self, Made, Order};
use crate::failure::Failure;

impl Office {
    /// Backs the state folder up, into a file or folder or the folder of backups; locked where there is a passphrase.
    pub fn back_up(&self, output: Option<PathBuf>, passphrase: Option<String>) -> Result<Made, Failure> {
        let places = self.places().map_err(|e| self.told(&e))?;
        let session = self.sign_on("backup")?;
        let order = Order { output, passphrase, keep: self.settings().backup_keep.into() };
        backup::make(&session.store, &places, &order).map_err(|e| self.0.locale.backup_failure(&e))
    }
}

impl Session {
    /// Tells what is to be known of the store at the start besides its work: that others can see it, or that its last backup
    /// is old.
    pub fn reminder(&self) -> Option<String> {
        let (locale, days) = (self.office.locale(), self.office.settings().backup_days);
        self.office.loose().or_else(|| locale.backup_reminder(&self.store.unsaved().ok().flatten()?, days))
    }
}
