//! Backups (备份): made, put back, and called to mind.

use std::path::{Path, PathBuf};

use chrono::Utc;

use super::{Office, Session};
use crate::backup::{self, BackupOrder, MadeBackup, PreparedRestore, RestoreConsent, Restored};
use crate::failure::Failure;

impl Office {
    /// Backs the state folder up, into a file or folder or the folder of backups; locked where there is a passphrase.
    pub fn back_up(&self, output: Option<PathBuf>, passphrase: Option<String>) -> Result<MadeBackup, Failure> {
        let places = self.places().map_err(|e| self.told(&e))?;
        let session = self.enter("backup")?;
        let order = BackupOrder { output, passphrase, keep: self.settings().backup_keep.into() };
        backup::make(&session.store, &places, &order, Utc::now()).map_err(|e| self.0.locale.backup_failure(&e))
    }

    /// Tells whether a backup opens only with a passphrase.
    pub fn is_locked(&self, file: &Path) -> bool {
        backup::is_locked(file).unwrap_or(false)
    }

    /// Looks a backup through and locks the store in whose place it goes: that of `to`, else the one in use; refused while
    /// somebody here has it open, unless `despite` that. Nothing is changed yet.
    pub fn open_backup(
        &self,
        file: &Path,
        passphrase: Option<&str>,
        to: Option<&Path>,
        despite: bool,
    ) -> Result<PreparedRestore, Failure> {
        let places = self.places_at(to).map_err(|e| self.told(&e))?;
        backup::open(file, passphrase, &places, despite).map_err(|e| self.0.locale.backup_failure(&e))
    }

    /// Puts a backup in the place of the store; refused where others may have that open, or the backup's ledger is not sound,
    /// and nobody has agreed to it.
    pub fn restore(&self, waiting: PreparedRestore, consent: RestoreConsent) -> Result<Restored, Failure> {
        let locale = &self.0.locale;
        let reason = locale.fill("backup.gap", &[("made", &locale.moment(&waiting.manifest.made))]);
        let done = waiting.put(consent, self.signature(), &reason, (self.today()?, Utc::now()));
        done.map_err(|e| locale.backup_failure(&e))
    }
}

impl Session {
    /// Tells what is to be known of the store at the start besides its work: that others can see it, or that its last backup
    /// is old.
    pub fn reminder(&self) -> Option<String> {
        let (locale, days) = (self.office.locale(), self.office.settings().backup_days);
        self.office.exposed_warning().or_else(|| locale.backup_reminder(&self.store.unsaved().ok().flatten()?, days))
    }
}
