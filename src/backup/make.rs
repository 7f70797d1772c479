//! Making a backup: the store copied and looked through, packed, read back, and only then under its name.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, Utc};

use super::{BackupError, BackupFile, BackupManifest, DATABASE, FORM, HEAD, LIST, OpenedBackup, keep};
use crate::cause::OwnFileFault;
use crate::domain::ledger::verify::VerifyReport;
use crate::domain::text;
use crate::formats::age;
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::bundle::{self, BundlePart};
use crate::store::{CopiedStore, StatePaths, Store, StoreError, examine_backup};

#[derive(Debug, Clone, Default)]
pub struct BackupOrder {
    /// A file, or a folder that is there; the folder of backups in the state folder when not given.
    pub output: Option<PathBuf>,
    /// The passphrase that locks it.
    pub passphrase: Option<String>,
    /// How many of the newest backups stay in the folder of backups.
    pub keep: usize,
}

/// A backup that was made.
#[derive(Debug, Clone)]
pub struct MadeBackup {
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it says of itself.
    pub manifest: BackupManifest,
    /// What is wrong with the ledger in it: it is kept, but no backup to rely on.
    pub problems: VerifyReport,
    /// Files of the user's whose names cannot be packed.
    pub left_out: Vec<PathBuf>,
    /// Older backups that went for it.
    pub removed: Vec<PathBuf>,
}

/// What a copy is called whose ledger is not sound.
const UNSOUND: &str = "unsound-";

/// Makes a backup of an open store, at `now`. Others may work meanwhile. It is looked through as one that is put back is; a ledger
/// that is not sound is written all the same, for it may be the only one there is, but counts as no backup, and none goes for it.
///
/// # Errors
/// [`StoreError::Damaged`] for what would never be put back.
pub fn make(
    store: &Store,
    places: &StatePaths,
    order: &BackupOrder,
    now: DateTime<Utc>,
) -> Result<MadeBackup, BackupError> {
    let staging = places.staging()?;
    store.copy_to(staging.path())?;
    // What is wrong is wrong with the store, and not with a copy that nobody sees.
    let examined = examine_backup(staging.path()).map_err(|e| match e {
        StoreError::Damaged { cause, .. } => StoreError::Damaged { path: store.path().to_path_buf(), cause },
        other => other,
    })?;
    let (what, is_locked) = (if examined.1.is_sound() { "" } else { UNSOUND }, order.passphrase.is_some());
    let target = match &order.output {
        Some(output) if output.is_dir() => free_name(output, what, now, is_locked),
        Some(output) => output.clone(),
        None => free_name(&places.backups()?, what, now, is_locked),
    };
    let mut made = pack(places, (staging.path(), examined), &target, now, order.passphrase.as_deref())?;
    if !made.problems.is_sound() {
        return Ok(made);
    }
    store.note_backup(&made.manifest.made)?;
    if order.output.is_none() {
        made.removed = keep::rotate(&places.backups()?, order.keep, &made.path);
    }
    Ok(made)
}

/// Finds a name for a backup that no file has, by the clock on the wall.
pub(super) fn free_name(folder: &Path, what: &str, now: DateTime<Utc>, locked: bool) -> PathBuf {
    let time = now.with_timezone(&Local).format("%Y%m%d-%H%M%S");
    let ending = if locked { "zip.age" } else { "zip" };
    let time = time.to_string();
    let mut number = if what.is_empty() { keep::next_of(folder, &time) } else { 1 };
    loop {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{}{what}{time}{more}.{ending}", keep::BEGINS));
        if path.symlink_metadata().is_err() {
            return path;
        }
        number += 1;
    }
}

/// Packs a copied store that was looked through with the user's own files of a state folder.
pub(super) fn pack(
    places: &StatePaths,
    (copy, (copied, problems)): (&Path, (CopiedStore, VerifyReport)),
    target: &Path,
    now: DateTime<Utc>,
    passphrase: Option<&str>,
) -> Result<MadeBackup, BackupError> {
    let failed = |path: &Path, e: &io::Error| BackupError::Unread { path: path.to_path_buf(), cause: e.into() };
    let mut wanted: Vec<(String, PathBuf)> = [DATABASE, HEAD].map(|name| (name.to_string(), copy.join(name))).into();
    let mut left_out = Vec::new();
    for (inside, path) in places.own_files() {
        match inside.to_str() {
            Some(name) => wanted.push((name.to_string(), path)),
            None => left_out.push(path),
        }
    }
    let (mut files, mut parts) = (Vec::new(), Vec::new());
    for (name, path) in wanted {
        let (size, sha256) = bundle::digest(&path).map_err(|e| failed(&path, &e))?;
        files.push(BackupFile { name: name.clone(), size, sha256 });
        parts.push(BundlePart { name, path, size });
    }
    let manifest = manifest(&copied, now, files);
    let list = serde_json::to_string_pretty(&manifest).map_err(|e| failed(target, &e.into()))?;
    let list = text::escaped_json(&list);
    let mut staged = StagedFile::new(target, false, None)?;
    staged.write(|out| {
        let unwritten = WriteError::io(target);
        match passphrase {
            None => bundle::pack(out, (LIST, list.as_bytes()), &parts).map(drop).map_err(unwritten),
            Some(passphrase) => age::Writer::new(out, passphrase)
                .and_then(|locked| bundle::pack(locked, (LIST, list.as_bytes()), &parts))
                .and_then(age::Writer::finish)
                .and_then(Write::flush)
                .map_err(unwritten),
        }
    })?;
    read_back(staged.path(), passphrase, &manifest)?;
    let (size, sha256) = bundle::digest(staged.path()).map_err(|e| failed(target, &e))?;
    staged.commit()?;
    if target.parent().is_some_and(|folder| folder.starts_with(places.home())) {
        places.settle(target)?;
    }
    Ok(MadeBackup { path: target.to_path_buf(), size, sha256, manifest, problems, left_out, removed: Vec::new() })
}

fn manifest(copied: &CopiedStore, now: DateTime<Utc>, files: Vec<BackupFile>) -> BackupManifest {
    BackupManifest {
        form: FORM,
        program: env!("CARGO_PKG_VERSION").to_string(),
        made: now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        schema: copied.schema,
        counts: copied.counts,
        head_count: copied.head.count,
        head_hash: copied.head.hash.clone(),
        files,
    }
}

/// Reads a backup as one that is put back would be, and compares every file with what was packed.
fn read_back(path: &Path, passphrase: Option<&str>, manifest: &BackupManifest) -> Result<(), BackupError> {
    let mut opened = OpenedBackup::of(path, passphrase)?;
    if opened.manifest != *manifest {
        return Err(StoreError::Io { path: path.to_path_buf(), cause: OwnFileFault::ReadsBack.into() }.into());
    }
    for listed in &manifest.files {
        opened.extract(listed, io::sink(), path)?;
    }
    Ok(())
}
