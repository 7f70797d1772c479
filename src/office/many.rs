//! Several files at once (多个文件): which ones folders hold, where what is written of each goes, and reading them one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{KeptRows, LoadedRoster, Office, PIPE, RosterReading, RosterRefused};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::is_same_file;
use crate::formats::write_upload::manifest_path;
use crate::words::Locale;

/// How the names of files end that are read where a folder is named.
const ENDINGS: [&str; 12] = ["xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "xlt", "et", "ett", "ods", "csv", "txt"];

/// How the names of files begin that spreadsheet programs keep while a workbook is open.
const LOCK: &str = "~$";

vocabulary! {
    /// Why a file is not read although it lies there, or was named.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LeftOut {
        /// A spreadsheet program keeps it while the workbook is open.
        Lock = "lock",
        /// Its name begins with a dot.
        Hidden = "hidden",
        /// This program wrote it: an upload file, a public list, an error list, a corrected copy.
        Own = "own",
        /// No spreadsheet and no text, by its name.
        OtherKind = "other-kind",
        /// A folder in the folder.
        Folder = "folder",
        /// It was named before.
        Again = "again",
    }
}

/// The files that are named, those in named folders among them.
#[derive(Debug, Default)]
pub struct NamedFiles {
    pub files: Vec<PathBuf>,
    pub left_out: Vec<(PathBuf, LeftOut)>,
}

impl Office {
    /// Finds the files that are meant where several, or folders, are named; nothing where it is one file.
    ///
    /// # Errors
    /// A pipe among them where none may be; a folder that cannot be read; nothing that could be read in the folders.
    pub fn named_files(&self, named: &[PathBuf], may_pipe: bool) -> Result<Option<NamedFiles>, Failure> {
        if let [one] = named
            && !one.is_dir()
        {
            return Ok(None);
        }
        if !may_pipe && named.iter().any(|path| path == Path::new(PIPE)) {
            return Err(self.usage("many.pipe", &[]));
        }
        let mut found = NamedFiles::default();
        for path in named {
            if path.is_dir() {
                found.add_folder(path, self)?;
            } else if is_lock(path) {
                found.left_out.push((path.clone(), LeftOut::Lock));
            } else {
                found.files.push(path.clone());
            }
        }
        // What is named by two ways is one file, and nobody stands in it twice.
        let mut known = BTreeSet::new();
        for path in std::mem::take(&mut found.files) {
            // One that is not there is told by whoever reads it.
            let is_again = fs::canonicalize(&path).is_ok_and(|path| !known.insert(path));
            if is_again { found.left_out.push((path, LeftOut::Again)) } else { found.files.push(path) }
        }
        if found.files.is_empty() {
            let folders: Vec<_> =
                named.iter().map(|path| text::visible(&path.to_string_lossy()).into_owned()).collect();
            let locale = self.locale();
            let message = locale.fill("many.nothing", &[("folders", &folders.join(locale.text("finding.comma")))]);
            let endings = ENDINGS.join(locale.text("finding.comma"));
            let hint = locale.fill("many.nothing-hint", &[("endings", &endings)]);
            return Err(Failure::new(FailureKind::File, message, hint));
        }
        Ok(Some(found))
    }

    /// Reads one of several files, and gives its digest where it was not written over meanwhile.
    pub fn load_one(
        &self,
        path: &Path,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<(LoadedRoster, Option<String>), RosterRefused> {
        let source = self.source_of(path);
        let loaded = self.load(path, reading, KeptRows::All, tell)?;
        // What keeps a file from being looked at was told by whoever read it.
        let sha256 = source.ok().and_then(|source| self.digest_as_read(&source).ok().flatten());
        Ok((loaded, sha256))
    }

    /// Refuses, before anything is read, to write over one of several files that are read, or two results into one file.
    pub fn spare_sources(&self, sources: &[PathBuf], targets: &[PathBuf]) -> Result<(), Failure> {
        let shown = |path: &Path| text::visible(&path.to_string_lossy()).into_owned();
        let mut taken: BTreeMap<PathBuf, &Path> = BTreeMap::new();
        for (source, target) in sources.iter().zip(targets) {
            // Only a file that is there can be one of the sources.
            let is_there = target.symlink_metadata().is_ok();
            if is_there && sources.iter().any(|source| is_same_file(source, target)) {
                return Err(self.usage("cli.output-is-source", &[("file", &shown(target))]));
            }
            let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
            let place = folder.join(target.file_name().unwrap_or_default());
            if let Some(first) = taken.insert(place, source) {
                let places = [("first", &*shown(first)), ("second", &shown(source)), ("file", &shown(target))];
                return Err(self.usage("many.same-target", &places));
            }
        }
        Ok(())
    }
}

impl NamedFiles {
    /// Adds what lies in a folder, by name; what lies in folders below it is not looked at.
    fn add_folder(&mut self, folder: &Path, office: &Office) -> Result<(), Failure> {
        let unread = |e: std::io::Error| office.locale().unread(folder, &e);
        let mut inside: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).map_err(unread)? {
            inside.push(entry.map_err(unread)?.path());
        }
        inside.sort_unstable();
        let is_own = |path: &Path| {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
            Locale::is_written_name(&stem) || manifest_path(path).exists()
        };
        for path in inside {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
            let is_known = ending.is_some_and(|ending| ENDINGS.contains(&&*ending));
            let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            let why = match () {
                () if is_hidden => LeftOut::Hidden,
                () if is_lock(&path) => LeftOut::Lock,
                () if path.is_dir() => LeftOut::Folder,
                () if !is_known => LeftOut::OtherKind,
                () if is_own(&path) => LeftOut::Own,
                () => {
                    self.files.push(path);
                    continue;
                }
            };
            self.left_out.push((path, why));
        }
        Ok(())
    }
}

fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(LOCK.as_bytes()))
}
