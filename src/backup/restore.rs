//! Putting a backup back (恢复): looked through first, what is there kept, and no number given twice for it.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::make::{free_name, pack};
use super::{BackupError, BackupManifest, DATABASE, HEAD, OpenedBackup};
use crate::cause::{Cause, OwnFileFault};
use crate::domain::ledger::verify::VerifyReport;
use crate::formats::atomic::{self, WriteError};
use crate::formats::bundle;
use crate::store::{
    BatchHolder, CopiedStore, CopyOrigin, Lacking, StagingFolder, StatePaths, StoreError, Swap, examine_backup,
    noted_head, prepare_copy, put_aside, unknown,
};

/// What the kept copy of the replaced store is called.
const BEFORE: &str = "before-restore-";

/// A backup that is ready to be put back, and what it would replace. Nothing is changed yet; while this is held nobody else
/// comes into the store.
pub struct PreparedRestore {
    /// What the backup says of itself.
    pub manifest: BackupManifest,
    /// What the store has that the backup lacks.
    pub lacking: Lacking,
    /// What is wrong with the ledger in the backup.
    pub problems: VerifyReport,
    places: StatePaths,
    file: PathBuf,
    sha256: String,
    staging: StagingFolder,
    /// `None` where a file is there that cannot be opened.
    swap: Option<Swap>,
}

/// What the user has agreed to besides that something is replaced.
#[derive(Debug, Clone, Copy, Default)]
pub struct RestoreConsent {
    /// That others may have the store open, whose work is lost from then on.
    pub sessions: bool,
    /// That something is wrong with the ledger in the backup.
    pub problems: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Restored {
    /// The end of the audit chain now, and what the store holds.
    pub now: CopiedStore,
    /// Where the store that was there is kept; `None` where there was none.
    pub kept: Option<PathBuf>,
    /// How many files of the user's came back.
    pub own_files: usize,
    /// What is wrong with the ledger that was put back.
    pub problems: VerifyReport,
}

/// Opens a backup, looks it through as a whole, locks the store that is there and compares the two.
///
/// # Errors
/// [`BackupError::Store`] with [`StoreError::InUse`] while somebody on this host has the store open, unless `despite` that;
/// everything that is wrong with the file.
pub fn open(
    file: &Path,
    passphrase: Option<&str>,
    places: &StatePaths,
    despite: bool,
) -> Result<PreparedRestore, BackupError> {
    let mut opened = OpenedBackup::of(file, passphrase)?;
    let damaged = |cause: Cause| BackupError::Damaged { path: file.to_path_buf(), cause };
    let known = |name: &str| [DATABASE, HEAD].contains(&name) || StatePaths::is_own(Path::new(name));
    if let Some(listed) = opened.manifest.files.iter().find(|listed| !known(&listed.name)) {
        return Err(damaged(OwnFileFault::Part(listed.name.clone()).into()));
    }
    for needed in [DATABASE, HEAD] {
        if !opened.manifest.files.iter().any(|listed| listed.name == needed) {
            return Err(damaged(OwnFileFault::Part(needed.to_string()).into()));
        }
    }
    places.prepare_for_restore()?;
    let staging = places.staging()?;
    for listed in opened.manifest.files.clone() {
        let path = staging.path().join(&listed.name);
        fs::create_dir_all(atomic::folder(&path)).map_err(WriteError::io(&path))?;
        opened.extract(&listed, BufWriter::new(File::create_new(&path).map_err(WriteError::io(&path))?), &path)?;
    }
    let (found, problems) = examine_backup(staging.path()).map_err(|e| match e {
        StoreError::Newer { .. } => {
            BackupError::Newer { path: file.to_path_buf(), program: opened.manifest.program.clone() }
        }
        StoreError::Damaged { cause, .. } => damaged(cause),
        other => other.into(),
    })?;
    if found.head != opened.manifest.head() {
        return Err(damaged(OwnFileFault::Chain.into()));
    }
    let (_, sha256) =
        bundle::digest(file).map_err(|e| BackupError::Unread { path: file.to_path_buf(), cause: (&e).into() })?;
    let copied = StatePaths::at(staging.path())?;
    let locked = Swap::begin(places, despite).and_then(|swap| {
        let lacking = swap.lacking(&copied)?;
        Ok((swap, lacking))
    });
    let (swap, lacking) = match locked {
        Ok((swap, lacking)) => (Some(swap), lacking),
        // What cannot be read is put aside; what it knew of numbers is gone, but for its noted end.
        Err(StoreError::Damaged { .. }) => {
            let hash = |at: u64| (at == found.head.count).then(|| found.head.hash.clone());
            (None, unknown(noted_head(places), found.head.count, &hash))
        }
        Err(error) => return Err(error.into()),
    };
    let manifest = opened.manifest;
    let (places, file) = (places.clone(), file.to_path_buf());
    Ok(PreparedRestore { manifest, lacking, problems, places, file, sha256, staging, swap })
}

impl PreparedRestore {
    /// Gives the state folder it goes to.
    pub fn home(&self) -> &Path {
        self.places.home()
    }

    /// Tells whether something is replaced, so that one should ask.
    pub fn replaces(&self) -> bool {
        self.swap.as_ref().is_none_or(|swap| !swap.is_empty)
    }

    /// Lists who has the store open, as far as anybody here can tell.
    pub fn sessions(&self) -> &[BatchHolder] {
        self.swap.as_ref().map_or(&[], |swap| &swap.sessions)
    }

    /// Puts the backup in the place of what is there, which is kept first. `reason` is what the gaps say that stand for numbers
    /// given since, `on` the day from which they are gaps, `now` the moment.
    ///
    /// # Errors
    /// What nobody has agreed to: [`StoreError::InUse`] and [`BackupError::Unsound`].
    pub fn put(
        self,
        consent: RestoreConsent,
        user: &str,
        reason: &str,
        (on, now): (NaiveDate, DateTime<Utc>),
    ) -> Result<Restored, BackupError> {
        if !consent.sessions && !self.sessions().is_empty() {
            return Err(StoreError::InUse { holders: self.sessions().to_vec() }.into());
        }
        if !consent.problems && !self.problems.is_sound() {
            return Err(BackupError::Unsound { path: self.file, problems: self.problems });
        }
        let PreparedRestore { manifest, lacking, places, file, sha256, staging, swap, .. } = self;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let origin = CopyOrigin { file: &name, sha256: &sha256, made: &manifest.made, reason, on };
        let (swap, kept) = keep(swap, &places, now)?;
        let copied = StatePaths::at(staging.path())?;
        prepare_copy(&copied, user, origin, &lacking)?;
        let (_, problems) = examine_backup(staging.path())?;
        // The user's files first: they can be put back again, the store is put back once.
        let mut own_files = 0;
        for listed in manifest.files.iter().filter(|listed| StatePaths::is_own(Path::new(&listed.name))) {
            places.put_own(Path::new(&listed.name), &staging.path().join(&listed.name))?;
            own_files += 1;
        }
        let now = swap.put(&copied)?;
        Ok(Restored { now, kept, own_files, problems })
    }
}

/// Keeps what is there: as a backup, or where it cannot be opened as it lies.
fn keep(swap: Option<Swap>, places: &StatePaths, now: DateTime<Utc>) -> Result<(Swap, Option<PathBuf>), BackupError> {
    let folder = places.backups()?;
    if let Some(swap) = swap {
        if swap.is_empty {
            return Ok((swap, None));
        }
        let staging = places.staging()?;
        let target = free_name(&folder, BEFORE, now, false);
        let copied = swap.copy_to(staging.path()).and_then(|_| examine_backup(staging.path()));
        let done = copied.map_err(BackupError::from);
        // A ledger that is not sound is kept as it is; what would never be put back is put aside.
        match done.and_then(|examined| pack(places, (staging.path(), examined), &target, now, None)) {
            Ok(made) => return Ok((swap, Some(made.path))),
            Err(BackupError::Store(StoreError::Damaged { .. })) => drop(swap),
            Err(error) => return Err(error),
        }
    }
    let aside = free_name(&folder, "damaged-", now, false).with_extension("");
    fs::create_dir(&aside).map_err(WriteError::io(&aside))?;
    places.settle_folder(&aside)?;
    put_aside(places, &aside)?;
    Ok((Swap::begin(places, true)?, Some(aside)))
}
